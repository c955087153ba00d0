package main

import (
	"context"
	"testing"
	"time"

	"sportello/assistant/lexicon"
	"sportello/assistant/store"
)

// gives tells whether a glossary puts a word beside those of a question.
func gives(g *lexicon.Glossary, question, word string) bool {
	want := lexicon.Analyze(word)[0]
	for _, t := range lexicon.Query(question, "it", g) {
		if t.Text == want {
			return true
		}
	}
	return false
}

func TestWordsOfATenantAddToThoseAboveIt(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{Dir: t.TempDir(), Analyze: terms, AnalyzerVersion: lexicon.AnalyzerVersion})
	if err != nil {
		t.Fatal(err)
	}
	defer release(s)
	for _, add := range []store.Tenant{{Slug: "unione", Name: "Unione", Kind: store.Unione}, {Slug: "borgo", Name: "Borgo", Kind: store.Comune, Parent: "unione"}, {Slug: "altro", Name: "Altro", Kind: store.Comune}} {
		if err := s.AddTenant(ctx, add); err != nil {
			t.Fatal(err)
		}
	}
	set := func(tenant, lines string) {
		t.Helper()
		if err := s.PutSetting(ctx, store.ActorCommand, tenant, settingWords, lines); err != nil {
			t.Fatal(err)
		}
	}
	set("unione", "pedibus = accompagnamento")
	set("borgo", "torrione -> biblioteca")
	w := newWords(s)
	for _, tt := range []struct {
		tenant, question, word string
		want                   bool
	}{
		{"borgo", "orari del torrione", "biblioteca", true}, {"borgo", "come funziona il pedibus", "accompagnamento", true}, {"borgo", "tassa spazzatura", "rifiuti", true},
		{"unione", "come funziona il pedibus", "accompagnamento", true}, {"unione", "orari del torrione", "biblioteca", false},
		{"altro", "come funziona il pedibus", "accompagnamento", false}, {"nessuno", "tassa spazzatura", "rifiuti", true},
	} {
		if got := gives(w.of(ctx, tt.tenant), tt.question, tt.word); got != tt.want {
			t.Errorf("%s: %q gives %q: %v", tt.tenant, tt.question, tt.word, got)
		}
	}
	set("borgo", "torrione -> archivio")
	stale := w.made["borgo"]
	stale.at = time.Now().Add(-2 * wordsAge)
	w.made["borgo"] = stale
	if !gives(w.of(ctx, "borgo"), "orari del torrione", "archivio") {
		t.Error("a change is not seen")
	}
	if clean, problem := w.setting().Clean("parole senza freccia"); problem != "setting_problem_words" {
		t.Errorf("a line without a sign: %q, %q", clean, problem)
	}
	if _, problem := w.setting().Clean("pedibus = accompagnamento\n# commento\n"); problem != "" {
		t.Errorf("good lines: %q", problem)
	}
}
