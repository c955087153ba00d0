// Kept by installed pages only. It holds the page with the contacts of the offices and what that page loads, for when there is no network.
// What is asked and answered goes by without being looked at: requests that are not for a page are none of its business.
"use strict";
const shell = /*SHELL*/{};
const kept = [shell.offline, ...shell.files];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(shell.name).then(async (cache) => {
    await cache.addAll(kept.map((address) => new Request(address, { cache: "reload" })));
    for (const old of await cache.keys()) {
      const { pathname, search } = new URL(old.url);
      if (!kept.includes(pathname + search)) await cache.delete(old);
    }
    await self.skipWaiting();
  }));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(shell.offline)));
  else if (shell.files.includes(pathname + search)) event.respondWith(fetch(request).catch(() => caches.match(request)));
});
