// What a conversation offers besides answers, where the browser can: the cited text beside the answer, copying, printing, reading aloud,
// dictation. Without this every source is a link to the document. Nothing is stored, and reading aloud uses voices of the device only.
(() => {
  "use strict";
  const form = document.getElementById("ask");
  const log = document.getElementById("log");
  if (!form || !log || !window.fetch) return;
  const words = form.dataset;
  const voices = () => (window.speechSynthesis ? speechSynthesis.getVoices().filter((v) => v.localService) : []);
  const voiceFor = (lang) => voices().find((v) => v.lang.toLowerCase().replace("_", "-").split("-")[0] === lang);

  sidePanel();
  simpler();
  dictation();
  installed();
  for (const turn of log.querySelectorAll(".turn")) tools(turn);
  log.addEventListener("sportello-answer", (event) => tools(event.target));
  window.speechSynthesis?.addEventListener?.("voiceschanged", () => {
    for (const turn of log.querySelectorAll(".turn")) speaker(turn);
  });

  // installed pages keep a page with the contacts for when there is no network; others keep nothing.
  function installed() {
    const keep = () => navigator.serviceWorker.register(words.worker).catch(() => {});
    if (!navigator.serviceWorker || !words.worker) return;
    if (matchMedia("(display-mode: standalone)").matches) keep();
    window.addEventListener("appinstalled", keep);
  }

  function button(text, act) {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "btn btn-outline-primary btn-sm";
    b.textContent = text;
    b.addEventListener("click", () => act(b));
    return b;
  }

  // tools puts its buttons under the sentences of an answer; a refusal and an emergency have none.
  function tools(turn) {
    const more = turn.querySelector(".rest .more");
    if (!more || !turn.querySelector(".statement") || turn.querySelector(".tools")) return;
    const row = document.createElement("div");
    row.className = "tools";
    row.lang = document.documentElement.lang;
    row.dir = document.documentElement.dir;
    if (navigator.clipboard) row.append(button(words.copy, (b) => copy(turn, b)));
    row.append(button(words.print, () => print(turn)));
    const plain = more.querySelector("[data-simpler]");
    if (plain && !document.documentElement.classList.contains("kiosk")) row.prepend(plain); // a kiosk hides the row
    more.prepend(row);
    speaker(turn);
  }

  async function copy(turn, b) {
    const lines = [turn.querySelector(".question bdi").textContent, ""];
    for (const s of turn.querySelectorAll(".statement")) {
      const numbers = [...s.querySelectorAll(".cite .number")].map((n) => `[${n.textContent}]`).join(" ");
      const text = [...s.querySelectorAll(".said, .quote")].map((p) => p.textContent.trim()).join("\n");
      lines.push(`${text} ${numbers}`, "");
    }
    for (const source of turn.querySelectorAll(".sources li")) {
      const link = source.querySelector("a");
      lines.push(`[${source.value}] ${link.textContent.trim()}: ${link.href}`);
    }
    try {
      await navigator.clipboard.writeText(lines.join("\n"));
      b.textContent = words.copied;
      setTimeout(() => { b.textContent = words.copy; }, 3000);
    } catch { /* the browser does not let it: the text can still be selected */ }
  }

  function print(turn) {
    turn.classList.add("print-this");
    document.body.classList.add("print-one");
    window.addEventListener("afterprint", () => {
      turn.classList.remove("print-this");
      document.body.classList.remove("print-one");
    }, { once: true });
    window.print();
  }

  // speaker adds "read aloud" when the device has a voice for every language of the answer.
  function speaker(turn) {
    const row = turn.querySelector(".tools");
    if (!row || row.querySelector("[data-speak]")) return;
    const parts = [...turn.querySelectorAll(".statement .said, .statement .quote")].map((p) => ({ text: p.textContent.trim(), lang: p.closest("[lang]").lang }));
    if (!parts.length || !parts.every((p) => voiceFor(p.lang))) return;
    const b = button(words.speak, () => {
      const speaking = b.dataset.on;
      speechSynthesis.cancel();
      if (speaking) return rest();
      b.dataset.on = "1";
      b.textContent = words.hush;
      parts.forEach((p, i) => {
        const u = new SpeechSynthesisUtterance(p.text);
        u.voice = voiceFor(p.lang);
        u.lang = u.voice.lang;
        u.onerror = rest;
        if (i === parts.length - 1) u.onend = rest;
        speechSynthesis.speak(u);
      });
    });
    const rest = () => {
      delete b.dataset.on;
      b.textContent = words.speak;
    };
    b.dataset.speak = "";
    row.append(b);
  }

  // simpler puts an answer in simpler words below its buttons, where the page without scripts would open another page.
  function simpler() {
    document.addEventListener("submit", async (event) => {
      const given = event.target.closest("form[data-simpler]");
      if (!given) return;
      event.preventDefault();
      const b = given.querySelector("button");
      const name = b.textContent;
      b.disabled = true;
      b.textContent = given.dataset.working;
      try {
        const response = await fetch(given.action, { method: "POST", headers: { Accept: "text/html;fragment=1" }, body: new URLSearchParams(new FormData(given)) });
        if (!response.ok) throw new Error();
        const holder = document.createElement("template");
        holder.innerHTML = await response.text();
        const section = holder.content.querySelector("section");
        (given.closest(".tools") || given).after(section);
        given.remove();
        section.querySelector("h3").focus();
      } catch {
        b.disabled = false;
        b.textContent = name;
        HTMLFormElement.prototype.submit.call(given); // as without JavaScript
      }
    });
  }

  function sidePanel() {
    const panel = document.getElementById("panel");
    if (!panel?.showModal) return;
    const content = panel.querySelector("[data-content]");
    panel.querySelector("[data-close]").addEventListener("click", () => panel.close());
    panel.addEventListener("click", (event) => {
      if (event.target === panel) panel.close(); // beside it
    });
    panel.addEventListener("close", () => content.replaceChildren());
    log.addEventListener("click", async (event) => {
      const link = event.target.closest(".cite, .sources a, .near a, .trail a");
      if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      try {
        const response = await fetch(link.href, { headers: { Accept: "text/html;fragment=1" } });
        if (!response.ok) throw new Error();
        const holder = document.createElement("template");
        holder.innerHTML = await response.text();
        content.replaceChildren(holder.content);
        panel.showModal();
        panel.scrollTop = 0;
        content.querySelector("mark")?.scrollIntoView({ block: "center" });
      } catch {
        location.assign(link.href);
      }
    });
  }

  // dictation says first where the voice may go, each time the page is opened, since nothing is stored that could remember a yes.
  function dictation() {
    const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
    const note = document.getElementById("dictation");
    if (!Recognition || !note) return;
    const field = document.getElementById("question");
    const problem = document.getElementById("problem");
    let told = false, running = null;
    const b = button(words.dictate, () => {
      if (running) return running.stop();
      if (told) return listen();
      note.hidden = false;
      note.querySelector("[data-go]").focus();
    });
    b.className = "btn btn-outline-primary";
    b.setAttribute("aria-describedby", "dictation-note");
    form.querySelector(".ask-row [type=submit]").before(b);
    const leave = () => { note.hidden = true; b.focus(); };
    note.querySelector("[data-close]").addEventListener("click", leave);
    note.querySelector("[data-go]").addEventListener("click", () => { told = true; leave(); listen(); });
    function listen() {
      running = new Recognition();
      running.lang = document.documentElement.lang;
      problem.hidden = true;
      running.onresult = (event) => {
        const said = [...event.results].map((r) => r[0].transcript).join(" ").trim();
        field.value = (field.value.trim() + " " + said).trim();
        field.focus();
      };
      running.onerror = () => { problem.textContent = words.undictated; problem.hidden = false; };
      running.onend = () => { running = null; b.textContent = words.dictate; };
      b.textContent = words.dictating;
      running.start();
    }
  }
})();
