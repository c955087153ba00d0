package ingest

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// chooseHeadings marks the operative part of resolutions and, where the text has them, plain headings. In a document
// without articles a numbered heading ("4.5 Utilizzo delle penne USB") counts like an article.
func (s *scan) chooseHeadings() {
	for _, a := range s.acts {
		if s.lines[a.from].mark.kind == "" {
			s.lines[a.from].mark = mark{kind: SecPreamble}
		}
		if a.operative >= 0 && s.lines[a.operative].mark.kind == "" {
			s.lines[a.operative].mark = mark{kind: SecHeading, rubric: strings.Trim(s.lines[a.operative].text, " :."), operative: true}
		}
		for i := max(a.operative, a.from) + 1; i < a.to; i++ { // signatures and opinions are not part of what is resolved
			if l := &s.lines[i]; l.mark.kind == "" && closingRE.MatchString(l.text) {
				l.mark = mark{kind: SecHeading, top: true}
				break
			}
		}
	}
	articles, level := 0, 0
	for i := range s.lines {
		if l := &s.lines[i]; l.mark.kind == SecArticle {
			articles++
			if l.kind == Heading && (level == 0 || l.level < level) {
				level = l.level
			}
		}
	}
	var last []string
	for i := range s.lines {
		l := &s.lines[i]
		if l.mark.kind != "" || l.index || l.text == "" {
			continue
		}
		if l.kind == Heading {
			if articles > 0 && (level == 0 || l.level > level) {
				continue // a heading inside an article
			}
			if i > 0 && articles > 0 && s.lines[i-1].mark.kind != "" && s.lines[i-1].kind == Heading && s.lines[i-1].level == l.level {
				continue // the rubric of the heading above
			}
			l.mark = mark{kind: SecHeading, rubric: l.text, level: max(min(l.level, 9), 1)}
			if m := numberedRE.FindStringSubmatch(l.text); m != nil && articles == 0 {
				l.mark.number = m[1]
				l.mark.rubric = strings.TrimLeft(l.text[len(m[1]):], " .)-–")
			}
			continue
		}
		if articles == 0 && (l.bold || l.upper) && l.kind == Paragraph && !l.wraps && len(s.acts) == 0 {
			if m := numberedRE.FindStringSubmatch(l.text); m != nil && utf8.RuneCountInString(l.text) < 120 && !sentenceEnd(l.text) && follows(last, m[1]) {
				last = strings.Split(m[1], ".")
				l.mark = mark{kind: SecHeading, number: m[1], rubric: strings.TrimLeft(l.text[len(m[1]):], " .)-–"), level: len(last)}
			}
		}
	}
}

// follows says whether a dotted number can come after another: 4 after 3.2, 3.3 after 3.2, 3.2.1 after 3.2.
func follows(last []string, next string) bool {
	n := strings.Split(next, ".")
	if len(last) == 0 {
		return n[0] == "1"
	}
	for k := 0; k < len(n) && k < len(last); k++ {
		if len(n[k]) != len(last[k]) {
			return len(n[k]) > len(last[k])
		}
		if n[k] != last[k] {
			return n[k] > last[k]
		}
	}
	return len(n) > len(last)
}

// findAnnexes finds annexes that no heading names: the regulation that a resolution approves, and the tables that begin on
// a new page, under a title of their own, after the last article.
func (s *scan) findAnnexes() {
	for _, a := range s.acts {
		for i := a.from; i < a.to; i++ {
			l := &s.lines[i]
			if l.mark.kind == SecArticle && l.cand.key == (artKey{1, 0}) {
				s.attach(a, i)
				break
			}
		}
	}
	lastArticle := -1
	for i := len(s.lines) - 1; i >= 0; i-- {
		if s.lines[i].mark.kind == SecArticle {
			lastArticle = i
			break
		}
	}
	if lastArticle < 0 {
		return
	}
	for i := lastArticle + 1; i < len(s.lines); i++ {
		l := &s.lines[i]
		if l.index || l.mark.kind == SecAllegato || l.mark.kind == SecPreamble || l.mark.kind == SecHeading {
			return
		}
		if l.page == s.lines[i-1].page || !(l.upper || l.bold || l.kind == Heading) || l.mark.kind != "" || l.rubric || s.lines[i-1].wraps {
			continue
		}
		rows := 0
		for j := i + 1; j < len(s.lines) && j < i+40; j++ {
			if s.lines[j].kind == Row {
				rows++
			}
		}
		if rows >= 4 || annexTitleRE.MatchString(l.plain()) && sentenceEnd(s.lines[i-1].text) {
			l.mark = mark{kind: SecAllegato, rubric: l.plain()}
			return
		}
	}
}

// attach opens an annex for the text whose article 1 stands at line i inside act a: at the nearest title above it. Without one the
// articles are the act's own, as in decrees.
func (s *scan) attach(a act, i int) {
	from := a.operative
	if from < 0 {
		from = a.from
	}
	for j := i - 1; j > from && j > i-60; j-- {
		l := &s.lines[j]
		if l.mark.kind == SecAllegato {
			return
		}
		if l.mark.kind == "" && attachedRE.MatchString(l.plain()) && startsUpper(l.text) && !endsOpen(l.text) && utf8.RuneCountInString(l.text) < 200 && !strings.HasSuffix(l.text, ".") && (l.upper || l.bold || l.kind == Heading || !s.lines[j-1].wraps) {
			l.mark = mark{kind: SecAllegato, rubric: l.plain()}
			return
		}
	}
}

// annexTitleRE matches the titles of what is printed after the last article without being called an annex.
var annexTitleRE = regexp.MustCompile(`(?i)^(?:tabell[ae]|tariff[ae]|elenco|modell[oi]|modul[oi]|richiesta|domanda|istanza|schem[ai]|prospetto|coefficient[ei]|listino|scheda|fac[- ]?simile|planimetri[ae]|appendice|glossario)\b`)
