package assistant

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"sportello/assistant/lexicon"
)

// grow adds what sentences cannot be read without: the sentence that "Tale termine" points back to, the condition or exception that
// follows, the points that a lead-in announces; the rows around a row; then the rest of their paragraph, the comma of a
// regulation, when there is room: it was written to be read as one.
func (s sought) grow(p *Passage, r passageRead, w window) lexicon.Span {
	if s.foreign && len(p.Text) <= wholeLength {
		return lexicon.Span{Start: 0, End: len(p.Text)}
	}
	q := quoted{text: p.Text, spans: r.spans, first: w.from, last: w.to - 1, length: quoteLength}
	if s.form {
		q.length = listLength
	}
	switch {
	case isRow(q.sentence(q.first)):
		q.table()
	case isPoint(q.sentence(q.first)):
		if s.form {
			q.siblings()
		} else {
			q.list()
		}
		q.conditions()
	default:
		q.back()
		q.points()
		q.paragraph()
		q.conditions()
	}
	q.comma()
	run := lexicon.Span{Start: r.spans[q.first].Start, End: r.spans[q.last].End}
	for range s.asks { // at most one more stretch for each thing asked
		missing := s.unmet(p.Text[run.Start:run.End])
		if len(missing) == 0 {
			break
		}
		wider, found := s.widen(p.Text, r.spans, run, len(missing))
		if !found {
			break
		}
		run = wider
	}
	return s.goOn(p.Text, r.spans, run)
}

// quoted is a run of sentences [first, last] of a text that grows.
type quoted struct {
	text        string
	spans       []lexicon.Span
	first, last int
	length      int // of the run, at most
}

func (q *quoted) sentence(i int) string { return q.text[q.spans[i].Start:q.spans[i].End] }

// room tells whether the run from..to may be shown as one quote.
func (q *quoted) room(from, to int) bool { return q.fits(from, to, q.length) }

// fits tells whether the run from..to has at most length bytes.
func (q *quoted) fits(from, to, length int) bool {
	return len(filler.ReplaceAllString(q.text[q.spans[from].Start:q.spans[to].End], "…")) <= length
}

// filler is what one writes on: it takes no room.
var filler = regexp.MustCompile(`[.…_]{3,}`)

// back goes to the sentence that the first one points back to.
func (q *quoted) back() {
	for q.first > 0 && pointsBack(q.sentence(q.first)) && q.room(q.first-1, q.last) {
		q.first--
	}
}

// conditions adds what limits the last sentence.
func (q *quoted) conditions() {
	for q.last+1 < len(q.spans) && conditional(q.sentence(q.last+1)) && q.room(q.first, q.last+1) {
		q.last++
	}
}

// points adds the points of a list that the last sentence announces.
func (q *quoted) points() {
	for q.last+1 < len(q.spans) && q.room(q.first, q.last+1) {
		here, next := q.sentence(q.last), q.sentence(q.last+1)
		if !announces(here) && !(isPoint(next) && (isPoint(here) || strings.ToUpper(here) == here)) && !(isRow(here) && isRow(next)) {
			return
		}
		q.last++
	}
}

// siblings adds the other points of the list: who asks what to hand in needs all of it.
func (q *quoted) siblings() {
	q.points()
	for q.first > 0 && isPoint(q.sentence(q.first-1)) && q.room(q.first-1, q.last) {
		q.first--
	}
}

// list adds the other points of the list and what announces it, when all of it has room: they are alternatives, and only who asks knows
// which is theirs.
func (q *quoted) list() {
	from, to := q.first, q.last
	for from > 0 && isPoint(q.sentence(from-1)) {
		from--
	}
	if from > 0 && announces(q.sentence(from-1)) {
		from--
	}
	for to+1 < len(q.spans) && isPoint(q.sentence(to)) && isPoint(q.sentence(to+1)) {
		to++
	}
	for _, run := range [][2]int{{from, to}, {from, q.last}} {
		if q.fits(run[0], run[1], commaLength) {
			q.first, q.last = run[0], run[1]
			return
		}
	}
}

// opensComma finds the first sentence of a comma: "1. …", "2-bis. …".
var opensComma = regexp.MustCompile(`^\s*\d{1,3}([ -]?(bis|ter|quater|quinquies))?\s?\.\s`)

// comma widens the run to the comma of a regulation that holds it: it was written to be read as one.
func (q *quoted) comma() {
	from, to := q.first, q.last
	for from > 0 && !opensComma.MatchString(q.sentence(from)) {
		from--
	}
	if !opensComma.MatchString(q.sentence(from)) {
		return
	}
	for to+1 < len(q.spans) && !opensComma.MatchString(q.sentence(to+1)) {
		to++
	}
	if q.fits(from, to, commaLength) {
		q.first, q.last = from, to
	}
}

// table adds the rows around, in turn, and the header.
func (q *quoted) table() {
	for grown := true; grown; {
		grown = false
		if q.last+1 < len(q.spans) && isRow(q.sentence(q.last+1)) && q.room(q.first, q.last+1) {
			q.last, grown = q.last+1, true
		}
		if q.first > 0 && isRow(q.sentence(q.first-1)) && q.room(q.first-1, q.last) {
			q.first, grown = q.first-1, true
		}
	}
	if q.first > 0 && announces(q.sentence(q.first-1)) && q.room(q.first-1, q.last) {
		q.first--
	}
}

// paragraph widens the run to the paragraphs it lies in.
func (q *quoted) paragraph() {
	from, to := q.first, q.last
	for from > 0 && !q.breaks(from-1) {
		from--
	}
	for to+1 < len(q.spans) && !q.breaks(to) {
		to++
	}
	if q.room(from, to) {
		q.first, q.last = from, to
	}
}

// breaks tells whether a line ends between sentence i and the next.
func (q *quoted) breaks(i int) bool {
	return strings.Contains(q.text[q.spans[i].Start+len(strings.TrimRight(q.sentence(i), " \n\t")):q.spans[i+1].Start], "\n")
}

// announces tells whether a sentence introduces what follows.
func announces(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasSuffix(text, ":") || requests.MatchString(text)
}

// requests finds the words with which a form begins a list: "ALLEGA", "si allegano", "CHIEDE", "DICHIARA".
var requests = regexp.MustCompile(`(?i)(^|\s)(alleg(a|ano|o|hiamo)|chied(e|ono)|dichiar(a|ano)|comunica(no)?)$`)

// leadIn gives what a quote is read under when it stands further up: the sentence that announces the list whose points the quote begins
// with, the header of the table whose rows it has.
func leadIn(text string, spans []lexicon.Span, run lexicon.Span) (lead lexicon.Span) {
	sentence := func(i int) string { return text[spans[i].Start:spans[i].End] }
	at := slices.IndexFunc(spans, func(s lexicon.Span) bool { return s.Start == run.Start })
	if at <= 0 {
		return lead
	}
	head := at
	switch {
	case isRow(sentence(at)):
		for head > 0 && isRow(sentence(head-1)) {
			head--
		}
	case isPoint(sentence(at)):
		for head > 0 && !announces(sentence(head)) {
			if head--; !isPoint(sentence(head)) && !endsOpen(sentence(head)) && !announces(sentence(head)) {
				return lead
			}
		}
		if !announces(sentence(head)) { // the list began in another passage
			return lead
		}
	}
	if head == at || spans[head].End-spans[head].Start+run.End-run.Start > 2*quoteLength {
		return lead
	}
	return spans[head]
}

// goOn adds the sentences that directly follow while they, too, state what is asked for: "entro quando" is often answered
// by more than one date. Rows of a table stand for themselves.
func (s sought) goOn(text string, spans []lexicon.Span, run lexicon.Span) lexicon.Span {
	for _, span := range spans {
		if span.Start < run.End {
			if span.End == run.End && isRow(text[span.Start:span.End]) {
				break
			}
			continue
		}
		if span.End-run.Start > quoteLength || len(s.asks) == 0 || len(s.unmet(text[span.Start:span.End])) == len(s.asks) {
			break
		}
		run.End = span.End
	}
	return run
}

// widen grows a run to the nearest sentence with which it lacks less of what is asked.
func (s sought) widen(text string, spans []lexicon.Span, run lexicon.Span, lacks int) (wider lexicon.Span, found bool) {
	shortest := quoteLength + 1
	for _, span := range spans {
		w := lexicon.Span{Start: min(run.Start, span.Start), End: max(run.End, span.End)}
		if length := w.End - w.Start; length < shortest && len(s.unmet(text[w.Start:w.End])) < lacks {
			wider, found, shortest = w, true, length
		}
	}
	return wider, found
}

// namesOnly tells whether a sentence only names what follows: it is in capitals, or in the breadcrumb.
func namesOnly(p *Passage, text string) bool {
	if isRow(text) {
		return false
	}
	return strings.ToUpper(text) == text || len(lexicon.Analyze(text)) < 2 || within(text, p.Breadcrumb)
}

// blanks tells whether a sentence is mostly lines to write on and boxes to tick.
func blanks(text string) bool {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "☐") || strings.HasPrefix(text, "□") {
		return true
	}
	return strings.Contains(text, "__") || strings.Contains(text, "....") || strings.Count(text, "☐")+strings.Count(text, "□") > 1
}

// isRow tells whether a sentence is a row of a table.
func isRow(text string) bool { return strings.Contains(text, " | ") }

// isPoint tells whether a sentence is a point of a list: "a) …", "- …", "1) …".
func isPoint(text string) bool {
	text = strings.TrimSpace(text)
	if r, n := utf8.DecodeRuneInString(text); n < len(text) && strings.ContainsRune("-–—•●▪◦*·✓✔➢", r) {
		return true
	}
	head, _, found := strings.Cut(text, ")")
	return found && len(head) > 0 && len(head) <= 3
}

// endsOpen tells whether the list goes on: the point ends in a semicolon or comma.
func endsOpen(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasSuffix(text, ";") || strings.HasSuffix(text, ",")
}

// back finds a sentence that cannot be read without the one before it: "Tale termine…", "La stessa…", "In tal caso…".
var back = regexp.MustCompile(`^(?i)(tal[ei]|dett[oaie]|quest[oaie]|suddett[oaie]|predett[oaie]|l[aoe] stess[oaie]|gli stessi|il medesimo|la medesima|in tal[ei] cas[oi]|in questo caso|essa|esso|ess[ie]|inoltre|anche|altresì)\b`)

func pointsBack(text string) bool { return back.MatchString(strings.TrimSpace(text)) }

// conditional tells whether a sentence limits the one before it: it begins with an exception or a condition.
func conditional(text string) bool {
	for _, c := range lexicon.Cues(text) {
		if (c.Kind == lexicon.ExceptionCue || c.Kind == lexicon.ConditionCue || c.Kind == lexicon.RestrictionCue) && c.Start < 40 {
			return true
		}
	}
	return false
}
