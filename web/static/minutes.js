// The diary of a session, typed live. The page works without this, a line at a time. With it a line is written at once and sent behind: when the
// line breaks, what was typed waits on this device and goes by itself later. Each line has an id, so that one that is sent twice is there once.
(() => {
  "use strict";
  const form = document.getElementById("line-form");
  if (!form) return;
  const input = form.elements.text, live = document.getElementById("live"), status = document.getElementById("minutes-status"), pending = document.getElementById("minutes-pending");
  const key = "sportello-minutes-" + form.dataset.meeting;
  const disk = (() => { try { localStorage.setItem(key + "-try", ""); localStorage.removeItem(key + "-try"); return localStorage; } catch { return null; } })();
  let queue = [];
  try { queue = JSON.parse(disk?.getItem(key) || "[]"); } catch { queue = []; }
  const keep = () => {
    try { queue.length ? disk?.setItem(key, JSON.stringify(queue)) : disk?.removeItem(key); } catch { /* full: they are still in memory */ }
    pending.hidden = !queue.length;
    pending.replaceChildren(...queue.map((x) => { const li = document.createElement("li"); li.textContent = x.text; return li; }));
  };
  const clock = form.querySelector("[data-clock]");
  clock.hidden = false;
  const timed = (text) => {
    if (!clock.querySelector("input").checked || /^\d{1,2}[:.]\d\d/.test(text)) return text;
    const now = new Date();
    return String(now.getHours()).padStart(2, "0") + ":" + String(now.getMinutes()).padStart(2, "0") + " " + text;
  };
  const id = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");

  let sending = false, timer = 0;
  const later = () => { clearTimeout(timer); timer = setTimeout(send, 3000); };
  const show = async (answer) => {
    const open = document.activeElement?.closest("#live details, #live textarea");
    const html = await answer.text();
    if (open) return; // somebody corrects a line: it is drawn after the next one
    const piece = document.createElement("template");
    piece.innerHTML = html;
    live.replaceChildren(piece.content);
  };
  const send = async () => {
    if (sending || !queue.length) return;
    sending = true;
    while (queue.length) {
      const x = queue[0];
      try {
        const stop = new AbortController(), limit = setTimeout(() => stop.abort(), 15000);
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams({ csrf: form.elements.csrf.value, line: x.id, text: x.text }), headers: { "X-Piece": "1" }, redirect: "manual", signal: stop.signal });
        clearTimeout(limit);
        if (!answer.ok) {
          const out = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403 || answer.status === 409;
          status.textContent = out ? form.dataset.signed : form.dataset.waiting;
          if (out) renew();
          break;
        }
        queue.shift();
        keep();
        await show(answer);
        status.textContent = queue.length ? "" : form.dataset.saved;
      } catch {
        status.textContent = form.dataset.waiting + " (" + queue.length + " " + form.dataset.kept + ")";
        break;
      }
    }
    sending = false;
    if (queue.length) later();
  };
  // Who has signed in again in another tab has another mark for forms: the page is asked for it.
  const renew = async () => {
    try {
      const answer = await fetch(form.dataset.live, { redirect: "manual" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const mark = page.querySelector("#line-form [name=csrf]")?.value;
      if (mark) for (const field of document.querySelectorAll("[name=csrf]")) field.value = mark;
    } catch { /* no line */ }
  };
  const write = (text) => {
    text = text.trim();
    if (!text) return;
    queue.push({ id: id(), text: timed(text) });
    keep();
    send();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    write(input.value);
    input.value = "";
    disk?.removeItem(key + "-typing");
    input.focus();
  });
  input.addEventListener("input", () => { try { disk?.setItem(key + "-typing", input.value); } catch { /* full */ } });
  if (!input.value) input.value = disk?.getItem(key + "-typing") || "";
  document.getElementById("declare-form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const f = event.target;
    write("dichiara " + f.elements.who.value + ": " + f.elements.text.value);
    f.elements.text.value = "";
    input.focus();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-line], [data-fill]");
    if (!button) return;
    event.preventDefault();
    if (button.dataset.fill) input.value = button.dataset.fill;
    else write(button.dataset.line);
    input.focus();
  });
  for (const button of document.querySelectorAll(".minutes-quick button")) button.hidden = false;
  window.addEventListener("online", send);
  window.addEventListener("offline", () => { status.textContent = form.dataset.waiting; });
  window.addEventListener("beforeunload", (event) => { if (queue.length && !disk) event.preventDefault(); });
  keep();
  send();
})();
