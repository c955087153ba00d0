package minutes

import (
	"regexp"
	"slices"
	"strings"

	"sportello/assistant/drafting/count"
	"sportello/assistant/fault"
	"sportello/assistant/lexicon"
)

// Lay lays the transcript on the agenda and tells each part in literal sentences.
func (m *Material) Lay() {
	if m.Transcript == nil {
		m.Marks, m.Parts = nil, nil
		return
	}
	m.Marks = m.Session.Align(m.Transcript, m.Session.Follow())
	m.Parts = m.Session.Parts(m.Transcript, m.Marks)
}

// Call says who a voice is; an empty name takes it back. False: there is no such voice.
func (t *Transcript) Call(voice, name string) bool {
	if !slices.ContainsFunc(t.Turns, func(x Turn) bool { return x.Voice == voice }) {
		return false
	}
	if t.Names == nil {
		t.Names = map[string]string{}
	}
	if name = strings.Join(strings.Fields(name), " "); name == "" {
		delete(t.Names, voice)
	} else {
		t.Names[voice] = name
	}
	return true
}

// Mark says that an item begins with a turn, as a person says it; what a person said of that item or turn before is taken back.
func (t *Transcript) Mark(turn, item int) {
	t.Marks = slices.DeleteFunc(t.Marks, func(m Mark) bool { return m.Turn == turn || item > 0 && m.Item == item })
	t.Marks = append(t.Marks, Mark{Turn: turn, Item: item, By: ByPerson})
	slices.SortFunc(t.Marks, func(a, b Mark) int { return a.Turn - b.Turn })
}

// MarkAt is Mark by the time of the recording: "3=01:12:30".
func (t *Transcript) MarkAt(pair string) error {
	item, at, ok := strings.Cut(pair, "=")
	seconds := clock(at)
	if !ok || seconds < 0 || !isNumber(item) {
		return fault.New(fault.Invalid, "%q: write an item and a time of the recording, 3=01:12:30", pair)
	}
	if strings.Count(at, ":") == 1 { // 12:30 of a recording is minutes and seconds
		seconds /= 60
	}
	i := slices.IndexFunc(t.Turns, func(x Turn) bool { return x.End > seconds*1000 || x.Start >= seconds*1000 })
	if i < 0 {
		return fault.New(fault.Invalid, "%q: the transcript ends before that", pair)
	}
	t.Mark(i, number(strings.TrimSpace(item)))
	return nil
}

var spoken = regexp.MustCompile(`(?i)\b(favorevoli|contrari|astenuti)\b\s*[:,]?\s*(?:n\.?\s*)?(\d{1,2}|[a-zé]+)|\b(\d{1,2}|[a-zé]+)\s+(?:voti\s+)?(favorevoli|contrari|astenuti)\b`)

// Problems gives what the transcript and the diary do not agree on, and what a person has still to say of the transcript. The diary holds.
func (m *Material) Problems(state *State) []Problem {
	t := m.Transcript
	if t == nil {
		return nil
	}
	var out []Problem
	for _, v := range t.Voices() {
		if v.Given == "" {
			p := problem(VoiceUnnamed, v.Name)
			p.Time = Stamp(max(v.First, 0))
			out = append(out, *p)
		}
	}
	for i, x := range m.Session.Items {
		if !slices.ContainsFunc(m.Marks, func(k Mark) bool { return k.Item == i+1 }) {
			p := problem(ItemNotHeard, itoa(i+1), x.Title)
			p.Item = i + 1
			out = append(out, *p)
		}
	}
	items := ItemOf(m.Marks, len(t.Turns))
	for i, x := range t.Turns {
		for _, span := range lexicon.Sentences(x.Text) {
			sentence := x.Text[span.Start:span.End]
			if p := m.heardOtherwise(state, items[i], sentence); p != nil {
				p.Item, p.Time = items[i], Stamp(max(x.At(span.Start), 0))
				out = append(out, *p)
			}
		}
	}
	return append(out, m.absentSpeakers(state, items)...)
}

// heardOtherwise compares counts as somebody says them with the votes of that item.
func (m *Material) heardOtherwise(state *State, item int, sentence string) *Problem {
	said := map[string]int{}
	for _, x := range spoken.FindAllStringSubmatch(sentence, -1) {
		label, word := strings.ToLower(x[1]+x[4]), strings.ToLower(x[2]+x[3])
		n, ok := count.Number(word)
		switch {
		case isNumber(word):
			n = int64(number(word))
		case word == "nessuno" || word == "zero":
			n = 0
		case !ok:
			continue
		}
		said[label] = int(n)
	}
	if len(said) < 2 { // one number alone may be anything
		return nil
	}
	var votes []*Vote
	for _, e := range state.Events {
		if e.Kind == Votes && e.Item == item {
			votes = append(votes, e.Vote)
		}
	}
	if len(votes) == 0 {
		return nil
	}
	for _, v := range votes {
		fits := true
		for label, n := range map[string]int{"favorevoli": v.For, "contrari": v.Against, "astenuti": v.Abstain} {
			if k, ok := said[label]; ok && k != n {
				fits = false
			}
		}
		if fits {
			return nil
		}
	}
	v := votes[0]
	return problem(HeardOtherwise, shorten(sentence, 100), "favorevoli "+itoa(v.For)+", contrari "+itoa(v.Against)+", astenuti "+itoa(v.Abstain))
}

// absentSpeakers finds members who speak on an item for the whole of which the diary has them out of the room.
func (m *Material) absentSpeakers(state *State, items []int) []Problem {
	s := m.Session
	there := make([]map[int]bool, len(s.Items)+1) // members in the room at some time of an item
	for i := range there {
		there[i] = map[int]bool{}
	}
	present := slices.Clone(state.AtStart)
	item := 0
	note := func() {
		for i, in := range present {
			if in {
				there[item][i] = true
			}
		}
	}
	note()
	for _, e := range state.Events {
		switch e.Kind {
		case Point:
			item = e.Item
		case Enters, Leaves:
			for _, w := range e.Who {
				present[w] = e.Kind == Enters
			}
		}
		note()
	}
	var out []Problem
	seen := map[[2]int]bool{}
	for i, x := range m.Transcript.Turns {
		w, _ := s.Member(m.Transcript.Names[x.Voice])
		if w < 0 || there[items[i]][w] || seen[[2]int{items[i], w}] {
			continue
		}
		seen[[2]int{items[i], w}] = true
		p := problem(SpokeAbsent, s.Members[w].Name)
		p.Item, p.Time = items[i], Stamp(max(x.Start, 0))
		out = append(out, *p)
	}
	return out
}
