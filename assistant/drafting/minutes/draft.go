package minutes

import (
	"slices"
	"strings"
	"time"

	"sportello/assistant/drafting"
)

// Material is what a verbale is made of.
type Material struct {
	Session    *Session
	Transcript *Transcript // nil: none
	Parts      []Part      // what is told of the discussion
	Marks      []Mark
	Approval   *Approval // of this verbale, in the next session
}

// Approval says that a verbale was approved, with what was put right in it.
type Approval struct {
	Day    string   `json:"day"`    // of the session that approved it
	Number string   `json:"number"` // of that session's verbale
	Fixes  []string `json:"fixes,omitempty"`
}

// Approves gives the approval of the verbale before, when a session has voted on it and it was carried.
func (s *Session) Approves() (*Approval, bool) {
	state := s.Follow()
	a := &Approval{Day: s.Day, Number: s.Number}
	passed := false
	for _, e := range state.Events {
		switch {
		case e.Kind == Amends:
			a.Fixes = append(a.Fixes, e.Text)
		case e.Kind == Votes && e.Vote.On == OnMinutes:
			passed = e.Vote.Passed
		}
	}
	return a, passed
}

// Draft writes the verbale with the body's template. What nobody entered is marked to be verified.
func (m Material) Draft(l *drafting.Library, now time.Time) (*drafting.Draft, error) {
	w := &writer{Material: m, state: m.Session.Follow()}
	d, err := l.Build(drafting.BuildConfig{Type: "verbale-" + m.Session.Organ, Facts: w.facts(), Now: now})
	if err != nil {
		return nil, err
	}
	w.origins(d)
	return d, nil
}

type writer struct {
	Material
	state *State
	told  []told // lines of the discussion, in the order in which they are in the text
}

// told is a line of the discussion and who wrote it.
type told struct {
	text   string
	origin Origin
	source string
}

func (w *writer) facts() map[string]any {
	s, t := w.Session, w.state
	facts := map[string]any{}
	put := func(name, value string) {
		if strings.TrimSpace(value) != "" {
			facts[name] = value
		}
	}
	put("ente.nome", s.Body.Name)
	put("ente.provincia", s.Body.Province)
	put("ente.tar", s.Body.Court)
	put("data", s.Day)
	put("seduta.data", s.Day)
	switch { // when it was opened, else the hour for which it was convened
	case t.Start >= 0:
		put("seduta.ora", hour(t.Start))
	default:
		put("seduta.ora", s.Hour)
	}
	put("seduta.luogo", s.Place)
	put("presidente", s.Chair)
	put("segretario", s.Secretary)
	put("numero_verbale", s.Number)
	if s.Organ == Consiglio {
		put("convocazione", s.Call)
	}
	if t.End >= 0 {
		put("fine_ora", hour(t.End))
	}
	if len(s.Members) > 0 {
		facts["componenti"] = float64(len(s.Members))
		var rows []any
		for i, m := range s.Members {
			rows = append(rows, map[string]any{"nome": m.Name, "carica": m.Office, "presente": t.AtStart[i]})
		}
		facts["presenze"] = rows
		facts["presenti_inizio"] = float64(countOf(t.AtStart))
	}
	if a := w.Approval; a != nil {
		facts["approvazione.data"], facts["approvazione.verbale"] = a.Day, a.Number
		put("approvazione.rettifiche", strings.Join(a.Fixes, "; "))
	}
	if before := w.rows(0); len(before) > 0 {
		facts["apertura"] = before
	}
	var items []any
	for i, x := range s.Items {
		item := map[string]any{"titolo": itoa(i+1) + ". " + strings.TrimSpace(x.Title)}
		if rows := w.rows(i + 1); len(rows) > 0 {
			item["righe"] = rows
		}
		items = append(items, item)
	}
	if len(items) > 0 {
		facts["punti"] = items
	}
	return facts
}

// row is a line of an item with its place in time.
type row struct {
	at    int // time of day in seconds, -1 unknown
	order int
	cells map[string]any
	said  []told
}

// rows gives what happened on an item, in the order of time: what the diary says in its order, and what was said between as far as times
// tell, else before the first vote.
func (w *writer) rows(item int) []any {
	s := w.Session
	reserved := item > 0 && s.Items[item-1].Reserved
	var diary []row
	count := 0
	if reserved {
		diary = append(diary, row{at: -1, cells: map[string]any{"tipo": "riservato"}})
	}
	for k, e := range w.state.Events {
		if e.Item != item {
			continue
		}
		if e.Kind == Closed {
			reserved = true
		}
		if cells := w.event(e, w.state.Headings[k], reserved); cells != nil {
			diary = append(diary, row{at: e.At, order: count, cells: cells})
		}
		count++
	}
	var speech []row
	if !reserved && s.Style != Decisions {
		speech = w.speech(item)
	}
	merged := interleave(diary, speech)
	var out []any
	for _, r := range merged {
		out = append(out, r.cells)
		w.told = append(w.told, r.said...)
	}
	return out
}

// interleave puts speech between what the diary says. A line of the diary with a time stands where that time is; one without follows the one
// before it, and speech without times comes before the first vote or outcome.
func interleave(diary, speech []row) []row {
	last := -1
	for i := range diary {
		if diary[i].at < 0 {
			diary[i].at = last
		}
		last = diary[i].at
	}
	var out []row
	k := 0
	for _, d := range diary {
		decides := d.cells["tipo"] == "voto" || d.cells["tipo"] == "esito"
		for k < len(speech) && (speech[k].at >= 0 && d.at >= 0 && speech[k].at <= d.at || (speech[k].at < 0 || d.at < 0) && decides) {
			out = append(out, speech[k])
			k++
		}
		out = append(out, d)
	}
	return append(out, speech[k:]...)
}

// event gives the cells of a line of the diary; nil for one that the text does not show.
func (w *writer) event(e Event, present int, reserved bool) map[string]any {
	s := w.Session
	names := func(who []int) string {
		var all []string
		for _, i := range who {
			all = append(all, s.Members[i].Styled())
		}
		return joined(all)
	}
	cells := map[string]any{"presenti": float64(present)}
	if e.At >= 0 {
		cells["ora"] = hour(e.At)
	}
	switch e.Kind {
	case Enters, Leaves:
		cells["tipo"], cells["chi"] = string(e.Kind), names(e.Who)
		if len(e.Who) > 1 {
			cells["piu"] = true
		}
	case Presides:
		cells["tipo"], cells["chi"] = "presiede", names(e.Who)
	case Suspends, Resumes, Closed, Public:
		cells["tipo"] = string(e.Kind)
	case Tellers:
		cells["tipo"], cells["chi"] = "scrutatori", names(e.Who)
	case Note, Outcome, Amends:
		cells["tipo"], cells["testo"] = string(e.Kind), strings.TrimRight(e.Text, ". ")
	case Declares:
		if reserved {
			return nil
		}
		cells["tipo"], cells["chi"], cells["testo"] = "dichiara", capital(names(e.Who)), strings.Join(strings.Fields(e.Text), " ")
	case Votes:
		v := e.Vote
		cells["tipo"] = "voto"
		cells["forma"] = map[bool]string{true: "segreta", false: "palese"}[v.Secret]
		switch {
		case v.On == OnEnforceability:
			cells["oggetto"] = "per l'immediata eseguibilità (art. 134, comma 4, del d.lgs. n. 267/2000)"
		case v.On == OnMinutes:
			cells["oggetto"] = "sul verbale della seduta precedente"
		case v.On != "":
			cells["oggetto"] = "sull'" + strings.Replace(v.On, " ", " n. ", 1)
		}
		for name, n := range map[string]int{"presenti": v.Present, "votanti": v.Voting, "favorevoli": v.For, "contrari": v.Against, "astenuti": v.Abstain} {
			cells[name] = float64(n)
		}
		if v.Secret || v.Blank+v.Void > 0 {
			cells["schede"], cells["bianche"], cells["nulle"] = true, float64(v.Blank), float64(v.Void)
		}
		if v.Out > 0 {
			cells["fuori"], cells["non_votano"] = true, float64(v.Out)
		}
		for name, who := range map[string][]int{"contrari_nomi": v.Againsts, "astenuti_nomi": v.Abstains, "non_votano_nomi": v.Outs} {
			if len(who) > 0 && !v.Secret {
				var all []string
				for _, i := range who {
					all = append(all, s.Members[i].Name)
				}
				cells[name] = strings.Join(all, ", ")
			}
		}
		cells["esito"] = map[bool]string{true: "approvato", false: "respinto"}[v.Passed]
	default:
		return nil
	}
	return cells
}

func joined(all []string) string {
	if n := len(all); n > 1 {
		return strings.Join(all[:n-1], ", ") + " e " + all[n-1]
	}
	return strings.Join(all, "")
}

// speech gives the discussion of an item as lines, in the session's style.
func (w *writer) speech(item int) []row {
	t := w.Transcript
	if t == nil {
		return nil
	}
	var out []row
	add := func(start int, x told) {
		out = append(out, row{at: w.Session.clockOf(start), cells: map[string]any{"tipo": "intervento", "testo": x.text}, said: []told{x}})
	}
	if w.Session.Style == Verbatim {
		items := ItemOf(w.Marks, len(t.Turns))
		for i, x := range t.Turns {
			if items[i] == item {
				add(x.Start, told{w.who(x.Voice, x.Start) + ": " + x.Text, Extract, t.Source})
			}
		}
		return out
	}
	for _, p := range w.Parts {
		if p.Item != item {
			continue
		}
		add(p.Start, w.part(p))
	}
	return out
}

// who writes a voice with the time at which it begins; nobody's name is guessed.
func (w *writer) who(voice string, start int) string {
	name := w.Session.speaker(w.Transcript, voice)
	switch {
	case name == "" && start >= 0:
		return drafting.Verify("chi è " + voice + ", " + Stamp(start))
	case name == "":
		return drafting.Verify("chi è " + voice)
	case start >= 0:
		return capital(name) + " (" + Stamp(start) + ")"
	}
	return capital(name)
}

// part writes one speaker's part of an item as a line.
func (w *writer) part(p Part) told {
	var b strings.Builder
	b.WriteString(w.who(p.Voice, -1) + ":")
	origin := ByHand
	for _, x := range p.Said {
		switch x.Origin {
		case Model:
			origin = Model
		case Extract:
			if origin != Model {
				origin = Extract
			}
		}
		text := strings.Join(strings.Fields(x.Text), " ")
		switch {
		case x.Origin == Extract:
			b.WriteString(" «" + strings.NewReplacer("«", "“", "»", "”").Replace(text) + "»")
		default:
			b.WriteString(" " + text)
		}
		switch {
		case x.Doubt && x.Time >= 0:
			b.WriteString(" " + drafting.Verify(Stamp(x.Time)))
		case x.Doubt:
			b.WriteString(" " + drafting.Verify("questa frase"))
		case x.Time >= 0:
			b.WriteString(" (" + Stamp(x.Time) + ")")
		}
	}
	source := p.Model
	if origin != Model {
		source = w.Transcript.Source
	}
	return told{b.String(), origin, source}
}

// origins says of each line of the discussion where it comes from: a literal one from the transcript, a phrased one from the model.
func (w *writer) origins(d *drafting.Draft) {
	left := slices.Clone(w.told)
	for i := range d.Parts {
		for j := range d.Parts[i].Paragraphs {
			for k := range d.Parts[i].Paragraphs[j].Pieces {
				x := &d.Parts[i].Paragraphs[j].Pieces[k]
				at := slices.IndexFunc(left, func(t told) bool { return t.text == x.Text })
				if x.Origin != drafting.FromField || at < 0 {
					continue
				}
				x.Origin = map[Origin]drafting.Origin{Extract: drafting.FromPassage, Model: drafting.FromModel, ByHand: drafting.FromPerson}[left[at].origin]
				x.Source = left[at].source
				left = slices.Delete(left, at, at+1)
			}
		}
	}
}
