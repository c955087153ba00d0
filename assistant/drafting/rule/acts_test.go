package rule

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/reference"
)

// day is the day of the acts in testdata, by the fact that says it.
func day(facts map[string]any) string {
	if s, ok := facts["seduta"].(map[string]any); ok {
		if d, ok := s["data"].(string); ok {
			return d
		}
	}
	d, _ := facts["data"].(string)
	return d
}

// acts builds every act of ../testdata/acts.
func acts(t *testing.T) map[string]*Act {
	t.Helper()
	library, err := drafting.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../testdata/acts/*.json")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d acts, %v", len(files), err)
	}
	out := map[string]*Act{}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".json")
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var facts map[string]any
		if err := json.Unmarshal(data, &facts); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		d, err := library.Build(drafting.BuildConfig{Type: name, Facts: facts, Now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		a := &Act{Text: d.Text(), Family: d.Family, Type: d.Type, Traits: d.Traits, Day: day(facts)}
		a.References = refs(t, a)
		Tell(a)
		out[name] = a
	}
	return out
}

func refs(t *testing.T, a *Act) []reference.Checked {
	t.Helper()
	norms, err := reference.LoadNorms()
	if err != nil {
		t.Fatal(err)
	}
	found, err := reference.Check(context.Background(), a.Text, a.Day, norms, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func rules(t *testing.T) *Set {
	t.Helper()
	s, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestGoodActs holds the rules to the acts that are right: one of every type, every required part there and no finding.
func TestGoodActs(t *testing.T) {
	s := rules(t)
	n := 0
	for name, a := range acts(t) {
		n++
		for _, f := range s.Check(a) {
			t.Errorf("%s: %s %s (%s) %q", name, f.Severity, f.Code, f.Detail, f.Quote)
		}
		for _, r := range a.References {
			if r.Status == reference.NoPart || r.Status == reference.Repealed {
				t.Errorf("%s: %s %s", name, r.Status, r.Style)
			}
		}
	}
	t.Logf("%d acts, %d rules, no finding", n, len(s.Rules()))
}

// TestBrokenActs plants one error at a time. It has to be found with its code; what else is found has to follow from it.
func TestBrokenActs(t *testing.T) {
	data, err := os.ReadFile("testdata/broken.toml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Broken []struct{ Act, Code, Old, New string }
	}
	if err := toml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	s, good := rules(t), acts(t)
	found, codes := 0, map[string]bool{}
	for _, b := range file.Broken {
		a := good[b.Act]
		if a == nil || !strings.Contains(a.Text, b.Old) {
			t.Errorf("%s %s: %q is not in the act", b.Act, b.Code, b.Old)
			continue
		}
		broken := *a
		broken.Text = strings.ReplaceAll(a.Text, b.Old, b.New)
		broken.References = refs(t, &broken)
		Tell(&broken)
		var got []string
		hit := false
		for _, f := range s.Check(&broken) {
			got = append(got, f.Code)
			hit = hit || f.Code == b.Code
		}
		if !hit {
			t.Errorf("%s: %s was not found, but %v", b.Act, b.Code, got)
			continue
		}
		found++
		codes[b.Code] = true
		if len(got) > 1 {
			t.Logf("%s: beside %s: %v", b.Act, b.Code, got)
		}
	}
	t.Logf("%d of %d planted errors found with their code; %d different codes", found, len(file.Broken), len(codes))
}
