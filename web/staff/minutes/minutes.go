// Package minutes is the part of the staff console in which the segretario keeps a session of a Giunta or a Consiglio: the frame, the diary
// typed live, the transcript with its voices and where the items begin, the verbale and its files.
//
// What a session amounts to is worked out by assistant/drafting/minutes from what is entered, each time; the store keeps the lines as they
// were typed. A line of the diary has an id that the browser makes, so that one that is sent again after the line broke is there once.
package minutes

import (
	"context"
	"crypto/ed25519"
	"embed"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/drafting"
	"sportello/assistant/drafting/minutes"
	"sportello/assistant/drafting/rule"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

//go:embed templates/*.html
var templates embed.FS

// Config is what New needs.
type Config struct {
	Store   *store.Store
	Library *drafting.Library
	// Read reads a transcript that is no TXT, VTT or SRT; nil: those only.
	Read func(ctx context.Context, name string, data []byte) (*minutes.Transcript, error)
	// Check gives what the rules of acts find in a text.
	Check   func(ctx context.Context, d *drafting.Draft) ([]rule.Finding, error)
	Phraser minutes.Phraser                    // tells what was said in indirect speech; nil: no chat model is configured
	Within  time.Duration                      // for one part that it tells; default one minute
	Key     func() (ed25519.PrivateKey, error) // signs exports
	Tool    string                             // program and version, for the manifest
	Now     func() time.Time
}

type pages struct{ Config }

const (
	edit = access.EditMinutes
	// mostTranscript bounds a transcript that is uploaded: a DOCX has pictures.
	mostTranscript = 20 << 20
)

// New gives the part.
func New(c Config) staff.Part {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Within <= 0 {
		c.Within = time.Minute
	}
	p := &pages{c}
	asked := staff.Change("minutes/{id}/propose", edit, p.propose)
	asked.Timeout = c.Within + 10*time.Second
	return staff.Part{
		Templates: templates,
		Funcs:     funcs,
		Menu:      []staff.MenuItem{{Label: "minutes_menu", Path: "minutes", Icon: "it-calendar", Action: edit, Order: 26}},
		Routes: append(p.apiRoutes(), []staff.Route{
			staff.Page("minutes", edit, p.list), staff.Change("minutes", edit, p.add),
			staff.Page("minutes/{id}", edit, p.live), staff.Change("minutes/{id}/lines", edit, p.addLine),
			staff.Change("minutes/{id}/lines/{line}", edit, p.changeLine),
			staff.Page("minutes/{id}/frame", edit, p.frame), staff.Change("minutes/{id}/frame", edit, p.setFrame),
			staff.Page("minutes/{id}/transcript", edit, p.transcript), staff.Change("minutes/{id}/transcript", edit, p.upload).WithBody(mostTranscript),
			staff.Change("minutes/{id}/voices", edit, p.voices), staff.Change("minutes/{id}/marks", edit, p.marks),
			staff.Page("minutes/{id}/verbale", edit, p.verbale), staff.Change("minutes/{id}/parts", edit, p.part),
			asked, staff.Change("minutes/{id}/accept", edit, p.accept),
			staff.Page("minutes/{id}/export", edit, p.export), staff.Change("minutes/{id}/final", edit, p.final),
			staff.Change("minutes/{id}/restore", edit, p.restore), staff.Change("minutes/{id}/delete", edit, p.drop),
		}...),
	}
}

// meeting is a session as the store has it, read.
type meeting struct {
	*store.Meeting
	*minutes.Material
	State *minutes.State
}

// readMeeting reads what the store keeps.
func readMeeting(m *store.Meeting) (*meeting, error) {
	out := &meeting{Meeting: m, Material: &minutes.Material{Session: &minutes.Session{}}}
	if err := json.Unmarshal([]byte(m.Body), out.Session); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the session %s cannot be read", m.ID)
	}
	if m.Transcript != "" {
		out.Material.Transcript = &minutes.Transcript{}
		if err := json.Unmarshal([]byte(m.Transcript), out.Material.Transcript); err != nil {
			return nil, fault.Wrap(fault.Internal, err, "the transcript of %s cannot be read", m.ID)
		}
	}
	out.State = out.Session.Follow()
	return out, nil
}

// lay lays the transcript on the agenda, with what a person wrote in the place of what was extracted.
func (m *meeting) lay() error {
	m.Lay()
	written, err := m.written()
	if err != nil {
		return err
	}
	for i, p := range m.Material.Parts {
		if w, ok := written[partKey(p)]; ok {
			m.Material.Parts[i].Said, m.Material.Parts[i].Model = w.Said, w.Model
		}
	}
	return nil
}

// written gives what a person wrote or a model proposed, by part.
func (m *meeting) written() (map[string]minutes.Part, error) {
	written := map[string]minutes.Part{}
	if m.Meeting.Parts == "" {
		return written, nil
	}
	if err := json.Unmarshal([]byte(m.Meeting.Parts), &written); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the parts of %s cannot be read", m.ID)
	}
	return written, nil
}

func partKey(p minutes.Part) string { return strconv.Itoa(p.Item) + " " + p.Voice }

// load gives the session of the path.
func (p *pages) load(r *http.Request, v *staff.Visit) (*meeting, error) {
	m, err := p.Store.Meeting(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return readMeeting(m)
}

// change changes the session of the path; revision as for store.ChangeMeeting.
func (p *pages) change(r *http.Request, v *staff.Visit, revision int, action string, do func(*minutes.Session) error) (*meeting, error) {
	m, err := p.Store.ChangeMeeting(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id"), revision, action, func(m *store.Meeting) error {
		x, err := readMeeting(m)
		if err != nil {
			return err
		}
		if err := do(x.Session); err != nil {
			return err
		}
		if err := x.Session.Check(); err != nil {
			return err
		}
		body, err := json.Marshal(x.Session)
		m.Body, m.Organ, m.Day = string(body), x.Session.Organ, x.Session.Day
		return err
	})
	if err != nil {
		return nil, err
	}
	return readMeeting(m)
}

type listBody struct {
	List []meeting
	Day  string
}

func (p *pages) list(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	all, err := p.Store.Meetings(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	body := listBody{Day: p.Now().Format(time.DateOnly)}
	for i := range all {
		m, err := readMeeting(&all[i])
		if err != nil {
			return err
		}
		body.List = append(body.List, *m)
	}
	return v.Render(w, "minutes", v.L.T("minutes_title"), body)
}

// fresh makes a session with what does not change from one to the next: the members and the rules of the last one of the same body.
func (p *pages) fresh(ctx context.Context, v *staff.Visit, organ, day string) (*minutes.Session, error) {
	s := &minutes.Session{Organ: organ, Day: day, Style: minutes.Summary, Diary: minutes.Diary{}}
	s.Body.Name = v.Tenant.Name
	if organ == minutes.Consiglio {
		s.Call = "prima"
	}
	all, err := p.Store.Meetings(ctx, v.Tenant.Slug)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Organ != organ {
			continue
		}
		m, err := readMeeting(&all[i])
		if err != nil {
			return nil, err
		}
		last := m.Session
		s.Members, s.Rules, s.Body, s.Place, s.Chair, s.Secretary, s.Hour, s.Style = last.Members, last.Rules, last.Body, last.Place, last.Chair, last.Secretary, last.Hour, last.Style
		break
	}
	return s, s.Check()
}

func (p *pages) create(r *http.Request, v *staff.Visit, s *minutes.Session) (string, error) {
	body, err := json.Marshal(s)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "session")
	}
	return p.Store.AddMeeting(r.Context(), v.Actor(), v.Tenant.Slug, store.Meeting{Organ: s.Organ, Day: s.Day, Body: string(body)})
}

func (p *pages) add(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	s, err := p.fresh(r.Context(), v, r.PostFormValue("organ"), strings.TrimSpace(r.PostFormValue("day")))
	if err != nil {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("minutes_problem_new")
		return p.list(w, r, v)
	}
	id, err := p.create(r, v, s)
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("minutes/"+id+"/frame"), "minutes_done_added")
}

func (p *pages) drop(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := p.Store.DropMeeting(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id")); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("minutes"), "minutes_done_deleted")
}

// restore goes back to what the session was before a change.
func (p *pages) restore(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	saves, err := p.Store.MeetingSaves(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return err
	}
	for _, s := range saves {
		if strconv.Itoa(s.Revision) != r.PostFormValue("revision") {
			continue
		}
		_, err := p.change(r, v, 0, "meeting.restore", func(x *minutes.Session) error {
			*x = minutes.Session{}
			return json.Unmarshal([]byte(s.Body), x)
		})
		if err != nil {
			return err
		}
		return v.Done(w, r, v.URL("minutes/"+r.PathValue("id")), "minutes_done_restored")
	}
	return fault.New(fault.NotFound, "there is no such state of the session")
}
