package eval

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// Meter stands before a chat model and counts how often it was asked and failed. One question at a time.
type Meter struct {
	assistant.Generator
	Calls, Failures int
	inARow          int
}

// mostInARow is how many failures one after the other mean that the model is not there.
const mostInARow = 5

// Generate implements assistant.Generator.
func (m *Meter) Generate(ctx context.Context, q assistant.Question, passages []assistant.Passage, emit func(assistant.Draft) error) error {
	m.Calls++
	err := m.Err() // of a model that is gone the rest is not waited for
	if err == nil {
		err = m.Generator.Generate(ctx, q, passages, emit)
	}
	switch {
	case err == nil:
		m.inARow = 0
		return nil
	case fault.CodeOf(err) != fault.Timeout: // slow is not gone
		m.inARow++
	}
	m.Failures++
	return err
}

// Err says that the model fails all the time, which the answers hide: they are quotes then.
func (m *Meter) Err() error {
	if m.inARow < mostInARow {
		return nil
	}
	return fault.New(fault.Unavailable, "the chat model failed %d times in a row", m.inARow)
}

// ModelRow is what a chat model did with a question set.
type ModelRow struct {
	Model       string         `json:"model"`
	Error       string         `json:"error,omitempty"` // why it could not be measured
	Questions   int            `json:"questions"`
	Asked       int            `json:"asked"`  // questions that the model was given; the others were refused before
	Failed      int            `json:"failed"` // of these, those it failed on
	Answered    int            `json:"answered"`
	Quoted      int            `json:"quoted"`
	Refused     int            `json:"refused"`
	Accepted    int            `json:"drafts_accepted"` // sentences that Verify let through
	Rejected    int            `json:"drafts_rejected"`
	RejectedBy  map[string]int `json:"drafts_rejected_by,omitempty"`
	Unsupported int            `json:"unsupported"` // answers in which the judge found something that is not in what they cite
	Facts       float64        `json:"facts"`       // answerable ones with all facts shown
	Pass        float64        `json:"pass"`        // of all, by the rule of their kind
	P50         float64        `json:"p50_s"`       // of a question that the model was given
	P95         float64        `json:"p95_s"`
	TokensIn    int            `json:"tokens_in"` // as the server counts, 0 when it does not
	TokensOut   int            `json:"tokens_out"`
	Counted     int            `json:"tokens_counted"` // answers that the tokens are of

	facts, pass Share
}

// ModelFigures draws a model's row from the report of its answers.
func ModelFigures(name string, r *Report, m *Meter, tokensIn, tokensOut, counted int) ModelRow {
	row := ModelRow{
		Model: name, Questions: r.Questions, Asked: m.Calls, Failed: m.Failures,
		Answered: r.Statuses[string(assistant.Answered)], Quoted: r.Statuses[string(assistant.Quoted)], Refused: r.Statuses[string(assistant.Refused)],
		Accepted: r.Accepted, Rejected: r.Rejected, RejectedBy: r.RejectedBy, Unsupported: r.Unsupported,
		TokensIn: tokensIn, TokensOut: tokensOut, Counted: counted,
		facts: shareOf(pickRows(r.Outcomes, func(row Row) bool { return row.Kind == answerable }), func(o Outcome) bool { return o.Facts }),
		pass:  shareOf(r.Outcomes, func(o Outcome) bool { return o.Pass }),
	}
	row.Facts, row.Pass = round(row.facts.Value()), round(row.pass.Value())
	var took []time.Duration
	for _, o := range r.Outcomes {
		if o.Answer.Timings.Generate > 0 {
			took = append(took, o.Took)
		}
	}
	slices.Sort(took)
	row.P50, row.P95 = millisecondsAt(took, 0.50)/1000, millisecondsAt(took, 0.95)/1000
	return row
}

// ModelTable puts models side by side; one that could not be measured has no figures.
func ModelTable(rows []ModelRow) Table {
	t := Table{Title: "Chat models; in brackets the 95 % interval (Wilson)", Columns: []string{"model", "questions", "answered", "quoted", "refused", "drafts", "accepted",
		"unsupported", "all facts", "pass", "failed", "s p50", "s p95", "tokens in", "out"}}
	for _, r := range rows {
		if r.Error != "" {
			t.Add(r.Model, "-")
			continue
		}
		in, out := "-", "-" // a question
		if r.Counted > 0 {
			in, out = fmt.Sprintf("%.0f", float64(r.TokensIn)/float64(r.Counted)), fmt.Sprintf("%.0f", float64(r.TokensOut)/float64(r.Counted))
		}
		t.Add(r.Model, r.Questions, Share{r.Answered, r.Questions}, Share{r.Quoted, r.Questions}, Share{r.Refused, r.Questions},
			r.Accepted+r.Rejected, Share{r.Accepted, r.Accepted + r.Rejected}, r.Unsupported, r.facts, r.pass, r.Failed,
			fmt.Sprintf("%.1f", r.P50), fmt.Sprintf("%.1f", r.P95), in, out)
	}
	return t
}
