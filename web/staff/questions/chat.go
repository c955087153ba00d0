package questions

import (
	"context"
	"net/http"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/web/staff"
)

// availableFor is how long somebody who said that they answer citizens now is taken at their word without being seen: pages of this
// part look by themselves more often.
const availableFor = 2 * time.Minute

// waitingBody is who wants to write with a person, and whether this one does.
type waitingBody struct {
	Available bool
	Mine      bool // the one who looks may say so: a token is nobody who sits there
	Rows      []waitingRow
}

type waitingRow struct {
	assistant.Chat
	There bool // the citizen's page is open
}

// waits gives them, and keeps who said that they are there available.
func (p *pages) waits(ctx context.Context, v *staff.Visit) (b waitingBody, err error) {
	if v.Person != nil {
		b.Mine = true
		if b.Available, err = p.Store.IsAvailable(ctx, v.Person.ID, v.Tenant.Slug); err != nil {
			return b, err
		}
		if b.Available {
			if err := p.Store.SetAvailable(ctx, v.Person.ID, v.Tenant.Slug, p.Now().Add(availableFor)); err != nil {
				return b, err
			}
		}
	}
	chats, err := p.Store.Chats(ctx, v.Tenant.Slug)
	for _, c := range chats {
		b.Rows = append(b.Rows, waitingRow{c, c.CitizenThere(p.Now())})
	}
	return b, err
}

// waiting is the piece of the list that a page looks at again and again.
func (p *pages) waiting(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	b, err := p.waits(r.Context(), v)
	if err != nil {
		return err
	}
	return v.Fragment(w, "waiting", b)
}

// available says that a person answers citizens now, or no longer.
func (p *pages) available(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if v.Person == nil {
		return fault.New(fault.Forbidden, "only a person can be there for citizens")
	}
	until, done := p.Now(), "handovers_done_away"
	if r.PostFormValue("there") == "1" {
		until, done = p.Now().Add(availableFor), "handovers_done_there"
	}
	if err := p.Store.SetAvailable(r.Context(), v.Person.ID, v.Tenant.Slug, until); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("handovers"), done)
}

// chatBody is a conversation as the person of the office sees it.
type chatBody struct {
	*assistant.Chat
	ID    string
	There bool // the citizen's page is open
}

// conversation gives that of a hand-over and notes that the office is there, when it joined.
func (p *pages) conversation(ctx context.Context, v *staff.Visit, id string) (*chatBody, error) {
	c, err := p.Store.Chat(ctx, id)
	if err != nil || c == nil {
		return nil, err
	}
	if c.State == assistant.ChatJoined && v.Person != nil {
		if err := p.Store.Seen(ctx, id, true); err != nil {
			return nil, err
		}
		if _, err := p.waits(ctx, v); err != nil { // who writes with one citizen is there for others
			return nil, err
		}
	}
	return &chatBody{c, id, c.CitizenThere(p.Now())}, nil
}

// chat is the piece of a hand-over's page that looks again and again.
func (p *pages) chat(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	h, err := p.Store.HandOver(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return err
	}
	b, err := p.conversation(r.Context(), v, h.ID)
	if err == nil && b == nil {
		err = fault.New(fault.NotFound, "nobody asked to write with a person here")
	}
	if err != nil {
		return err
	}
	return v.Fragment(w, "chat-log", b)
}

func (p *pages) join(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id := r.PathValue("id")
	if err := p.Store.JoinChat(r.Context(), v.Tenant.Slug, id, by(v), v.Actor()); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("handovers/"+id)+"#chat", "handovers_done_joined")
}

func (p *pages) say(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id, text := r.PathValue("id"), r.PostFormValue("message")
	err := p.Desk.WriteBack(r.Context(), v.Tenant.Slug, id, text)
	if code := fault.CodeOf(err); code == fault.Invalid || code == fault.TooLarge {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("handovers_problem_message")
		return p.showHandOver(w, r, v, "")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, v.URL("handovers/"+id)+"#chat", http.StatusSeeOther)
	return nil
}

func (p *pages) end(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id := r.PathValue("id")
	if err := p.Store.EndChat(r.Context(), v.Tenant.Slug, id, by(v), v.Actor()); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("handovers/"+id), "handovers_done_ended")
}
