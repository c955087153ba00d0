package model

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
)

// drafts feeds a text in pieces of n bytes.
func drafts(t *testing.T, text string, n int, cut bool) []assistant.Draft {
	t.Helper()
	var out []assistant.Draft
	d := &drafter{given: 3, emit: func(x assistant.Draft) error { out = append(out, x); return nil }}
	for i := 0; i < len(text) && !d.full; i += n {
		if err := d.add(text[i:min(i+n, len(text))]); err != nil {
			t.Fatal(err)
		}
	}
	if !d.full {
		if err := d.finish(cut); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestDrafts(t *testing.T) {
	d := func(text string, sources ...int) assistant.Draft {
		return assistant.Draft{Text: text, Sources: sources}
	}
	for name, c := range map[string]struct {
		text string
		want []assistant.Draft
	}{
		"marker before the stop":  {"La tassa è di 10 euro [1]. Si paga a giugno [2].", []assistant.Draft{d("La tassa è di 10 euro.", 1), d("Si paga a giugno.", 2)}},
		"marker after the stop":   {"La tassa è di 10 euro. [1] Si paga a giugno. [2]", []assistant.Draft{d("La tassa è di 10 euro.", 1), d("Si paga a giugno.", 2)}},
		"several":                 {"Uno vale [1, 3]. Due valgono [1][2]. Tre valgono [1-3].", []assistant.Draft{d("Uno vale.", 1, 3), d("Due valgono.", 1, 2), d("Tre valgono.", 1, 2, 3)}},
		"spelt out":               {"Uno vale [fonte 2]. Due valgono (fonte 1). Tre valgono 【3】.", []assistant.Draft{d("Uno vale.", 2), d("Due valgono.", 1), d("Tre valgono.", 3)}},
		"no such passage":         {"Uno vale [7]. Due [0] valgono.", []assistant.Draft{d("Uno vale."), d("Due valgono.")}},
		"no markers":              {"Uno vale. Due valgono", []assistant.Draft{d("Uno vale."), d("Due valgono")}},
		"abbreviation":            {"Lo dice l'art. 12 del regolamento [1]. Basta.", []assistant.Draft{d("Lo dice l'art. 12 del regolamento.", 1), d("Basta.")}},
		"list":                    {"- Primo punto [1].\n- **Secondo** punto [2].\n\n### Titolo\n1. Terzo punto [3].", []assistant.Draft{d("Primo punto.", 1), d("Secondo punto.", 2), d("Titolo"), d("Terzo punto.", 3)}},
		"thought":                 {"<think>Vediamo. La fonte [1] dice.</think>Uno vale [1].", []assistant.Draft{d("Uno vale.", 1)}},
		"end of turn":             {"Uno vale [1].<|im_end|>\n<|im_start|>user Ancora", []assistant.Draft{d("Uno vale.", 1)}},
		"prompt made up":          {"Uno vale [1].\n<source number=\"4\">Altro.</source>", []assistant.Draft{d("Uno vale.", 1)}},
		"knows not":               {"NON_SO", nil},
		"figures only":            {"[1] [2]", nil},
		"said twice":              {"Uno vale [1]. Uno vale [1]. Due valgono [2].", []assistant.Draft{d("Uno vale.", 1), d("Due valgono.", 2)}},
		"Arabic":                  {"المكتب مفتوح [1]؟ نعم، يوم الاثنين [2].", []assistant.Draft{d("المكتب مفتوح؟", 1), d("نعم، يوم الاثنين.", 2)}},
		"bracket that is no mark": {"Il modulo [allegato A] va firmato [1].", []assistant.Draft{d("Il modulo [allegato A] va firmato.", 1)}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{1, 3, 1000} {
				if diff := cmp.Diff(c.want, drafts(t, c.text, n, false)); diff != "" {
					t.Errorf("in pieces of %d: %s", n, diff)
				}
			}
		})
	}
}

func TestDraftsEnd(t *testing.T) {
	if got := drafts(t, strings.Repeat("di tutti i lupi ", 200), 5, true); got != nil {
		t.Errorf("a loop gave %v", got)
	}
	if got := drafts(t, strings.Repeat("Uno vale. ", 50), 5, false); len(got) != 1 {
		t.Errorf("a repeated sentence gave %v", got)
	}
	var many strings.Builder
	for i := range 40 {
		many.WriteString("La regola " + strings.Repeat("x", i+1) + " vale. ")
	}
	if got := drafts(t, many.String(), 7, false); len(got) != maxDrafts {
		t.Errorf("%d drafts", len(got))
	}
	if got := drafts(t, "Uno vale [1]. Due valgono [2].", 4, true); len(got) != 2 {
		t.Errorf("a whole last sentence is lost: %v", got)
	}
	mine := errors.New("stop")
	d := &drafter{given: 1, emit: func(assistant.Draft) error { return mine }}
	if err := d.add("Uno vale. Due valgono. Tre"); !errors.Is(err, mine) {
		t.Errorf("%v", err)
	}
}

func FuzzDrafts(f *testing.F) {
	f.Add("Uno [1]. Due. [2] <think>x</think> [fonte 3", uint8(3))
	f.Add("<think>", uint8(1))
	f.Fuzz(func(t *testing.T, text string, n uint8) {
		for _, d := range drafts(t, text, int(n)+1, false) {
			if strings.TrimSpace(d.Text) == "" {
				t.Error("an empty draft")
			}
			for _, s := range d.Sources {
				if s < 1 || s > 3 {
					t.Errorf("source %d", s)
				}
			}
		}
	})
}
