package questions

import (
	"context"
	"net/http"
	"unicode/utf8"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/desk"
	"sportello/assistant/fault"
	"sportello/web/staff"
)

type handOversBody struct {
	Rows          []assistant.HandOver
	State, Office string
	Waiting       waitingBody
	Offices       []string
	CanMail       bool
}

func (p *pages) handOvers(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	b := handOversBody{State: r.URL.Query().Get("state"), Office: r.URL.Query().Get("office"), CanMail: p.Desk.CanMail()}
	switch b.State {
	case assistant.HandOverAnswered, assistant.HandOverClosed:
	default:
		b.State = assistant.HandOverOpen
	}
	var err error
	if b.Rows, err = p.Store.HandOvers(r.Context(), v.Tenant.Slug, b.State, b.Office); err != nil {
		return err
	}
	if b.Offices, _, err = p.offices(r.Context(), v.Tenant.Slug); err != nil {
		return err
	}
	if b.Waiting, err = p.waits(r.Context(), v); err != nil {
		return err
	}
	return v.Render(w, "handovers", v.L.T("handovers_title"), b)
}

type handOverBody struct {
	*assistant.HandOver
	Asked   *assistant.Asked // what the assistant had answered; nil when it is no longer kept
	Mails   []assistant.Mail
	Offices []string
	CanMail bool
	Draft   string // a reply that could not be sent
	Most    int
	Chat    *chatBody // nil: the citizen asked for none
}

func (p *pages) handOver(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.showHandOver(w, r, v, "")
}

func (p *pages) showHandOver(w http.ResponseWriter, r *http.Request, v *staff.Visit, draft string) error {
	ctx, tenant := r.Context(), v.Tenant.Slug
	h, err := p.Store.HandOver(ctx, tenant, r.PathValue("id"))
	if err != nil {
		return err
	}
	h.Email, h.Token = "", "" // nobody's to see
	b := handOverBody{HandOver: h, CanMail: p.Desk.CanMail(), Draft: draft, Most: desk.MostReply}
	if h.Asked != "" && v.May(access.ReadQuestions) {
		if b.Asked, err = p.Store.Asked(ctx, tenant, h.Asked); err != nil && fault.CodeOf(err) != fault.NotFound {
			return err
		}
	}
	if b.Chat, err = p.conversation(ctx, v, h.ID); err != nil {
		return err
	}
	if b.Mails, err = p.Store.Mails(ctx, tenant, h.ID); err != nil {
		return err
	}
	if b.Offices, _, err = p.offices(ctx, tenant); err != nil {
		return err
	}
	return v.Render(w, "handover", v.L.T("handovers_one_title", map[string]any{"Number": h.ID}), b)
}

func (p *pages) answerHandOver(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id, reply := r.PathValue("id"), r.PostFormValue("reply")
	err := p.reply(r.Context(), v, id, reply)
	if code := fault.CodeOf(err); code == fault.Invalid || code == fault.TooLarge {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("handovers_problem_reply")
		if utf8.RuneCountInString(reply) > desk.MostReply {
			v.Problem = v.L.N("handovers_problem_long", desk.MostReply)
		}
		return p.showHandOver(w, r, v, reply)
	}
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("handovers/"+id), "handovers_done_answered")
}

func (p *pages) reply(ctx context.Context, v *staff.Visit, id, text string) error {
	return p.Desk.Answer(ctx, v.Tenant.Slug, id, text, by(v), v.Actor())
}

func (p *pages) moveHandOver(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id := r.PathValue("id")
	if err := p.move(r.Context(), v, id, r.PostFormValue("office")); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("handovers/"+id), "handovers_done_moved")
}

func (p *pages) move(ctx context.Context, v *staff.Visit, id, office string) error {
	return p.Desk.Move(ctx, v.Tenant.Slug, id, office, v.Actor())
}

func (p *pages) closeHandOver(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := p.close(r.Context(), v, r.PathValue("id")); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("handovers"), "handovers_done_closed")
}

func (p *pages) close(ctx context.Context, v *staff.Visit, id string) error {
	return p.Store.CloseHandOver(ctx, v.Tenant.Slug, id, by(v), v.Actor())
}
