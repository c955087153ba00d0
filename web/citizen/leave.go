package citizen

import (
	"context"
	"net/http"
	"strings"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// Desk is where opinions and questions for offices go.
type Desk interface {
	Feedback(ctx context.Context, f assistant.Feedback) error
	// Leave takes a question to an office; fault.Invalid and fault.TooLarge for what cannot be taken.
	Leave(ctx context.Context, h assistant.HandOver) (*assistant.HandOver, error)
	// Conversation gives the question of a private link, or fault.NotFound, and the conversation about it, nil when there is none.
	Conversation(ctx context.Context, tenant, token string) (*assistant.HandOver, *assistant.Chat, error)
	// CanChat says whether somebody of an office can write with a citizen now, AskChat asks for them, Write is what the citizen writes.
	CanChat(ctx context.Context, tenant, office string) (bool, error)
	AskChat(ctx context.Context, tenant, token string) error
	Write(ctx context.Context, tenant, token, text string) error
	CanMail() bool
	// Kept gives what is kept of the conversation of a code as somebody typed it, Erase deletes it for good; fault.Invalid for what is no code.
	Kept(ctx context.Context, tenant, code string) (*assistant.Kept, error)
	Erase(ctx context.Context, tenant, code string) (assistant.Erased, error)
	// Closed gives what keeps a question from being answered; the empty question: all of them.
	Closed(ctx context.Context, tenant, question, language string, titles []string) *assistant.Closure
}

// leaveBody is the form on which a question is left.
type leaveBody struct {
	Text, Asked, Office, Email string
	Problem, Field             string // what is wrong, in words, and with which field
	Offices                    []assistant.Contact
	CanMail                    bool
	MaxRunes                   int
}

const maxLeft = 2000 // characters of a question that is left, as the desk takes them

// LeavePage shows the empty form.
func (p *Pages) LeavePage(w http.ResponseWriter, r *http.Request, slug string) error {
	return p.leaveForm(w, r, slug, leaveBody{})
}

// Leave shows the form filled in with the question that was asked, or takes what it says. The answer to the latter is the private page.
func (p *Pages) Leave(w http.ResponseWriter, r *http.Request, slug string) error {
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	body := leaveBody{
		Text: strings.TrimSpace(r.PostFormValue("text")), Asked: r.PostFormValue("asked"), Office: r.PostFormValue("office"), Email: strings.TrimSpace(r.PostFormValue("email")),
	}
	if r.PostFormValue("step") != "send" || p.cfg.Desk == nil {
		return p.leaveForm(w, r, slug, body)
	}
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	left, err := p.cfg.Desk.Leave(r.Context(), assistant.HandOver{
		Tenant: slug, Office: body.Office, Language: v.L.Lang(), Asked: body.Asked, Text: body.Text, Email: body.Email,
	})
	if err == nil {
		http.Redirect(w, r, v.URL("/t/"+slug+"/reply/"+left.Token), http.StatusSeeOther)
		return nil
	}
	offices, e := p.cfg.Library.Contacts(r.Context(), slug)
	if e != nil {
		return e
	}
	switch code := fault.CodeOf(err); {
	case code == fault.TooLarge:
		body.Problem, body.Field = v.L.T("leave_problem_long"), "text"
	case code != fault.Invalid:
		return err
	case body.Text == "":
		body.Problem, body.Field = v.L.T("leave_problem_empty"), "text"
	case !isOffice(offices, body.Office):
		body.Problem, body.Field = v.L.T("leave_problem_office"), "office"
	default:
		body.Problem, body.Field = v.L.T("leave_problem_email"), "email"
	}
	return p.leaveForm(w, r, slug, body)
}

func isOffice(offices []assistant.Contact, name string) bool {
	for _, o := range offices {
		if o.Office == name {
			return true
		}
	}
	return false
}

func (p *Pages) leaveForm(w http.ResponseWriter, r *http.Request, slug string, body leaveBody) error {
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	if body.Offices, err = p.cfg.Library.Contacts(r.Context(), slug); err != nil {
		return err
	}
	if p.cfg.Desk == nil || len(body.Offices) == 0 {
		return fault.New(fault.NotFound, "no office takes questions here")
	}
	body.CanMail, body.MaxRunes = p.cfg.Desk.CanMail(), maxLeft
	v.Title, v.Here, v.Body = v.L.T("leave_title"), "ask", body
	return p.write(w, "leave", v)
}
