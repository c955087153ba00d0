package assistant

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"sportello/assistant/lexicon"
)

const (
	quotedFrom  = 6   // passages looked at for sentences
	quotesShown = 3   // places quoted at most
	quoteLength = 700 // bytes of a quote, about six lines on a page; a single longer sentence stays whole
	nearTexts   = 24  // sentences embedded at most for one question
	wholeLength = 320 // a passage this short is quoted whole to a question in another language: its sentences cannot be told apart by words

	perValue  = 0.15 // what the best sentences of a passage count beside how well it was found
	closeBy   = 0.12 // a passage that is this much behind the first one is quoted too
	fillsGap  = 0.25 // …and this much when it states what was asked for and the first does not
	headings  = 0.4  // what is left of a sentence that is a heading
	blankRuns = 0.3  // what is left of a sentence of lines to write on: to be filled in, not to be read
)

// candidate is the part of a passage that would be quoted.
type candidate struct {
	passage *Passage
	lead    lexicon.Span // what span is read under, when it stands further up; see leadIn
	span    lexicon.Span
	score   float64
	kinds   map[lexicon.FactKind]bool
}

// quotes chooses the smallest runs of sentences that answer: those of the best passage that hold most of what is sought and the
// kind of fact that was asked for, with what they cannot be read without; and those of other passages that were found about as
// well, or that state what is still missing. near holds, for each passage, the closeness of its sentences to the question by
// meaning; nil without an embedding model.
func quotes(s sought, passages []Passage, near [][]float64) []Statement {
	passages = passages[:min(quotedFrom, len(passages))]
	found := s.candidates(passages, near)
	var shown []Statement
	var have []map[lexicon.FactKind]bool
	for i, c := range found {
		if len(shown) == quotesShown {
			break
		}
		if i > 0 {
			behind := found[0].score - c.score
			fills := s.met(append(slices.Clip(have), c.kinds)) > s.met(have)
			if behind > closeBy && !(fills && behind <= fillsGap) {
				continue
			}
		}
		statement := quoteOf(*c.passage, c.lead, c.span)
		if said(shown, statement) {
			continue
		}
		shown, have = append(shown, statement), append(have, c.kinds)
	}
	return shown
}

// candidates gives what each passage would be quoted with, best first.
func (s sought) candidates(passages []Passage, near [][]float64) []candidate {
	read := make([]passageRead, len(passages))
	for i := range passages {
		read[i] = s.read(&passages[i])
	}
	c := s.scale(read)
	var out []candidate
	for i := range passages {
		p, r := &passages[i], read[i]
		if len(r.spans) == 0 {
			continue
		}
		var closeness []float64
		if i < len(near) {
			closeness = near[i]
		}
		w := s.bestQuote(p, r, c, closeness)
		span := s.grow(p, r, w)
		out = append(out, candidate{passage: p, lead: leadIn(p.Text, r.spans, span), span: span, score: p.Score + perValue*w.value(), kinds: s.kindsIn(p.Text[span.Start:span.End])})
	}
	slices.SortStableFunc(out, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	return out
}

// bestQuote gives the sentences of a passage to quote.
func (s sought) bestQuote(p *Passage, r passageRead, c scale, near []float64) window {
	var best window
	value := -1.0
	for from := range r.spans {
		for to := from + 1; to <= min(from+windowLength, len(r.spans)); to++ {
			w := window{from: from, to: to, share: c.share(r.terms[from:to]...), met: s.met(r.kinds[from:to])}
			v := w.value() - 0.02*float64(to-from)
			for i := from; i < to && i < len(near); i++ {
				v += near[i] / float64(to-from)
			}
			if text := p.Text[r.spans[from].Start:r.spans[to-1].End]; blanks(text) {
				v *= blankRuns
			} else if names(p, text) {
				v *= headings
			}
			if v > value {
				best, value = w, v
			}
		}
	}
	return best
}

// grow adds what sentences cannot be read without: the sentence that "Tale termine" points back to, the condition or exception that
// follows, the points that a lead-in announces; the rows around a row; then the rest of their paragraph, the comma of a
// regulation, when there is room: it was written to be read as one.
func (s sought) grow(p *Passage, r passageRead, w window) lexicon.Span {
	if s.foreign && len(p.Text) <= wholeLength {
		return lexicon.Span{Start: 0, End: len(p.Text)}
	}
	q := quoted{text: p.Text, spans: r.spans, first: w.from, last: w.to - 1}
	switch {
	case isRow(q.sentence(q.first)):
		q.table()
	case isPoint(q.sentence(q.first)):
		q.conditions()
	default:
		q.back()
		q.points()
		q.paragraph()
		q.conditions()
	}
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
}

func (q *quoted) sentence(i int) string { return q.text[q.spans[i].Start:q.spans[i].End] }

// room tells whether the run from..to may be shown as one quote.
func (q *quoted) room(from, to int) bool { return q.spans[to].End-q.spans[from].Start <= quoteLength }

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
		if !announces(here) && !(isPoint(next) && (isPoint(here) || strings.ToUpper(here) == here)) {
			return
		}
		q.last++
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
func announces(text string) bool { return strings.HasSuffix(strings.TrimSpace(text), ":") }

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

// names tells whether a sentence only names what follows: it is in capitals, or in the breadcrumb.
func names(p *Passage, text string) bool {
	if isRow(text) {
		return false
	}
	words := lexicon.Analyze(text)
	if strings.ToUpper(text) == text || len(words) < 2 {
		return true
	}
	above := termSet(p.Breadcrumb)
	return !slices.ContainsFunc(words, func(w string) bool { return !above[w] })
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
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "•") || strings.HasPrefix(text, "–") {
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

// quoteOf makes the statement that shows a span of a passage in its own words, after what it is read under.
func quoteOf(p Passage, lead, span lexicon.Span) Statement {
	quote := func(span lexicon.Span) Citation {
		text := p.Text[span.Start:span.End]
		trimmed := strings.TrimSpace(text)
		start := span.Start + strings.Index(text, trimmed)
		return p.cite(start, start+len(trimmed))
	}
	main := quote(span)
	statement := Statement{Text: main.Quote, Origin: FromDocument, Citations: []Citation{main}}
	if lead.End > lead.Start {
		first := quote(lead)
		statement.Text = first.Quote + "\n[…]\n" + main.Quote
		statement.Citations = []Citation{first, main}
	}
	return statement
}

// cite makes the citation of the bytes [start, end) of a passage's text.
func (p Passage) cite(start, end int) Citation {
	page := p.Page
	if len(p.Pages) > 1 && len(p.Text) > 0 { // the page is exact at the ends and estimated between them
		page = p.Pages[min(len(p.Pages)-1, start*len(p.Pages)/len(p.Text))]
	}
	return Citation{
		Passage: p.ID, DocumentID: p.DocumentID, Document: p.Document, Title: p.Title, Article: p.Article, EID: p.EID,
		Page: page, Start: p.Start + start, End: p.Start + end, Quote: p.Text[start:end],
	}
}

// nearness embeds the sentences of the first passages and gives their closeness to the question, 0..1. Only for questions in
// another language, where words cannot tell the sentences apart: it costs the engine as much as a short document.
func (a *Asker) nearness(ctx context.Context, q Question, s sought, passages []Passage) [][]float64 {
	if a.Embedder == nil || q.Language == "it" {
		return nil
	}
	var texts []string
	var where [][2]int
	near := make([][]float64, min(2, len(passages)))
	for p := range near {
		spans := lexicon.Sentences(passages[p].Text)
		near[p] = make([]float64, len(spans))
		for i, span := range spans {
			if len(texts) < nearTexts && span.End-span.Start > 20 {
				texts = append(texts, passages[p].Breadcrumb+"\n"+passages[p].Text[span.Start:span.End])
				where = append(where, [2]int{p, i})
			}
		}
	}
	question, err := a.Embedder.EmbedQuery(ctx, q.Text)
	if err != nil {
		return nil
	}
	vectors, err := a.Embedder.EmbedPassages(ctx, texts)
	if err != nil {
		a.Log.Warn("sentences could not be embedded; quoting by words", "error", err)
		return nil
	}
	low, high := 1.0, 0.0
	for i, v := range vectors {
		dot := 0.0
		for j := range v {
			dot += float64(v[j]) * float64(question[j])
		}
		near[where[i][0]][where[i][1]] = dot
		low, high = min(low, dot), max(high, dot)
	}
	for _, w := range where { // e5 keeps all cosines close together: what counts is the order among these sentences
		near[w[0]][w[1]] = (near[w[0]][w[1]] - low) / max(high-low, 1e-6)
	}
	return near
}
