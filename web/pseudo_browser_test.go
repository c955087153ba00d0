package web_test

import (
	"context"
	"strings"
	"testing"

	"sportello/assistant"
	"sportello/locales"
	"sportello/web"
	"sportello/web/sitetest"
)

// cut lists the elements of a page whose text does not fit: wider than their box, higher than a box that hides the rest, or beyond the
// screen. What only a screen reader has is no matter, nor what scrolls on purpose (a wide table).
const cut = `(() => {
  const out = [];
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) || !e.getClientRects().length) continue;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (box.width < 2 || style.clipPath !== "none" || style.visibility === "hidden" || e.closest(".visually-hidden, .visually-hidden-focusable, [hidden], option, .table-scroll")) continue;
    const name = e.tagName.toLowerCase() + "." + e.className + " «" + e.textContent.trim().slice(0, 40) + "»";
    if (style.display !== "inline" && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0) out.push("too wide " + e.scrollWidth + ">" + e.clientWidth + ": " + name);
    if (style.overflowY === "hidden" && e.scrollHeight > e.clientHeight + 1) out.push("too high: " + name);
    if (box.right > innerWidth + 1 || box.left < -1) out.push("beyond the screen: " + name);
    if (style.textOverflow === "ellipsis" && style.display !== "inline" && e.scrollWidth > e.clientWidth) out.push("shortened: " + name);
  }
  return out.slice(0, 6).join("; ");
})()`

// A language whose texts are two fifths longer and full of accents, from left to right and from right to left, on a desktop and a phone:
// no page cuts a text.
func TestPseudoLocale(t *testing.T) {
	catalogue, err := locales.Pseudo()
	if err != nil {
		t.Fatal(err)
	}
	h := newHarness(t, nil, func(c *web.Config) { c.Catalogue = catalogue })
	h.asker.Script = func(ctx context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error) {
		switch {
		case strings.Contains(q.Text, "gas"):
			return sitetest.Says(sitetest.Refusal(assistant.Emergency), 0)(ctx, q, emit)
		case strings.Contains(q.Text, "luna"):
			return sitetest.Says(sitetest.Refusal(assistant.NoSource), 0)(ctx, q, emit)
		}
		return sitetest.Says(sitetest.Quoted(), 0)(ctx, q, emit)
	}
	b := browser(t, h)
	for _, width := range []int64{1280, 360} {
		b.screen(width, 800)
		for _, lang := range []string{"it", "ar"} {
			look := func(what string) {
				t.Helper()
				if got := eval[string](b, cut); got != "" {
					t.Errorf("%s in %s at %d pixels: %s", what, lang, width, got)
				}
			}
			for _, path := range []string{"/", "/t/borgoprova/", "/t/borgoprova/documents", "/t/borgoprova/documents/d-tari", "/t/borgoprova/documents/d-form", "/nowhere"} {
				b.open(path + "?lang=" + lang)
				eval[int](b, `document.querySelectorAll("details").forEach(d => d.open = true), 0`)
				look(path)
			}
			for _, question := range []string{"Quando apre il centro?", "odore di gas", "la luna"} {
				b.open("/t/borgoprova/?lang=" + lang)
				b.ask(question)
				eval[int](b, `document.querySelectorAll("details").forEach(d => d.open = true), 0`)
				look("the answer to " + question)
				b.shot("pseudo-" + lang + "-" + itoa(int(width)) + "-" + strings.Fields(question)[0])
			}
		}
	}
}

// The language is found from the question, and switched in place on every page.
func TestLanguageOfTheQuestion(t *testing.T) {
	h := newHarness(t, nil)
	h.asker.Script = func(ctx context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error) {
		a := sitetest.Quoted()
		a.Language = "sq"
		return sitetest.Says(a, 0)(ctx, q, emit)
	}
	b := browser(t, h)
	b.open("/t/borgoprova/?lang=it")
	b.ask("Kur hapet qendra e grumbullimit?")
	if got := eval[string](b, `document.querySelector(".answer").lang + "|" + document.querySelector(".answer blockquote").lang + "|" + document.documentElement.lang`); got != "sq|it|it" {
		t.Errorf("languages of answer, quote and page: %s", got)
	}
	eval[int](b, `document.querySelector(".languages summary").click(), 0`)
	eval[int](b, `document.querySelector(".languages a[lang='uk']").click(), 0`)
	b.until(`document.documentElement.lang === "uk" && location.search.includes("lang=uk")`)
	if got := eval[string](b, `document.querySelector("h1").textContent`); got != catalogueOf(t).For("uk").T("ask_title") {
		t.Errorf("the page is headed %q", got)
	}
}

func catalogueOf(t *testing.T) *locales.Catalogue {
	t.Helper()
	c, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}
