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
  // kept gives what is kept of a visit: its language and point, and its answers as they were shown.
  const kept = (id) => { try { return JSON.parse(store?.getItem(prefix + id)); } catch { return null; } };
  const fragment = (html) => {
    const piece = document.createElement("template");
    piece.innerHTML = html;
    return piece.content;
  };
  const reading = (html) => { // to be read only: the server does not have these answers
    const piece = fragment(html);
    for (const gone of piece.querySelectorAll(".turn-actions")) gone.remove();
    return piece;
  };
  // Where a visit begins: one that ended is forgotten, what a broken line left behind can be read and cleared.
  const left = document.querySelector("[data-visit-kept]");
  if (left && store) {
    if (new URLSearchParams(location.search).has("ended")) forget("");
    const all = Object.keys(store).filter((k) => k.startsWith(prefix)).map((k) => kept(k.slice(prefix.length))?.html || "").join("");
    if (all) {
      left.querySelector("[data-kept]").append(reading(all));
      left.hidden = false;
      left.querySelector("button").addEventListener("click", () => { forget(""); left.hidden = true; });
    }
  }

  // A visit that the server forgot, for it was restarted: its answers are shown, and a button opens it again.
  const lost = document.querySelector("[data-visit-lost]");
  const rest = lost && kept(lost.dataset.visitLost);
  if (rest) {
    const again = lost.querySelector("form");
    again.elements.language.value = rest.language;
    again.elements.point.value = rest.point;
    again.hidden = false;
    lost.querySelector("[data-none]").hidden = true;
    document.querySelector("[data-kept]").append(reading(rest.html));
  }

  const form = document.getElementById("visit-ask");
  if (!form) return;
  const turns = document.getElementById("turns"), status = document.getElementById("visit-status");
  const key = prefix + form.dataset.visit;
  const waits = [1000, 3000, 8000];
  forget(form.dataset.visit);
  const keep = () => {
    if (!store) return;
    const { language, point } = form.dataset;
    try { store.setItem(key, JSON.stringify({ language, point, html: turns.innerHTML.slice(0, 400000) })); } catch { store.removeItem(key); }
  };
  const show = (offline) => { if (offline) status.textContent = form.dataset.kept; };
  window.addEventListener("offline", () => show(true));
  window.addEventListener("online", () => { status.textContent = ""; });

  // send asks by the form's fields, again when the line breaks. It gives the answer's piece of page, undefined without a line, null when the page
  // itself has to say what is wrong, and false when the server has forgotten the visit.
  const send = async (fields) => {
    for (let i = 0; ; i++) {
      try {
        const stop = new AbortController(), timer = setTimeout(() => stop.abort(), 60000);
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields), headers: { "X-Piece": "1" }, signal: stop.signal, redirect: "error" });
        clearTimeout(timer);
        if (answer.ok) return await answer.text();
        if (answer.status === 404) return false;
        if (answer.status < 500) return null;
      } catch { /* no line: once more */ }
      if (i >= waits.length) return undefined;
      status.textContent = form.dataset.again;
      await new Promise((go) => setTimeout(go, waits[i]));
    }
  };
  const put = (html) => {
    const piece = fragment(html);
    turns.querySelector(".empty")?.remove();
    const turn = piece.querySelector("[data-turn]");
    const old = turn && document.getElementById(turn.id);
    if (old) old.replaceWith(piece);
    else if (turn) turns.prepend(piece);
    return turn?.id;
  };
  // again asks the questions that the server has not, the oldest first, so that each finds the conversation that it leans on. What was answered stays
  // on the screen meanwhile.
  const again = async (questions) => {
    status.textContent = form.dataset.resuming;
    for (const [i, question] of questions.entries()) {
      const html = await send({ csrf: form.elements.csrf.value, key: String(i + 1), question });
      if (!html) return false;
      put(html);
    }
    form.elements.key.value = String(questions.length + 1);
    status.textContent = "";
    keep();
    return true;
  };
  const questionsOf = (root) => [...root.querySelectorAll("[data-turn] > h2")].map((h) => h.textContent).reverse();
  const before = kept(form.dataset.visit);
  const had = before ? questionsOf(fragment(before.html)) : [];
  if (had.length && !turns.querySelector("[data-turn]")) {
    turns.querySelector(".empty")?.remove();
    turns.append(reading(before.html));
    again(had).then((done) => { if (!done) status.textContent = form.dataset.failed; });
  } else if (turns.querySelector("[data-turn]")) keep();

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("[type=submit]");
    const fields = [...new FormData(form)];
    button.disabled = true;
    status.textContent = form.dataset.working;
    let html = await send(fields);
    if (html === false) { // the server was restarted
      const opened = await fetch(form.dataset.resume, { method: "POST", body: new URLSearchParams({ csrf: form.elements.csrf.value, language: form.dataset.language, point: form.dataset.point }) }).catch(() => null);
      html = opened?.ok && (await again(questionsOf(turns))) ? await send([...new FormData(form)]) : undefined;
    }
    button.disabled = false;
    if (html === null) return form.submit();
    if (!html) { status.textContent = form.dataset.failed; return; }
    status.textContent = "";
    const id = put(html);
    keep();
    form.elements.key.value = String(Number(form.elements.key.value) + 1);
    form.elements.question.value = "";
    document.getElementById(id)?.scrollIntoView({ block: "nearest" });
  });
})();
