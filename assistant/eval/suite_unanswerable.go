package eval

import (
	"context"
	"fmt"
	"slices"

	"sportello/assistant"
)

// unanswerable tells questions whose article was taken out of the corpus from those it answers, by what the assistant decides with
// and by the plain scores of the best passage.
func (s Suite) unanswerable(ctx context.Context) (string, error) {
	foreign, err := s.crosslingualFiles()
	if err != nil {
		return "", err
	}
	rows, n, err := s.ask(ctx, "unanswerable", UnanswerableFormat, s.file("unanswerable", "corpus_passages.jsonl"),
		append([]string{s.file("unanswerable", "answerable.jsonl"), s.file("unanswerable", "unanswerable.jsonl")}, foreign...)...)
	if err != nil {
		return "", err
	}
	has, lacks := rows[0].Asked, rows[1].Asked
	inAll := slices.Clone(has)
	for _, r := range rows[2:] {
		inAll = append(inAll, r.Asked...)
	}
	found := recallTable("Answerable: finding the passage")
	found.addRecall("all", has)
	var cases []Judged
	for _, a := range slices.Concat(has, lacks) {
		cases = append(cases, Judged{Confidence: a.Confidence, Right: a.PassageID != ""})
	}
	return joined(headline(fmt.Sprintf("unanswerable: %d questions without an answer in the corpus, %d with one, %d passages", len(lacks), len(has), n), s.Model),
		found.Table, separation(has, inAll, lacks), decisions(has, inAll, lacks), calibrationTable("Confidence and an answer in the corpus", "has one", cases)), nil
}

// separation says how well each score tells them apart, whatever the threshold.
func separation(has, inAll, lacks []Asked) Table {
	t := Table{Title: "Unanswerable questions refused when so many answerable ones are refused too, the threshold chosen for each line",
		Columns: []string{"score, language", "answerable", "unanswerable", "AUC", "at .05", "at .10", "at .15", "at .20"}}
	scores := []struct {
		name  string
		value func(Asked) float64
	}{{"confidence", byConfidence}, {"fused score", byScore}, {"closeness", byNear}}
	add := func(name string, value func(Asked) float64, has, lacks []Asked) {
		high, low := valuesOf(has, value), valuesOf(lacks, value)
		t.Add(name, len(high), len(low), AUC(high, low), RefusedAt(high, low, .05), RefusedAt(high, low, .10), RefusedAt(high, low, .15), RefusedAt(high, low, .20))
	}
	for _, s := range scores {
		add(s.name+", all", s.value, has, lacks)
	}
	languages(inAll, lacks, func(language string, has, lacks []Asked) {
		add("confidence, "+language, byConfidence, has, lacks)
	})
	return t
}

// decisions says what the assistant would do.
func decisions(has, inAll, lacks []Asked) Table {
	t := Table{Title: fmt.Sprintf("What the assistant decides (it answers from a confidence of %.1f)", assistant.Sure),
		Columns: []string{"language", "answerable", "false refusals", "unanswerable", "refused"}}
	unsure := func(a Asked) bool { return a.Confidence < assistant.Sure }
	t.Add("all", len(has), shareOf(has, unsure), len(lacks), shareOf(lacks, unsure))
	languages(inAll, lacks, func(language string, has, lacks []Asked) {
		t.Add(language, len(has), shareOf(has, unsure), len(lacks), shareOf(lacks, unsure))
	})
	return t
}

// languages calls each with the questions of each language that both have.
func languages(has, lacks []Asked, each func(language string, has, lacks []Asked)) {
	language := func(a Asked) string { return a.Language }
	other := groupsOf(lacks, language)
	for _, g := range groupsOf(has, language) {
		if i := slices.IndexFunc(other, func(o askedGroup) bool { return o.name == g.name }); i >= 0 {
			each(g.name, g.asked, other[i].asked)
		}
	}
}
