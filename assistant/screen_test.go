package assistant

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func readScreenTable(t *testing.T, file string) map[Reason][]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	table := map[Reason][]string{}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		reason, question, found := strings.Cut(line, "\t")
		if !found {
			t.Fatalf("%s: want REASON TAB QUESTION: %q", file, line)
		}
		table[Reason(strings.TrimPrefix(reason, "ordinary"))] = append(table[Reason(strings.TrimPrefix(reason, "ordinary"))], question)
	}
	return table
}

// The questions of testdata/screen.tsv are of this test alone: each way of asking, and beside it what only looks like it.
func TestScreen(t *testing.T) {
	s, err := NewScreen()
	if err != nil {
		t.Fatal(err)
	}
	own := []string{"Comune di Montelieto", "montelieto"}
	table := readScreenTable(t, "testdata/screen.tsv")
	if len(table[""]) < 60 {
		t.Errorf("%d ordinary questions, want at least 60", len(table[""]))
	}
	for want, questions := range table {
		for _, question := range questions {
			if got := s.Reason(question, own); got != want {
				t.Errorf("%s: %q, want %q", question, got, want)
			}
		}
	}
}

// No question that the documents answer may be screened.
func TestScreenLeavesTheQuestionSetAlone(t *testing.T) {
	s, err := NewScreen()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{"sangiuseppejato": "Comune di San Giuseppe Jato", "piovedisacco": "Comune di Piove di Sacco",
		"abbiategrasso": "Comune di Abbiategrasso", "palermo": "Comune di Palermo"}
	f, err := os.Open("../../shared/data/eval/questions/questions.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	found := map[string]int{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var row struct{ ID, Tenant, Kind, Question string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		reason := s.Reason(row.Question, []string{names[row.Tenant], row.Tenant})
		switch row.Kind {
		case "answerable", "unanswerable":
			if reason != "" {
				t.Errorf("%s: %q: %s", row.ID, reason, row.Question)
			}
		default:
			if reason != "" {
				found[row.Kind]++
			}
		}
	}
	for kind, least := range map[string]int{"out_of_scope": 15, "injection": 12, "personal_decision": 13} {
		if found[kind] < least {
			t.Errorf("%s: %d screened, want %d", kind, found[kind], least)
		}
	}
}

func TestScreenWordsExpand(t *testing.T) {
	words := screenWords{"who": "io|noi", "deep": "{who}|loro"}
	got, err := words.expand(`\b{deep}\b.{0,40} ґанок`, true)
	if err != nil || got != `\b(?:(?:io|noi)|loro)\b.{0,40} ґанок` {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := words.expand("{nobody}", true); err == nil {
		t.Error("a list that is not there: no error")
	}
}
