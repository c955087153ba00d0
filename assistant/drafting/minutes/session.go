package minutes

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"sportello/assistant/drafting/count"
	"sportello/assistant/fault"
)

// The bodies whose sessions are known.
const (
	Giunta    = "giunta"
	Consiglio = "consiglio"
)

// Style is how much of what was said the verbale gives.
type Style string

// The styles.
const (
	Summary   Style = "sommario"  // each speaker's part of an item in some sentences
	Verbatim  Style = "integrale" // every turn
	Decisions Style = "decisioni" // votes, outcomes and declarations only
)

// Styles are all of them.
var Styles = []Style{Summary, Verbatim, Decisions}

// Session is what the segretario enters: the frame of a session and its diary. It is the form of the file of a session too.
type Session struct {
	Organ     string   `json:"organo" toml:"organo"` // giunta, consiglio
	Body      Body     `json:"ente" toml:"ente"`
	Number    string   `json:"numero_verbale,omitempty" toml:"numero_verbale"`
	Day       string   `json:"data" toml:"data"` // ISO 8601
	Hour      string   `json:"ora" toml:"ora"`   // for which it is convened
	Place     string   `json:"luogo,omitempty" toml:"luogo"`
	Call      string   `json:"convocazione,omitempty" toml:"convocazione"` // prima, seconda
	Chair     string   `json:"presidente,omitempty" toml:"presidente"`
	Secretary string   `json:"segretario,omitempty" toml:"segretario"`
	Members   []Member `json:"componenti" toml:"componenti"`
	Items     []Item   `json:"punti" toml:"punti"`
	Rules     Rules    `json:"regole" toml:"regole"`
	Recording string   `json:"inizio_registrazione,omitempty" toml:"inizio_registrazione"` // when the recording began: 20:31 or 20:31:15
	Style     Style    `json:"stile,omitempty" toml:"stile"`
	Diary     Diary    `json:"diario" toml:"diario"`
}

// Body is the comune.
type Body struct {
	Name     string `json:"nome,omitempty" toml:"nome"`
	Province string `json:"provincia,omitempty" toml:"provincia"`
	Court    string `json:"tar,omitempty" toml:"tar"`
}

// Member is one of those assigned to the body.
type Member struct {
	Name   string `json:"nome" toml:"nome"`
	Office string `json:"carica,omitempty" toml:"carica"` // Sindaca, Consigliere, Assessore
}

// Item is a point of the agenda.
type Item struct {
	Title    string `json:"titolo" toml:"titolo"`
	Reserved bool   `json:"riservato,omitempty" toml:"riservato"` // discussed behind closed doors: what was said is not told
	Majority string `json:"maggioranza,omitempty" toml:"maggioranza"`
}

// The majorities that an item may need; the empty one is the simple one.
const (
	Absolute  = "assoluta"  // more than half of the members
	TwoThirds = "due_terzi" // of the members
)

// Rules are those of the body's own regulation, where the law leaves them to it (art. 38, comma 2, TUEL). Zero values are the law's least.
type Rules struct {
	QuorumFirst   int  `json:"numero_legale_prima,omitempty" toml:"numero_legale_prima"`
	QuorumSecond  int  `json:"numero_legale_seconda,omitempty" toml:"numero_legale_seconda"`
	AbstainVotes  bool `json:"astenuti_votanti,omitempty" toml:"astenuti_votanti"`                   // who abstains counts among those who vote
	BlankIsNoVote bool `json:"bianche_nulle_non_votanti,omitempty" toml:"bianche_nulle_non_votanti"` // blank and void ballots do not
}

// Line is a line of the diary. Its id tells it from others, so that a line that is sent twice is written once.
type Line struct {
	ID   string `json:"id"`
	Text string `json:"testo"`
}

// Diary is the lines in their order. In a file it may be one text, a line a fact.
type Diary []Line

// UnmarshalText reads a diary written as one text.
func (d *Diary) UnmarshalText(text []byte) error {
	*d = nil
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			*d = append(*d, Line{ID: "r" + itoa(len(*d)+1), Text: line})
		}
	}
	return nil
}

// UnmarshalJSON reads a diary as a text or as lines.
func (d *Diary) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		return d.UnmarshalText([]byte(text))
	}
	var lines []Line
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&lines); err != nil {
		return err
	}
	*d = lines
	return nil
}

// Limits of a session, for whoever takes one from outside.
const (
	MostMembers = 80
	MostItems   = 120
	MostLines   = 3000
	LongestLine = 20000 // characters: a declaration that was handed in is a line
	longestName = 2000  // characters of every other text
)

// Check says what of the frame cannot be, with fault.Invalid. What is only missing is a Problem of the State.
func (s *Session) Check() error {
	bad := func(format string, args ...any) error { return fault.New(fault.Invalid, format, args...) }
	switch {
	case s.Organ != Giunta && s.Organ != Consiglio:
		return bad("organo %q: write giunta or consiglio", s.Organ)
	case s.Day != "" && !isDay(s.Day):
		return bad("data %q: write a day as 2026-03-26", s.Day)
	case s.Hour != "" && clock(s.Hour) < 0:
		return bad("ora %q: write a time as 20:30", s.Hour)
	case s.Recording != "" && clock(s.Recording) < 0:
		return bad("inizio_registrazione %q: write a time as 20:31 or 20:31:15", s.Recording)
	case s.Call != "" && s.Call != "prima" && s.Call != "seconda":
		return bad("convocazione %q: write prima or seconda", s.Call)
	case s.Style != "" && !slices.Contains(Styles, s.Style):
		return bad("stile %q: one of sommario, integrale, decisioni", s.Style)
	case len(s.Members) > MostMembers || len(s.Items) > MostItems || len(s.Diary) > MostLines:
		return bad("at most %d componenti, %d punti and %d lines of diario", MostMembers, MostItems, MostLines)
	case min(s.Rules.QuorumFirst, s.Rules.QuorumSecond) < 0 || max(s.Rules.QuorumFirst, s.Rules.QuorumSecond) > MostMembers:
		return bad("regole: a number of those present is 0 to %d", MostMembers)
	}
	texts := []string{s.Body.Name, s.Body.Province, s.Body.Court, s.Number, s.Place, s.Chair, s.Secretary}
	for _, m := range s.Members {
		texts = append(texts, m.Name, m.Office)
	}
	for _, x := range s.Items {
		texts = append(texts, x.Title)
	}
	if slices.ContainsFunc(texts, func(t string) bool { return utf8.RuneCountInString(t) > longestName }) {
		return bad("a text has at most %d characters", longestName)
	}
	seen := map[string]bool{}
	for i, m := range s.Members {
		key := fold(m.Name)
		if key == "" {
			return bad("componenti, n. %d has no nome", i+1)
		}
		if seen[key] {
			return bad("componenti: %s is there twice", m.Name)
		}
		seen[key] = true
	}
	for i, x := range s.Items {
		if strings.TrimSpace(x.Title) == "" {
			return bad("punti, n. %d has no titolo", i+1)
		}
		if x.Majority != "" && x.Majority != Absolute && x.Majority != TwoThirds {
			return bad("punti, n. %d: maggioranza %q: assoluta or due_terzi", i+1, x.Majority)
		}
	}
	ids := map[string]bool{}
	for _, l := range s.Diary {
		if l.ID == "" || ids[l.ID] {
			return bad("diario: each line has an id of its own")
		}
		if utf8.RuneCountInString(l.Text) > LongestLine || len(l.ID) > 64 {
			return bad("diario: a line has at most %d characters, and an id at most 64", LongestLine)
		}
		ids[l.ID] = true
	}
	return nil
}

func isDay(s string) bool { _, ok := count.ParseDay(s); return ok }

// quorum gives how many have to be there.
func (s *Session) quorum() int {
	n := len(s.Members)
	own := s.Rules.QuorumFirst
	if s.Call == "seconda" {
		own = s.Rules.QuorumSecond
	}
	least := 1
	for least < n && !count.Quorum(s.Organ == Consiglio, n, least) {
		least++
	}
	return max(own, least)
}
