// The page where one asks, with JavaScript: the same form, answered in place. Answers come as HTML fragments that the server made with
// the templates of the page without JavaScript. Nothing is stored in the browser.
(() => {
  "use strict";
  const form = document.getElementById("ask");
  const cited = document.getElementById("cited");
  if (cited && !location.hash) cited.scrollIntoView({ block: "center" });
  closeMenuOnEscape();
  answerOpinions();
  if (!form || !window.fetch || !window.ReadableStream) return;

  const field = document.getElementById("question");
  const log = document.getElementById("log");
  const working = document.getElementById("working");
  const problem = document.getElementById("problem");
  const label = form.querySelector("label");
  const starters = document.getElementById("starters");
  const again = document.getElementById("again");
  const words = form.dataset;
  const touch = window.matchMedia("(pointer: coarse)").matches;
  let conversation = "";
  let busy = false;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(field.value);
  });
  field.addEventListener("keydown", (event) => {
    // Enter asks, as in every chat; a new line is Shift+Enter. While an input method composes (Chinese), Enter belongs to it.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-suggestions]")) return;
    event.preventDefault();
    ask(event.submitter.value);
  });

  again.addEventListener("click", (event) => {
    event.preventDefault();
    if (busy || document.getElementById("idle")) return; // a kiosk loads itself anew
    conversation = "";
    log.replaceChildren();
    show(problem, "");
    label.textContent = words.first;
    if (starters) starters.hidden = false;
    again.hidden = true;
    field.value = "";
    field.focus();
    window.scrollTo({ top: 0 });
  });

  async function ask(question) {
    question = question.trim();
    if (busy || !question) return;
    busy = true;
    show(problem, "");
    const turn = startTurn(question);
    show(working, words.working);
    field.value = "";
    if (!touch) field.focus({ preventScroll: true }); // on a phone the keyboard would cover the answer
    let ended = false;
    try {
      const response = await fetch(form.action.split("#")[0], {
        method: "POST",
        headers: { Accept: "text/event-stream" },
        body: new URLSearchParams({ question, conversation }),
      });
      if (!response.ok || !(response.headers.get("Content-Type") || "").startsWith("text/event-stream")) {
        throw new Error(await errorText(response));
      }
      await events(response.body, (name, data) => {
        ended = handle(turn, name, data, question) || ended;
      });
      if (!ended) throw new Error(words.stopped);
    } catch (error) {
      fail(turn, error instanceof TypeError ? words.failed : error.message, question);
    }
    show(working, "");
    busy = false;
  }

  // handle gives true for the events that end an answer.
  function handle(turn, name, data, question) {
    switch (name) {
      case "queue":
        show(working, words.queue.replace("#", data.place));
        return false;
      case "statement":
        show(working, words.working);
        turn.statements.append(fragment(data.html));
        return false;
      case "answer":
        turn.answer.lang = data.lang;
        turn.answer.dir = data.dir;
        if (data.generated) turn.answer.dataset.aiGenerated = "true";
        if (data.replace) turn.answer.replaceChildren(fragment(data.html));
        else {
          turn.answer.append(fragment(data.html));
          turn.answer.prepend(fragment(data.before));
        }
        conversation = data.conversation;
        label.textContent = words.next;
        again.hidden = false;
        turn.article.dispatchEvent(new CustomEvent("sportello-answer", { bubbles: true }));
        return true;
      case "problem":
      case "error":
        fail(turn, data.text, question);
        return true;
    }
    return false;
  }

  function startTurn(question) {
    if (starters) starters.hidden = true;
    const article = document.createElement("article");
    log.querySelector(".latest")?.classList.remove("latest");
    article.className = "turn latest"; // has its height from the start, so that the answer moves nothing when it comes
    const said = document.createElement("h2");
    said.className = "question";
    said.dir = "auto";
    const you = document.createElement("span");
    you.className = "visually-hidden";
    you.textContent = words.you + " ";
    const text = document.createElement("bdi"); // an Italian question on an Arabic page keeps its question mark at its end
    text.textContent = question;
    said.append(you, text);
    const answer = document.createElement("div");
    answer.className = "answer";
    const statements = document.createElement("div");
    statements.className = "statements";
    answer.append(statements);
    article.append(said, answer);
    log.append(article);
    article.scrollIntoView({ block: "start" });
    return { article, answer, statements };
  }

  function fail(turn, text, question) {
    if (!turn.statements.children.length) turn.article.remove();
    show(problem, text);
    if (!field.value) field.value = question;
  }

  async function errorText(response) {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.querySelector("main .lead")?.textContent || words.failed;
  }

  // events reads server-sent events: "event: name", "data: json", an empty line.
  async function events(body, each) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += value;
      for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
        const lines = rest.slice(0, end).split("\n");
        rest = rest.slice(end + 2);
        const name = lines.find((l) => l.startsWith("event: "))?.slice(7);
        const data = lines.find((l) => l.startsWith("data: "))?.slice(6);
        if (name && data) each(name, JSON.parse(data));
      }
    }
  }

  function fragment(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  }

  function show(element, text) {
    (element.querySelector("[data-text]") || element).textContent = text;
    element.hidden = !text;
  }

  // Thumbs and stars are sent without leaving the page; what the server says takes the place of the form.
  function answerOpinions() {
    if (!window.fetch) return;
    document.addEventListener("submit", async (event) => {
      const given = event.target.closest("form[data-feedback]");
      if (!given) return;
      event.preventDefault();
      const body = new URLSearchParams(new FormData(given, event.submitter));
      try {
        const response = await fetch(given.action, { method: "POST", headers: { Accept: "text/html;fragment=1" }, body });
        if (!response.ok) throw new Error();
        const place = given.closest("[data-rating]") || given;
        const said = fragment(await response.text());
        const first = said.firstElementChild;
        place.replaceWith(said);
        first?.querySelector("input[type=radio]")?.focus();
      } catch {
        HTMLFormElement.prototype.submit.call(given); // as without JavaScript
      }
    });
  }

  function closeMenuOnEscape() {
    const menu = document.querySelector(".languages details");
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu?.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
    document.addEventListener("click", (event) => {
      if (menu?.open && !menu.contains(event.target)) menu.open = false;
    });
  }
})();
