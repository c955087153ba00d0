package citizen

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/locales"
	"sportello/web/dialogue"
	"sportello/web/page"
)

// askBody is what the page where one asks shows.
type askBody struct {
	Question     string // in the field
	MaxRunes     int
	Problem      string // what is wrong with the question, in words
	Starters     []string
	Contacts     []assistant.Contact
	Turn         *turn  // without JavaScript: the question asked and its answer
	Conversation string // its token, for the next question
	Closed       *assistant.Closure
	CanLeave     bool
	Rating       *rating
}

// turn is a question with its answer, in the language of the answer.
type turn struct {
	V        *page.View
	L        *locales.Localizer // of the answer
	Question string
	Answer   *answerView
	Next     []string
	Terms    []page.Term // of the quotes, explained
	ID       string      // of the answer
	CanLeave bool        // the question may be left for an office
	Opinions bool        // thumbs are taken
	Code     string      // with which the person may have the conversation erased; empty: nothing is kept
}

// AskPage shows the page. ?q= fills in the field and asks nothing: a link must not be able to make somebody ask.
func (p *Pages) AskPage(w http.ResponseWriter, r *http.Request, slug string) error {
	v, body, err := p.askView(r, slug)
	if err != nil {
		return err
	}
	body.Question = r.URL.Query().Get("q")
	return p.write(w, "ask", v.withBody(body))
}

// Ask answers the form of the page: with a whole page, or as events of HTML fragments when the script asked.
func (p *Pages) Ask(w http.ResponseWriter, r *http.Request, slug string) error {
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	v, body, err := p.askView(r, slug)
	if err != nil {
		return err
	}
	req := dialogue.Request{
		Tenant: slug, Text: r.PostFormValue("question"), PageLanguage: v.L.Lang(), Conversation: r.PostFormValue("conversation"),
	}
	if strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		return p.stream(w, r, v.View, req)
	}
	reply, err := p.cfg.Dialogue.Ask(r.Context(), req, func(assistant.Statement) error { return nil })
	if problem := p.problem(v.L, err); problem != "" {
		body.Question, body.Problem = req.Text, problem
		return p.write(w, "ask", v.withBody(body))
	}
	if err != nil {
		return err
	}
	body.Turn, body.Conversation = p.turn(r.Context(), v.View, req.Text, reply), reply.Conversation
	w.Header().Set("X-AI-Generated", strconv.FormatBool(reply.Answer.ByModel()))
	return p.write(w, "ask", v.withBody(body))
}

// askPage is a view whose body is still to come.
type askPage struct{ *page.View }

func (a askPage) withBody(b *askBody) *page.View {
	a.Body = b
	return a.View
}

func (p *Pages) askView(r *http.Request, slug string) (askPage, *askBody, error) {
	v, err := p.tenantView(r, slug)
	if err != nil {
		return askPage{}, nil, err
	}
	v.Kiosk = strings.HasSuffix(r.URL.Path, "/kiosk")
	contacts, err := p.cfg.Library.Contacts(r.Context(), slug)
	if err != nil {
		return askPage{}, nil, err
	}
	body := &askBody{MaxRunes: p.cfg.Dialogue.MaxRunes(), Contacts: contacts}
	if body.Starters, err = p.Starters(r.Context(), slug, v.L); err != nil {
		return askPage{}, nil, err
	}
	if p.cfg.Desk != nil {
		body.Closed = p.cfg.Desk.Closed(r.Context(), slug, "", v.L.Lang(), nil)
		body.CanLeave, body.Rating = len(contacts) > 0, p.rating(v, v.L, "")
	}
	v.Title, v.Here = v.L.T("ask_title"), "ask"
	return askPage{v}, body, nil
}

// Starters gives questions to begin with, which the tenant's documents answer.
func (p *Pages) Starters(ctx context.Context, slug string, l *locales.Localizer) ([]string, error) {
	topics, err := p.topics.of(ctx, p.cfg.Library, slug)
	out := make([]string, 0, len(topics))
	for _, t := range topics {
		out = append(out, t.Text(l))
	}
	return out, err
}

// problem gives the words for a question that cannot be answered as it is, empty when it can or when the fault is another.
func (p *Pages) problem(l *locales.Localizer, err error) string {
	switch {
	case err == nil:
		return ""
	case fault.CodeOf(err) == fault.TooLarge:
		return l.N("problem_too_long", p.cfg.Dialogue.MaxRunes())
	case fault.CodeOf(err) == fault.Invalid:
		return l.T("problem_empty")
	}
	return ""
}

func (p *Pages) turn(ctx context.Context, v *page.View, question string, reply *dialogue.Reply) *turn {
	l := p.cfg.Catalogue.For(reply.Answer.Language, v.L.Lang())
	t := &turn{V: v, L: l, Question: question, Answer: newAnswerView(v, l, reply.Answer), ID: reply.ID}
	t.Terms = page.Explain(page.Glossary(p.terms, v.Tenant.Terms), l, t.Answer.italian())
	if p.cfg.Desk != nil {
		t.Opinions, t.Code = true, reply.Code.String()
		// Offices that only the documents name cannot be written to.
		offices, err := p.cfg.Library.Contacts(ctx, v.Tenant.Slug)
		t.CanLeave = err == nil && len(offices) > 0 && reply.Answer.Reason != assistant.Emergency && reply.Answer.Reason != assistant.Unsafe
	}
	for _, topic := range reply.Next {
		t.Next = append(t.Next, topic.Text(v.L))
	}
	return t
}

// stream sends the events `queue` {"place"} while the question waits for its turn, `statement` {"html"}, then `answer` {"html","before","replace","conversation"}: html goes after the statements
// and before ahead of them, or html in their place when replace is true. A question that cannot be asked gives `problem` {"text"}; a failure gives `error` {"text"}.
func (p *Pages) stream(w http.ResponseWriter, r *http.Request, v *page.View, req dialogue.Request) error {
	s, err := page.NewStream(w)
	if err != nil {
		return err
	}
	var shown []assistant.Statement
	numbers := newNumbering(v)
	l := v.L
	req.Queued = func(place int) { _ = s.Send("queue", map[string]int{"place": place}) } // who has left is noticed by the next statement
	reply, err := p.cfg.Dialogue.Ask(r.Context(), req, func(st assistant.Statement) error {
		html, err := p.set.Partial("statement", statementView(l, numbers, st))
		if err != nil {
			return err
		}
		shown = append(shown, st)
		return s.Send("statement", map[string]string{"html": html})
	})
	if err != nil {
		return p.streamError(s, v, err)
	}
	t := p.turn(r.Context(), v, req.Text, reply)
	name, replace := "answer-rest", false
	if !samePrefix(shown, reply.Answer.Statements) || t.L != l {
		name, replace = "answer", true
	}
	html, err := p.set.Partial(name, t)
	if err != nil {
		return p.streamError(s, v, err)
	}
	before := ""
	if !replace {
		if before, err = p.set.Partial("understood", t); err != nil {
			return p.streamError(s, v, err)
		}
	}
	return s.Send("answer", map[string]any{
		"html": html, "before": before, "replace": replace, "conversation": reply.Conversation, "lang": t.L.Lang(), "dir": t.L.Dir(), "generated": reply.Answer.ByModel(),
	})
}

func (p *Pages) streamError(s *page.Stream, v *page.View, err error) error {
	if problem := p.problem(v.L, err); problem != "" {
		return s.Send("problem", map[string]string{"text": problem})
	}
	return errors.Join(err, s.Send("error", map[string]string{"text": v.L.T("error_internal_text")}))
}

// samePrefix says whether the statements sent are exactly those of the answer.
func samePrefix(sent, all []assistant.Statement) bool {
	if len(sent) != len(all) {
		return false
	}
	for i := range sent {
		a, errA := json.Marshal(sent[i].JSON())
		b, errB := json.Marshal(all[i].JSON())
		if errA != nil || errB != nil || string(a) != string(b) {
			return false
		}
	}
	return true
}
