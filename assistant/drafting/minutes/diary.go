package minutes

import (
	"regexp"
	"strconv"
	"strings"
)

// Kind is what a line of the diary tells.
type Kind string

// The kinds, each with the words that begin its line.
const (
	Opens    Kind = "apre"       // the session is opened: 20:35 apre
	Absent   Kind = "assenti"    // at the roll call: assenti Golè, Viale; "presenti tutti" too
	Enters   Kind = "entra"      // 21:10 entra Golè
	Leaves   Kind = "esce"       // 21:40 esce Dalmasso
	Presides Kind = "presiede"   // 22:00 presiede Giordano
	Point    Kind = "punto"      // 20:50 punto 2
	Speaks   Kind = "interviene" // 20:55 interviene Bruno
	Declares Kind = "dichiara"   // dichiara Bruno: text that goes in as it is
	Tellers  Kind = "scrutatori" // scrutatori Bruno, Sordo, Viale
	Votes    Kind = "voto"       // see vote.go
	Outcome  Kind = "esito"      // esito: il Consiglio prende atto
	Closed   Kind = "segreta"    // the public leaves
	Public   Kind = "pubblica"   // and comes back
	Suspends Kind = "sospende"   // 21:50 sospende
	Resumes  Kind = "riprende"   // 22:05 riprende
	Note     Kind = "nota"       // nota: text
	Amends   Kind = "rettifica"  // rettifica: what of the verbale before was put right
	Ends     Kind = "chiude"     // 23:05 chiude
)

// Event is a line of the diary, understood.
type Event struct {
	Line int    // index in the diary
	ID   string // of the line
	At   int    // time of day in seconds, -1 when the line says none
	Kind Kind
	Item int    // from 1, 0 before the first
	Who  []int  // members
	Text string // of a declaration, note or outcome
	Vote *Vote
}

// commands are the words that begin a line, with what they are.
var commands = map[string]Kind{
	"apre": Opens, "apertura": Opens, "inizio": Opens, "aperta": Opens,
	"assenti": Absent, "assente": Absent, "presenti": Absent, "appello": Absent,
	"entra": Enters, "entrano": Enters, "entrata": Enters, "rientra": Enters, "rientrano": Enters, "arriva": Enters, "+": Enters,
	"esce": Leaves, "escono": Leaves, "uscita": Leaves, "lascia": Leaves, "-": Leaves,
	"presiede": Presides, "presidenza": Presides,
	"punto": Point, "p": Point, "punti": Point,
	"interviene": Speaks, "intervengono": Speaks, "parla": Speaks, "relaziona": Speaks, "illustra": Speaks, "replica": Speaks,
	"dichiara": Declares, "dichiarazione": Declares, "deposita": Declares,
	"scrutatori": Tellers, "voto": Votes, "votazione": Votes, "vota": Votes, "v": Votes,
	"esito": Outcome, "segreta": Closed, "pubblica": Public, "sospende": Suspends, "sospesa": Suspends, "riprende": Resumes, "ripresa": Resumes,
	"nota": Note, "rettifica": Amends, "chiude": Ends, "chiusura": Ends, "chiusa": Ends, "fine": Ends,
}

// Commands gives the words that a line may begin with, for whoever helps to write one.
func Commands() []string {
	return []string{"apre", "presenti tutti", "assenti", "punto", "interviene", "entra", "esce", "voto", "voto unanime", "voto segreto", "voto eseguibilità", "voto emendamento", "voto verbale",
		"dichiara", "esito", "scrutatori", "presiede", "segreta", "pubblica", "sospende", "riprende", "rettifica", "nota", "chiude"}
}

var lineForm = regexp.MustCompile(`^(?:(\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)\s+)?(?:ore\s+(\d{1,2}[:.]\d{2})\s+)?([\p{L}+-]+)\s*:?\s*(.*)$`)

// parse understands one line; a line that it does not gives a Problem of the line.
func (s *Session) parse(i int) (Event, *Problem) {
	l := s.Diary[i]
	text := strings.TrimSpace(l.Text)
	e := Event{Line: i, ID: l.ID, At: -1}
	wrong := func(code Code, values ...string) (Event, *Problem) {
		p := problem(code, values...)
		p.Line, p.ID = i+1, l.ID
		return e, p
	}
	m := lineForm.FindStringSubmatch(firstLine(text))
	if m == nil {
		return wrong(NotUnderstood, firstLine(text))
	}
	for _, t := range m[1:3] {
		if t == "" {
			continue
		}
		if e.At = clock(t); e.At < 0 {
			return wrong(NoTime, t)
		}
	}
	kind, ok := commands[fold(m[3])]
	if !ok {
		return wrong(NotUnderstood, firstLine(text))
	}
	e.Kind = kind
	rest := strings.TrimSpace(m[4] + strings.TrimPrefix(text, firstLine(text)))
	switch kind {
	case Opens, Ends, Suspends, Resumes, Closed, Public:
		if rest != "" {
			e.Text = rest
		}
	case Note, Outcome, Amends:
		if e.Text = rest; rest == "" {
			return wrong(NoText, m[3])
		}
	case Point:
		n, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(fold(rest), "n."), " ."))
		if err != nil || n < 1 || n > len(s.Items) {
			return wrong(NoItem, rest, itoa(len(s.Items)))
		}
		e.Item = n
	case Votes:
		v, p := s.parseVote(rest)
		if p != nil {
			p.Line, p.ID = i+1, l.ID
			return e, p
		}
		e.Vote = v
	case Declares:
		who, said, ok := strings.Cut(rest, ":")
		if !ok || strings.TrimSpace(said) == "" {
			return wrong(NoText, m[3])
		}
		e.Text = strings.TrimSpace(said)
		if p := s.who(&e, who); p != nil {
			p.Line, p.ID = i+1, l.ID
			return e, p
		}
	case Absent:
		if p := s.rollCall(&e, fold(m[3]), rest); p != nil {
			p.Line, p.ID = i+1, l.ID
			return e, p
		}
	default:
		names, note, _ := strings.Cut(rest, ":")
		e.Text = strings.TrimSpace(note)
		if p := s.who(&e, names); p != nil {
			p.Line, p.ID = i+1, l.ID
			return e, p
		}
	}
	return e, nil
}

// rollCall reads "presenti tutti", "presenti tutti tranne Golè", "assenti Golè, Viale", "presenti Rolando, Bruno"; Who are those absent.
func (s *Session) rollCall(e *Event, command, rest string) *Problem {
	list := strings.TrimSpace(rest)
	all := fold(list) == "tutti" || fold(list) == "tutti presenti" || fold(list) == "nessuno" && strings.HasPrefix(command, "assent")
	if all {
		return nil
	}
	if _, except, ok := cutWord(list, "tranne", "meno", "eccetto"); ok {
		list, command = except, "assenti"
	}
	if p := s.who(e, list); p != nil {
		return p
	}
	if strings.HasPrefix(command, "present") || command == "appello" {
		there := map[int]bool{}
		for _, w := range e.Who {
			there[w] = true
		}
		e.Who = nil
		for i := range s.Members {
			if !there[i] {
				e.Who = append(e.Who, i)
			}
		}
	}
	return nil
}

// cutWord cuts a text at the first of some words.
func cutWord(s string, words ...string) (before, after string, ok bool) {
	lower := strings.ToLower(s)
	for _, w := range words {
		if i := strings.Index(lower, w+" "); i >= 0 && len(lower) == len(s) {
			return s[:i], s[i+len(w)+1:], true
		}
	}
	return s, "", false
}

var between = regexp.MustCompile(`\s*,\s*|\s+e\s+|\s*;\s*`)

// who reads a list of names.
func (s *Session) who(e *Event, list string) *Problem {
	list = strings.Trim(strings.TrimSpace(list), ".")
	if list == "" {
		return problem(NoName, string(e.Kind))
	}
	got, p := s.names(list)
	e.Who = got
	return p
}

func (s *Session) names(list string) ([]int, *Problem) {
	var out []int
	seen := map[int]bool{}
	for _, name := range between.Split(list, -1) {
		if strings.TrimSpace(name) == "" {
			continue
		}
		i, may := s.Member(name)
		switch {
		case len(may) > 0:
			return nil, problem(WhichName, name, strings.Join(may, ", "))
		case i < 0:
			return nil, problem(UnknownName, name)
		case seen[i]:
			return nil, problem(TwiceNamed, s.Members[i].Name)
		}
		seen[i] = true
		out = append(out, i)
	}
	return out, nil
}

func firstLine(s string) string { line, _, _ := strings.Cut(s, "\n"); return line }
