package minutes

import (
	"net/http"
	"strconv"
	"strings"

	"sportello/assistant/drafting/minutes"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// save is a state that can be gone back to.
type save struct {
	store.MeetingSave
	Lines int
}

func newSaves(all []store.MeetingSave) []save {
	var out []save
	for _, s := range all {
		m, err := readMeeting(&store.Meeting{Body: s.Body})
		if err == nil {
			out = append(out, save{s, len(m.Session.Diary)})
		}
	}
	return out
}

type frameBody struct {
	*meeting
	Members, Items string
	Seen           int // revision
}

// frame shows the form of what is known before the session.
func (p *pages) frame(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	m, err := p.load(r, v)
	if err != nil {
		return err
	}
	return p.drawFrame(w, v, frameBody{meeting: m, Members: membersText(m.Session.Members), Items: itemsText(m.Session.Items), Seen: m.Revision})
}

func (p *pages) drawFrame(w http.ResponseWriter, v *staff.Visit, body frameBody) error {
	return v.Render(w, "frame", v.L.T("minutes_frame_title"), body)
}

// setFrame takes the form. What was typed is drawn again when it cannot be kept.
func (p *pages) setFrame(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	seen, _ := strconv.Atoi(r.PostFormValue("revision")) // nonsense is checked as a state that nobody has seen
	var typed minutes.Session
	put := func(s *minutes.Session) error {
		field := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
		s.Number, s.Day, s.Hour, s.Place, s.Call = field("number"), field("day"), field("hour"), field("place"), field("call")
		s.Chair, s.Secretary, s.Recording, s.Style = field("chair"), field("secretary"), field("recording"), minutes.Style(field("style"))
		s.Body = minutes.Body{Name: field("body"), Province: field("province"), Court: s.Body.Court}
		s.Members, s.Items = readMembers(r.PostFormValue("members")), readItems(r.PostFormValue("items"))
		first, _ := strconv.Atoi(field("quorum_first")) // what is no number is the law's least
		second, _ := strconv.Atoi(field("quorum_second"))
		s.Rules = minutes.Rules{QuorumFirst: first, QuorumSecond: second, AbstainVotes: field("abstain_votes") != "", BlankIsNoVote: field("blank_no_vote") != ""}
		typed = *s
		return nil
	}
	m, err := p.change(r, v, max(seen, 1), "meeting.change", put)
	if err == nil {
		return v.Done(w, r, v.URL("minutes/"+m.ID), "minutes_done_frame")
	}
	code := fault.CodeOf(err)
	if code != fault.Invalid && code != fault.Conflict {
		return err
	}
	now, failed := p.load(r, v)
	if failed != nil {
		return failed
	}
	v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("minutes_problem_frame", map[string]any{"Why": fault.MessageOf(err)})
	if code == fault.Conflict {
		v.Status, v.Problem = http.StatusConflict, v.L.T("minutes_problem_conflict")
	}
	if typed.Organ == "" { // the state was another one: read the form onto the present session
		typed = *now.Session
		_ = put(&typed) // which only reads
	}
	now.Session = &typed
	return p.drawFrame(w, v, frameBody{meeting: now, Members: r.PostFormValue("members"), Items: r.PostFormValue("items"), Seen: now.Revision})
}

// readMembers reads a line a member, "Anna Rolando; Sindaca".
func readMembers(text string) []minutes.Member {
	var out []minutes.Member
	for line := range strings.Lines(text) {
		name, office, _ := strings.Cut(line, ";")
		if name = strings.Join(strings.Fields(name), " "); name != "" {
			out = append(out, minutes.Member{Name: name, Office: strings.Join(strings.Fields(office), " ")})
		}
	}
	return out
}

func membersText(all []minutes.Member) string {
	var b strings.Builder
	for _, m := range all {
		b.WriteString(m.Name)
		if m.Office != "" {
			b.WriteString("; " + m.Office)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// marks of an item at the end of its line.
var itemMarks = []struct {
	mark string
	put  func(*minutes.Item)
	has  func(minutes.Item) bool
}{
	{"[segreta]", func(x *minutes.Item) { x.Reserved = true }, func(x minutes.Item) bool { return x.Reserved }},
	{"[assoluta]", func(x *minutes.Item) { x.Majority = minutes.Absolute }, func(x minutes.Item) bool { return x.Majority == minutes.Absolute }},
	{"[due terzi]", func(x *minutes.Item) { x.Majority = minutes.TwoThirds }, func(x minutes.Item) bool { return x.Majority == minutes.TwoThirds }},
}

// readItems reads a line an item; a number before it is not of the title, "[segreta]", "[assoluta]" and "[due terzi]" after it say how it is treated.
func readItems(text string) []minutes.Item {
	var out []minutes.Item
	for line := range strings.Lines(text) {
		var x minutes.Item
		for _, m := range itemMarks {
			if i := strings.Index(strings.ToLower(line), m.mark); i >= 0 {
				m.put(&x)
				line = line[:i] + line[i+len(m.mark):]
			}
		}
		line = strings.Join(strings.Fields(line), " ")
		if head, rest, ok := strings.Cut(line, " "); ok {
			if _, err := strconv.Atoi(strings.TrimRight(head, ".)-")); err == nil && len(head) < 5 && strings.ContainsAny(head, ".)-") {
				line = rest
			}
		}
		if x.Title = line; line != "" {
			out = append(out, x)
		}
	}
	return out
}

func itemsText(all []minutes.Item) string {
	var b strings.Builder
	for i, x := range all {
		b.WriteString(strconv.Itoa(i+1) + ". " + x.Title)
		for _, m := range itemMarks {
			if m.has(x) {
				b.WriteString(" " + m.mark)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}
