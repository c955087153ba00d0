package assistant

import (
	"cmp"
	"slices"
	"strings"

	"sportello/assistant/lexicon"
	"sportello/ingest"
)

const (
	quotedFrom  = 6    // passages looked at for sentences
	quotesShown = 3    // places quoted at most
	quoteLength = 700  // bytes of a quote, about six lines on a page; a single longer sentence stays whole
	commaLength = 900  // of a comma or list that is quoted whole
	listLength  = 1400 // of a list of what to hand in, when that was asked: half of it would send people home again
	nearTexts   = 24   // sentences embedded at most for one question
	wholeLength = 320  // a passage this short is quoted whole to a question in another language: its sentences cannot be told apart by words

	perValue  = 0.15 // what the best sentences of a passage count beside how well it was found
	closeBy   = 0.12 // a passage that is this much behind the first one is quoted too
	fillsGap  = 0.25 // …and this much when it states what was asked for and the first does not
	headings  = 0.4  // what is left of a sentence that is a heading
	sameWords = 0.8  // share of its words that makes a quote say what another one says
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
		if Guard(statement.Text) != "" {
			var ok bool
			if c, statement, ok = s.unguarded(c); !ok {
				continue
			}
		}
		if said(shown, statement) || repeats(shown, statement) {
			continue
		}
		shown, have = append(shown, statement), append(have, c.kinds)
	}
	return s.ofParts(passages, shown)
}

// candidates gives what each passage would be quoted with, best first.
func (s sought) candidates(passages []Passage, near [][]float64) []candidate {
	read, c := s.readAll(passages)
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

// unguarded quotes a passage again as what stands between the sentences that must not be shown.
func (s sought) unguarded(c candidate) (candidate, Statement, bool) {
	var parts []Passage
	from := 0
	for _, r := range append(ingest.Instructions(c.passage.Text), [2]int{len(c.passage.Text), 0}) {
		part := *c.passage
		part.said = nil
		part.Text, part.Start, part.End = c.passage.Text[from:r[0]], c.passage.Start+from, c.passage.Start+r[0]
		if from = r[1]; strings.TrimSpace(part.Text) != "" {
			parts = append(parts, part)
		}
	}
	for _, again := range s.candidates(parts, nil) {
		if statement := quoteOf(*again.passage, again.lead, again.span); Guard(statement.Text) == "" {
			again.score = c.score
			return again, statement, true
		}
	}
	return c, Statement{}, false
}

// bestQuote gives the sentences of a passage to quote.
func (s sought) bestQuote(p *Passage, r passageRead, c scale, near []float64) window {
	var best window
	value := -1.0
	for w := range s.windows(r, c) {
		v := w.value() - w.cost()
		for i := w.from; i < w.to && i < len(near); i++ {
			v += near[i] / float64(w.to-w.from)
		}
		if text := p.Text[r.spans[w.from].Start:r.spans[w.to-1].End]; blanks(text) {
			v *= blankRuns
		} else if namesOnly(p, text) {
			v *= headings
		}
		if v > value {
			best, value = w, v
		}
	}
	return best
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
		Passage: p.ID, DocumentID: p.DocumentID, Document: p.Document, Title: p.Title, Article: p.Article, Rubric: p.rubric(), EID: p.EID,
		Page: page, Start: p.Start + start, End: p.Start + end, Quote: p.Text[start:end],
	}
}

// rubric gives the last step of a passage's breadcrumb, "Art. 53 Esenzioni", empty when it says no more than the title.
func (p Passage) rubric() string {
	i := strings.LastIndex(p.Breadcrumb, " > ")
	if i < 0 {
		return ""
	}
	if last := strings.TrimSpace(p.Breadcrumb[i+len(" > "):]); !within(last, p.Title) {
		return last
	}
	return ""
}

// repeats tells whether nearly all words of a statement, and all its figures, are in one that was shown: two acts, or two versions of one,
// that say the same.
func repeats(shown []Statement, s Statement) bool {
	words := lexicon.Analyze(s.Text)
	for _, one := range shown {
		have := termSet(one.Text)
		n, other := 0, false
		for _, w := range words {
			switch {
			case have[w]:
				n++
			case strings.ContainsAny(w, "0123456789"):
				other = true
			}
		}
		if !other && len(words) > 0 && float64(n) >= sameWords*float64(len(words)) {
			return true
		}
	}
	return false
}
