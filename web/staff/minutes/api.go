package minutes

import (
	"io"
	"mime"
	"net/http"
	"time"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/minutes"
	"sportello/assistant/drafting/rule"
	"sportello/assistant/fault"
	"sportello/web/staff"
)

// apiRoutes is what the pages do, for programs: described in web/api/openapi.yaml.
func (p *pages) apiRoutes() []staff.Route {
	const post = http.MethodPost
	asked := staff.APIChange(post, "minutes/{id}/propose", edit, p.apiPropose)
	asked.Timeout = p.Within + 10*time.Second
	return []staff.Route{
		staff.APIGet("minutes", edit, p.apiList), staff.APIChange(post, "minutes", edit, p.apiAdd).WithBody(4 << 20),
		staff.APIGet("minutes/{id}", edit, p.apiShow), staff.APIChange(http.MethodPut, "minutes/{id}", edit, p.apiPut).WithBody(4 << 20),
		staff.APIChange(http.MethodDelete, "minutes/{id}", edit, p.apiDrop),
		staff.APIChange(post, "minutes/{id}/lines", edit, p.apiAddLine), staff.APIChange(http.MethodPatch, "minutes/{id}/lines/{line}", edit, p.apiSetLine),
		staff.APIChange(http.MethodPut, "minutes/{id}/transcript", edit, p.apiTranscript).WithBody(mostTranscript),
		staff.APIChange(http.MethodPatch, "minutes/{id}/transcript", edit, p.apiCorrect),
		staff.APIChange(post, "minutes/{id}/parts", edit, p.apiPart),
		asked, staff.APIChange(post, "minutes/{id}/accept", edit, p.apiAccept), staff.APIChange(post, "minutes/{id}/final", edit, p.apiFinal),
		staff.APIGet("minutes/{id}/verbale", edit, p.apiVerbale), staff.APIGet("minutes/{id}/export", edit, p.export),
	}
}

type meetingJSON struct {
	ID       string            `json:"id"`
	Revision int               `json:"revision"`
	Session  *minutes.Session  `json:"session"`
	Present  int               `json:"present"`
	Problems []minutes.Problem `json:"problems"`
	Voices   []minutes.Voice   `json:"voices"`
	Marks    []minutes.Mark    `json:"marks"`
	Changed  string            `json:"changed"`
}

func fromMeeting(m *meeting) meetingJSON {
	out := meetingJSON{ID: m.ID, Revision: m.Revision, Session: m.Session, Present: m.State.Count(), Voices: []minutes.Voice{}, Marks: []minutes.Mark{}, Changed: staff.Moment(m.Changed)}
	if m.Session.Members == nil {
		m.Session.Members = []minutes.Member{}
	}
	if m.Session.Items == nil {
		m.Session.Items = []minutes.Item{}
	}
	if m.Session.Diary == nil {
		m.Session.Diary = minutes.Diary{}
	}
	if t := m.Material.Transcript; t != nil {
		m.Lay()
		out.Voices, out.Marks = t.Voices(), m.Marks
	}
	out.Problems = append(append([]minutes.Problem{}, m.State.Problems...), m.Material.Problems(m.State)...)
	return out
}

func (p *pages) apiList(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	all, err := p.Store.Meetings(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	type row struct {
		ID       string `json:"id"`
		Organ    string `json:"organ"`
		Day      string `json:"day"`
		Revision int    `json:"revision"`
		Changed  string `json:"changed"`
	}
	out := []row{}
	for _, m := range all {
		out = append(out, row{m.ID, m.Organ, m.Day, m.Revision, staff.Moment(m.Changed)})
	}
	return v.JSON(w, http.StatusOK, map[string]any{"meetings": out})
}

func (p *pages) apiAdd(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var s minutes.Session
	if err := staff.ReadJSON(r, &s); err != nil {
		return err
	}
	if err := s.Check(); err != nil {
		return err
	}
	id, err := p.create(r, v, &s)
	if err != nil {
		return err
	}
	r.SetPathValue("id", id)
	return p.apiGive(w, r, v, http.StatusCreated)
}

func (p *pages) apiGive(w http.ResponseWriter, r *http.Request, v *staff.Visit, status int) error {
	m, err := p.load(r, v)
	if err != nil {
		return err
	}
	return v.JSON(w, status, fromMeeting(m))
}

func (p *pages) apiShow(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.apiGive(w, r, v, http.StatusOK)
}

// apiPut puts a whole session in the place of the one of a revision.
func (p *pages) apiPut(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Revision int              `json:"revision"`
		Session  *minutes.Session `json:"session"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if in.Session == nil || in.Revision < 1 {
		return fault.New(fault.Invalid, "revision (the one that was read) and session are needed")
	}
	if _, err := p.change(r, v, in.Revision, "meeting.change", func(s *minutes.Session) error { *s = *in.Session; return nil }); err != nil {
		return err
	}
	return p.apiShow(w, r, v)
}

func (p *pages) apiDrop(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := p.Store.DropMeeting(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id")); err != nil {
		return err
	}
	return staff.NoContent(w)
}

func (p *pages) apiAddLine(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if _, err := p.appendLine(r, v, in.ID, in.Text); err != nil {
		return err
	}
	return p.apiGive(w, r, v, http.StatusCreated)
}

func (p *pages) apiSetLine(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Text string  `json:"text"`
		Was  *string `json:"was"`
		Up   bool    `json:"up"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if _, err := p.setLine(r, v, r.PathValue("line"), in.Was, in.Text, in.Up); err != nil {
		return err
	}
	return p.apiShow(w, r, v)
}

// apiTranscript takes a transcript as its bytes: TXT, VTT, SRT or DOCX, told by what is in it.
func (p *pages) apiTranscript(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/octet-stream" {
		return fault.New(fault.Unsupported, "the body is the file itself, with Content-Type: application/octet-stream")
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return fault.Wrap(fault.TooLarge, err, "the transcript has at most %d MB", mostTranscript>>20)
	}
	if _, err := p.Store.Meeting(r.Context(), v.Tenant.Slug, r.PathValue("id")); err != nil {
		return err
	}
	t, err := p.readUpload(r, "trascrizione", data)
	if err != nil {
		return err
	}
	if err := p.setTranscript(r, v, t); err != nil {
		return err
	}
	return p.apiShow(w, r, v)
}

// apiCorrect says who a voice is, or where an item begins.
func (p *pages) apiCorrect(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Voice string `json:"voice"`
		Name  string `json:"name"`
		Turn  *int   `json:"turn"`
		Item  *int   `json:"item"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	switch {
	case in.Voice != "" && in.Turn == nil && in.Item == nil:
		err := p.withTranscript(r, v, func(_ *meeting, t *minutes.Transcript) error {
			if !t.Call(in.Voice, in.Name) {
				return fault.New(fault.NotFound, "there is no %q in the transcript", in.Voice)
			}
			return nil
		})
		if err != nil {
			return err
		}
	case in.Voice == "" && in.Name == "" && in.Turn != nil && in.Item != nil:
		if err := p.mark(r, v, *in.Turn, *in.Item); err != nil {
			return err
		}
	default:
		return fault.New(fault.Invalid, "say voice and name, or turn and item")
	}
	return p.apiShow(w, r, v)
}

func (p *pages) apiPart(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Part string `json:"part"`
		Text string `json:"text"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if err := p.setPart(r, v, in.Part, in.Text); err != nil {
		return err
	}
	return p.apiVerbale(w, r, v)
}

func (p *pages) apiVerbale(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	m, err := p.load(r, v)
	if err != nil {
		return err
	}
	body, err := p.assess(r.Context(), v, m)
	if err != nil {
		return err
	}
	type part struct {
		Part string `json:"part"`
		Item int    `json:"item"`
		Who  string `json:"who"`
		minutesSaid
	}
	parts := []part{}
	for _, x := range m.Material.Parts {
		parts = append(parts, part{partKey(x), x.Item, m.Material.Transcript.Names[x.Voice], minutesSaid{x.Said}})
	}
	open, findings := body.Open, body.Findings
	if open == nil {
		open = []drafting.Open{}
	}
	if findings == nil {
		findings = []rule.Finding{}
	}
	return v.JSON(w, http.StatusOK, map[string]any{"text": body.Draft.Text(), "open": open, "findings": findings, "problems": body.Problems, "parts": parts, "blocked": body.Blocked})
}

type minutesSaid struct {
	Said []minutes.Said `json:"said"`
}
