package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/procedure"
	"sportello/ingest"
)

var updateProcedures = flag.Bool("update-procedures", false, "write the figures of the procedures anew")

// judged is a service of assistant/procedure/testdata/golden.txt.
type judged struct {
	name      string
	documents []string
	want      map[procedure.Heading][]string
	also      []string
}

func readJudged(t *testing.T) (all []judged) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "assistant", "procedure", "testdata", "golden.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		name, service := strings.CutPrefix(line, "service ")
		document, isDocument := strings.CutPrefix(line, "document ")
		switch {
		case line == "" || line[0] == '#':
		case service:
			all = append(all, judged{name: name, want: map[procedure.Heading][]string{}})
		case isDocument:
			all[len(all)-1].documents = append(all[len(all)-1].documents, document)
		default:
			key, words, ok := strings.Cut(line, ":")
			if !ok {
				t.Fatalf("golden.txt: %q", line)
			}
			for w := range strings.SplitSeq(words, "|") {
				if key == "also" {
					all[len(all)-1].also = append(all[len(all)-1].also, plainWords(w))
				} else {
					h := procedure.Heading(key)
					all[len(all)-1].want[h] = append(all[len(all)-1].want[h], plainWords(w))
				}
			}
		}
	}
	return all
}

func plainWords(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(text, "’", "'")), " "))
}

// TestGolden measures the procedures of services judged by hand: what of the expected words is under its heading, which headings are
// rightly empty, and how many lines nobody expected. The figures are committed; every line is a literal span of its document, always.
func TestGolden(t *testing.T) {
	var c config
	c.Ingest.MaxMB, c.Ingest.MaxPages, c.Ingest.MaxSeconds = 50, 1000, 100
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	parsers, err := c.parsers()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = parsers.Close() }()
	builder, err := procedure.New()
	if err != nil {
		t.Fatal(err)
	}
	var report strings.Builder
	var found, wanted, silent, silentOf, lines, strange int
	for _, j := range readJudged(t) {
		var sources []procedure.Source
		for _, name := range j.documents {
			data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "documents", name))
			if err != nil {
				t.Fatal(err)
			}
			parsed, err := parsers.Parse(t.Context(), ingest.Input{Name: name, Bytes: data})
			if err != nil {
				t.Fatal(err)
			}
			d := ingest.Structure(name, parsed)
			sources = append(sources, procedure.Source{ID: name, Title: d.Title, Document: d})
		}
		subject := j.name
		if len(sources) == 1 && sources[0].Document.Kind != ingest.Regolamento || strings.HasPrefix(j.name, "un ") {
			subject = ""
		}
		for _, step := range builder.Build(subject, sources).Steps {
			said := ""
			for _, l := range step.Lines {
				lines++
				all := l.Text
				for _, span := range append([]procedure.Span{l.Span}, l.Items...) {
					if sources[l.Source].Document.Text[span.Start:span.End] != span.Text {
						t.Errorf("%s, %s: not literal: %q", j.name, step.Heading, span.Text)
					}
					all += "\n" + span.Text
				}
				said += plainWords(all) + "\n"
				if !containsOne(plainWords(all), append(j.want[step.Heading], j.also...)) {
					strange++
					fmt.Fprintf(&report, "%s, %s: not expected: %.90s\n", j.name, step.Heading, plainWords(all))
				}
			}
			want := j.want[step.Heading]
			if len(want) == 0 {
				silentOf++
				if len(step.Lines) == 0 {
					silent++
				}
			}
			for _, w := range want {
				wanted++
				if strings.Contains(said, w) {
					found++
				} else {
					fmt.Fprintf(&report, "%s, %s: missing: %s\n", j.name, step.Heading, w)
				}
			}
		}
	}
	got := fmt.Sprintf("# The steps of services against golden.txt: go test ./cmd/sportello -run TestGolden -update-procedures\n"+
		"expected words found under their heading: %d of %d\nheadings rightly said to be empty: %d of %d\nlines that nobody expected: %d of %d\n\n%s",
		found, wanted, silent, silentOf, strange, lines, report.String())
	file := filepath.Join("..", "..", "assistant", "procedure", "testdata", "figures.txt")
	if *updateProcedures {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(committed), got); diff != "" {
		t.Errorf("the figures changed (-committed +now):\n%s", diff)
	}
}

func containsOne(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
