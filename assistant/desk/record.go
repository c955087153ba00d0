package desk

import (
	"context"
	"time"
	"unicode/utf8"

	"sportello/assistant"
	"sportello/assistant/privacy"
)

// recorded is a question on its way into the store.
type recorded struct {
	id, mark, tenant, question string

	answer *assistant.Answer
	at     time.Time
}

// What is kept of the passages that were found: enough to see why the answer was what it was.
const (
	keptPassages = 8
	keptRunes    = 400
	recordLimit  = 10 * time.Second // to store one question
)

// Record notes that a question was answered; mark is what it bears for whoever has the code of the conversation. It returns at once: a question that finds the queue full is left out, and Dropped counts it.
func (d *Desk) Record(id, mark, tenant, question string, a *assistant.Answer) {
	select {
	case d.queue <- recorded{id, mark, tenant, question, a, d.cfg.Now()}:
	default:
		d.dropped.Add(1)
	}
}

// Dropped is how many questions were not recorded since the start because too many came at once.
func (d *Desk) Dropped() int64 { return d.dropped.Load() }

func (d *Desk) recordAlways(ctx context.Context) {
	for {
		select {
		case r := <-d.queue:
			d.record(ctx, r)
		case <-ctx.Done():
			for {
				select {
				case r := <-d.queue:
					d.record(ctx, r)
				default:
					return
				}
			}
		}
	}
}

// record stores one question. ctx may have ended: what was asked before the end is kept.
func (d *Desk) record(ctx context.Context, r recorded) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordLimit)
	defer cancel()
	days, err := d.Days(ctx, r.tenant)
	if err != nil {
		d.cfg.Log.WarnContext(ctx, "how long questions are kept is not known: this one is only counted", "tenant", r.tenant, "error", err)
		days = 0
	}
	a := d.asked(ctx, r)
	// Somebody in danger told us so, not the comune's archive.
	keep := days > 0 && a.Reason != assistant.Emergency
	if err := d.cfg.Records.AddAsked(ctx, a, keep); err != nil {
		d.dropped.Add(1)
		d.cfg.Log.WarnContext(ctx, "a question was not recorded", "tenant", r.tenant, "error", err)
	}
}

func (d *Desk) asked(ctx context.Context, r recorded) assistant.Asked {
	body := r.answer.JSON()
	a := assistant.Asked{
		ID: r.id, Mark: r.mark, Tenant: r.tenant, At: r.at, Language: r.answer.Language, Status: r.answer.Status, Reason: r.answer.Reason,
		Confidence: r.answer.Confidence, Question: privacy.Masked(r.question), Statements: body.Statements, Passages: body.Passages,
	}
	if r.answer.Rewritten {
		a.Understood = privacy.Masked(r.answer.Question)
	}
	if r.answer.Approved != nil {
		a.Approved = r.answer.Approved.ID
	}
	if len(r.answer.Contacts) > 0 {
		a.Office = r.answer.Contacts[0].Office
	}
	a.Passages = a.Passages[:min(keptPassages, len(a.Passages))]
	for i := range a.Passages {
		a.Passages[i].Text = cut(a.Passages[i].Text, keptRunes)
	}
	for i := range a.Statements {
		if a.Statements[i].Origin == assistant.FromModel { // a model may repeat what it was told
			a.Statements[i].Text = privacy.Masked(a.Statements[i].Text)
		}
	}
	a.Subject = d.Subject(ctx, r.tenant, r.answer.Question, r.answer.Language, titles(r.answer))
	return a
}

// titles are those of the documents that an answer cites, or of the two that were found first.
func titles(a *assistant.Answer) []string {
	var out []string
	for _, s := range a.Statements {
		for _, c := range s.Citations {
			out = append(out, c.Title)
		}
	}
	if len(out) == 0 && a.Confidence >= assistant.Sure/2 {
		for _, p := range a.Passages[:min(2, len(a.Passages))] {
			out = append(out, p.Title)
		}
	}
	return out
}

func cut(text string, runes int) string {
	if utf8.RuneCountInString(text) <= runes {
		return text
	}
	return string([]rune(text)[:runes]) + "…"
}

// Feedback keeps what somebody thought. The words are masked and cut; a reason that is none of ours is dropped.
func (d *Desk) Feedback(ctx context.Context, f assistant.Feedback) error {
	f.At = d.cfg.Now()
	f.Useful, f.Text = min(max(f.Useful, -1), 1), privacy.Masked(cut(f.Text, feedbackRunes))
	if f.Rate < 1 || f.Rate > 5 {
		f.Rate = 0
	}
	if !known(f.Reason) {
		f.Reason = ""
	}
	if len(f.Question) > 64 {
		f.Question = ""
	}
	if f.Useful == 0 && f.Rate == 0 && f.Reason == "" && f.Text == "" {
		return nil
	}
	days, err := d.Days(ctx, f.Tenant)
	if err != nil {
		return err
	}
	return d.cfg.Records.AddFeedback(ctx, f, days > 0)
}

// feedbackRunes is what the official component allows.
const feedbackRunes = 200

func known(reason string) bool {
	for _, list := range [][]string{assistant.FeedbackReasons.Positive, assistant.FeedbackReasons.Negative} {
		for _, r := range list {
			if r == reason {
				return true
			}
		}
	}
	return false
}
