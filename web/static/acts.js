// The editor of acts: sends what is typed by itself, and puts the pieces of the document that changed in their place. The page is whole
// without it. What is not acknowledged yet lies in sessionStorage of this tab, for this person and this act only; it is taken away once
// the server has it, and when somebody leaves or somebody else comes.
(() => {
  "use strict";
  const grid = document.querySelector(".act-grid[data-act]");
  if (!grid) return;
  const { act, person } = grid.dataset;
  const status = document.getElementById("act-saved");
  const conflict = document.getElementById("act-conflict");
  const forms = [...document.querySelectorAll("form[data-autosave]")];
  const csrf = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRF-Token"] || "";
  const pause = 900;
  const prefix = "act:";
  const key = (form) => `${prefix}${person}:${act}:${form.dataset.autosave}`;
  const say = (what) => { status.textContent = what ? status.dataset[what] : ""; status.dataset.state = what; };
  const time = () => new Date().toLocaleTimeString("it-IT", { hour: "2-digit", minute: "2-digit" });

  const store = {
    put(form) {
      const pairs = [...new FormData(form)].filter(([name]) => name !== "csrf");
      try { sessionStorage.setItem(key(form), JSON.stringify({ pairs, at: time() })); } catch { /* full or forbidden: the server has it soon */ }
    },
    get(form) { try { return JSON.parse(sessionStorage.getItem(key(form))); } catch { return null; } },
    drop(form) { try { sessionStorage.removeItem(key(form)); } catch { /* nothing was kept */ } },
    // of other people, who used this tab before
    sweep(all) {
      try {
        for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix) && (all || !name.startsWith(`${prefix}${person}:`))) sessionStorage.removeItem(name);
      } catch { /* nothing was kept */ }
    },
  };
  store.sweep(false);
  document.querySelector('form[action="/staff/logout"]')?.addEventListener("submit", () => store.sweep(true));

  const revision = (value) => { for (const field of document.querySelectorAll('input[name="revision"]')) field.value = value; };

  // Pieces of the page that differ take the place of the old ones, except where somebody is writing.
  const place = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const seen = new Set();
    let last = document.querySelector("#act-report");
    for (const piece of fresh.querySelectorAll("[data-live]")) {
      seen.add(piece.id);
      const old = document.getElementById(piece.id);
      if (!old) { // a part that was not there
        const where = [...document.querySelectorAll(".act-part")].pop() || last;
        (last.classList.contains("act-part") ? last : where).after(piece);
        last = piece;
        continue;
      }
      last = old;
      const writing = old.contains(document.activeElement) && document.activeElement.matches("textarea, input, select");
      if (writing || old.querySelector("form[data-autosave]") || old.outerHTML === piece.outerHTML) continue;
      const open = [...old.querySelectorAll("details")].map((d) => d.open);
      const had = old.contains(document.activeElement);
      const same = [...piece.querySelectorAll("details")];
      if (same.length === open.length) same.forEach((d, i) => { d.open = open[i]; });
      old.replaceWith(piece);
      last = piece;
      if (had) piece.querySelector("a, button, summary")?.focus();
    }
    for (const old of document.querySelectorAll(".act-part[data-live]")) if (!seen.has(old.id) && !old.querySelector("form[data-autosave]")) old.remove();
  };

  // Fields that somebody else changed meanwhile.
  const join = (form, encoded) => {
    let some = false;
    for (const [name, value] of new URLSearchParams(encoded)) {
      const field = forms.find((f) => f.dataset.autosave === "fields")?.elements[name];
      if (field && field !== document.activeElement && field.value !== value) { field.value = value; some = true; }
    }
    return some;
  };

  let queue = Promise.resolve();
  const waiting = new Map();
  const dirty = new Set();

  const send = async (form) => {
    if (!dirty.has(form)) return;
    dirty.delete(form);
    say("saving");
    let answer;
    try {
      answer = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual", credentials: "same-origin",
        headers: { "X-Autosave": "1", "X-CSRF-Token": csrf, "X-Editing": grid.dataset.editing },
      });
    } catch {
      dirty.add(form);
      say("unsaved");
      later(form, 5000);
      return;
    }
    if (answer.status === 409) {
      const text = await answer.text();
      if (text.includes("<html")) { dirty.add(form); say("refused"); return; } // approved meanwhile, or the session is another
      conflict.querySelector("div").innerHTML = text;
      conflict.hidden = false;
      conflict.querySelector("button").onclick = () => { dirty.clear(); form.submit(); }; // what was typed stays here until the merge is saved
      dirty.add(form);
      say("unsaved");
      return;
    }
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { dirty.add(form); say("lost"); return; }
    if (!answer.ok) { dirty.add(form); say("unsaved"); later(form, 5000); return; }
    revision(answer.headers.get("X-Act-Revision"));
    const html = await answer.text();
    const joined = answer.headers.get("X-Act-Fields") !== null && (join(form, answer.headers.get("X-Act-Fields")), true);
    if (!dirty.has(form)) store.drop(form);
    place(html);
    if (answer.headers.get("X-Act-Part-Also") === "1" && !dirty.has(form)) { location.reload(); return; }
    if (!dirty.size) say(joined ? "joined" : "saved");
  };

  const later = (form, wait) => {
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => { queue = queue.then(() => send(form)); }, wait));
  };

  const changed = (form) => {
    dirty.add(form);
    store.put(form);
    conflict.hidden = true;
    later(form, pause);
  };

  // A list always has one empty entry more.
  const grow = (field) => {
    const rows = field.closest("[data-rows]");
    const row = field.closest(".act-row");
    if (!rows || !row || row !== rows.querySelector(".act-row:last-of-type") || !field.value) return;
    const all = rows.querySelectorAll(".act-row");
    if (all.length >= 60) return;
    const next = row.cloneNode(true);
    const from = `${rows.dataset.rows}.${all.length - 1}.`, to = `${rows.dataset.rows}.${all.length}.`;
    const id = (text) => text.replaceAll(".", "-").replaceAll("_", "-");
    next.setAttribute("aria-label", next.getAttribute("aria-label").replace(/\d+$/, String(all.length + 1)));
    for (const element of next.querySelectorAll("[id], [name], [for]")) {
      for (const name of ["id", "for", "aria-describedby"]) if (element.hasAttribute(name)) element.setAttribute(name, element.getAttribute(name).replace(id(from), id(to)));
      if (element.name) { element.name = element.name.replace(from, to); if (element.matches("select")) element.selectedIndex = 0; else element.value = ""; }
    }
    for (const textarea of next.querySelectorAll("textarea")) textarea.textContent = "";
    row.after(next);
  };

  // What was sent as a whole was saved, or a merge was given up: what was kept of that form is settled.
  const here = new URL(location.href);
  if (here.searchParams.has("settled")) {
    store.drop({ dataset: { autosave: here.searchParams.get("settled") } }); // its form may not be on this page
    here.searchParams.delete("settled");
    history.replaceState(null, "", here);
  }
  for (const form of forms) {
    form.addEventListener("input", (event) => { grow(event.target); changed(form); });
    form.addEventListener("change", () => changed(form));
    form.addEventListener("submit", () => { clearTimeout(waiting.get(form)); dirty.delete(form); });
    // What was typed before a crash, a lost session or a closed line.
    const kept = store.get(form);
    if (!kept) continue;
    let differs = false;
    const names = new Set();
    for (const [name, value] of kept.pairs) {
      if (name === "revision") continue;
      names.add(name);
      let field = form.elements[name];
      if (!field && value && name.includes(".")) { // an entry of a list that is not drawn yet
        const last = [...form.querySelectorAll(`[data-rows="${name.split(".")[0]}"] .act-row:last-of-type [name]`)][0];
        if (last) { const was = last.value; last.value = "x"; grow(last); last.value = was; }
        field = form.elements[name];
      }
      if (field && field.value !== value) { field.value = value; differs = true; }
    }
    if (!differs) { store.drop(form); continue; }
    const base = kept.pairs.find(([name]) => name === "revision");
    if (base) form.elements.revision.value = base[1]; // what it was typed on: somebody else may have written since
    changed(form);
    status.dataset.restored = status.dataset.restored.replace("{time}", kept.at);
    say("restored");
  }

  // A link to something to verify leads into its field, also when its group is closed.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a.verify[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.closest("details")?.setAttribute("open", "");
    field.scrollIntoView({ block: "center" });
    (field.matches("fieldset") ? field.querySelector("input, textarea, select") : field).focus();
  });
  window.addEventListener("beforeunload", (event) => { if (dirty.size) event.preventDefault(); });
  // The other forms of the page speak of the act as it is on the server: what is typed goes there first.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.autosave || !dirty.size || event.defaultPrevented || form.dataset.waited) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    for (const one of forms) clearTimeout(waiting.get(one));
    queue = queue.then(async () => { for (const one of forms) await send(one); }).then(() => {
      if (dirty.size) return;
      form.dataset.waited = "1";
      form.requestSubmit(button || undefined);
      delete form.dataset.waited;
    });
  }, true);
})();
