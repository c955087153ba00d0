package minutes

import (
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"sportello/assistant/drafting/minutes"
	"sportello/assistant/fault"
	"sportello/web/staff"
)

var funcs = template.FuncMap{
	"stamp": minutes.Stamp,
	"inc":   func(n int) int { return n + 1 },
	"clock": func(seconds int) string {
		if seconds < 0 {
			return ""
		}
		return time.Unix(int64(seconds), 0).UTC().Format("15:04")
	},
}

// liveBody is what the page of a session under way shows.
type liveBody struct {
	*meeting
	Rows     []diaryRow
	Members  []memberRow
	General  []minutes.Problem // of no line
	Commands []string
	Saves    int
}

// diaryRow is a line of the diary with what it amounts to.
type diaryRow struct {
	minutes.Line
	Number   int
	Present  int // after it; -1: the line is not understood
	Item     int
	Vote     *minutes.Vote
	Problems []minutes.Problem
}

type memberRow struct {
	minutes.Member
	Present bool
}

func newLive(m *meeting) liveBody {
	body := liveBody{meeting: m, Commands: minutes.Commands()}
	by := map[string][]minutes.Problem{}
	for _, x := range m.State.Problems {
		if x.ID == "" {
			body.General = append(body.General, x)
			continue
		}
		by[x.ID] = append(by[x.ID], x)
	}
	at := map[string]int{}
	for k, e := range m.State.Events {
		at[e.ID] = k + 1
	}
	for i, l := range m.Session.Diary {
		row := diaryRow{Line: l, Number: i + 1, Present: -1, Problems: by[l.ID]}
		if k := at[l.ID]; k > 0 {
			e := m.State.Events[k-1]
			row.Present, row.Item, row.Vote = m.State.Headings[k-1], e.Item, e.Vote
		}
		body.Rows = append(body.Rows, row)
	}
	slices.Reverse(body.Rows) // what was typed last is next to where one types
	for i, x := range m.Session.Members {
		body.Members = append(body.Members, memberRow{x, m.State.Present[i]})
	}
	return body
}

func (p *pages) live(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	m, err := p.load(r, v)
	if err != nil {
		return err
	}
	body := newLive(m)
	if r.Header.Get("X-Piece") != "" {
		return v.Fragment(w, "live", body)
	}
	saves, err := p.Store.MeetingSaves(r.Context(), v.Tenant.Slug, m.ID)
	if err != nil {
		return err
	}
	body.Saves = len(saves)
	return v.Render(w, "live", v.L.T("minutes_live_title"), struct {
		liveBody
		States []save
	}{body, newSaves(saves)})
}

// addLine appends a line; one whose id is there already is taken for the same.
func (p *pages) addLine(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id, text := strings.TrimSpace(r.PostFormValue("line")), strings.TrimSpace(r.PostFormValue("text"))
	if who := strings.TrimSpace(r.PostFormValue("who")); who != "" && text != "" { // the form of declarations
		text = "dichiara " + who + ": " + text
	}
	m, err := p.appendLine(r, v, id, text)
	switch {
	case err != nil && fault.CodeOf(err) == fault.Invalid && r.Header.Get("X-Piece") == "":
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("minutes_problem_line")
		return p.live(w, r, v)
	case err != nil:
		return err
	case r.Header.Get("X-Piece") != "":
		return v.Fragment(w, "live", newLive(m))
	}
	return v.Done(w, r, v.URL("minutes/"+m.ID), "")
}

func (p *pages) appendLine(r *http.Request, v *staff.Visit, id, text string) (*meeting, error) {
	if text = strings.TrimSpace(text); text == "" || len(id) > 64 {
		return nil, fault.New(fault.Invalid, "a line has text, and an id of at most 64 characters")
	}
	return p.change(r, v, 0, "", func(s *minutes.Session) error {
		if id == "" {
			id = "r" + time.Now().UTC().Format("20060102150405.000000000")
		}
		if !slices.ContainsFunc(s.Diary, func(l minutes.Line) bool { return l.ID == id }) {
			s.Diary = append(s.Diary, minutes.Line{ID: id, Text: text})
		}
		return nil
	})
}

// changeLine puts a line right, moves it up or takes it out. "was" is what the person saw: a line that somebody else changed since stays.
func (p *pages) changeLine(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	was, text := r.PostFormValue("was"), strings.TrimSpace(r.PostFormValue("text"))
	m, err := p.setLine(r, v, r.PathValue("line"), &was, text, r.PostFormValue("up") != "")
	switch {
	case fault.CodeOf(err) == fault.Conflict && r.Header.Get("X-Piece") == "":
		v.Status, v.Problem = http.StatusConflict, v.L.T("minutes_problem_conflict")
		return p.live(w, r, v)
	case err != nil:
		return err
	case r.Header.Get("X-Piece") != "":
		return v.Fragment(w, "live", newLive(m))
	}
	return v.Done(w, r, v.URL("minutes/"+m.ID), "")
}

func (p *pages) setLine(r *http.Request, v *staff.Visit, id string, was *string, text string, up bool) (*meeting, error) {
	return p.change(r, v, 0, "", func(s *minutes.Session) error {
		i := slices.IndexFunc(s.Diary, func(l minutes.Line) bool { return l.ID == id })
		switch {
		case i < 0:
			return fault.New(fault.NotFound, "there is no line %q", id)
		case was != nil && strings.TrimSpace(strings.ReplaceAll(*was, "\r\n", "\n")) != strings.TrimSpace(strings.ReplaceAll(s.Diary[i].Text, "\r\n", "\n")):
			return fault.New(fault.Conflict, "somebody else has changed the line meanwhile: %s", s.Diary[i].Text)
		case up && i > 0:
			s.Diary[i], s.Diary[i-1] = s.Diary[i-1], s.Diary[i]
		case up:
		case text == "":
			s.Diary = slices.Delete(s.Diary, i, i+1)
		default:
			s.Diary[i].Text = text
		}
		return nil
	})
}
