// Sportello on any site: <script src="https://SPORTELLO/widget.js" data-tenant="SLUG" defer></script>, see docs/widget.md.
// A custom element in a shadow root. Words are set as text and styles are sheets made here, so that a strict policy of the site needs only
// script-src and connect-src for this server. Nothing is stored: the conversation is gone when the page is.
(() => {
  "use strict";
  const NAME = "sportello-widget";
  const CSS = /*STYLE*/"";
  const LABELS = /*LABELS*/{};
  const script = document.currentScript;
  // A browser without these keeps the link that stands in the page.
  if (!window.customElements || customElements.get(NAME) || !("adoptedStyleSheets" in Document.prototype) || !window.ReadableStream || !window.HTMLDialogElement) return;
  const server = script?.src ? new URL(".", script.src).href : "";
  const small = matchMedia("(max-width: 40em), (max-height: 30em)");
  const shapes = {
    talk: "M4 5h16v11H9l-5 4z M8 9h8 M8 12h5", close: "M6 6l12 12 M18 6L6 18", again: "M4 12a8 8 0 1 0 3-6.2 M7 2v4h4", page: "M14 4h6v6 M20 4l-9 9 M18 14v6H4V6h6",
  };

  // h makes an element: attributes, listeners as on*, children as nodes or text.
  function h(tag, attributes, ...children) {
    const e = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === undefined || value === false || value === null) continue;
      if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
      else e.setAttribute(name, value === true ? "" : value);
    }
    e.append(...children.flat().filter((c) => c !== undefined && c !== null && c !== false && c !== ""));
    return e;
  }

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [k, v] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" })) svg.setAttribute(k, v);
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", shapes[name]);
    svg.append(path);
    return svg;
  }

  // contrast between two "#rrggbb", as WCAG 2 counts it.
  function contrast(a, b) {
    const light = (c) => [1, 3, 5].reduce((sum, at, i) => {
      const x = parseInt(c.slice(at, at + 2), 16) / 255;
      return sum + [.2126, .7152, .0722][i] * (x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
    }, .05);
    const [x, y] = [light(a), light(b)];
    return Math.max(x, y) / Math.min(x, y);
  }

  class Sportello extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      this.base = this.getAttribute("server") || server;
      if (this.base && !this.base.endsWith("/")) this.base += "/";
      this.tenant = this.getAttribute("tenant");
      if (!this.base || !this.tenant) return;
      this.words = {}; // by language
      this.conversation = "";
      this.build();
      if (this.hasAttribute("open")) this.open();
    }

    build() {
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      this.tint = new CSSStyleSheet();
      root.adoptedStyleSheets = [sheet, this.tint];
      this.paint(this.getAttribute("colour"));
      const tag = this.language();
      const label = this.getAttribute("label") || LABELS[tag];
      this.frame = h("div", { class: "root" + (this.getAttribute("position") === "start" ? " start" : "") });
      this.speak(this.frame, this.getAttribute("label") ? undefined : tag);
      const dark = matchMedia("(prefers-color-scheme: dark)");
      const theme = () => this.frame.classList.toggle("dark", this.getAttribute("theme") === "dark" || this.getAttribute("theme") === "auto" && dark.matches);
      theme();
      dark.addEventListener("change", theme);
      this.launcher = h("button", { class: "launcher", type: "button", "aria-haspopup": "dialog", onclick: () => this.open() }, icon("talk"), h("span", {}, label));
      root.append(h("slot"), this.frame);
      // A link that the site put inside stays where it is, so that nothing moves, and opens the panel.
      if (this.firstElementChild) {
        this.addEventListener("click", (event) => {
          if (event.composedPath().indexOf(this) < 1 || event.ctrlKey || event.metaKey || event.shiftKey || event.composedPath().includes(this.frame)) return;
          event.preventDefault();
          this.open();
        });
      } else {
        this.frame.setAttribute("role", "region"); // a place of its own among those of the page
        this.frame.setAttribute("aria-label", label);
        this.frame.append(this.launcher);
        this.raise(this.launcher);
      }
    }

    // raise puts an element above everything that the site has, whatever its z-index or transforms.
    raise(element) {
      if (!element.showPopover) return;
      element.popover = "manual";
      element.showPopover();
    }

    paint(colour) {
      if (!/^#[0-9a-f]{6}$/i.test(colour || "")) return;
      const white = contrast(colour, "#ffffff") >= 4.5;
      this.tint.replaceSync(`.root{--c:${colour};--o:${white ? "#fff" : "#000"};--l:${white ? colour : "#17324d"}}`);
      this.painted = true;
    }

    // language is that of the element, else of the place it stands in, else of the browser; Italian when we have none of them.
    language() {
      const near = this.closest("[lang]")?.lang;
      for (const tag of [this.getAttribute("lang"), near, ...(near ? [] : navigator.languages)]) {
        const known = tag && tag.toLowerCase().split("-")[0];
        if (LABELS[known]) return known;
      }
      return "it";
    }

    speak(element, tag) {
      if (!tag) return;
      element.lang = tag;
      element.dir = tag === "ar" ? "rtl" : "ltr";
    }

    t(key, data, from = this.said) {
      let text = from.texts[key] || "";
      for (const [name, value] of Object.entries(data || {})) text = text.replaceAll(`{{.${name}}}`, value);
      return text;
    }

    async load(tag) {
      this.words[tag] ||= fetch(`${this.base}t/${encodeURIComponent(this.tenant)}/widget.json?lang=${tag}`, { credentials: "omit" })
        .then((r) => (r.ok ? r.json() : Promise.reject(new Error(r.status))));
      try {
        return await this.words[tag];
      } catch (error) {
        delete this.words[tag];
        throw error;
      }
    }

    async open() {
      if (this.opening || this.isOpen) return;
      this.opening = true;
      const from = this.shadowRoot.activeElement || document.activeElement;
      try {
        if (!this.panel) {
          this.said = await this.load(this.language());
          this.make();
          // The browser asks this once whether it may send questions from here; now, so that the first answer does not wait for it.
          if (new URL(this.base).origin !== location.origin) fetch(this.ask, { method: "OPTIONS", credentials: "omit" }).catch(() => {});
        }
      } catch {
        location.href = this.firstElementChild?.href || `${this.base}t/${encodeURIComponent(this.tenant)}/`;
        return;
      } finally {
        this.opening = false;
      }
      this.isOpen = true;
      this.back = from && from !== document.body ? from : this.launcher;
      this.launcher.hidden = true; // the panel lies over it
      this.fit();
      this.field.focus();
      this.dispatchEvent(new CustomEvent("sportello-open"));
    }

    close() {
      if (!this.isOpen) return;
      this.isOpen = false;
      this.hide();
      this.launcher.hidden = false;
      (this.back?.isConnected ? this.back : this.launcher).focus();
      this.dispatchEvent(new CustomEvent("sportello-close"));
    }

    hide() {
      if (this.panel.matches(":popover-open")) this.panel.hidePopover();
      if (this.panel.open) this.panel.close();
    }

    // fit shows the panel beside the page, or instead of it where there is no room for both; then it is modal and keeps the focus.
    fit() {
      if (!this.isOpen) return;
      const focused = this.shadowRoot.activeElement;
      this.hide();
      this.frame.classList.toggle("full", small.matches);
      if (small.matches) {
        this.panel.removeAttribute("popover");
        this.panel.showModal();
      } else if (this.panel.showPopover) this.raise(this.panel);
      else this.panel.show();
      focused?.focus();
    }

    make() {
      const s = this.said;
      if (!this.painted) this.paint(s.colour);
      this.speak(this.frame, s.lang);
      this.ask = `${this.base}api/v1/t/${encodeURIComponent(this.tenant)}/ask`;
      const tool = (name, key, attributes, tag = "button") => h(tag, { class: "tool", "aria-label": this.t(key), title: this.t(key), ...attributes }, icon(name));
      const far = `${this.t("open_page")} (${this.t("new_tab")})`;
      this.log = h("div", { role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": this.t("conversation_label") });
      this.working = h("p", { class: "working", role: "status", hidden: true });
      this.problem = h("p", { class: "problem", id: "problem", role: "alert", hidden: true });
      this.field = h("textarea", { id: "field", rows: 2, maxlength: 1000, dir: "auto", "aria-describedby": "problem", onkeydown: (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(this.field.value); }
      } });
      this.start = h("div", {});
      this.label = h("label", { for: "field" }, this.t("ask_label"));
      const hands = () => { this.hands = true; };
      this.scroll = h("div", { class: "scroll", onwheel: hands, ontouchmove: hands },
        s.notice && h("p", { class: "notice", lang: "it", dir: "ltr" }, s.notice),
        s.closed && h("p", { class: "notice", dir: "auto" }, s.closed),
        h("div", { class: "notice" }, h("p", {}, h("b", {}, this.t("notice_title"))), h("p", {}, this.t("notice_text")),
          h("p", {}, h("a", { href: this.base + s.data.slice(1), target: "_blank", rel: "noopener" }, `${this.t("data_title")} (${this.t("new_tab")})`))),
        this.start, this.log);
      this.panel = h("dialog", { class: "panel", "aria-labelledby": "title", onkeydown: (event) => {
        if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.close(); }
      }, oncancel: (event) => { event.preventDefault(); this.close(); } },
      h("div", { class: "head" },
        h("div", { class: "title" }, h("h2", { id: "title" }, s.name), h("p", {}, this.t("widget_automatic"))),
        tool("again", "start_over", { type: "button", onclick: () => this.clear() }),
        tool("page", "open_page", { href: this.base + s.home.slice(1), target: "_blank", rel: "noopener", "aria-label": far, title: far }, "a"),
        tool("close", "widget_close", { type: "button", onclick: () => this.close() })),
      this.scroll,
      h("form", { class: "form", onsubmit: (event) => { event.preventDefault(); this.send(this.field.value); } },
        this.working, this.label, h("div", { class: "row" }, this.field, h("button", { class: "send" }, this.t("ask_button"))), this.problem));
      this.frame.append(this.panel);
      small.addEventListener("change", () => this.fit());
      this.clear();
    }

    clear() {
      this.abort?.abort();
      this.conversation = "";
      this.log.replaceChildren();
      this.show(this.working, "");
      this.show(this.problem, "");
      this.label.textContent = this.t("ask_label");
      const own = (this.getAttribute("question") || "").split("|").map((q) => q.trim()).filter(Boolean);
      const items = own.length ? own : this.said.starters;
      this.start.replaceChildren(...(items.length ? [this.choices("starters_title", items)] : []));
      this.field.value = "";
      if (this.isOpen) this.field.focus();
    }

    choices(key, items) {
      return h("div", { class: "block" }, h("p", { class: "strong" }, this.t(key)),
        h("div", { class: "choices" }, items.map((q) => h("button", { class: "choice", type: "button", dir: "auto", onclick: () => this.send(q) }, q))));
    }

    show(element, text) {
      element.hidden = !text;
      element.replaceChildren(...(text ? [element === this.working ? h("i", { "aria-hidden": "true" }) : "", text] : []));
    }

    async send(question) {
      question = question.trim();
      if (this.busy) return;
      if (!question) return this.show(this.problem, this.t("problem_empty"));
      this.busy = true;
      this.show(this.problem, "");
      this.start.replaceChildren();
      const answer = h("div", { class: "answer" });
      const turn = h("div", { class: "turn" }, h("h3", { class: "question", dir: "auto" }, h("span", { class: "hidden" }, this.t("you_asked") + " "), h("bdi", {}, question)), answer);
      this.log.append(turn);
      this.show(this.working, this.t("ask_working"));
      this.hands = false;
      this.follow(turn);
      this.field.value = "";
      this.field.focus({ preventScroll: true });
      const state = { said: this.said, sources: [], statements: [], answer };
      const abort = (this.abort = new AbortController());
      let ended = false;
      try {
        const response = await fetch(this.ask, {
          method: "POST", credentials: "omit", signal: abort.signal,
          headers: { "Content-Type": "application/json", Accept: "text/event-stream", "Accept-Language": this.said.lang },
          body: JSON.stringify({ question, conversation: this.conversation || undefined }),
        });
        if (!response.ok) throw new Error(this.t(response.status === 429 ? "error_too_many_text" : "error_internal_text"));
        await this.events(response.body, async (name, data) => {
          if (name === "queue") this.show(this.working, this.t("ask_queue", { Number: data.place }));
          else if (name === "statement") {
            this.show(this.working, this.t("ask_working"));
            state.statements.push(data);
            answer.append(this.statement(state, data));
            this.follow(turn);
          } else if (name === "answer") {
            ended = true;
            await this.finish(state, data);
            this.follow(turn);
          } else if (name === "error") throw new Error(this.t("error_internal_text"));
        });
        if (!ended) throw new Error(this.t("error_stopped"));
        this.label.textContent = this.t("ask_label_next");
      } catch (error) {
        if (!abort.signal.aborted) {
          if (!state.statements.length) turn.remove();
          this.show(this.problem, error instanceof TypeError ? this.t("error_network") : error.message);
          this.field.value ||= question;
        }
      }
      if (this.abort === abort) this.show(this.working, "");
      this.busy = false;
    }

    // follow keeps the question at the top while its answer grows, until somebody scrolls.
    follow(turn) {
      if (!this.hands) turn.scrollIntoView({ block: "start" });
    }

    // events reads server-sent events: "event: name", "data: json", an empty line.
    async events(body, each) {
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; ;) {
        const { done, value } = await reader.read();
        if (done) return;
        rest += value;
        for (let end; (end = rest.indexOf("\n\n")) >= 0; rest = rest.slice(end + 2)) {
          const lines = rest.slice(0, end).split("\n");
          const field = (name) => lines.find((l) => l.startsWith(name))?.slice(name.length);
          const name = field("event: "), data = field("data: ");
          if (name && data) await each(name, JSON.parse(data));
        }
      }
    }

    place(said, c) {
      const article = c.article && (/^\d/.test(c.article) ? this.t("place_article", { Number: c.article }, said) : c.article);
      return [article, c.page && this.t("place_page", { Number: c.page }, said)].filter(Boolean).join(this.t("place_separator", {}, said));
    }

    link(c) {
      const q = new URLSearchParams({ lang: this.said.lang });
      for (const key of ["article", "start", "end"]) if (c[key]) q.set(key, c[key]);
      return `${this.base}t/${encodeURIComponent(this.tenant)}/documents/${c.document_id}?${q}#cited`;
    }

    italian(text) { return h("bdi", { lang: "it" }, text); }

    statement(state, st) {
      const said = state.said, quoted = st.origin === "document";
      const quote = (text) => h("blockquote", { class: "quote", lang: "it", dir: "ltr" }, text);
      const out = h("div", { class: "statement", lang: said.lang, dir: said.dir });
      if (quoted) out.append(...(said.lang === "it" ? [] : [h("p", { class: "marker" }, this.t("quote_italian", {}, said))]), quote(st.text));
      else {
        if (st.translated) out.append(h("p", { class: "marker" }, this.t("translated_mark", {}, said)));
        out.append(h("p", { class: "said" }, st.text));
        const quotes = st.translated ? [...new Set(st.citations.map((c) => c.quote).filter(Boolean))] : [];
        if (quotes.length) out.append(h("p", { class: "marker" }, this.t("quote_italian", {}, said)), ...quotes.map(quote));
      }
      const cites = h("p", { class: "cites" });
      out.append(cites);
      const seen = new Set();
      for (const c of st.citations) {
        const key = [c.document_id, c.article, c.eid, c.article || c.eid ? "" : c.page].join("#");
        let number = state.sources.indexOf(key) + 1;
        if (!number) number = state.sources.push(key);
        if (seen.has(number)) continue;
        seen.add(number);
        const where = this.place(said, c);
        const card = h("div", { class: "source", hidden: true }, h("p", { class: "strong" }, this.italian(c.title)), where && h("p", {}, where), c.quote && said.lang !== "it" && h("p", { class: "marker" }, this.t("quote_italian", {}, said)), c.quote && quote(c.quote),
          h("p", {}, h("a", { href: this.link(c), target: "_blank", rel: "noopener" }, `${this.t("open_source", {}, said)} (${this.t("new_tab", {}, said)})`)));
        const button = h("button", { class: "cite", type: "button", "aria-expanded": "false", onclick: () => {
          card.hidden = !card.hidden;
          button.setAttribute("aria-expanded", String(!card.hidden));
        } }, h("span", { class: "hidden" }, this.t("source_number", { Number: number }, said) + ": "), h("span", { class: "number", "aria-hidden": "true" }, String(number)), h("span", {}, this.italian(c.title), where && this.t("place_separator", {}, said) + where));
        cites.append(button);
        out.append(card);
      }
      return out;
    }

    // finish shows what goes around the statements, in the language of the answer.
    async finish(state, a) {
      this.conversation = a.conversation;
      const before = state.said;
      if (LABELS[a.language] && a.language !== before.lang) state.said = await this.load(a.language).catch(() => before);
      const said = state.said, el = state.answer, t = (key, data) => this.t(key, data, said);
      el.lang = said.lang;
      el.dir = said.dir;
      if (a.ai.generated) el.dataset.aiGenerated = "true";
      if (said !== before || JSON.stringify(state.statements) !== JSON.stringify(a.statements)) {
        state.sources = [];
        el.replaceChildren(...a.statements.map((st) => this.statement(state, st)));
      }
      if (a.understood) el.prepend(h("p", { class: "marker" }, t("understood") + " ", h("q", { dir: "auto" }, a.understood)));
      if (a.reason === "emergency") return el.append(this.emergency(t));
      if (a.status === "refused") el.append(h("div", { class: "refusal" }, h("p", { class: "strong" }, t(`refused_${a.reason}_title`)), h("p", { dir: a.notice ? "auto" : undefined }, a.notice || t(`refused_${a.reason}_text`))));
      else {
        const on = a.approved && this.day(a.approved.on, said.lang);
        el.append(h("p", { class: "note" }, a.approved ? t("approved_note", { Office: a.approved.office, Date: on }) : t(a.status === "quoted" ? "quoted_note" : "answered_note"), a.statements.some((st) => st.translated) && " " + t("translated_note")));
      }
      // What follows is there to be read, not to be read out.
      const more = h("div", { "aria-live": "off" });
      const quotes = [...new Map(a.statements.flatMap((st) => st.citations).filter((c) => c.quote).map((c) => [[c.document_id, c.start, c.end].join(), { document_id: c.document_id, start: c.start, end: c.end }])).values()].slice(0, 8);
      if (quotes.length) more.append(this.simpler(said, quotes));
      for (const f of a.forms) more.append(this.form(t, f));
      if (a.near.length) more.append(h("div", { class: "block" }, h("p", { class: "strong" }, t("near_title")), h("ul", { class: "near" }, a.near.map((n) => h("li", {}, h("a", { href: this.link(n), target: "_blank", rel: "noopener" }, this.italian(n.title), ", ", this.italian(n.rubric || this.place(said, n)), h("span", { class: "hidden" }, ` (${t("new_tab")})`)))))));
      if (a.contacts.length) more.append(h("div", { class: "block" }, h("p", { class: "strong" }, t(a.status === "refused" ? "contacts_refused" : "contacts_answered")), a.contacts.map((c) => this.office(t, c, a.doors.find((d) => d.office === c.office)))));
      if (a.suggestions.length) more.append(this.choices("next_title", a.suggestions));
      if (this.said.opinions) more.append(this.useful(a.id));
      el.append(more);
    }

    day(iso, tag = this.said.lang) {
      return new Date(iso + "T00:00:00Z").toLocaleDateString(tag, { dateStyle: "long", timeZone: "UTC", numberingSystem: "latn" });
    }

    // simpler is a button that puts in its place what the server makes of the quotes: short pieces of their own words, what is looked for first, words explained.
    simpler(said, quotes) {
      const t = (key, data) => this.t(key, data, said), box = h("div", { class: "block" });
      const button = h("button", { class: "choice", type: "button", onclick: async () => {
        button.disabled = true;
        button.textContent = t("simpler_working");
        try {
          const response = await fetch(this.ask.replace(/ask$/, "simpler"), {
            method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ language: said.lang, quotes }),
          });
          if (!response.ok) throw new Error();
          box.replaceChildren(this.plain(said, t, await response.json()));
          box.querySelector("h4").focus();
        } catch {
          button.disabled = false;
          button.textContent = t("simpler_title");
          box.append(h("p", { role: "status" }, t("error_network")));
        }
      } }, t("simpler_title"));
      box.append(button);
      return box;
    }

    plain(said, t, s) {
      const opens = { if: "simpler_if", but: "simpler_but", also: "simpler_also" };
      const it = (tag, attributes, ...children) => h(tag, { lang: "it", dir: "ltr", ...attributes }, ...children);
      const strong = (key) => h("p", { class: "strong" }, t(key)), law = (n) => h("small", { lang: said.lang }, ` [${t("simpler_law", { Number: n })}]`);
      const out = h("div", { class: "plain" }, h("h4", { class: "strong", tabindex: -1 }, t("simpler_title")));
      if (s.ai.generated) out.dataset.aiGenerated = "true";
      if (s.statements.length) out.append(h("p", { class: "marker" }, t("simpler_model")), ...s.statements.map((st) => h("p", { class: "said" }, st.text)));
      for (const q of s.quotes) {
        const where = this.place(said, q);
        out.append(h("p", { class: "marker" }, h("a", { href: this.link(q), target: "_blank", rel: "noopener" }, this.italian(q.title), where && t("place_separator") + where, h("span", { class: "hidden" }, ` (${t("new_tab")})`))));
        if (q.facts.length) out.append(h("dl", { class: "facts" }, q.facts.map((f, i) => [
          f.topic !== q.facts[i - 1]?.topic && h("dt", {}, t({ who: "simpler_who", amount: "simpler_amount", when: "simpler_when", where: "simpler_where" }[f.topic])), h("dd", {}, f.meaning && h("b", {}, f.meaning + " · "), it("span", {}, f.before, h("b", {}, f.text), f.after))]).flat()));
        out.append(h("ul", { class: "parts" }, q.parts.map((p) => h("li", { class: p.kind }, opens[p.kind] && h("b", {}, t(opens[p.kind]) + " "), it("span", {}, p.runs.map((r) => (r.law ? law(r.law) : r.text)))))));
        if (q.laws.length) out.append(h("details", {}, h("summary", {}, t("simpler_laws")), h("ul", {}, q.laws.map((l, i) => h("li", {}, law(i + 1), " ", it("span", {}, l))))));
      }
      if (s.terms.length) out.append(h("details", {}, h("summary", {}, t("terms_title")), h("dl", {}, s.terms.map((w) => [h("dt", {}, this.italian(w.word), w.name !== w.word && " · " + w.name), h("dd", { lang: w.language }, w.meaning)]).flat())));
      out.append(h("p", { class: "note" }, t("simpler_note")));
      return out;
    }

    form(t, f) {
      const row = (key, value) => value && h("p", {}, h("span", { class: "marker" }, t(key) + ": "), this.italian(value));
      const at = (address) => new URL(address, this.base).href;
      return h("div", { class: "card" }, h("p", { class: "marker" }, t("form_title")), h("p", { class: "strong" }, this.italian(f.title)), row("form_purpose", f.purpose),
        f.attachments.length > 0 && [h("p", { class: "marker" }, t("form_attachments") + ":"), h("ul", { lang: "it", dir: "ltr" }, f.attachments.map((x) => h("li", {}, x)))],
        row("form_recipient", f.recipient), h("p", {}, h("a", { class: "choice", href: at(f.original), target: "_blank", rel: "noopener" }, t("form_download"), h("span", { class: "hidden" }, ` (${t("new_tab")})`))));
    }

    office(t, c, door) {
      const line = (key, value, href, dir) => value && h("p", {}, h("span", { class: "marker" }, t(key) + ": "), href ? h("a", { href, dir }, value) : h("span", { lang: "it", class: "pre" }, value));
      const closed = (c.closed || []).map((d) => [d.from, d.to].filter(Boolean).map((day) => this.day(day)).join(" – ") + (d.why ? ` (${d.why})` : "")).join("; ");
      return h("div", { class: "office" }, h("p", { class: "strong" }, this.italian(c.office)), door && h("p", { class: "door" + (door.open ? " open" : "") }, door.text), line("contact_hours", c.hours), line("contact_closed", closed),
        line("contact_phone", c.phone, "tel:" + (c.phone || "").replace(/[^\d+]/g, ""), "ltr"), line("contact_email", c.email, "mailto:" + c.email, "ltr"));
    }

    emergency(t) {
      const call = (number) => h("li", {}, h("a", { href: "tel:" + number, dir: "ltr" }, number), h("span", {}, t("emergency_" + number)));
      return h("div", { class: "emergency" }, h("p", { class: "strong" }, t("emergency_title")), h("p", {}, t("emergency_text")), h("ul", {}, ["112", "1522", "114", "19696"].map(call)), h("p", {}, t("emergency_gas")), h("p", {}, t("emergency_alone")));
    }

    useful(id) {
      const box = h("div", { class: "useful block", role: "group", "aria-label": this.t("useful_question") }, h("span", { class: "strong" }, this.t("useful_question")));
      const say = async (useful) => {
        const sent = await fetch(`${this.base}t/${encodeURIComponent(this.tenant)}/feedback`, { method: "POST", credentials: "omit", headers: { Accept: "text/html;fragment=1" }, body: new URLSearchParams({ question: id, useful }) }).catch(() => null);
        const said = h("p", { role: "status", tabindex: -1 }, this.t(sent?.ok ? "rate_thanks" : "error_network"));
        if (!sent?.ok) return box.append(said);
        box.replaceChildren(said);
        said.focus();
      };
      for (const [key, value] of [["useful_yes", "1"], ["useful_no", "-1"]]) box.append(h("button", { class: "choice", type: "button", onclick: () => say(value) }, this.t(key)));
      return box;
    }
  }

  customElements.define(NAME, Sportello);

  // The script tag alone is enough: what it says after data- becomes the attributes of an element at the end of the page.
  const given = script?.dataset;
  if (given?.tenant && !document.querySelector(`${NAME}[tenant]`)) {
    const element = document.createElement(NAME);
    for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
    const add = () => document.body.append(element);
    if (document.body) add();
    else addEventListener("DOMContentLoaded", add);
  }
})();
