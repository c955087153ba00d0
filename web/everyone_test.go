package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"sportello/assistant"
	"sportello/locales"
	"sportello/web/sitetest"
)

// everywhere are the citizens' pages that need no more than their address.
func everywhere(t *testing.T, h *behind) []string {
	t.Helper()
	left, err := h.desk.Leave(t.Context(), assistant.HandOver{Tenant: sitetest.Comune, Office: "URP", Language: "it", Text: "Quando apre il nido?"})
	if err != nil {
		t.Fatal(err)
	}
	base := "/t/borgoprova/"
	return []string{
		"/", base, base + "documents", base + "documents?q=nulla", base + "documents/d-tari?article=2&start=216&end=302", base + "documents/d-form", base + "documents/d-old", base + "leave", base + "reply/" + left.Token,
		base + "feedback", base + "feedback?done=1", base + "accessibility", base + "data", base + "offline", base + "kiosk", "/nowhere",
	}
}

func in(path, lang string) string {
	if strings.Contains(path, "?") {
		return path + "&lang=" + lang
	}
	return path + "?lang=" + lang
}

// public is a comune with offices that have hours, a desk, and somebody who answers by a word of the question.
func public(t *testing.T) *behind {
	t.Helper()
	h := newBehind(t, nil)
	h.asker.Script = byQuestion
	for i := range h.library.Offices {
		h.library.Offices[i].Hours, h.library.Offices[i].Phone, h.library.Offices[i].Address = "lunedì-venerdì 9-12,30", "02 555 0100", "Piazza Prova 1"
	}
	return h
}

// Every page and state, in every language, is without violations of axe-core of any severity.
func TestEveryPageAndStateForEverybody(t *testing.T) {
	h := public(t)
	pages := everywhere(t, h)
	b := browser(t, h.harness)
	check := axe(b)
	b.before(`window.later = 0; Date.now = (real => () => real() + window.later)(Date.now)`)
	site := hosts(t, h.harness, b.base, true)
	checked := 0
	for _, l := range locales.Languages() {
		t.Run(l.Tag, func(t *testing.T) {
			own, other := tab{t, b.ctx, b.base}, tab{t, b.ctx, site}
			is := func(what string) { t.Helper(); checked++; check(what + " in " + l.Tag) }
			own.screen(1280, 900)
			for _, path := range pages {
				own.open(in(path, l.Tag))
				is(path)
			}
			own.open(in("/t/borgoprova/", l.Tag))
			for _, question := range []string{"Quando apre?", "le parole", "un modulo", "la luna", "odore di gas"} {
				own.ask(question)
			}
			eval[int](own, `document.querySelector("form[data-simpler] button").click(), 0`)
			own.until(`document.querySelector("#log .simpler") !== null`)
			own.do(chromedp.Focus(".useful button"))
			own.press("\r")
			own.until(`document.querySelector("#log .cmp-rating") !== null`)
			eval[int](own, `document.querySelectorAll("details").forEach(d => d.open = true), document.querySelector("#log .rating input").click(), 0`)
			is("answers, a refusal, an emergency, an opinion")
			own.shot("everyone-" + l.Tag)
			own.do(chromedp.Focus("#log .cite"))
			own.press("\r")
			own.until(`document.querySelector("#panel[open] mark") !== null`)
			is("the cited text beside the answer")
			own.press("\x1b")
			eval[int](own, `document.getElementById("dictation").hidden = false, 0`)
			is("the note on dictation")
			eval[int](own, `document.querySelector("#log form.own-code button").click(), 0`)
			own.until(`document.querySelector(".own-kept li") !== null`)
			is("what is kept of a conversation")
			own.shot("own-" + l.Tag)
			own.open(in("/t/borgoprova/kiosk", l.Tag))
			own.ask("Quando apre?")
			eval[int](own, `window.later = 95000, 0`)
			own.until(`document.getElementById("idle").open`)
			is("a kiosk that will be cleared")
			own.view("kiosk-idle-" + l.Tag)
			other.open("/plain?lang=" + l.Tag)
			other.until(inside(".launcher") + ` !== null`)
			is("the widget closed")
			other.do(chromedp.Focus("button"))
			other.press("\t")
			other.press("\r")
			other.opened()
			is("the widget open")
			for _, question := range []string{"Quando apre?", "un modulo", "la luna", "odore di gas"} {
				other.asks(question)
			}
			eval[int](other, `[...document.querySelector("sportello-widget").shadowRoot.querySelectorAll(".answer div.block > button.choice:only-child")][0].click(), 0`)
			other.until(inside(".plain") + ` !== null`)
			eval[int](other, `document.querySelector("sportello-widget").shadowRoot.querySelectorAll("details").forEach(d => d.open = true), 0`)
			eval[int](other, `document.querySelector("sportello-widget").shadowRoot.querySelectorAll(".cite").forEach(c => c.click()), 0`)
			is("the widget with answers")
			eval[int](other, inside(".root")+`.classList.add("dark"), 0`)
			is("the widget with answers, dark")
		})
	}
	t.Logf("%d pages and states in %d languages", checked, len(locales.Languages()))
	t.Run("forced colours", func(t *testing.T) {
		b := tab{t, b.ctx, b.base}
		b.media(&emulation.MediaFeature{Name: "forced-colors", Value: "active"}, &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"}, &emulation.MediaFeature{Name: "prefers-color-scheme", Value: "dark"})
		defer b.media()
		b.open("/t/borgoprova/?lang=it")
		b.ask("Quando apre?")
		// axe-core cannot see the colours that the system puts there; what would lose its shape without its ground has a border.
		if got := eval[string](b, `[".question", ".cite .number", "mark"].map(s => { const e = document.querySelector(s); return e ? getComputedStyle(e).borderStyle : "solid" }).join()`); got != "solid,solid,solid" {
			t.Errorf("borders: %s", got)
		}
		if got := eval[string](b, `getComputedStyle(document.querySelector(".dots i")).animationName`); got != "none" {
			t.Errorf("something moves: %s", got)
		}
		b.shot("forced-colours")
		b.base = site
		b.open("/plain?theme=auto")
		b.launch()
		b.opened()
		b.asks("Quando apre?")
		b.view("widget-forced-colours")
	})
}

// media makes the browser one whose user asked for something.
func (b tab) media(features ...*emulation.MediaFeature) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		b.t.Fatal(err)
	}
}
