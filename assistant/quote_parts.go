package assistant

import (
	"slices"

	"sportello/assistant/lexicon"
)

const (
	perPart    = 0.2 // what the best sentences for one part of a question count beside how well their passage was found
	partHeld   = 0.5 // what they must be worth to be quoted for it
	partsShown = 4   // quotes at most, when a question asks several things
	asWell     = 0.8 // share of their worth from which what is shown answers the part as well
)

// ofParts goes on until each thing that a question asks beside others has its sentences: "quanto mi scalano, e entro quando va chiesto?" is
// often answered by two commi of an article, and the whole question finds only one of them. Where they lap over a quote that is shown, that
// one becomes longer.
func (s sought) ofParts(passages []Passage, shown []Statement) []Statement {
	for _, part := range s.parts {
		p, run, lead, found := part.bestOf(passages, shown)
		if !found {
			continue
		}
		i := slices.IndexFunc(shown, func(one Statement) bool { return one.lapsOver(p, run) })
		if i < 0 {
			statement := quoteOf(*p, lead, run)
			if len(shown) < partsShown && Guard(statement.Text) == "" && !said(shown, statement) && !repeats(shown, statement) {
				shown = append(shown, statement)
			}
			continue
		}
		main := shown[i].Citations[len(shown[i].Citations)-1]
		union := lexicon.Span{Start: min(run.Start, main.Start-p.Start), End: max(run.End, main.End-p.Start)}
		if longer := union.End-union.Start > main.End-main.Start; !longer || union.End-union.Start > listLength {
			continue
		}
		if statement := quoteOf(*p, leadIn(p.Text, p.sentences().spans, union), union); Guard(statement.Text) == "" {
			shown[i] = statement
		}
	}
	return shown
}

// bestOf gives the passage whose sentences answer best, with what is to be quoted of it and what that is read under; none when what is shown
// answers as well.
func (s sought) bestOf(passages []Passage, shown []Statement) (p *Passage, run, lead lexicon.Span, found bool) {
	read, c := s.readAll(passages)
	answered := 0.0
	for _, one := range shown {
		quote := Passage{Text: one.Text}
		answered = max(answered, s.best(s.read(&quote), c).value())
	}
	at, best, most := -1, window{}, 0.0
	for i := range passages {
		w := s.best(read[i], c)
		if score := passages[i].Score + perPart*w.value(); w.value() >= partHeld && score > most {
			at, best, most = i, w, score
		}
	}
	if at < 0 || answered >= asWell*best.value() {
		return nil, run, lead, false
	}
	p = &passages[at]
	run = s.grow(p, read[at], best)
	return p, run, leadIn(p.Text, read[at].spans, run), true
}

// lapsOver tells whether the quote of a statement shares bytes with a span of a passage.
func (s Statement) lapsOver(p *Passage, span lexicon.Span) bool {
	main := s.Citations[len(s.Citations)-1]
	return main.Passage == p.ID && main.Start < p.Start+span.End && p.Start+span.Start < main.End
}
