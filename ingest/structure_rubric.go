package ingest

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	firstCommaRE = regexp.MustCompile(`^1\s*[.)]\s*\S`)
	listStartRE  = regexp.MustCompile(`^(?:\d{1,3}\s*[.)]|[a-zA-Z]{1,2}\s*[.)]|[-–•·▪*✓➢]\s)`)
)

// findRubrics completes the headings with their rubric, on the same line or on the next ones, and tells a rubric from the
// text of an article that begins on the line of its number, as in old regulations.
func (s *scan) findRubrics() {
	for i := range s.lines {
		l := &s.lines[i]
		switch l.mark.kind {
		case SecArticle, SecPart, SecTitolo, SecCapo, SecSezione, SecAllegato:
		default:
			continue
		}
		l.rubric = true
		if l.mark.rubric == "" {
			s.rubricBelow(i)
		} else {
			s.rubricGoesOn(i)
		}
		l.mark.rubric = trimRubric(l.mark.rubric)
	}
}

// rubricBelow takes the rubric from the lines after a heading that is only a number.
func (s *scan) rubricBelow(i int) {
	head := &s.lines[i]
	var words []string
	if k := s.plainRubric(i); k > 0 {
		for j := i + 1; j <= k; j++ {
			s.lines[j].rubric = true
			words = append(words, s.lines[j].plain())
		}
		head.mark.rubric = strings.Join(words, " ")
		return
	}
	for j := i + 1; j < len(s.lines) && j <= i+4; j++ {
		l := &s.lines[j]
		if !s.mayBeRubric(j) {
			break
		}
		bracketed := strings.HasPrefix(l.text, "(") && strings.Contains(l.text, ")")
		if len(words) == 0 {
			styled := l.upper || l.bold || l.kind == Heading || bracketed
			n := utf8.RuneCountInString(l.text)
			if !styled && (n > 110 || strings.HasSuffix(l.text, ".") && len(strings.Fields(l.text)) > 6 || endsOpen(l.text) || !startsUpper(l.text)) {
				break
			}
			if !styled && j+1 < len(s.lines) && s.goesOnBelow(j) {
				break
			}
		} else {
			first := &s.lines[i+1]
			same := l.upper && first.upper || l.bold && first.bold && head.mark.kind == SecArticle || startsLower(l.text) && s.lines[j-1].wraps && (first.bold == l.bold)
			if !same || s.lines[j-1].kind == Heading || bracketed && !first.upper {
				break
			}
		}
		l.rubric = true
		words = append(words, l.plain())
	}
	head.mark.rubric = strings.Join(words, " ")
}

// plainRubric gives the last line of an unstyled rubric of up to four lines that stands between the number of an article and its
// first numbered comma; 0 when what stands there does not read as a title.
func (s *scan) plainRubric(i int) int {
	n := 0
	for j := i + 1; j < len(s.lines) && j <= i+4; j++ {
		l := &s.lines[j]
		if !s.mayBeRubric(j) || l.upper || l.bold || l.kind == Heading || endsOpen(l.text) || j == i+1 && !startsUpper(l.text) {
			return 0
		}
		if n += utf8.RuneCountInString(l.text); n > 320 {
			return 0
		}
		if j+1 < len(s.lines) && firstCommaRE.MatchString(s.lines[j+1].text) {
			return j
		}
		if sentenceEnd(l.text) {
			return 0
		}
	}
	return 0
}

// goesOnBelow says whether an unstyled line j is the first line of a sentence that goes on, and not a title.
func (s *scan) goesOnBelow(j int) bool {
	next := &s.lines[j+1]
	if next.mark.kind != "" || listStartRE.MatchString(next.text) {
		return false
	}
	return s.lines[j].wraps && utf8.RuneCountInString(s.lines[j].text) > 60 || startsLower(next.text)
}

// rubricGoesOn adds the further lines of a long rubric and recognises text that runs in on the heading's line.
func (s *scan) rubricGoesOn(i int) {
	head := &s.lines[i]
	words := []string{head.mark.rubric}
	upper := isUpper(head.mark.rubric)
	var taken []int
	for j := i + 1; j < len(s.lines) && j <= i+4; j++ {
		l := &s.lines[j]
		if !s.mayBeRubric(j) || head.kind == Heading && l.kind != Heading {
			break
		}
		prev := &s.lines[j-1]
		switch {
		case upper && l.upper && !sentenceEnd(prev.text):
		case startsLower(l.text) && !sentenceEnd(prev.text) && (utf8.RuneCountInString(prev.text) > 45 || danglingRE.MatchString(prev.text)):
		case danglingRE.MatchString(prev.text) && utf8.RuneCountInString(l.text) < 100:
		default:
			goto done
		}
		taken = append(taken, j)
		words = append(words, l.plain())
	}
done:
	full := strings.Join(words, " ")
	n := len(strings.Fields(full))
	long := n > 40 || n > 12 && strings.HasSuffix(full, ".") && !upper || len(taken) == 4 ||
		n > 8 && head.kind != Heading && (strings.HasSuffix(full, ":") || strings.HasSuffix(full, ";"))
	if !upper && long && head.mark.kind == SecArticle {
		head.mark.rubric, head.mark.body, head.rubric = "", true, false
		return
	}
	head.mark.rubric = full
	for _, j := range taken {
		s.lines[j].rubric = true
	}
}

// mayBeRubric says whether a line is free to belong to the heading above it.
func (s *scan) mayBeRubric(j int) bool {
	l := &s.lines[j]
	return l.mark.kind == "" && l.cand.weight < 2 && !l.index && l.kind != Row && l.kind != Item && !listStartRE.MatchString(l.text) && !s.isOrder(j) && !premiseRE.MatchString(l.text)
}

// endsOpen says whether a line ends as a sentence that goes on with a list.
func endsOpen(t string) bool {
	return strings.HasSuffix(t, ":") || strings.HasSuffix(t, ";") || strings.HasSuffix(t, ",")
}

// trimRubric takes brackets, dashes and a final full stop off a rubric.
func trimRubric(t string) string {
	t = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(t), ".-–—: "))
	for {
		was := t
		t = strings.TrimSpace(strings.TrimPrefix(t, footRE.FindString(t)))
		if strings.HasPrefix(t, "(") && strings.HasSuffix(strings.TrimRight(t, ". "), ")") && strings.Count(t, "(") == 1 {
			t = strings.TrimSuffix(strings.TrimRight(t, ". ")[1:], ")")
		}
		if strings.HasSuffix(t, ".") && !strings.HasSuffix(t, "..") {
			if w := t[strings.LastIndexByte(t, ' ')+1:]; len(w) > 4 {
				t = t[:len(t)-1]
			}
		}
		t = strings.TrimSpace(strings.TrimRight(t, "-–—: "))
		if t == was {
			return t
		}
	}
}
