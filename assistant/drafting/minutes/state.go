package minutes

import (
	"slices"
	"strings"

	"sportello/assistant/drafting/count"
)

// State is what a diary amounts to.
type State struct {
	Events   []Event
	Present  []bool // by member, after the last line
	AtStart  []bool // at the roll call
	Headings []int  // present after each event
	Open     bool
	Closed   bool
	Start    int // time of day, -1 unknown
	End      int
	Item     int // under discussion
	Chair    int // member who presides, -1: as the session says
	Problems []Problem
}

// Count gives how many are there now.
func (t *State) Count() int { return countOf(t.Present) }

func countOf(there []bool) int {
	n := 0
	for _, x := range there {
		if x {
			n++
		}
	}
	return n
}

// Follow goes through the diary from its first line. A line that is not understood, and one that cannot be, is a Problem; the rest holds.
func (s *Session) Follow() *State {
	t := &State{Present: make([]bool, len(s.Members)), Start: -1, End: -1, Chair: -1}
	for i := range t.Present {
		t.Present[i] = true
	}
	t.AtStart = slices.Clone(t.Present)
	last := -1
	called := false
	for i := range s.Diary {
		e, p := s.parse(i)
		if p != nil {
			t.Problems = append(t.Problems, *p)
			continue
		}
		if e.At >= 0 {
			if last >= 0 && e.At < last && !pastMidnight(last, e.At) {
				t.add(e, TimeBack, hour(e.At), hour(last))
			}
			last = e.At
		}
		if t.Closed {
			t.add(e, AfterEnd)
		}
		if e.Kind == Absent {
			if called {
				t.add(e, RollTwice)
				continue
			}
			called = true
		}
		s.apply(t, &e)
		t.Events = append(t.Events, e)
		t.Headings = append(t.Headings, t.Count())
	}
	if !called && len(s.Diary) > 0 {
		t.Problems = append(t.Problems, *problem(NoRollCall))
	}
	s.missing(t)
	return t
}

// pastMidnight says whether a time after another is of the next day.
func pastMidnight(before, after int) bool { return before > 18*3600 && after < 6*3600 }

func (t *State) add(e Event, code Code, values ...string) {
	p := problem(code, values...)
	p.Line, p.ID, p.Item = e.Line+1, e.ID, e.Item
	t.Problems = append(t.Problems, *p)
}

// apply takes one event into the state.
func (s *Session) apply(t *State, e *Event) {
	if e.Kind == Point {
		t.Item = e.Item
		return
	}
	e.Item = t.Item
	switch e.Kind {
	case Absent:
		for _, w := range e.Who {
			t.Present[w] = false
		}
		t.AtStart = slices.Clone(t.Present)
		s.quorate(t, *e)
	case Opens:
		t.Open, t.Start = true, e.At
	case Ends:
		t.Closed, t.End = true, e.At
	case Enters:
		for _, w := range e.Who {
			if t.Present[w] {
				t.add(*e, AlreadyIn, s.Members[w].Name)
			}
			t.Present[w] = true
		}
	case Leaves:
		for _, w := range e.Who {
			if !t.Present[w] {
				t.add(*e, AlreadyOut, s.Members[w].Name)
			}
			t.Present[w] = false
		}
		s.quorate(t, *e)
	case Presides:
		t.Chair = e.Who[0]
		s.there(t, *e, e.Who)
	case Speaks, Declares, Tellers:
		s.there(t, *e, e.Who)
	case Votes:
		s.vote(t, e)
	}
}

// there looks that those named are in the room.
func (s *Session) there(t *State, e Event, who []int) {
	for _, w := range who {
		if !t.Present[w] {
			t.add(e, NotThere, s.Members[w].Name)
		}
	}
}

func (s *Session) quorate(t *State, e Event) {
	if n := t.Count(); n < s.quorum() {
		t.add(e, NoQuorum, itoa(n), itoa(s.quorum()))
	}
}

var faultCodes = map[count.Fault]Code{count.SumOverPresent: VotesOver, count.SumUnderThose: VotesUnder, count.VotingDiffers: VotesOver, count.OverMembers: VotesOver}

// vote settles a vote with those who are in the room: who left before it is not counted, and may not be named.
func (s *Session) vote(t *State, e *Event) {
	v := e.Vote
	majority := ""
	if t.Item > 0 {
		majority = s.Items[t.Item-1].Majority
	} else if v.On != OnMinutes {
		t.add(*e, VoteWithoutItem)
	}
	named := map[int]bool{}
	for _, list := range [][]int{v.Fors, v.Againsts, v.Abstains, v.Outs} {
		for _, w := range list {
			if !t.Present[w] {
				t.add(*e, VoterNotThere, s.Members[w].Name)
			}
			if named[w] {
				t.add(*e, VotedTwice, s.Members[w].Name)
			}
			named[w] = true
		}
	}
	s.settle(v, t.Count(), majority)
	for _, f := range v.Faults(len(s.Members)) {
		t.add(*e, faultCodes[f], itoa(v.For), itoa(v.Against), itoa(v.Abstain), itoa(v.Present))
		break
	}
	if v.All && (v.Against > 0 || v.Abstain > 0) {
		t.add(*e, NotUnanimous)
	}
	if v.On == OnEnforceability && !v.Passed {
		t.add(*e, NotEnforceable, itoa(v.For), itoa(count.Majority(len(s.Members))))
	}
	if v.Secret && !slices.ContainsFunc(t.Events, func(x Event) bool { return x.Kind == Tellers }) {
		t.add(*e, NoTellers)
	}
	s.quorate(t, *e)
}

// missing looks at what a verbale has to say and the session does not.
func (s *Session) missing(t *State) {
	add := func(code Code, item int, values ...string) {
		p := problem(code, values...)
		p.Item = item
		t.Problems = append(t.Problems, *p)
	}
	for _, x := range []struct{ value, name string }{
		{s.Body.Name, "ente"}, {s.Day, "data"}, {s.Hour, "ora"}, {s.Place, "luogo"}, {s.Chair, "presidente"}, {s.Secretary, "segretario"}, {s.Number, "numero del verbale"},
	} {
		if strings.TrimSpace(x.value) == "" {
			add(Missing, 0, x.name)
		}
	}
	if len(s.Members) == 0 {
		add(Missing, 0, "componenti")
	}
	if !t.Open || t.Start < 0 {
		add(NotOpened, 0)
	}
	if !t.Closed || t.End < 0 {
		add(NotClosed, 0)
	}
	for i := range s.Items {
		done := slices.ContainsFunc(t.Events, func(e Event) bool {
			return e.Item == i+1 && (e.Kind == Votes && e.Vote.On == "" || e.Kind == Votes && e.Vote.On == OnMinutes || e.Kind == Outcome)
		})
		if !done {
			add(NoOutcome, i+1, itoa(i+1), s.Items[i].Title)
		}
	}
}
