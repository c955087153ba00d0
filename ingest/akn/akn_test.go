package akn_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/akn"
	"sportello/ingest/internal/blocktest"
)

func TestGolden(t *testing.T) {
	blocktest.Golden(t, akn.New(akn.Config{}), blocktest.First)
}

// TestCAD reads the Codice dell'amministrazione digitale as Normattiva gives it: every article with its number, and with its rubric unless it
// is repealed.
func TestCAD(t *testing.T) {
	paths, err := filepath.Glob("../../../shared/data/documents/leggi-akn/*.xml")
	if err != nil || len(paths) != 1 {
		t.Fatal("the shared law is missing", err)
	}
	b, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	p, err := akn.New(akn.Config{}).Parse(t.Context(), ingest.Input{Name: paths[0], Bytes: b})
	if err != nil {
		t.Fatal(err)
	}
	if want := "Decreto legislativo 7 marzo 2005, n. 82 — Codice dell'amministrazione digitale"; p.Title != want {
		t.Errorf("title %q", p.Title)
	}
	if want := "https://www.normattiva.it/uri-res/N2Ls?urn:nir:stato:decreto.legislativo:2005-03-07;82"; p.URL != want {
		t.Errorf("address %q", p.URL)
	}
	eid := regexp.MustCompile(`^(?:preamble|chp_[IVX]+(?:__sec_[IVX]+)?|art_\d+(?:-[a-z]+)?(?:__para_\d+(?:-[a-z]+)?(?:__point_[0-9a-z]+(?:-[a-z]+)?)*)?)$`)
	articles, commi, seen := 0, 0, map[string]bool{}
	for i, k := range p.Blocks {
		if k.Part == nil {
			continue
		}
		if !eid.MatchString(k.Part.EID) {
			t.Errorf("eId %q of %q", k.Part.EID, k.Text)
		}
		switch k.Part.Kind {
		case ingest.SecArticle:
			articles++
			if want := "Art. " + k.Part.Number + "."; !strings.HasPrefix(k.Text, want) || seen[k.Part.Number] {
				t.Errorf("article %q of %q", k.Part.Number, k.Text)
			}
			seen[k.Part.Number] = true
			if k.Part.Rubric == "" && !strings.Contains(p.Blocks[i+1].Text, "ABROGATO") && !strings.Contains(p.Blocks[i+1].Text, "SOPPRESSO") {
				t.Errorf("article %s has no rubric: %q", k.Part.Number, p.Blocks[i+1].Text)
			}
		case ingest.SecComma:
			commi++
		}
	}
	if source := strings.Count(string(b), "<article "); articles != source || articles != 121 {
		t.Errorf("%d articles of %d", articles, source)
	}
	if source := strings.Count(string(b), "<paragraph eId"); commi != source {
		t.Errorf("%d commi of %d", commi, source)
	}
}

func TestLimits(t *testing.T) {
	for name, tt := range map[string]struct {
		config akn.Config
		src    string
		code   fault.Code
	}{
		"bytes":  {akn.Config{MaxBytes: 10}, "<akomaNtoso><act/></akomaNtoso>", fault.TooLarge},
		"depth":  {akn.Config{}, "<akomaNtoso>" + strings.Repeat("<act>", 400), fault.TooLarge},
		"cut":    {akn.Config{}, "<akomaNtoso><act>", fault.Broken},
		"closes": {akn.Config{}, "</akomaNtoso>", fault.Broken},
	} {
		_, err := akn.New(tt.config).Parse(t.Context(), ingest.Input{Name: "x", Bytes: []byte(tt.src)})
		if fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := akn.New(akn.Config{}).Parse(ctx, ingest.Input{Bytes: []byte("<akomaNtoso><act><body><p>x</p></body></act></akomaNtoso>")}); fault.CodeOf(err) != fault.Timeout {
		t.Errorf("cancelled: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	blocktest.Seeds(f, blocktest.First)
	f.Fuzz(func(t *testing.T, b []byte) { blocktest.Sane(t, akn.New(akn.Config{}), b) })
}
