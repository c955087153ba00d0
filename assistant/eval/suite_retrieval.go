package eval

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"sportello/assistant/fault"
)

// firstQuestions is how many of retrieval_it the plain baselines were measured on.
const firstQuestions = 1500

func (s Suite) retrieval(ctx context.Context) (string, error) {
	rows, n, err := s.ask(ctx, "retrieval_it", PlainFormat, s.file("retrieval_it", "passages.jsonl"), s.file("retrieval_it", "questions.jsonl"))
	if err != nil {
		return "", err
	}
	asked := rows[0].Asked
	t := recallTable("Finding the passage of a question")
	t.addRecall("first 1500", asked[:min(firstQuestions, len(asked))])
	t.addRecall("all", asked)
	return joined(headline(fmt.Sprintf("retrieval_it: questions of an encyclopedia, %d passages, translated by machine", n), s.Model),
		t.tables(asked)...), nil
}

func (s Suite) heading(ctx context.Context) (string, error) {
	rows, n, err := s.ask(ctx, "heading_it", PlainFormat, s.file("heading_it", "passages.jsonl"), s.file("heading_it", "queries.jsonl"))
	if err != nil {
		return "", err
	}
	return joined(headline(fmt.Sprintf("heading_it: the heading of an article asks for its text, %d articles; ambiguous headings left out", n), s.Model),
		grouped("Finding the article of a heading", rows[0].Asked).tables(rows[0].Asked)...), nil
}

func (s Suite) faq(ctx context.Context) (string, error) {
	rows, n, err := s.ask(ctx, "faq_comune_it", FAQFormat, s.file("faq_comune_it", "canonical.jsonl"), s.file("faq_comune_it", "question_variants.jsonl"))
	if err != nil {
		return "", err
	}
	return joined(headline(fmt.Sprintf("faq_comune_it: what citizens wrote asks for the canonical question, %d of them", n), s.Model),
		grouped("Finding the canonical question", rows[0].Asked).tables(rows[0].Asked)...), nil
}

func (s Suite) crosslingual(ctx context.Context) (string, error) {
	files, err := s.crosslingualFiles()
	if err != nil {
		return "", err
	}
	rows, n, err := s.ask(ctx, "crosslingual", PlainFormat, s.file("retrieval_it", "passages.jsonl"), files...)
	if err != nil {
		return "", err
	}
	t := recallTable("Finding the Italian passage of a question in another language")
	var all []Asked
	var fused, dense float64
	for _, r := range rows {
		name := strings.Split(filepath.Base(r.File), ".")[1]
		t.addRecall(name, r.Asked)
		all = append(all, r.Asked...)
		fused += r.Recall["5"] / float64(len(rows))
		dense += r.Legs["dense"].Recall["5"] / float64(len(rows))
	}
	mean := Table{Title: "Mean over the languages, recall@5", Columns: []string{"languages", "fused", "meaning alone"}}
	mean.Add(len(rows), fused, dense)
	return joined(headline(fmt.Sprintf("crosslingual: the same questions in %d languages, %d Italian passages", len(rows), n), s.Model),
		append(t.tables(all), mean)...), nil
}

// crosslingualFiles gives the files of questions, one a language.
func (s Suite) crosslingualFiles() ([]string, error) {
	files, err := filepath.Glob(s.file("crosslingual", "questions.*.jsonl"))
	if err == nil && len(files) == 0 {
		err = fault.New(fault.NotFound, "no questions in %s", s.file("crosslingual"))
	}
	slices.Sort(files)
	return files, err
}

// recalls is a table of recall with the legs beside it.
type recalls struct{ Table }

func recallTable(title string) *recalls {
	return &recalls{Table{Title: title, Columns: []string{"questions", "n", "recall@1", "recall@5", "recall@10", "MRR", "meaning alone @5", "words alone @5"}}}
}

func (r *recalls) addRecall(name string, asked []Asked) {
	r.Add(name, len(asked), recallOf(asked, fusedRank, 1), recallOf(asked, fusedRank, 5), recallOf(asked, fusedRank, 10),
		figuresOf(asked, fusedRank).MRR, recallOf(asked, denseRank, 5).Value(), recallOf(asked, wordsRank, 5).Value())
}

// tables gives it with the calibration of all questions.
func (r *recalls) tables(all []Asked) []Table {
	var cases []Judged
	for _, a := range all {
		cases = append(cases, Judged{Confidence: a.Confidence, Right: a.Rank > 0 && a.Rank <= 5})
	}
	return []Table{r.Table, calibrationTable("Confidence and the passage within five", "found", cases)}
}

// grouped is the table of all questions and of each group of the set.
func grouped(title string, asked []Asked) *recalls {
	t := recallTable(title)
	t.addRecall("all", asked)
	for _, g := range groupsOf(asked, func(a Asked) string { return a.Group }) {
		t.addRecall(g.name, g.asked)
	}
	return t
}

type askedGroup struct {
	name  string
	asked []Asked
}

func groupsOf(asked []Asked, of func(Asked) string) []askedGroup {
	var out []askedGroup
	for _, a := range asked {
		i := slices.IndexFunc(out, func(g askedGroup) bool { return g.name == of(a) })
		if i < 0 {
			i, out = len(out), append(out, askedGroup{name: of(a)})
		}
		out[i].asked = append(out[i].asked, a)
	}
	slices.SortFunc(out, func(a, b askedGroup) int { return strings.Compare(a.name, b.name) })
	return out
}
