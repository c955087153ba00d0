package lexicon

import (
	"slices"
	"strings"
	"testing"
)

func defaultGlossary(t *testing.T) *Glossary {
	t.Helper()
	g, err := DefaultGlossary()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestExpand(t *testing.T) {
	g := defaultGlossary(t)
	for _, c := range []struct{ text, lang, want string }{
		{"Dove butto la spazzatura?", "it", "rifiut"},
		{"quanto costa la bolletta dei rifiuti", "it", "tar tariff"},
		{"ho preso una multa", "it", "sanzion amministrativ"},
		{"passo carraio", "it", "carrabil"},
		{"orari dell'anagrafe", "it", "apertur demografic"},
		{"Who collects the rubbish?", "en", "rifiut tar"},
		{"Wann ist die Müllabfuhr?", "de", "rifiut"},
		{"Sa kushton letërnjoftimi? Ku e paguaj gjobën?", "sq", "sanzion tariff"},
		{"Де оплатити штраф?", "uk", "sanzion"},
		{"أين أدفع الغرامة؟", "ar", "sanzion"},
		{"垃圾税怎么交", "zh", "rifiut"},
		{"cât costă cartea de identitate", "ro", "cie tariff"},
	} {
		got := g.Expand(c.text, c.lang, nil)
		for _, w := range strings.Fields(c.want) {
			if !slices.Contains(got, w) {
				t.Errorf("Expand(%q, %s) = %v, without %s", c.text, c.lang, got, w)
			}
		}
	}
	if got := g.Expand("Dove butto la spazzatura?", "xx", nil); got != nil {
		t.Errorf("unknown language: %v", got)
	}
}

func TestExtend(t *testing.T) {
	g, err := defaultGlossary(t).Extend("avella.txt", "# di Avella\nla casina -> sede degli uffici\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := g.Expand("dov'è la casina?", "it", nil); !slices.Contains(got, "sed") {
		t.Errorf("the tenant's own line gives %v", got)
	}
	if got := g.Expand("immondizia", "it", nil); !slices.Contains(got, "rifiut") {
		t.Errorf("the default lines are lost: %v", got)
	}
	for _, bad := range []string{"casina", "-> sede", "casina ->"} {
		if _, err := g.Extend("avella.txt", "ok -> bene\n"+bad); err == nil || !strings.Contains(err.Error(), "avella.txt, line 2") {
			t.Errorf("Extend(%q) = %v, want an error with file and line", bad, err)
		}
	}
}

func TestQuery(t *testing.T) {
	g := defaultGlossary(t)
	got := map[string]int{}
	for _, w := range Query("Cosa dice l'art. 12 sulla spazzatura?", "it", g) {
		got[w.Text] = w.Count
	}
	for term, weight := range map[string]int{"art:12": CompoundWeight, "spazzatur": FullWeight, "rifiut": ExpandedWeight, "12": FullWeight} {
		if got[term] != weight {
			t.Errorf("weight of %s is %d, want %d (all: %v)", term, got[term], weight, got)
		}
	}
	for _, w := range Query("How much is the waste tax?", "en", g) {
		if w.Text == "how" || w.Text == "much" {
			t.Errorf("a small word of English is searched: %v", w)
		}
	}
}
