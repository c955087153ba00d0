package workbench

import (
	"context"
	"strings"
	"time"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/reference"
	"sportello/assistant/drafting/rule"
	"sportello/assistant/fault"
)

// Reviewer checks acts: their references first, then the rules. It is safe for concurrent use.
type Reviewer struct {
	Norms *reference.Norms
	Rules *rule.Set
}

// NewReviewer reads the norms and rules that come with the program.
func NewReviewer() (*Reviewer, error) {
	norms, err := reference.LoadNorms()
	if err != nil {
		return nil, err
	}
	rules, err := rule.Shipped()
	return &Reviewer{norms, rules}, err
}

// Review is what the checks say of an act.
type Review struct {
	Findings   []rule.Finding
	References []reference.Checked // without those to the act itself
	Blocks     int
	Warns      int
	ToVerify   int // references
}

// Review checks an act. library may be nil.
func (r *Reviewer) Review(ctx context.Context, a *rule.Act, library reference.Library) (*Review, error) {
	var err error
	if a.References, err = reference.Check(ctx, a.Text, a.Day, r.Norms, library); err != nil {
		return nil, err
	}
	out := &Review{Findings: r.Rules.Check(a)}
	for _, f := range out.Findings {
		if f.Severity == rule.Blocks {
			out.Blocks++
		} else {
			out.Warns++
		}
	}
	for _, c := range a.References {
		if c.Status == reference.Internal {
			continue
		}
		if c.Status == reference.Unknown || c.Status == reference.ActOnly || c.Status == reference.Incomplete {
			out.ToVerify++
		}
		out.References = append(out.References, c)
	}
	return out, nil
}

// Act gives a draft to the rules. Its day is the given one, that of the session or of the proposal, or today.
func Act(d *drafting.Draft, day string, now time.Time) *rule.Act {
	text, spans := d.Spans()
	a := &rule.Act{Text: text, Family: d.Family, Type: d.Type, Traits: append([]string{}, d.Traits...), Day: day}
	for _, sp := range spans {
		a.Spans = append(a.Spans, rule.Place{Part: sp.Part, Start: sp.Start, End: sp.End})
	}
	if a.Day == "" {
		a.Day = d.Day()
	}
	if a.Day == "" {
		a.Day = now.Format(time.DateOnly)
	}
	rule.Tell(a)
	return a
}

// MayBeFinal says why no final file may be made of a draft: fault.Conflict. A reason overrides what is to be verified and what blocks, never
// what a model wrote and nobody accepted.
func MayBeFinal(d *drafting.Draft, r *Review, reason string) error {
	if parts := d.Unaccepted(); len(parts) > 0 {
		return fault.New(fault.Conflict, "not final: nobody has accepted what a model wrote in %s", strings.Join(parts, ", "))
	}
	if strings.TrimSpace(reason) != "" {
		return nil
	}
	if open := d.Open(); len(open) > 0 {
		return fault.New(fault.Conflict, "not final: %d still to verify, the first is %q (%s)", len(open), open[0].What, open[0].Part)
	}
	if r.Blocks > 0 {
		return fault.New(fault.Conflict, "not final: %d checks block, the first is %s (%s)", r.Blocks, r.Findings[0].Code, r.Findings[0].Message)
	}
	return nil
}
