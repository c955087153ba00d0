package assistant

import (
	"slices"
	"strings"
	"unicode"
)

// citations gives the smallest runs of sentences that hold what a statement takes from its passages: one citation a run,
// in the order of the passages. Start and End are bytes of the document's text, Quote is the span between them. Every
// figure, date and reference of the statement is in one of the quotes, unless it is the number of a cited article.
func (e *evidence) citations(toks []claimToken, at []placed, cited []int) []Citation {
	need := map[int]bool{}
	heaviest, most := -1, 0.0
	for u, w := range supportOf(toks, at) {
		if w > most || w == most && u < heaviest {
			heaviest, most = u, w
		}
		if w >= 1 {
			need[u] = true
		}
	}
	if heaviest >= 0 {
		need[heaviest] = true
	}
	for i := range toks {
		if toks[i].fact == nil {
			continue
		}
		if u := e.holder(&toks[i], at[i], cited); u >= 0 {
			need[u] = true
		}
	}
	units := make([]int, 0, len(need))
	for u := range need {
		units = append(units, u)
	}
	slices.Sort(units)
	var out []Citation
	for from := 0; from < len(units); {
		to := from
		for to+1 < len(units) && units[to+1] <= units[to]+2 && e.units[units[to+1]].passage == e.units[units[from]].passage {
			to++
		}
		p := &e.passages[e.units[units[from]].passage]
		start, end := e.units[units[from]].start, e.units[units[to]].end
		out = append(out, Citation{
			Passage: p.ID, DocumentID: p.DocumentID, Document: p.Document, Title: p.Title, Article: p.Article, EID: p.EID, Page: p.Page,
			Start: p.Start + start, End: p.Start + end, Quote: p.Text[start:end],
		})
		from = to + 1
	}
	return out
}

// holder gives the unit that states a fact: the one it was laid over, one that this is read with, or the first that has it.
func (e *evidence) holder(t *claimToken, p placed, cited []int) int {
	if p.where == inUnit && p.pos >= 0 {
		return p.unit
	}
	for _, l := range e.units[p.unit].leads {
		if pos, _ := e.find(t, nil, l); pos >= 0 {
			return l
		}
	}
	for _, u := range cited {
		if pos, _ := e.find(t, nil, u); pos >= 0 {
			return u
		}
	}
	return -1
}

// quotesFaithfully reports whether what a statement puts between quotation marks is literally in the cited passages, apart
// from capitals and line breaks.
func (e *evidence) quotesFaithfully(claim string, cited []int) bool {
	quoted := quotations(claim)
	if len(quoted) == 0 {
		return true
	}
	for _, q := range quoted {
		found, last := false, -1
		for _, u := range cited {
			if p := e.units[u].passage; p != last {
				last = p
				found = found || strings.Contains(evenText(e.passages[p].Text), evenText(q))
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// quotations gives the texts between quotation marks that are longer than an abbreviation.
func quotations(text string) []string {
	var out []string
	var open rune
	start := 0
	closing := map[rune]rune{'«': '»', '“': '”', '"': '"'}
	for i, r := range text {
		if open != 0 {
			if r == closing[open] {
				if q := strings.TrimSpace(text[start:i]); len(q) >= 4 {
					out = append(out, q)
				}
				open = 0
			}
			continue
		}
		if closing[r] != 0 {
			open, start = r, i+len(string(r))
		}
	}
	return out
}

// evenText writes a text in lower case with single spaces and one kind of apostrophe and dash.
func evenText(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		switch r {
		case '’', '‘', 'ʼ', '`', '´':
			r = '\''
		case '–', '—', '‑':
			r = '-'
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
