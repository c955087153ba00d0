package ingest

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	commaRE   = regexp.MustCompile(`^(\d{1,3})\s*[°º]?\s*(?:[-–]?\s*(` + ordinalSuffix + `)\b\s*)?([.)]|[-–]\s)\s*(.*)$`)
	letteraRE = regexp.MustCompile(`^(?:\(\s*)?([a-z]{1,2}|[A-Z])(?:\s*[-–]?\s*(` + ordinalSuffix + `))?\s*([.)])\s*(.*)$`)
	romanRE   = regexp.MustCompile(`^([ivx]{1,5})\s*[.)]\s+\S`)
)

// findBodies finds commi, lettere and numeri in every article and in the operative part of every resolution.
func (s *scan) findBodies() {
	for i := range s.lines {
		m := s.lines[i].mark
		if m.kind != SecArticle && !(m.kind == SecHeading && m.operative) {
			continue
		}
		from := i + 1
		for from < len(s.lines) && s.lines[from].rubric && s.lines[from].mark.kind == "" {
			from++
		}
		to := from
		for to < len(s.lines) && (s.lines[to].mark.kind == "" || s.lines[to].mark.kind == SecComma) && !s.lines[to].index {
			to++
		}
		b := body{scan: s, head: i, from: from, to: to}
		b.find()
	}
}

// body is the text of one article while its commi are looked for.
type body struct {
	*scan
	head, from, to int
	comma          int    // number of the last comma
	paren          bool   // commi are written "1)" and not "1."
	lettera        string // last lettera of the comma
	numero         int    // last numero of the lettera or comma
}

func (b *body) find() {
	if b.lines[b.head].mark.body {
		b.runIn()
	}
	numbered := b.comma > 0
	for i := b.from; i < b.to; i++ {
		if b.lines[i].kind != Row && b.commaAt(i) {
			numbered = true
		}
	}
	if !numbered {
		b.unnumbered()
	} else if first := b.firstText(); first >= 0 {
		b.lines[first].mark = mark{kind: SecComma, number: "1"}
		if b.lines[first].text == "" || b.hasComma("1") > 1 {
			b.lines[first].mark = mark{}
		}
	}
	for i := b.from; i < b.to; i++ {
		if b.lines[i].mark.kind == SecComma {
			b.lettera, b.numero = "", 0
			continue
		}
		if b.lines[i].kind != Row {
			b.pointAt(i)
		}
	}
}

// runIn opens comma 1 on the line of the article's number.
func (b *body) runIn() {
	l := &b.lines[b.head]
	l.runIn = strings.LastIndex(l.text, l.cand.rest)
	if l.runIn < 0 {
		l.runIn = 0
	}
	if firstCommaRE.MatchString(l.cand.rest) {
		b.comma = 1
	}
}

// firstText gives the first line of text when the first numbered comma is not 1 and text stands before it; else -1.
func (b *body) firstText() int {
	for i := b.from; i < b.to; i++ {
		if m := b.lines[i].mark; m.kind == SecComma {
			if m.number == "2" && i > b.from && !b.lines[b.head].mark.body {
				return b.from
			}
			return -1
		}
	}
	return -1
}

func (b *body) hasComma(number string) int {
	n := 0
	for i := b.from; i < b.to; i++ {
		if b.lines[i].mark.kind == SecComma && b.lines[i].mark.number == number {
			n++
		}
	}
	return n
}

// commaAt recognises the start of a numbered comma: its number follows the one before, and after a number with a dot no
// digit comes ("1.200,00").
func (b *body) commaAt(i int) bool {
	l := &b.lines[i]
	m := commaRE.FindStringSubmatch(l.text)
	if m == nil || m[4] == "" && !(i+1 < b.to) {
		return false
	}
	n, _ := strconv.Atoi(m[1])
	rest := m[4]
	if rest != "" && (rest[0] >= '0' && rest[0] <= '9' || strings.HasPrefix(m[3], "-") && startsLower(rest)) {
		return false
	}
	paren := m[3] == ")"
	if b.comma > 0 && paren != b.paren && m[2] == "" {
		return false
	}
	fresh := i == b.from || !b.lines[i-1].wraps || sentenceEnd(b.lines[i-1].text)
	var ok bool
	switch {
	case m[2] != "":
		ok = n == b.comma && b.comma > 0
	case b.comma == 0:
		ok = n == 1 || n == 2 && !paren && i > b.from && fresh && startsUpper(rest)
		if paren && ok && i > b.from && endsOpen(b.lines[i-1].text) && b.lines[b.head].mark.kind == SecArticle {
			ok = false // a numbered list after a colon, in an article of unnumbered commi
		}
	default:
		ok = n == b.comma+1 && (fresh || startsUpper(rest)) || n > b.comma && n <= b.comma+3 && fresh && startsUpper(rest)
	}
	if !ok {
		return false
	}
	number := m[1]
	if m[2] != "" {
		number += "-" + m[2]
	}
	b.comma, b.paren = n, paren
	l.mark = mark{kind: SecComma, number: strings.TrimLeft(number, "0")}
	return true
}

// unnumbered counts the paragraphs of an article without numbers as its commi: that is how such texts are cited.
func (b *body) unnumbered() {
	n := 0
	if b.lines[b.head].mark.body {
		n = 1
	}
	open := false // a list introduced by a colon is going on
	for i := b.from; i < b.to; i++ {
		l := &b.lines[i]
		if l.kind == Row || l.kind == Heading {
			continue
		}
		first := n == 0
		if !first {
			prev := &b.lines[i-1]
			if prev.wraps || prev.kind == Row || startsLower(l.text) || listStartRE.MatchString(l.text) || l.kind == Item {
				open = open || strings.HasSuffix(prev.text, ":")
				continue
			}
			if endsOpen(prev.text) || !sentenceEnd(prev.text) && prev.kind != Item {
				continue
			}
		}
		n++
		l.mark = mark{kind: SecComma, number: strconv.Itoa(n)}
	}
}

// pointAt recognises a lettera or a numero by its place in the sequence.
func (b *body) pointAt(i int) {
	l := &b.lines[i]
	if m := letteraRE.FindStringSubmatch(l.text); m != nil && m[4] != "" && b.isNextLettera(m[1], m[2], m[3]) {
		number := m[1]
		if m[2] != "" {
			number += "-" + m[2]
		}
		b.lettera, b.numero = m[1], 0
		l.mark = mark{kind: SecLettera, number: number}
		return
	}
	if m := commaRE.FindStringSubmatch(l.text); m != nil && m[2] == "" && m[4] != "" && m[3] != "-" {
		n, _ := strconv.Atoi(m[1])
		if n == b.numero+1 && (m[4][0] < '0' || m[4][0] > '9') {
			b.numero = n
			l.mark = mark{kind: SecNumero, number: m[1]}
		}
		return
	}
	if m := romanRE.FindStringSubmatch(l.text); m != nil {
		if n := roman(strings.ToUpper(m[1])); n == b.numero+1 {
			b.numero = n
			l.mark = mark{kind: SecNumero, number: m[1]}
		}
	}
}

// isNextLettera says whether a letter continues the list (Italian lists often leave out j, k, w, x, y) or opens one.
func (b *body) isNextLettera(letter, suffix, sep string) bool {
	if suffix != "" {
		return letter == b.lettera
	}
	if strings.ToLower(letter) == "a" {
		return sep == ")" || letter == "a" || b.lettera == ""
	}
	if b.lettera == "" || len(letter) != len(b.lettera) && !(b.lettera == "z" && letter == "aa") {
		return false
	}
	if len(letter) == 2 {
		return letter[1] > b.lettera[1] && letter[0] == b.lettera[0] || letter == "aa" && b.lettera == "z" || letter[0] == letter[1] && letter[0] == b.lettera[0]+1
	}
	d := int(letter[0]) - int(b.lettera[0])
	return d == 1 || d == 2 || d == 3 && b.lettera[0]|0x20 == 'i'
}
