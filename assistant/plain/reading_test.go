package plain

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the golden file anew")

const golden = "testdata/readings.txt"

// show writes a reading as people would check it.
func show(r *Reading) string {
	var b strings.Builder
	for _, f := range r.Facts {
		before, after := "", ""
		if f.CutBefore {
			before = "…"
		}
		if f.CutAfter {
			after = "…"
		}
		fmt.Fprintf(&b, "%-7s %s%s[%s]%s%s\n", f.Topic, before, f.Before, f.Text, f.After, after)
	}
	for _, p := range r.Parts {
		fmt.Fprintf(&b, "- %-6s", p.Kind)
		for _, run := range p.Runs {
			if run.Law > 0 {
				fmt.Fprintf(&b, " <%d>", run.Law)
				continue
			}
			b.WriteString(" " + run.Text)
		}
		b.WriteString("\n")
	}
	for i, l := range r.Laws {
		fmt.Fprintf(&b, "<%d> %s\n", i+1, l)
	}
	for _, w := range r.Words {
		fmt.Fprintf(&b, "= %s: %s\n", w.Word, w.Means)
	}
	return b.String()
}

// The texts are quotes of regulations and forms, most of them real; what is made of them was read by hand and is written with -update.
func TestReadings(t *testing.T) {
	file, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	a := txtar.Parse(file)
	for i := 0; i+1 < len(a.Files); i += 2 {
		text, want := string(a.Files[i].Data), &a.Files[i+1].Data
		got := show(Read(text))
		if *update {
			*want = []byte(got)
		} else if diff := cmp.Diff(string(*want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", a.Files[i].Name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(golden, txtar.Format(a), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// letters are what of a text may not be lost or added.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r < ' ' || strings.ContainsRune("-–—•●▪■□◦*·✓✔➢❖☐,;.", r) || r >= 0xF020 && r <= 0xF0FF {
			return -1
		}
		return r
	}, s)
}

// literal checks that the parts put together are the text, but for the markers of lists and commi, and that facts stand in it.
func literal(t *testing.T, text string) {
	t.Helper()
	r := Read(text)
	rest := letters(text)
	for _, p := range r.Parts {
		said := letters(p.Text(r.Laws))
		at := strings.Index(rest, said)
		if at < 0 {
			t.Fatalf("%q is not in the text, or not in its place:\n%s", p.Text(r.Laws), text)
		}
		if skipped := rest[:at]; len(skipped) > 12 {
			t.Errorf("left out: %q", skipped)
		}
		rest = rest[at+len(said):]
	}
	if len(rest) > 4 {
		t.Errorf("left out at the end: %q", rest)
	}
	whole := tidy(text)
	for _, f := range r.Facts {
		if !strings.Contains(whole, f.Before+f.Text+f.After) {
			t.Errorf("the fact %q is not in the text", f.Text)
		}
	}
}

func TestNothingIsAddedOrLost(t *testing.T) {
	file, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range txtar.Parse(file).Files {
		if i%2 == 0 {
			literal(t, string(f.Data))
		}
	}
}

// Passages of real regulations, pages and forms.
func TestNothingIsAddedOrLostInRealPassages(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "eval", "retrieval_it", "passages.jsonl")
	file, err := os.Open(path)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	defer func() { _ = file.Close() }()
	lines := json.NewDecoder(file)
	n := 0
	for lines.More() && n < 1500 {
		var row struct{ Text string }
		if err := lines.Decode(&row); err != nil {
			t.Fatal(err)
		}
		literal(t, row.Text)
		n++
	}
	if n < 500 {
		t.Errorf("only %d passages", n)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("1. Il contribuente, qualora intenda versare, paga entro 30 giorni; oltre a ciò (art. 5) no.")
	f.Add("Ai sensi dell’art. 1, comma 659, della Legge 27/12/2013, n. 147, la tariffa è ridotta.")
	f.Fuzz(func(t *testing.T, text string) {
		r := Read(text)
		for _, p := range r.Parts {
			if !bytes.Contains([]byte(letters(text)), []byte(letters(p.Text(r.Laws)))) {
				t.Errorf("%q is not in %q", p.Text(r.Laws), text)
			}
		}
	})
}
