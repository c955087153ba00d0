// The facilitator's desk on a poor line. Every page works without this. A question is sent again by itself when the line breaks, and the
// answers of the visit are kept on this device (sessionStorage, for this tab) until the visit ends: the page where a visit begins says so.
(() => {
  "use strict";
  const prefix = "sportello-visit-";
  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  const store = (() => { try { sessionStorage.setItem(prefix, ""); sessionStorage.removeItem(prefix); return sessionStorage; } catch { return null; } })();
  const forget = (but) => {
    if (!store) return;
    for (const key of Object.keys(store)) if (key.startsWith(prefix) && key !== prefix + but) store.removeItem(key);
  };
  // Where a visit begins: one that ended is forgotten, what a broken line left behind can be read and cleared.
  const left = document.querySelector("[data-visit-kept]");
  if (left && store) {
    if (new URLSearchParams(location.search).has("ended")) forget("");
    const kept = Object.keys(store).filter((k) => k.startsWith(prefix)).map((k) => store.getItem(k)).join("");
    if (kept) {
      const piece = document.createElement("template");
      piece.innerHTML = kept;
      for (const gone of piece.content.querySelectorAll(".turn-actions")) gone.remove();
      left.querySelector("[data-kept]").append(piece.content);
      left.hidden = false;
      left.querySelector("button").addEventListener("click", () => { forget(""); left.hidden = true; });
    }
  }

  const form = document.getElementById("visit-ask");
  if (!form) return;
  const turns = document.getElementById("turns"), status = document.getElementById("visit-status");
  const key = prefix + form.dataset.visit;
  const waits = [1000, 3000, 8000];
  forget(form.dataset.visit);
  const keep = () => {
    if (!store) return;
    try { store.setItem(key, turns.innerHTML.slice(0, 400000)); } catch { store.removeItem(key); }
  };
  if (turns.querySelector("[data-turn]")) keep();
  const show = (offline) => { if (offline) status.textContent = form.dataset.kept; };
  window.addEventListener("offline", () => show(true));
  window.addEventListener("online", () => { status.textContent = ""; });

  const send = async () => {
    for (let i = 0; ; i++) {
      try {
        const stop = new AbortController(), timer = setTimeout(() => stop.abort(), 60000);
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Piece": "1" }, signal: stop.signal, redirect: "error" });
        clearTimeout(timer);
        if (answer.ok) return await answer.text();
        if (answer.status < 500) { form.submit(); return null; } // the page itself says what is wrong
      } catch { /* no line: once more */ }
      if (i >= waits.length) return undefined;
      status.textContent = form.dataset.again;
      await new Promise((go) => setTimeout(go, waits[i]));
    }
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    status.textContent = form.dataset.working;
    const html = await send();
    button.disabled = false;
    if (html === null) return;
    if (html === undefined) { status.textContent = form.dataset.failed; return; }
    status.textContent = "";
    const piece = document.createElement("template");
    piece.innerHTML = html;
    turns.querySelector(".empty")?.remove();
    const turn = piece.content.querySelector("[data-turn]");
    if (turn && !document.getElementById(turn.id)) turns.prepend(piece.content);
    keep();
    form.elements.key.value = String(Number(form.elements.key.value) + 1);
    form.elements.question.value = "";
    document.getElementById(turn?.id)?.scrollIntoView({ block: "nearest" });
  });
})();
