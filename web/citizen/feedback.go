package citizen

import (
	"net/http"
	"strconv"
	"strings"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/locales"
	"sportello/web/page"
)

// fragment is what the script of the page asks for instead of a whole page.
const fragment = "text/html;fragment=1"

// rating is the official rating component (modello Comuni, Designers Italia), of the page or of one answer.
type rating struct {
	V        *page.View
	L        *locales.Localizer
	Question string // id of the answer; empty: of the page
	Key      string // makes the ids of its fields unique on the page
	Thanks   bool   // a thumb was given: say so first
}

// Stars are the values from the best to the worst: the style colours those that follow the chosen one.
func (rating) Stars() []int { return []int{5, 4, 3, 2, 1} }

// Positive gives the reasons of who was content.
func (rating) Positive() []string { return assistant.FeedbackReasons.Positive }

// Negative gives those of who was not.
func (rating) Negative() []string { return assistant.FeedbackReasons.Negative }

func (p *Pages) rating(v *page.View, l *locales.Localizer, question string) *rating {
	if p.cfg.Desk == nil {
		return nil
	}
	key := question
	if key == "" {
		key = "page"
	}
	return &rating{V: v, L: l, Question: question, Key: key}
}

// feedbackBody is the page after, or instead of, the form.
type feedbackBody struct {
	Done   bool
	Rating *rating
}

// FeedbackPage shows the rating component by itself, or the thanks after it.
func (p *Pages) FeedbackPage(w http.ResponseWriter, r *http.Request, slug string) error {
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	if p.cfg.Desk == nil {
		return fault.New(fault.NotFound, "no opinions are taken here")
	}
	v.Title, v.Here = v.L.T("rate_title"), "ask"
	v.Body = feedbackBody{Done: r.URL.Query().Has("done"), Rating: p.rating(v, v.L, "")}
	return p.write(w, "feedback", v)
}

// Feedback takes a thumb, which is answered by the rating component, or what that component says, which is answered by thanks.
func (p *Pages) Feedback(w http.ResponseWriter, r *http.Request, slug string) error {
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	if p.cfg.Desk == nil {
		return fault.New(fault.NotFound, "no opinions are taken here")
	}
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	rate, _ := strconv.Atoi(r.PostFormValue("rate"))     // what is no number was not said
	useful, _ := strconv.Atoi(r.PostFormValue("useful")) //
	f := assistant.Feedback{
		Tenant: slug, Question: r.PostFormValue("question"), Useful: useful, Rate: rate, Reason: r.PostFormValue("reason"), Text: strings.TrimSpace(r.PostFormValue("text")),
	}
	if f.Reason != "" && (rate > 3) == negative(f.Reason) { // chosen from the list that the stars do not go with
		f.Reason = ""
	}
	if err := p.cfg.Desk.Feedback(r.Context(), f); err != nil {
		return err
	}
	inPlace := r.Header.Get("Accept") == fragment
	more := p.rating(v, v.L, f.Question)
	more.Thanks = true
	switch {
	case useful == 0 && inPlace:
		return p.fragment(w, v, "rated", v)
	case useful == 0:
		http.Redirect(w, r, v.URL("/t/"+slug+"/feedback", "done", "1"), http.StatusSeeOther)
		return nil
	case inPlace:
		return p.fragment(w, v, "rating", more)
	}
	v.Title, v.Here = v.L.T("useful_thanks"), "ask"
	v.Body = feedbackBody{Rating: more}
	return p.write(w, "feedback", v)
}

func negative(reason string) bool {
	for _, r := range assistant.FeedbackReasons.Negative {
		if r == reason {
			return true
		}
	}
	return false
}

func (p *Pages) fragment(w http.ResponseWriter, v *page.View, name string, data any) error {
	html, err := p.set.Partial(name, data)
	if err != nil {
		return err
	}
	page.Write(w, http.StatusOK, v, []byte(html))
	return nil
}
