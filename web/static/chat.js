// The conversation with an office looks by itself for what was written, and keeps what is being typed. Without this the page is reloaded.
(() => {
  "use strict";
  const chat = document.getElementById("chat");
  if (!chat || !window.fetch) return;
  const every = 3000;
  let state = chat.querySelector("#chat-log").dataset.state;
  const reload = chat.querySelector("[data-reload]");
  if (reload) reload.hidden = true;

  async function look() {
    if (state === "ended") return;
    try {
      const response = await fetch(chat.dataset.chat, { cache: "no-store" });
      if (response.ok) show(await response.text());
    } catch {
      // the network is away for a moment: the next look finds it
    }
    setTimeout(look, document.hidden ? 4 * every : every);
  }

  function show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("chat-log");
    const now = chat.querySelector("#chat-log");
    if (!fresh) return;
    if (fresh.dataset.state !== state) {
      state = fresh.dataset.state;
      now.dataset.state = state;
      now.querySelector(".chat-state").textContent = fresh.querySelector(".chat-state").textContent;
      if (state === "ended") chat.querySelector("form")?.remove();
    }
    const list = now.querySelector(".chat-log");
    for (const item of [...fresh.querySelectorAll(".chat-log > li")].slice(list.children.length)) list.append(document.adoptNode(item));
  }

  const form = chat.querySelector("form");
  form?.addEventListener("submit", async (event) => {
    const field = form.elements.message;
    if (!field.value.trim()) return;
    event.preventDefault();
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    try {
      const response = await fetch(form.action, { method: "POST", body: new URLSearchParams({ message: field.value }) });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!response.ok || page.querySelector("[role=alert]")) return form.submit();
      field.value = "";
      const log = page.getElementById("chat-log");
      if (log) show(log.outerHTML);
      field.focus();
    } catch {
      form.submit();
    } finally {
      button.disabled = false;
    }
  });
  setTimeout(look, every);
})();
