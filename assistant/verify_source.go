package assistant

import (
	"strings"

	"sportello/assistant/lexicon"
)

// evidence is the passages that statements may rest on, taken apart once and used for each statement.
type evidence struct {
	passages  []Passage
	units     []evidenceUnit
	first     []int // index of the first unit of each passage; len(passages)+1 entries
	asked     []claimToken
	titles    []map[string]bool // roots of the title, path of headings and table header of each passage
	lead      []map[string]bool // roots of the table header alone
	heads     [][]claimToken    // the words of the title and the path of headings of each passage
	vocab     vocabulary
	frequency map[string]int // in how many units a root stands
}

// evidenceUnit is a sentence, list item or table row of a passage with the words around it that it cannot be read without.
type evidenceUnit struct {
	passage    int
	start, end int // bytes of the passage's text
	toks       []claimToken
	roots      map[string][]int // positions in toks by root
	cells      []int            // start of each cell of a table row, bytes of the passage's text
	leads      []int            // units that open it: the sentence before a list, the header and group rows of a table
	heading    bool
}

// newEvidence takes passages apart. question may be empty: its words are what the asker said, not claims of an answer.
func newEvidence(passages []Passage, question string) *evidence {
	e := &evidence{passages: passages, vocab: newVocabulary(), frequency: map[string]int{}}
	for i := range passages {
		e.first = append(e.first, len(e.units))
		e.addPassage(i)
		p := &passages[i]
		e.heads = append(e.heads, claimTokens(p.Title+"\n"+p.Breadcrumb+"\n"+string(p.Kind), nil))
		e.titles = append(e.titles, e.rootsOf(e.heads[i]))
		e.lead = append(e.lead, e.rootsOf(claimTokens(p.Lead, nil)))
	}
	e.first = append(e.first, len(e.units))
	for i := range passages {
		e.addHeader(i)
	}
	e.asked = claimTokens(question, nil)
	for i := range e.asked {
		e.vocab.add(&e.asked[i])
	}
	return e
}

// rootsOf gives the roots of words that claim anything.
func (e *evidence) rootsOf(toks []claimToken) map[string]bool {
	roots := map[string]bool{}
	for i := range toks {
		if toks[i].class != functionWord {
			roots[toks[i].stem] = true
			e.vocab.add(&toks[i])
		}
	}
	return roots
}

func (e *evidence) addPassage(p int) {
	text := e.passages[p].Text
	facts := lexicon.Facts(text)
	base := len(e.units)
	f := 0
	for _, s := range lexicon.Sentences(text) {
		u := evidenceUnit{passage: p, start: s.Start, end: s.End}
		var mine []lexicon.Fact
		for f < len(facts) && facts[f].Start < s.End {
			if facts[f].Start >= s.Start && facts[f].End <= s.End {
				x := facts[f]
				x.Start -= s.Start
				x.End -= s.Start
				mine = append(mine, x)
			}
			f++
		}
		u.toks = claimTokens(text[s.Start:s.End], mine)
		u.roots = map[string][]int{}
		for i := range u.toks {
			t := &u.toks[i]
			if t.fact != nil || t.class == functionWord {
				continue
			}
			if u.roots[t.stem] == nil {
				e.frequency[t.stem]++
				e.vocab.add(t)
			}
			u.roots[t.stem] = append(u.roots[t.stem], i)
		}
		u.cells = cellStarts(text[s.Start:s.End])
		u.heading = isHeading(text[s.Start:s.End], len(e.units) == base)
		e.units = append(e.units, u)
	}
	for i := base; i < len(e.units); i++ {
		e.units[i].leads = e.leadsOf(base, i)
	}
}

// isHeading reports whether a unit is the heading of an article: short, without a verb's full stop, at the start of a
// passage or opening with "Art.".
func isHeading(s string, first bool) bool {
	if len(s) > 160 || strings.HasSuffix(s, ";") || strings.HasSuffix(s, ":") {
		return false
	}
	low := strings.ToLower(s)
	if strings.HasPrefix(low, "art") && (strings.HasPrefix(low, "art.") || strings.HasPrefix(low, "articolo")) {
		return true
	}
	return first && !strings.HasSuffix(s, ".") && !strings.Contains(s, " | ")
}

// leadsOf finds the units that unit i cannot be read without: the heading of its article, the sentence that opens its
// list, the header and the group row of its table.
func (e *evidence) leadsOf(base, i int) []int {
	var leads []int
	text := func(k int) string { return e.passages[e.units[k].passage].Text[e.units[k].start:e.units[k].end] }
	own := text(i)
	marked := listLevel(own) > 0
	if marked || e.units[i].cells != nil {
		for k, level := i-1, listLevel(own); k >= base && len(leads) < 3; k-- {
			t := text(k)
			switch {
			case strings.HasSuffix(t, ":"):
				if l := listLevel(t); l == 0 || l < level || level == 0 {
					leads = append(leads, k)
					level = l
					if l == 0 {
						k = base - 1
					}
				}
			case e.units[i].cells != nil && e.units[k].isHeader(k == base || e.units[k-1].cells == nil):
				leads = append(leads, k)
			case e.units[i].cells != nil && e.units[k].cells == nil && i-k > 1:
				leads = append(leads, k)
				k = base - 1
			}
		}
	}
	for k := i - 1; k >= base; k-- {
		if e.units[k].heading {
			leads = append(leads, k)
			break
		}
	}
	return leads
}

func hasFigures(toks []claimToken) bool {
	for i := range toks {
		if toks[i].fact != nil {
			return true
		}
	}
	return false
}

// listLevel tells how deep a list item is by its marker: 0 none, 1 a number with a dot, 2 a letter, 3 a number with a bracket or a dash.
func listLevel(s string) int {
	if s == "" {
		return 0
	}
	i := 0
	for i < len(s) && i < 3 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i > 0 && i < len(s) {
		switch s[i] {
		case '.':
			return 1
		case ')':
			return 3
		}
		return 0
	}
	if i == 0 && len(s) > 2 && (s[1] == ')' || s[1] == '.' && s[2] == ' ') && s[0] >= 'a' && s[0] <= 'z' {
		return 2
	}
	if strings.HasPrefix(s, "- ") || strings.HasPrefix(s, "• ") || strings.HasPrefix(s, "– ") || strings.HasPrefix(s, "* ") {
		return 3
	}
	return 0
}

// article tells whether two units are of the same article of the same document.
func (e *evidence) sameArticle(a, b int) bool {
	p, q := &e.passages[e.units[a].passage], &e.passages[e.units[b].passage]
	return p.DocumentID == q.DocumentID && p.Article == q.Article && (p.Article != "" || p.ID == q.ID || p.Page == q.Page)
}
