package minutes

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"sportello/assistant/drafting/minutes"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

type transcriptBody struct {
	*meeting
	Voices []minutes.Voice
	Turns  []turnRow
	From   int
	Next   int
	Words  int
}

// turnRow is a turn with the item that it is of, and that begins with it.
type turnRow struct {
	minutes.Turn
	Index  int
	Item   int
	Begins *minutes.Mark
	Who    string
}

// turnsShown is how many turns a page has.
const turnsShown = 200

func (p *pages) transcript(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	m, err := p.load(r, v)
	if err != nil {
		return err
	}
	body := transcriptBody{meeting: m}
	if t := m.Material.Transcript; t != nil {
		m.Lay()
		body.Voices, body.Words = t.Voices(), t.Words()
		from, _ := strconv.Atoi(r.URL.Query().Get("from")) // nonsense is the beginning
		body.From = min(max(from, 0), len(t.Turns))
		items := minutes.ItemOf(m.Marks, len(t.Turns))
		for i := body.From; i < min(body.From+turnsShown, len(t.Turns)); i++ {
			row := turnRow{Turn: t.Turns[i], Index: i, Item: items[i], Who: t.Names[t.Turns[i].Voice]}
			for k := range m.Marks {
				if m.Marks[k].Turn == i {
					row.Begins = &m.Marks[k]
				}
			}
			body.Turns = append(body.Turns, row)
		}
		if body.From+turnsShown < len(t.Turns) {
			body.Next = body.From + turnsShown
		}
	}
	return v.Render(w, "transcript", v.L.T("minutes_transcript_title"), body)
}

// readUpload reads a transcript of any form that is known.
func (p *pages) readUpload(r *http.Request, name string, data []byte) (*minutes.Transcript, error) {
	if p.Read != nil {
		return p.Read(r.Context(), name, data)
	}
	return minutes.Read(name, data)
}

func (p *pages) upload(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	wrong := func(why string) error {
		v.Status, v.Problem = http.StatusUnprocessableEntity, why
		return p.transcript(w, r, v)
	}
	f, head, err := r.FormFile("file")
	if err != nil {
		return wrong(v.L.T("minutes_problem_file"))
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(f)
	if err != nil {
		return wrong(v.L.T("minutes_problem_file"))
	}
	t, err := p.readUpload(r, head.Filename, data)
	if err != nil {
		return wrong(v.L.T("minutes_problem_transcript_" + string(known(fault.CodeOf(err)))))
	}
	if err := p.setTranscript(r, v, t); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("minutes/"+r.PathValue("id")+"/transcript"), "minutes_done_transcript")
}

// known are the ways in which a transcript is refused that have a sentence of their own.
func known(c fault.Code) fault.Code {
	switch c {
	case fault.NoText, fault.TooLarge, fault.Unsupported, fault.Broken:
		return c
	}
	return fault.Broken
}

func (p *pages) setTranscript(r *http.Request, v *staff.Visit, t *minutes.Transcript) error {
	data, err := json.Marshal(t)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "transcript")
	}
	_, err = p.Store.ChangeMeeting(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id"), 0, "meeting.transcript", func(m *store.Meeting) error {
		m.Transcript, m.Parts = string(data), ""
		return nil
	})
	return err
}

// withTranscript changes the transcript of the path; fault.NotFound when there is none.
func (p *pages) withTranscript(r *http.Request, v *staff.Visit, do func(*meeting, *minutes.Transcript) error) error {
	_, err := p.Store.ChangeMeeting(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id"), 0, "", func(m *store.Meeting) error {
		x, err := readMeeting(m)
		if err != nil {
			return err
		}
		if x.Material.Transcript == nil {
			return fault.New(fault.NotFound, "the session has no transcript")
		}
		if err := do(x, x.Material.Transcript); err != nil {
			return err
		}
		data, err := json.Marshal(x.Material.Transcript)
		m.Transcript = string(data)
		return err
	})
	return err
}

// voices takes who each voice is, as a person says it.
func (p *pages) voices(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	err := p.withTranscript(r, v, func(_ *meeting, t *minutes.Transcript) error {
		for _, x := range t.Voices() {
			if _, given := r.PostForm[x.Name]; given {
				t.Call(x.Name, r.PostFormValue(x.Name))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("minutes/"+r.PathValue("id")+"/transcript"), "minutes_done_voices")
}

// marks takes where an item begins, as a person says it.
func (p *pages) marks(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	turn, err1 := strconv.Atoi(r.PostFormValue("turn"))
	item, err2 := strconv.Atoi(r.PostFormValue("item"))
	if err1 != nil || err2 != nil {
		return fault.New(fault.Invalid, "turn and item are numbers")
	}
	if err := p.mark(r, v, turn, item); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("minutes/"+r.PathValue("id")+"/transcript", "from", r.PostFormValue("from"))+"#turn-"+strconv.Itoa(turn), "minutes_done_mark")
}

func (p *pages) mark(r *http.Request, v *staff.Visit, turn, item int) error {
	return p.withTranscript(r, v, func(m *meeting, t *minutes.Transcript) error {
		if turn < 0 || turn >= len(t.Turns) || item < 0 || item > len(m.Session.Items) {
			return fault.New(fault.Invalid, "there is no turn %d or no item %d", turn, item)
		}
		t.Mark(turn, item)
		return nil
	})
}

// part takes what a person writes in the place of what was extracted; nothing written brings that back.
func (p *pages) part(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	key := r.PostFormValue("part")
	if err := p.setPart(r, v, key, strings.TrimSpace(r.PostFormValue("text"))); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("minutes/"+r.PathValue("id")+"/verbale"), "minutes_done_part")
}

func (p *pages) setPart(r *http.Request, v *staff.Visit, key, text string) error {
	if utf8.RuneCountInString(text) > minutes.LongestLine {
		return fault.New(fault.Invalid, "a part has at most %d characters", minutes.LongestLine)
	}
	return p.keepPart(r, v, key, func(_ *store.Meeting, part minutes.Part) (*minutes.Part, error) {
		if text == "" {
			return nil, nil
		}
		part.Said = []minutes.Said{{Text: text, Time: part.Start, Origin: minutes.ByHand}}
		return &part, nil
	})
}
