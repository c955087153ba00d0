package dialogue

import (
	"context"
	"errors"
	"strings"

	"sportello/assistant"
	"sportello/assistant/lexicon"
)

// Desk is what stands behind the counter: it notes what was asked and knows what is switched off.
type Desk interface {
	// Record notes an answer under an id that feedback and hand-overs refer to, with the mark of its conversation. It never waits.
	Record(id, mark, tenant, question string, a *assistant.Answer)
	// Closed gives what keeps a question from being answered, nil when nothing does. titles are those of the documents cited.
	Closed(ctx context.Context, tenant, question, language string, titles []string) *assistant.Closure
	// Changed gives a channel that is closed when Closed may next say something else.
	Changed() <-chan struct{}
}

// closedError ends an answer under way: the comune switched the assistant or its subject off.
type closedError struct{ closure *assistant.Closure }

func (*closedError) Error() string { return "switched off" }

// open answers like answer, unless and until the comune switches it off: before anything is searched, when a statement is about to be
// shown, and at any moment in between. An emergency is told what to do all the same.
func (s *Service) open(ctx context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error) {
	if s.cfg.Desk == nil || s.screen.Emergency(q.Text) {
		return s.answer(ctx, q, emit)
	}
	language := q.Language
	if language == "" {
		language, _ = lexicon.Detect(q.Text, q.PageLanguage)
	}
	closed := func(titles ...string) *assistant.Closure {
		return s.cfg.Desk.Closed(ctx, q.Tenant, q.Text, language, titles)
	}
	changed := s.cfg.Desk.Changed()
	if c := closed(); c != nil {
		return s.closed(ctx, q, language, c), nil
	}
	running, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		for {
			select {
			case <-running.Done():
				return
			case <-changed:
			}
			changed = s.cfg.Desk.Changed()
			if c := closed(); c != nil {
				cancel(&closedError{c})
				return
			}
		}
	}()
	a, err := s.answer(running, q, func(st assistant.Statement) error {
		if c := closed(titles(st)...); c != nil {
			return &closedError{c}
		}
		return emit(st)
	})
	var off *closedError
	if errors.As(err, &off) || err != nil && errors.As(context.Cause(running), &off) {
		return s.closed(ctx, q, language, off.closure), nil
	}
	if err == nil {
		if c := closed(titles(a.Statements...)...); c != nil {
			return s.closed(ctx, q, language, c), nil
		}
	}
	return a, err
}

func titles(statements ...assistant.Statement) []string {
	var out []string
	for _, st := range statements {
		for _, c := range st.Citations {
			out = append(out, c.Title)
		}
	}
	return out
}

// closed is the answer in the place of one: the comune's notice, and the offices whose subjects the question names, else the first.
func (s *Service) closed(ctx context.Context, q assistant.Question, language string, c *assistant.Closure) *assistant.Answer {
	a := s.overloaded(ctx, Request{Tenant: q.Tenant, Language: language, PageLanguage: q.PageLanguage})
	a.Reason, a.Question, a.Notice = assistant.Closed, q.Text, c.Notice
	words := map[string]bool{}
	for _, t := range lexicon.Analyze(q.Text + " " + c.Subject) {
		words[t] = true
	}
	var named []assistant.Contact
	for _, o := range a.Contacts {
		for _, t := range lexicon.Analyze(strings.Join(o.Subjects, " ")) {
			if words[t] {
				named = append(named, o)
				break
			}
		}
	}
	if len(named) == 0 {
		named = assistant.AnyContact(a.Contacts)
	}
	a.Contacts = named[:min(mostNamed, len(named))]
	return a
}

const mostNamed = 2 // offices under an answer that there is not
