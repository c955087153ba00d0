package minutes

import (
	"encoding/json"
	"net/http"

	"sportello/assistant/drafting/minutes"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// propose has the model tell one voice's part of an item. What it writes is weighed against the turns, and is the model's until a person accepts it.
func (p *pages) propose(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	err := p.proposePart(r, v, r.PostFormValue("part"))
	switch fault.CodeOf(err) {
	case fault.Conflict, fault.Unavailable, fault.Timeout, fault.Unsupported:
		v.Status, v.Problem = http.StatusConflict, v.L.T("minutes_problem_propose")
		if fault.CodeOf(err) != fault.Conflict {
			v.Status, v.Problem = http.StatusServiceUnavailable, v.L.T("minutes_problem_model")
		}
		return p.verbale(w, r, v)
	}
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("minutes/"+r.PathValue("id")+"/verbale")+"#rewrite", "minutes_done_proposed")
}

func (p *pages) proposePart(r *http.Request, v *staff.Visit, key string) error {
	if p.Phraser == nil {
		return fault.New(fault.Unsupported, "no chat model is configured: see chat.model and chat.address")
	}
	m, err := p.load(r, v)
	if err != nil {
		return err
	}
	m.Lay()
	for _, part := range m.Material.Parts {
		if partKey(part) != key {
			continue
		}
		tally, err := m.Session.Phrased(r.Context(), &part, m.Material.Transcript, p.Phraser)
		if err != nil {
			return fault.Wrap(fault.Unavailable, err, "the chat model gave no answer")
		}
		if part.Model == "" {
			return fault.New(fault.Conflict, "the turns hold up too little of what the model wrote (%d sentences dropped): the literal ones stay", tally.Rejected)
		}
		was := m.Meeting.Transcript
		return p.keepPart(r, v, key, func(now *store.Meeting, _ minutes.Part) (*minutes.Part, error) {
			if now.Transcript != was { // the model was told of turns that are no more, or of voices with other names
				return nil, fault.New(fault.Conflict, "the transcript was changed meanwhile: ask again")
			}
			return &part, nil
		})
	}
	return fault.New(fault.NotFound, "there is no part %q of the discussion", key)
}

// accept makes what a model proposed a person's. What is doubtful in it stays to be verified.
func (p *pages) accept(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := p.acceptPart(r, v, r.PostFormValue("part")); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("minutes/"+r.PathValue("id")+"/verbale")+"#rewrite", "minutes_done_accepted")
}

func (p *pages) acceptPart(r *http.Request, v *staff.Visit, key string) error {
	return p.keepPart(r, v, key, func(_ *store.Meeting, part minutes.Part) (*minutes.Part, error) {
		some := false
		for i := range part.Said {
			if part.Said[i].Origin == minutes.Model {
				part.Said[i].Origin, some = minutes.ByHand, true
			}
		}
		if !some {
			return nil, fault.New(fault.Conflict, "nothing of a model waits in part %q", key)
		}
		return &part, nil
	})
}

// keepPart changes what is kept of one part; nil takes away what was kept, and the literal sentences are there again.
func (p *pages) keepPart(r *http.Request, v *staff.Visit, key string, change func(now *store.Meeting, part minutes.Part) (*minutes.Part, error)) error {
	_, err := p.Store.ChangeMeeting(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id"), 0, "", func(m *store.Meeting) error {
		x, err := readMeeting(m)
		if err != nil {
			return err
		}
		written, err := x.written()
		if err != nil {
			return err
		}
		if err := x.lay(); err != nil {
			return err
		}
		for _, part := range x.Material.Parts {
			if partKey(part) != key {
				continue
			}
			kept, err := change(m, part)
			if err != nil {
				return err
			}
			delete(written, key)
			if kept != nil {
				written[key] = *kept
			}
			data, err := json.Marshal(written)
			m.Parts = string(data)
			return err
		}
		return fault.New(fault.NotFound, "there is no part %q of the discussion", key)
	})
	return err
}

func (p *pages) apiPropose(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.apiOfPart(w, r, v, p.proposePart)
}

func (p *pages) apiAccept(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.apiOfPart(w, r, v, p.acceptPart)
}

func (p *pages) apiOfPart(w http.ResponseWriter, r *http.Request, v *staff.Visit, do func(r *http.Request, v *staff.Visit, key string) error) error {
	var in struct {
		Part string `json:"part"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if err := do(r, v, in.Part); err != nil {
		return err
	}
	return p.apiVerbale(w, r, v)
}
