package eval

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
)

// letters embeds a text as how often a few letters occur in it, and counts how often it is asked.
type letters struct{ asked int }

func (e *letters) vector(text string) []float32 {
	v := make([]float32, 4)
	for i, l := range []string{"a", "e", "o", "z"} {
		v[i] = float32(strings.Count(text, l)) + 0.1
	}
	return v
}

func (e *letters) EmbedPassages(_ context.Context, texts []string) ([][]float32, error) {
	var out [][]float32
	for _, t := range texts {
		e.asked++
		out = append(out, e.vector(t))
	}
	return out, nil
}

func (e *letters) EmbedQuery(_ context.Context, text string) ([]float32, error) {
	e.asked++
	if text == "guasto" {
		return nil, errors.New("no route")
	}
	return e.vector(text), nil
}

func (e *letters) Model() string { return "letters" }

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRetrieval(t *testing.T) {
	p, err := ReadPassages(write(t, "p.jsonl", `{"id":"1","text":"I rifiuti si conferiscono il lunedì."}
{"id":"2","text":"Il cimitero apre alle otto."}

{"id":"3","text":"`+strings.Repeat("Le zanzare volano di sera. ", 100)+`Il sindaco sta a casa."}
`), PlainFormat)
	if err != nil {
		t.Fatal(err)
	}
	q, err := ReadQuestions(write(t, "q.jsonl", `{"id":"a","question":"quando si buttano i rifiuti","passage_id":"1"}
{"id":"b","question":"cimitero","passage_id":"2","lang":"it"}
{"id":"c","question":"dove sta il sindaco","passage_id":"3"}
{"id":"d","question":"mah","passage_id":"3","ambiguous":true}
`), PlainFormat)
	if err != nil {
		t.Fatal(err)
	}
	none, err := ReadQuestions(write(t, "u.jsonl", `{"id":"u","question":"quanto dista la luna","label":"unanswerable"}`), UnanswerableFormat)
	if err != nil {
		t.Fatal(err)
	}
	cache, err := NewVectorCache(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	e := &letters{}
	asked := 0
	for round, wantAsked := range []bool{true, false} {
		rows, err := Retrieval(context.Background(), RetrievalConfig{Embedder: e, Cache: cache}, p, []RetrievalSet{q, none})
		if err != nil {
			t.Fatal(err)
		}
		if (e.asked > asked) != wantAsked {
			t.Errorf("round %d: the model was asked %d times", round, e.asked-asked)
		}
		asked = e.asked
		if rows[0].Questions != 3 || rows[0].Legs["words"].Recall["1"] != 1 || rows[0].Legs["words"].MRR != 1 || rows[0].Recall["10"] != 1 {
			t.Errorf("figures %+v", rows[0])
		}
		if _, ok := rows[0].Legs["dense"]; !ok {
			t.Error("the dense leg is missing")
		}
		if rows[1].Questions != 1 || rows[1].Recall != nil || rows[1].TopScore == nil {
			t.Errorf("unanswerable: %+v", rows[1])
		}
		if rows[0].P50 <= 0 || rows[0].P95 < rows[0].P50 {
			t.Errorf("latency %v, %v", rows[0].P50, rows[0].P95)
		}
	}
	rows, err := Retrieval(context.Background(), RetrievalConfig{}, p, []RetrievalSet{q})
	if err != nil || rows[0].Recall["1"] != 1 {
		t.Errorf("words only: %+v, %v", rows, err)
	}
	if _, err := Retrieval(context.Background(), RetrievalConfig{}, nil, []RetrievalSet{q}); err == nil {
		t.Error("nothing to search is no error")
	}
}

func TestReadFAQ(t *testing.T) {
	p, err := ReadPassages(write(t, "p.jsonl", `{"faq":"7","canonical":"Come si paga la TARI"}`), FAQFormat)
	if diff := cmp.Diff([]RetrievalPassage{{ID: "7", Text: "Come si paga la TARI"}}, p); diff != "" || err != nil {
		t.Errorf("%s %v", diff, err)
	}
	q, err := ReadQuestions(write(t, "q.jsonl", `{"faq":"7","question":"pagare tari"}`), FAQFormat)
	if diff := cmp.Diff([]RetrievalQuestion{{ID: "7", Question: "pagare tari", PassageID: "7"}}, q.Questions); diff != "" || err != nil {
		t.Errorf("%s %v", diff, err)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ line, says string }{
		{`{"id":1}`, "line 1 is not a JSON object"},
		{`{"id":"1"}`, "question is missing"},
		{`{"id":"1","question":"x"}`, "which passage answers it"},
	} {
		_, err := ReadQuestions(write(t, "q.jsonl", c.line), PlainFormat)
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.line, err)
		}
	}
	if _, err := ReadPassages(write(t, "p.jsonl", `{"id":"1"}`), PlainFormat); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a passage without text: %v", err)
	}
	if _, err := ReadPassages("nowhere.jsonl", PlainFormat); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no file: %v", err)
	}
}

func TestWindows(t *testing.T) {
	text := strings.Repeat("parola ", 1000)
	pieces := Windows(text)
	if len(pieces) < 6 {
		t.Errorf("%d windows", len(pieces))
	}
	at := 0
	for i, p := range pieces {
		if n := len([]rune(p)); n > windowRunes {
			t.Errorf("window %d has %d characters", i, n)
		}
		if p[:6] != "parola" {
			t.Errorf("window %d starts within a word: %q", i, p[:6])
		}
		at += len(p)
	}
	if at < len(text) {
		t.Errorf("the windows have %d characters, the text %d", at, len(text))
	}
	if got := Windows("breve"); len(got) != 1 || got[0] != "breve" {
		t.Errorf("Windows(breve) = %v", got)
	}
	for _, p := range Windows(strings.Repeat("垃圾税", 1000)) {
		if n := len([]rune(p)); n > windowHan {
			t.Errorf("a Chinese window has %d signs", n)
		}
	}
}
