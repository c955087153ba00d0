package ingest

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	indexTitleRE = regexp.MustCompile(`(?i)^(?:indice|sommario|indice (?:generale|degli articoli|sistematico|analitico|del regolamento)|table of contents)\s*:?$`)
	leaderRE     = regexp.MustCompile(`(?:\.\s?){4,}|…{2,}|_{4,}|·{4,}`)
	pagedRE      = regexp.MustCompile(`(?i)(?:(?:\.\s?){3,}|…+|_{3,}|\s\|\s|\s)\s*(?:pag(?:ina|\.)?\s*)?\d{1,3}\s*$`)
	numberedRE   = regexp.MustCompile(`^(\d{1,2}(?:\.\d{1,2}){0,3})(?:[.)]|\s[-–])?\s+\p{L}`)
	furnitureRE  = regexp.MustCompile(`(?i)^(?:(?:pag(?:ina|\.)?\s*)?\d{1,3}(?:\s*(?:di|/)\s*\d{1,3})?|articolo pag\.?|pag(?:ina|\.)?)$`)
)

// entry is what a line says as an entry of a table of contents.
type entry struct {
	label string // what it is the entry of; empty when the line is none
	paged bool   // it ends with a page number after blanks or leaders
	loose bool   // numbered, without the word "articolo" or the like: an entry only under the title "Indice" or with a page
}

// entries reads every line as if it were an entry. Inside a titolo the numbers of its capi may start again, so labels of
// smaller parts carry the larger one.
func (s *scan) entries() []entry {
	out := make([]entry, len(s.lines))
	titolo := ""
	for i := range s.lines {
		l := &s.lines[i]
		t := l.plain()
		e := &out[i]
		e.paged = pagedRE.MatchString(l.text) && (leaderRE.MatchString(l.text) || strings.Contains(strings.ToLower(t), "pag") || l.cand.kind != "" || numberedRE.MatchString(t))
		switch l.cand.kind {
		case SecArticle:
			e.label = "a" + l.cand.number
		case SecPart, SecTitolo:
			titolo = string(l.cand.kind) + l.cand.number
			e.label = titolo
		case SecCapo, SecSezione, SecAllegato:
			e.label = titolo + string(l.cand.kind) + l.cand.number
		default:
			if m := numberedRE.FindStringSubmatch(t); m != nil && (l.kind != Row || leaderRE.MatchString(l.text)) && utf8.RuneCountInString(t) < 150 && !strings.HasSuffix(t, ";") {
				e.label, e.loose = "n"+m[1], true
			} else if e.paged && leaderRE.MatchString(l.text) {
				e.label, e.loose = "p"+t, true
			} else if c, _, ok := articleLabel(t); ok && e.paged {
				e.label = "a" + c.number
			}
		}
	}
	return out
}

// findIndex finds tables of contents: runs of entries with next to nothing between them, with page numbers or leaders, or
// whose labels come again later with their text.
func (s *scan) findIndex() {
	es := s.entries()
	for i := 0; i < len(s.lines); i++ {
		titled := indexTitleRE.MatchString(s.lines[i].plain())
		if !titled && (es[i].label == "" || es[i].loose && !es[i].paged) {
			continue
		}
		to := s.indexRun(i, titled, es)
		if to > i {
			s.indexes = append(s.indexes, span{i, to})
			for k := i; k < to; k++ {
				s.lines[k].index = true
				s.lines[k].cand = candidate{}
			}
			i = to - 1
		}
	}
}

// indexRun gives the end, exclusive, of the table of contents that begins at line i, or i when there is none.
func (s *scan) indexRun(i int, titled bool, es []entry) int {
	seen := map[string]bool{}
	last, labels, paged := i, 0, 0
	slack := 3
	if titled {
		slack = 5 // "Articolo … Pag." and a repeated title stand between the word "Indice" and the first entry
	}
	start := i
	if titled {
		start = i + 1
	}
	for j := start; j < len(s.lines); j++ {
		l, e := &s.lines[j], es[j]
		if e.label != "" && (!e.loose || e.paged || titled) {
			if seen[e.label] || l.kind == Heading && !titled && labels == 0 {
				break
			}
			if titled && e.loose && !e.paged && labels > 0 && paged*2 > labels {
				break // a numbered paragraph right after a paged index
			}
			seen[e.label] = true
			last, labels, slack = j, labels+1, 3
			if e.paged {
				paged++
			}
			continue
		}
		if j-last >= slack || s.isProse(j) || indexTitleRE.MatchString(l.plain()) {
			break
		}
	}
	if paged*2 > labels { // the heading that follows a paged index is not part of it
		for last > i && !es[last].paged {
			if es[last].label != "" {
				delete(seen, es[last].label)
				labels--
			}
			last--
		}
	}
	if labels < 4 && !(titled && labels >= 3) {
		return i
	}
	if paged*2 > labels {
		return last + 1
	}
	again := 0
	for j := last + 1; j < len(s.lines); j++ {
		if e := es[j]; e.label != "" && seen[e.label] {
			again++
			delete(seen, e.label)
		}
	}
	if again*2 > labels {
		return last + 1
	}
	return i
}

// isProse says whether a line reads as text and not as the second line of a title.
func (s *scan) isProse(i int) bool {
	l := &s.lines[i]
	n := utf8.RuneCountInString(l.text)
	if furnitureRE.MatchString(l.text) || leaderRE.MatchString(l.text) {
		return false
	}
	return n > 130 || strings.HasSuffix(l.text, ".") && n > 20 && !l.upper || firstCommaRE.MatchString(l.text)
}
