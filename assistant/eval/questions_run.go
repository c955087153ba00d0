package eval

import (
	"context"
	"slices"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// Outcome is what became of one row.
type Outcome struct {
	Row         Row
	Answer      *assistant.Answer
	HitAt       int   // rank of the first passage that hits a gold place, 0: none
	Hits        []int // of each gold place
	Facts       bool
	Cited, Gold int   // citations shown, and those to a gold place
	Places      Share // gold places, and those cited
	Stale       bool
	Took        time.Duration
	Pass        bool
	Unsupported []string
}

// Runner asks rows. Text gives the text of a document, to check quotes against.
type Runner struct {
	Ask  func(ctx context.Context, q assistant.Question) (*assistant.Answer, error)
	Text func(ctx context.Context, tenant, documentID string) (string, error)
	Each func(done, all int) // progress; may be nil
}

// depth is how many passages recall is measured on.
const depth = 10

// Run asks every row to its own tenant and scores the answers.
func (r Runner) Run(ctx context.Context, rows []Row) (*Report, error) {
	report := &Report{Questions: len(rows), Statuses: map[string]int{}, RejectedBy: map[string]int{}}
	var took []time.Duration
	texts := map[string]string{}
	for i, row := range rows {
		start := time.Now()
		answer, err := r.Ask(ctx, assistant.Question{Tenant: row.Tenant, Text: row.Question, K: depth})
		if err != nil {
			return nil, fault.Wrap(fault.CodeOf(err), err, "question %s", row.ID)
		}
		took = append(took, time.Since(start))
		o := score(row, answer)
		o.Took = took[len(took)-1]
		report.Statuses[string(answer.Status)]++
		report.Rejected += len(answer.Drafts)
		for _, d := range answer.Drafts {
			report.RejectedBy[string(d.Why)]++
		}
		if err := r.check(ctx, report, &o, texts); err != nil {
			return nil, err
		}
		report.Outcomes = append(report.Outcomes, o)
		if r.Each != nil {
			r.Each(i+1, len(rows))
		}
	}
	report.group()
	slices.Sort(took)
	report.P50, report.P95 = millisecondsAt(took, 0.50), millisecondsAt(took, 0.95)
	return report, nil
}

// check holds every statement shown against the documents.
func (r Runner) check(ctx context.Context, report *Report, o *Outcome, texts map[string]string) error {
	for _, s := range o.Answer.Statements {
		if s.Origin == assistant.FromModel {
			report.Accepted++
		}
		var cited, articles []string
		for _, c := range s.Citations {
			key := o.Row.Tenant + "/" + c.DocumentID
			if _, ok := texts[key]; !ok {
				text, err := r.Text(ctx, o.Row.Tenant, c.DocumentID)
				if err != nil {
					return err
				}
				texts[key] = text
			}
			report.Citations.Shown++
			if c.Quote != "" && strings.Contains(texts[key], c.Quote) {
				report.Citations.Literal++
			}
			cited = append(cited, c.Quote)
			articles = append(articles, c.Article)
		}
		if len(s.Citations) == 0 {
			o.Unsupported = append(o.Unsupported, "no citation")
		}
		o.Unsupported = append(o.Unsupported, Unsupported(s.Text, cited, articles)...)
	}
	if len(o.Unsupported) > 0 {
		report.Unsupported++
	}
	return nil
}
