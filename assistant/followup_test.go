package assistant

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/lexicon"
)

var update = flag.Bool("update", false, "write the golden files anew")

type followUpPair struct {
	First string `json:"first"`
	Then  string `json:"then"`
	Full  string `json:"full"`
	Alone bool   `json:"alone"`
	Lang  string `json:"lang"`
}

func followUpPairs(t *testing.T) []followUpPair {
	t.Helper()
	f, err := os.Open("testdata/followups.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var out []followUpPair
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var p followUpPair
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if p.Lang == "" {
			p.Lang = "it"
		}
		out = append(out, p)
	}
	return out
}

// TestFollowUps shows how every pair is read: a golden file, to be looked at when a rule changes.
func TestFollowUps(t *testing.T) {
	f := followUpReader(t)
	var got strings.Builder
	leans, alone := 0, 0
	for _, p := range followUpPairs(t) {
		r, leaning := f.read(p.Then, p.Lang, &Turn{Question: p.First, Language: p.Lang, Title: "Regolamento", Article: "4"})
		fmt.Fprintf(&got, "%s | %s\n", p.First, p.Then)
		switch {
		case !leaning:
			fmt.Fprintf(&got, "  alone\n")
		case r.alone != "":
			fmt.Fprintf(&got, "  = %s\n  or %s (%s + %s)\n", r.text, r.alone, r.fresh, r.old)
		default:
			fmt.Fprintf(&got, "  = %s\n", r.text)
		}
		switch {
		case p.Alone && leaning && r.alone == "":
			t.Errorf("%q after %q: a new topic read as %q", p.Then, p.First, r.text)
		case !p.Alone && !leaning:
			t.Errorf("%q after %q: not seen as a follow-up", p.Then, p.First)
		case p.Alone:
			alone++
		default:
			leans++
		}
	}
	if leans < 40 || alone < 20 {
		t.Errorf("%d follow-ups and %d new topics, want 40 and 20", leans, alone)
	}
	const golden = "testdata/followups.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Errorf("read otherwise than %s says (-want +got):\n%s", golden, d)
	}
}

func followUpReader(t *testing.T) *followUps {
	t.Helper()
	g, err := lexicon.DefaultGlossary()
	if err != nil {
		t.Fatal(err)
	}
	f, err := newFollowUps(g)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func FuzzFollowUps(f *testing.F) {
	g, err := lexicon.DefaultGlossary()
	if err != nil {
		f.Fatal(err)
	}
	reader, err := newFollowUps(g)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("Quanto si paga per la prima casa?", "e per la seconda?", "it")
	f.Add("per chi", "e (?", "it")
	f.Add("كم تكلف", "وإذا", "ar")
	f.Add("?", "那呢", "zh")
	f.Fuzz(func(t *testing.T, first, then, language string) {
		r, leans := reader.read(then, language, &Turn{Question: first, Language: language, Title: "Regolamento", Article: "1"})
		if leans && r.text == "" {
			t.Errorf("%q after %q gives nothing", then, first)
		}
		if utf8.ValidString(first) && utf8.ValidString(then) && !utf8.ValidString(r.text) {
			t.Errorf("%q after %q gives %q", then, first, r.text)
		}
		_ = reader.about(then, language, []string{first})
	})
}
