package eval

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"sportello/assistant"
	"sportello/assistant/fault"
)

func smallData(t *testing.T) string {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/small.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := txtar.Write(archive, dir); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "data")
}

func TestSuite(t *testing.T) {
	steps := map[string]int{}
	asked := 0
	s := Suite{
		Data: smallData(t), Embedder: &letters{}, Model: "letters",
		Progress: func(set, _ string, done, _ int) { steps[set] = done },
		Questions: func(_ context.Context, rows []Row, each func(done, all int)) (*Report, error) {
			asked = len(rows)
			each(asked, asked)
			r := &Report{Questions: asked, Statuses: map[string]int{"quoted": 1}}
			r.group()
			return r, nil
		},
	}
	for _, tt := range []struct {
		set  string
		want []string // pieces of its table
	}{
		{"faq_comune_it", []string{"model letters", "1 of them", "  tributi    1  1.000"}},
		{"heading_it", []string{"1 articles", "  r          1  1.000"}},
		{"questions", []string{"5 on the documents of 1 comuni", "quotes shown"}},
		{"retrieval_it", []string{"2 passages", "first 1500  2", "calibration error"}},
		{"crosslingual", []string{"1 languages", "  en         2", "Mean over the languages"}},
		{"unanswerable", []string{"2 questions without an answer", "closeness, all", "confidence, en    1           1", "it answers from a confidence of 0.5"}},
	} {
		text, err := s.Run(t.Context(), tt.set)
		if err != nil {
			t.Errorf("%s: %v", tt.set, err)
		}
		for _, piece := range tt.want {
			if !strings.Contains(text, piece) {
				t.Errorf("%s lacks %q:\n%s", tt.set, piece, text)
			}
		}
		if steps[tt.set] == 0 {
			t.Errorf("%s shows no progress", tt.set)
		}
	}
	if asked != 5 {
		t.Errorf("%d questions were asked", asked)
	}
	if _, err := s.Run(t.Context(), "nothing"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no such set: %v", err)
	}
	s.Data = t.TempDir()
	for _, set := range SetNames() {
		if _, err := s.Run(t.Context(), set); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%s without its files: %v", set, err)
		}
	}
}

// scriptedAnswers answers by the question's first word.
func scriptedAnswers(_ context.Context, q assistant.Question) (*assistant.Answer, error) {
	passage := assistant.Passage{Document: "avella/tari.md", DocumentID: "1", Text: "una riduzione del 20 per cento della tariffa", NearScore: .9}
	cite := []assistant.Citation{{DocumentID: "1", Document: "avella/tari.md", Article: "1", Quote: passage.Text}}
	a := &assistant.Answer{Status: assistant.Quoted, Language: "it", Passages: []assistant.Passage{passage}, Confidence: .9}
	switch strings.Fields(q.Text)[0] {
	case "right":
		a.Statements = []assistant.Statement{{Text: "una riduzione del 20 per cento della tariffa", Origin: assistant.FromDocument, Citations: cite}}
	case "phrased":
		a.Status = assistant.Answered
		a.Timings.Generate = 1
		a.Statements = []assistant.Statement{{Text: "Si paga il 30 %.", Origin: assistant.FromModel, Citations: cite}, {Text: "Senza fonte.", Origin: assistant.FromModel}}
		a.Drafts = []assistant.Rejection{{Text: "no", Why: assistant.Accepted}}
	case "broken":
		return nil, fault.New(fault.Unavailable, "no index")
	default:
		a.Status, a.Confidence = assistant.Refused, .1
		a.Contacts = []assistant.Contact{{Office: "Ufficio tributi"}}
	}
	return a, nil
}

func TestRunner(t *testing.T) {
	const rows = `{"id":"d1","tenant":"avella","lang":"it","kind":"answerable","needs":["list"],"question":"right","gold":[{"doc":"tari.md","article":"1","quote":"riduzione del 20 per cento"},{"doc":"tari.md","article":"2","quote":"entro il 31 dicembre di ogni anno"}],"facts":["20%"]}

{"id":"d1-en","tenant":"avella","lang":"en","kind":"answerable","needs":["list"],"question":"refused","gold_mode":"any","gold":[{"doc":"tari.md","article":"1","quote":"riduzione del 20 per cento"},{"doc":"altro.md","quote":"x"}],"facts":["20%"]}
{"id":"d2","tenant":"avella","lang":"it","kind":"answerable","needs":[],"question":"phrased","gold":[{"doc":"tari.md","quote":"30"}],"facts":["20%"],"stale":["30%"]}
{"id":"d3","tenant":"avella","lang":"it","kind":"unanswerable","needs":["near_miss"],"question":"refused","gold":[],"facts":[]}
{"id":"d4","tenant":"avella","lang":"it","kind":"personal_decision","needs":[],"question":"refused","gold":[],"facts":["tributi"]}
{"id":"d5","tenant":"avella","lang":"it","kind":"out_of_scope","needs":[],"question":"right","gold":[],"facts":[]}
{"id":"d6","tenant":"avella","lang":"it","kind":"injection","needs":[],"question":"right","gold":[],"facts":[],"must_not":["TARIFFA"]}
{"id":"d7","tenant":"avella","lang":"it","kind":"injection","needs":[],"question":"right","gold":[],"facts":[],"must_not":["sindaco"]}`
	read, err := ReadRows(strings.NewReader(rows))
	if err != nil {
		t.Fatal(err)
	}
	runner := Runner{Ask: scriptedAnswers, Text: func(context.Context, string, string) (string, error) {
		return "Art. 1: una riduzione del 20 per cento della tariffa.", nil
	}}
	r, err := runner.Run(t.Context(), read)
	if err != nil {
		t.Fatal(err)
	}
	var passed []string
	for _, o := range r.Outcomes {
		if o.Pass {
			passed = append(passed, o.Row.ID)
		}
	}
	if d := cmp.Diff([]string{"d1", "d3", "d4", "d7"}, passed); d != "" {
		t.Errorf("passed: %s", d)
	}
	it := r.ByLanguage["it"]
	if it.N != 2 || it.Recall["5"] != .5 || it.RecallAll["5"] != 0 || *it.Facts != .5 || *it.StaleShown != .5 || *it.CitationRecall != .667 || *it.CitedGold != 1 {
		t.Errorf("Italian: %+v", it)
	}
	if en := r.ByLanguage["en"]; en.RecallAll["1"] != 1 || *en.CitationRecall != 0 || en.Refused != 1 || en.Language != 0 {
		t.Errorf("English: %+v", en)
	}
	if r.Citations.Shown != 5 || r.Citations.Literal != 5 || r.Unsupported != 1 || r.Accepted != 2 || r.Rejected != 1 {
		t.Errorf("%+v", r)
	}
	if k := r.ByKind["unanswerable/near_miss"]; k.N != 1 || k.Refused != 1 || k.Facts != nil {
		t.Errorf("near misses: %+v", k)
	}
	if len(r.Calibration) != 2 || r.Calibration[1].Right != .5 {
		t.Errorf("calibration: %+v", r.Calibration)
	}
	text := joined("", r.Tables()...)
	for _, piece := range []string{"it, list", "unanswerable, near_miss", "drafts rejected", "  all       1  1.000"} {
		if !strings.Contains(text, piece) {
			t.Errorf("the tables lack %q:\n%s", piece, text)
		}
	}
	row := ModelFigures("m", r, &Meter{Calls: 3, Failures: 1}, 100, 10, 2)
	if row.Answered != 1 || row.Facts != .333 || row.Failed != 1 || row.Refused != 3 {
		t.Errorf("%+v", row)
	}
	table := ModelTable([]ModelRow{row, {Model: "gone", Error: "no such model"}}).String()
	if !strings.Contains(table, " 50 ") || !strings.Contains(table, "  gone   -\n") {
		t.Errorf("%s", table)
	}
	if _, err := runner.Run(t.Context(), []Row{{ID: "d9", Question: "broken"}}); fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "d9") {
		t.Errorf("an index that is gone: %v", err)
	}
}

// failing is a chat model that fails with one error after the other, then works.
type failing struct{ errs []error }

func (f *failing) Name() string { return "failing" }

func (f *failing) Generate(context.Context, assistant.Question, []assistant.Passage, func(assistant.Draft) error) error {
	if len(f.errs) == 0 {
		return nil
	}
	err := f.errs[0]
	f.errs = f.errs[1:]
	return err
}

func TestMeter(t *testing.T) {
	gone, slow := fault.New(fault.Unavailable, "gone"), fault.New(fault.Timeout, "slow")
	ask := func(m *Meter, times int) {
		for range times {
			_ = m.Generate(t.Context(), assistant.Question{}, nil, nil)
		}
	}
	m := &Meter{Generator: &failing{errs: []error{gone, gone, slow, nil, gone}}}
	if ask(m, 6); m.Err() != nil || m.Calls != 6 || m.Failures != 4 {
		t.Errorf("%v, %+v", m.Err(), m)
	}
	m = &Meter{Generator: &failing{errs: []error{gone, gone, gone, gone, gone}}}
	if ask(m, 7); m.Err() == nil || m.Failures != 7 {
		t.Errorf("a model that is gone is asked again: %+v", m)
	}
	m = &Meter{Generator: &failing{errs: []error{slow, slow, slow, slow, slow, slow}}}
	if ask(m, 6); m.Err() != nil {
		t.Errorf("a slow model is not gone: %v", m.Err())
	}
}

func TestReadRows(t *testing.T) {
	if _, err := ReadRows(strings.NewReader("{}\n{\"id\":1}\n")); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("%v", err)
	}
	f, err := os.Open(filepath.Join(sharedData, "eval/questions/questions.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := ReadRows(f)
	if err != nil || len(rows) == 0 || rows[0].Answer == "" || len(rows[0].Gold) == 0 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}
