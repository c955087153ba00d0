package citizen

import (
	"net/http"
	"strings"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/web/page"
)

// replyBody is the private page of a question that was left.
type replyBody struct {
	*assistant.HandOver
	Paragraphs []string
	Chat       *chatView
	Offer      bool   // somebody of the office can write now
	Path       string // of the page
	Problem    string
	Draft      string // a message that could not be taken
	MaxRunes   int
}

// chatView is the conversation as its page and its script draw it.
type chatView struct {
	*assistant.Chat
	L      page.View
	Office string
	Path   string
}

// Reply is the private page: the state of the question, the conversation with the office, its reply. It is nobody else's to find.
func (p *Pages) Reply(w http.ResponseWriter, r *http.Request, slug, token string) error {
	return p.reply(w, r, slug, token, "", "")
}

func (p *Pages) reply(w http.ResponseWriter, r *http.Request, slug, token, text, problem string) error {
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	if p.cfg.Desk == nil {
		return fault.New(fault.NotFound, "no office takes questions here")
	}
	left, chat, err := p.cfg.Desk.Conversation(r.Context(), slug, token)
	if err != nil {
		return err
	}
	body := replyBody{HandOver: left, Paragraphs: strings.Split(left.Reply, "\n"), Path: "/t/" + slug + "/reply/" + token, Draft: text, MaxRunes: maxLeft}
	if problem != "" {
		body.Problem = v.L.T(problem)
	}
	if chat != nil {
		body.Chat = &chatView{chat, *v, left.Office, body.Path}
	} else if left.State == assistant.HandOverOpen {
		if body.Offer, err = p.cfg.Desk.CanChat(r.Context(), slug, left.Office); err != nil {
			return err
		}
	}
	private(w)
	v.Title, v.Here, v.Body = v.L.T("reply_title", map[string]any{"Number": left.ID}), "ask", body
	return p.write(w, "reply", v)
}

// private says that an address is the key to what it shows.
func private(w http.ResponseWriter) {
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Cache-Control", "no-store")
}

// ReplyChat gives the messages alone, for the script of the page.
func (p *Pages) ReplyChat(w http.ResponseWriter, r *http.Request, slug, token string) error {
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	if p.cfg.Desk == nil {
		return fault.New(fault.NotFound, "no office takes questions here")
	}
	left, chat, err := p.cfg.Desk.Conversation(r.Context(), slug, token)
	if err == nil && chat == nil {
		err = fault.New(fault.NotFound, "nobody asked to write with a person here")
	}
	if err != nil {
		return err
	}
	html, err := p.set.Partial("chat", &chatView{chat, *v, left.Office, "/t/" + slug + "/reply/" + token})
	if err != nil {
		return err
	}
	private(w)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(html)) // a reader that left is no error of ours
	return nil
}

// ReplyWrite takes what the citizen does on the page: asks for a person, or writes to them.
func (p *Pages) ReplyWrite(w http.ResponseWriter, r *http.Request, slug, token string) error {
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	if p.cfg.Desk == nil {
		return fault.New(fault.NotFound, "no office takes questions here")
	}
	var err error
	text := r.PostFormValue("message")
	if r.PostFormValue("step") == "ask" {
		err = p.cfg.Desk.AskChat(r.Context(), slug, token)
	} else {
		err = p.cfg.Desk.Write(r.Context(), slug, token, text)
	}
	switch fault.CodeOf(err) {
	case "":
		v, err := p.tenantView(r, slug)
		if err != nil {
			return err
		}
		http.Redirect(w, r, v.URL("/t/"+slug+"/reply/"+token)+"#chat", http.StatusSeeOther)
		return nil
	case fault.Invalid:
		return p.reply(w, r, slug, token, text, "chat_problem_empty")
	case fault.TooLarge:
		return p.reply(w, r, slug, token, text, "chat_problem_long")
	case fault.Conflict: // nobody is there any more, or it was answered meanwhile: the page says how things stand
		return p.reply(w, r, slug, token, "", "chat_problem_over")
	}
	return err
}
