package store

import (
	"strconv"
	"testing"

	"sportello/assistant/fault"
)

// A session keeps what it was before each change; two who change the same state do not overwrite each other; a neighbour does not see it.
func testMeetings(t *testing.T, s *Store) {
	ctx := t.Context()
	territory(t, s)
	id := must[string](t)(s.AddMeeting(ctx, ActorCommand, "avella", Meeting{Organ: "giunta", Day: "2026-03-26", Body: "0"}))
	set := func(body string) func(*Meeting) error {
		return func(m *Meeting) error { m.Body = body; return nil }
	}
	m := must[*Meeting](t)(s.ChangeMeeting(ctx, "person:a", "avella", id, 1, "meeting.change", set("1")))
	if m.Revision != 2 || m.By != "person:a" {
		t.Errorf("%+v", m)
	}
	if _, err := s.ChangeMeeting(ctx, "person:b", "avella", id, 1, "", set("x")); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("an old state was changed: %v", err)
	}
	must[*Meeting](t)(s.ChangeMeeting(ctx, "person:b", "avella", id, 0, "", set("1"))) // no change, no state
	for i := 2; i < savesKept+20; i++ {
		must[*Meeting](t)(s.ChangeMeeting(ctx, "person:b", "avella", id, 0, "", set(strconv.Itoa(i))))
	}
	saves := must[[]MeetingSave](t)(s.MeetingSaves(ctx, "avella", id))
	if len(saves) != savesKept+1 || saves[0].Body != strconv.Itoa(savesKept+18) {
		t.Errorf("%d states, the last %+v", len(saves), saves[0])
	}
	if _, err := s.ChangeMeeting(ctx, "person:b", "avella", id, 0, "", func(*Meeting) error { return fault.New(fault.Invalid, "no") }); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
	for _, err := range []error{errOf(s.Meeting(ctx, "none", id)), errOf(s.MeetingSaves(ctx, "none", id)), errOf(s.ChangeMeeting(ctx, "x", "none", id, 0, "", set("y"))), s.DropMeeting(ctx, "x", "none", id), errOf(s.AddMeeting(ctx, "x", "none", Meeting{}))} {
		if fault.CodeOf(err) != fault.NotFound {
			t.Errorf("of another tenant: %v", err)
		}
	}
	if all := must[[]Meeting](t)(s.Meetings(ctx, "avella")); len(all) != 1 || all[0].Added.IsZero() {
		t.Errorf("%+v", all)
	}
	ok(t, s.DropMeeting(ctx, "person:b", "avella", id))
	if all := must[[]Meeting](t)(s.Meetings(ctx, "avella")); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}
