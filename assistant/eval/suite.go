package eval

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// Suite measures the sets of the shared folder of data, each into a text that is committed and compared.
type Suite struct {
	Data      string                                                             // the folder that holds eval/ and documents/
	Embedder  assistant.Embedder                                                 // nil: words alone
	Model     string                                                             // what the embedder is called
	Questions func(context.Context, []Row, func(done, all int)) (*Report, error) // asks the question set
	Progress  func(set, what string, done, all int)                              // may be nil
}

// sets are in the order that costs least first.
var sets = []struct {
	name string
	run  func(Suite, context.Context) (string, error)
}{
	{"faq_comune_it", Suite.faq},
	{"heading_it", Suite.heading},
	{"questions", Suite.questions},
	{"retrieval_it", Suite.retrieval},
	{"unanswerable", Suite.unanswerable},
	{"crosslingual", Suite.crosslingual},
}

// SetNames lists the sets that a Suite measures.
func SetNames() []string {
	names := make([]string, len(sets))
	for i, s := range sets {
		names[i] = s.name
	}
	return names
}

// Run measures a set and gives its table. Errors: fault.NotFound for a set or a file that there is not.
func (s Suite) Run(ctx context.Context, name string) (string, error) {
	for _, set := range sets {
		if set.name == name {
			return set.run(s, ctx)
		}
	}
	return "", fault.New(fault.NotFound, "no set %q: there are %v", name, SetNames())
}

func (s Suite) file(parts ...string) string {
	return filepath.Join(append([]string{s.Data, "eval"}, parts...)...)
}

func (s Suite) progress(set string) func(what string, done, all int) {
	return func(what string, done, all int) {
		if s.Progress != nil {
			s.Progress(set, what, done, all)
		}
	}
}

// ask measures files of questions on a file of passages, in one corpus.
func (s Suite) ask(ctx context.Context, set string, format RetrievalFormat, passages string, files ...string) ([]RetrievalRow, int, error) {
	corpus, err := ReadPassages(passages, format)
	if err != nil {
		return nil, 0, err
	}
	var asked []RetrievalSet
	for _, f := range files {
		q, err := ReadQuestions(f, format)
		if err != nil {
			return nil, 0, err
		}
		asked = append(asked, q)
	}
	if format == UnanswerableFormat { // its corpus was cut: questions of other sets may ask for what is no longer there
		for i := range asked {
			asked[i].Questions = answeredBy(corpus, asked[i].Questions)
		}
	}
	rows, err := Retrieval(ctx, RetrievalConfig{Embedder: s.Embedder, Progress: s.progress(set)}, corpus, asked)
	return rows, len(corpus), err
}

func answeredBy(corpus []RetrievalPassage, questions []RetrievalQuestion) []RetrievalQuestion {
	has := map[string]bool{"": true} // those that nothing answers stay
	for _, p := range corpus {
		has[p.ID] = true
	}
	return slices.DeleteFunc(questions, func(q RetrievalQuestion) bool { return !has[q.PassageID] })
}

func (s Suite) questions(ctx context.Context) (string, error) {
	f, err := os.Open(s.file("questions", "questions.jsonl"))
	if err != nil {
		return "", fault.Wrap(fault.NotFound, err, "the question set is missing")
	}
	defer func() { _ = f.Close() }()
	rows, err := ReadRows(f)
	if err != nil {
		return "", err
	}
	each := s.progress("questions")
	report, err := s.Questions(ctx, rows, func(done, all int) { each("questions", done, all) })
	if err != nil {
		return "", err
	}
	tenants := map[string]bool{}
	for _, r := range rows {
		tenants[r.Tenant] = true
	}
	what := fmt.Sprintf("questions: %d on the documents of %d comuni, answered in quotes; to develop with", len(rows), len(tenants))
	return joined(headline(what, s.Model), report.Tables()...), nil
}
