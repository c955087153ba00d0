package eval

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"sportello/assistant"
	"sportello/assistant/lexicon"
)

// TwoSided is the measure of Verify from both sides: how many true statements it accepts and how many made false it rejects.
type TwoSided struct {
	Sources []string // groups in order: "answers, development", "literal, held out"…
	Cells   map[string]map[string]*Tally
	Failed  []Failure
}

// Tally counts statements and those that Verify judged as it should.
type Tally struct{ N, Right int }

// Failure is a statement that Verify judged wrongly.
type Failure struct {
	Group, Kind, ID string
	Text            string
	Verdict         assistant.Verdict
}

// The rows of a measure that no mutation makes: true statements, and false ones that somebody wrote.
const (
	acceptedKind = "true"
	wrongKind    = "written wrong"
)

// NewTwoSided gives an empty measure.
func NewTwoSided() *TwoSided { return &TwoSided{Cells: map[string]map[string]*Tally{}} }

// Case is a true statement with the passages that hold it up.
type Case struct {
	Group, ID string
	Question  assistant.Question
	Statement string
	Passages  []assistant.Passage
	Wrong     []string // false statements about the same passages, with the first case of a question
}

// Add judges a true statement and all that is made false of it.
func (m *TwoSided) Add(c Case) {
	draft := assistant.Draft{Text: c.Statement}
	for i := range c.Passages {
		draft.Sources = append(draft.Sources, i+1)
	}
	v := assistant.NewVerifier(c.Question, c.Passages)
	_, verdict := v.Verify(draft)
	m.count(c, acceptedKind, c.Statement, verdict, verdict == assistant.Accepted)
	for _, mutant := range Mutate(c.Statement, c.Passages) {
		draft.Text = mutant.Text
		_, verdict := v.Verify(draft)
		m.count(c, string(mutant.Class), mutant.Text, verdict, verdict != assistant.Accepted)
	}
	for _, wrong := range c.Wrong {
		draft.Text = wrong
		_, verdict := v.Verify(draft)
		m.count(c, wrongKind, wrong, verdict, verdict != assistant.Accepted)
	}
}

func (m *TwoSided) count(c Case, kind, text string, verdict assistant.Verdict, right bool) {
	cells := m.Cells[c.Group]
	if cells == nil {
		cells = map[string]*Tally{}
		m.Cells[c.Group] = cells
		m.Sources = append(m.Sources, c.Group)
	}
	t := cells[kind]
	if t == nil {
		t = &Tally{}
		cells[kind] = t
	}
	t.N++
	if right {
		t.Right++
	} else {
		m.Failed = append(m.Failed, Failure{c.Group, kind, c.ID, text, verdict})
	}
}

// Rate gives the share judged rightly in a group, 1 when there is nothing to judge.
func (m *TwoSided) Rate(group, kind string) float64 {
	t := m.Cells[group][kind]
	if t == nil || t.N == 0 {
		return 1
	}
	return float64(t.Right) / float64(t.N)
}

// String writes the measure as a table: a line a kind, a column a group.
func (m *TwoSided) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-18s", "")
	for _, g := range m.Sources {
		fmt.Fprintf(&b, " %24s", g)
	}
	b.WriteByte('\n')
	for _, k := range kinds() {
		fmt.Fprintf(&b, "%-18s", k)
		for _, g := range m.Sources {
			t := m.Cells[g][k]
			if t == nil {
				fmt.Fprintf(&b, " %24s", "-")
				continue
			}
			fmt.Fprintf(&b, " %24s", fmt.Sprintf("%d/%d %.3f", t.Right, t.N, m.Rate(g, k)))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Lines writes the measure as lines "group | kind | right/n", the form of the committed file.
func (m *TwoSided) Lines() string {
	var b strings.Builder
	for _, g := range m.Sources {
		for _, k := range kinds() {
			if t := m.Cells[g][k]; t != nil {
				fmt.Fprintf(&b, "%s | %s | %d/%d\n", g, k, t.Right, t.N)
			}
		}
	}
	return b.String()
}

func kinds() []string {
	out := []string{acceptedKind}
	for _, c := range Classes {
		out = append(out, string(c))
	}
	return append(out, wrongKind)
}

// AnswerCases gives the sentences of the reference answers of the answerable Italian rows with their gold passages.
func AnswerCases(rows []Row, passages func(Row) []assistant.Passage) []Case {
	var out []Case
	for _, row := range rows {
		if row.Kind != "answerable" || row.Lang != "it" {
			continue
		}
		ps := passages(row)
		if len(ps) == 0 {
			continue
		}
		for _, s := range Statements(row.Answer) {
			out = append(out, Case{Group: "answers, " + Half(row.ID), ID: row.ID, Question: assistant.Question{Text: row.Question, Language: "it"}, Statement: s, Passages: ps})
		}
	}
	return out
}

// LiteralCases gives sentences of documents as statements about themselves, each with the passages of its article: about
// one in every, chosen by hash.
func LiteralCases(docs [][]assistant.Passage, every uint32) []Case {
	var out []Case
	for _, ps := range docs {
		for i, p := range ps {
			for _, s := range lexicon.Sentences(p.Text) {
				text := p.Text[s.Start:s.End]
				if pickOne(text, int(every)) != 0 {
					continue
				}
				if text = asStatement(text); text == "" {
					continue
				}
				out = append(out, Case{Group: "literal, " + Half(p.Document), ID: p.ID, Question: assistant.Question{Language: "it"}, Statement: text, Passages: around(ps, i)})
			}
		}
	}
	return out
}

// around gives a passage and up to three others of its article.
func around(ps []assistant.Passage, i int) []assistant.Passage {
	out := []assistant.Passage{ps[i]}
	for j := range ps {
		if j != i && len(out) < 4 && ps[j].Article == ps[i].Article && j >= i-2 && j <= i+2 {
			out = append(out, ps[j])
		}
	}
	return out
}

// asStatement makes a statement of a sentence of a document: without its list marker, one that stands by itself and says
// something. "" when it cannot.
func asStatement(s string) string {
	if strings.ContainsAny(s, "|_[]<>{}\t…") || strings.Contains(s, "....") || strings.Contains(s, "\n") {
		return ""
	}
	if i := strings.IndexByte(s, ' '); i > 0 && i <= 6 && strings.ContainsAny(s[:i], ").") && !strings.HasPrefix(strings.ToLower(s), "art") {
		s = strings.TrimSpace(s[i:])
	}
	r, _ := utf8.DecodeRuneInString(s)
	if !unicode.IsUpper(r) || !strings.HasSuffix(s, ".") || len(s) < 60 || len(s) > 450 || strings.ToUpper(s) == s {
		return ""
	}
	verb := false
	for _, w := range wordSpans(s) {
		verb = verb || verbForms[strings.ToLower(s[w.Start:w.End])]
	}
	if !verb {
		return ""
	}
	return s
}
