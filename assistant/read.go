package assistant

import (
	"iter"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"sportello/assistant/lexicon"
	"sportello/assistant/recent"
)

// sentences is what the sentences of a passage say, whatever is asked. Ranking, quoting and knowing when not to answer all read, so it
// travels with the passage, and the retriever keeps it for the next question that finds the same one.
type sentences struct {
	text, under string // of the passage
	once        sync.Once
	spans       []lexicon.Span
	words       [][]string                         // the analyzed words of each sentence
	lead        []string                           // those of what the passage is read under
	rows        []bool                             // which sentences are rows of a table
	kinds       func() []map[lexicon.FactKind]bool // the kinds of fact of each sentence; found when first asked for
}

// readKept is how many passages stay read, some 10 kB each: those that people ask about come again and again.
const readKept = 1500

// readLater gives what a passage says, which is read when it is first asked for: as it was read before, when the text is the same.
func readLater(p *Passage, before *recent.Cache[string, *sentences]) *sentences {
	if s, ok := before.Get(p.ID); ok && s.text == p.Text && s.under == p.Lead {
		return s
	}
	s := &sentences{text: p.Text, under: p.Lead}
	before.Put(p.ID, s)
	return s
}

// sentences reads a passage, once.
func (p *Passage) sentences() *sentences {
	if p.said == nil || p.said.text != p.Text || p.said.under != p.Lead {
		p.said = &sentences{text: p.Text, under: p.Lead}
	}
	p.said.once.Do(p.said.read)
	return p.said
}

func (r *sentences) read() {
	r.spans, r.lead = lexicon.Sentences(r.text), lexicon.Analyze(r.under)
	for _, span := range r.spans {
		text := r.text[span.Start:span.End]
		r.words = append(r.words, lexicon.Analyze(text))
		r.rows = append(r.rows, isRow(text))
	}
	r.kinds = sync.OnceValue(func() []map[lexicon.FactKind]bool {
		kinds := make([]map[lexicon.FactKind]bool, len(r.spans))
		for i, span := range r.spans {
			kinds[i] = kindsIn(r.text[span.Start:span.End])
		}
		return kinds
	})
}

// kindsIn gives the kinds of fact that a text states.
func kindsIn(text string) map[lexicon.FactKind]bool {
	have := map[lexicon.FactKind]bool{}
	for _, f := range lexicon.Facts(text) {
		have[f.Kind] = true
		if f.Kind == lexicon.NumberFact && strings.Contains(text[f.Start:f.End], ",") {
			have[decimal] = true
		}
	}
	if handsIn.MatchString(text) {
		have[handIn] = true
	}
	return have
}

// kindsIn gives the kinds of fact that a text states, when any is asked for.
func (s sought) kindsIn(text string) map[lexicon.FactKind]bool {
	if len(s.asks) == 0 {
		return nil
	}
	return kindsIn(text)
}

// passageRead is a passage as a question reads it: what it seeks and what kinds of fact are stated in each sentence.
type passageRead struct {
	spans []lexicon.Span
	terms []map[string]bool           // the sought terms of each sentence; a row of a table has those of the table's header too
	kinds []map[lexicon.FactKind]bool // the kinds of fact of each sentence, none when no kind is asked for
	all   map[string]bool             // the sought terms of the whole passage
}

// read reads a passage.
func (s sought) read(p *Passage) passageRead {
	said := p.sentences()
	r := passageRead{spans: said.spans, kinds: make([]map[lexicon.FactKind]bool, len(said.spans)), all: map[string]bool{}}
	if len(s.asks) > 0 {
		r.kinds = said.kinds()
	}
	if len(s.asks) > 0 && len(s.years) > 0 {
		r.kinds = s.ofItsYear(p, said.spans, r.kinds)
	}
	header := s.among(said.lead)
	inTable := len(header) > 0
	for i, words := range said.words {
		terms := s.among(words)
		switch row := said.rows[i]; {
		case row && !inTable:
			header, inTable = terms, true
		case row:
			terms = maps.Clone(terms)
			maps.Copy(terms, header)
		default:
			inTable = false
		}
		r.terms = append(r.terms, terms)
		maps.Copy(r.all, terms)
	}
	return r
}

// ofItsYear leaves out the facts of sentences that name years, and not the one asked about: what was valid in another year answers nothing.
func (s sought) ofItsYear(p *Passage, spans []lexicon.Span, kinds []map[lexicon.FactKind]bool) []map[lexicon.FactKind]bool {
	kept := slices.Clone(kinds)
	for i, span := range spans {
		if kinds[i] == nil || !kinds[i][lexicon.YearFact] {
			continue
		}
		var named []string
		for _, f := range lexicon.Facts(p.Text[span.Start:span.End]) {
			if f.Kind == lexicon.YearFact {
				named = append(named, f.Norm)
			}
		}
		if len(named) > 0 && !slices.ContainsFunc(named, func(y string) bool { return slices.Contains(s.years, y) }) {
			kept[i] = nil
		}
	}
	return kept
}

// among gives the sought terms that are among analyzed words.
func (s sought) among(words []string) map[string]bool {
	set := map[string]bool{}
	for _, t := range words {
		if s.seeks[t] {
			set[t] = true
		}
	}
	return set
}

// scale weighs the terms of a question against the passages that were found: a word that all of them have tells nothing.
type scale struct {
	weight map[string]float64
	total  float64 // of the question's own words, as far as any passage has them
}

func (s sought) scale(read []passageRead) scale {
	in := map[string]int{}
	for _, r := range read {
		for t := range r.all {
			in[t]++
		}
	}
	out := scale{weight: map[string]float64{}}
	for _, t := range s.terms {
		if in[t.Text] == 0 {
			continue
		}
		w := float64(t.Count) / lexicon.FullWeight * math.Log(1+float64(len(read))/float64(1+in[t.Text]))
		out.weight[t.Text] = w
		if t.Count >= lexicon.FullWeight || s.foreign {
			out.total += w
		}
	}
	return out
}

// readAll reads passages and weighs the terms of the question against them.
func (s sought) readAll(passages []Passage) ([]passageRead, scale) {
	read := make([]passageRead, len(passages))
	var all errgroup.Group // reading is most of what ranking costs: a citizen waits less when all cores do it
	all.SetLimit(runtime.GOMAXPROCS(0))
	for i := range passages {
		all.Go(func() error {
			read[i] = s.read(&passages[i])
			return nil
		})
	}
	_ = all.Wait() // none fails
	return read, s.scale(read)
}

// most is what a share is bounded by: words of the glossary come on top of the question's own.
const most = 1.5

// share is how much of what is sought a set of terms holds.
func (c scale) share(sets ...map[string]bool) float64 {
	if c.total == 0 {
		return 0
	}
	sum := 0.0
	for t, w := range c.weight {
		for _, set := range sets {
			if set[t] {
				sum += w
				break
			}
		}
	}
	return min(sum/c.total, most)
}

// windowLength is how many sentences are read together: a rule, its figure and its condition often stand in two or three.
const windowLength = 3

// window is a run of sentences [from, to).
type window struct {
	from, to int
	share    float64 // of what is sought
	met      float64 // share of the asked kinds of fact that it states; 1 when none is asked for
}

// value is how well a window answers. What was asked for and is not stated weighs more than half.
func (w window) value() float64 { return w.share * (0.4 + 0.6*w.met) }

// perSentence is what a window must be worth more for each of its sentences.
const perSentence = 0.02

// cost is what a window loses for its length.
func (w window) cost() float64 { return perSentence * float64(w.to-w.from) }

// windows gives every window of a passage.
func (s sought) windows(r passageRead, c scale) iter.Seq[window] {
	return func(yield func(window) bool) {
		for from := range r.spans {
			for to := from + 1; to <= min(from+windowLength, len(r.spans)); to++ {
				if !yield(window{from: from, to: to, share: c.share(r.terms[from:to]...), met: s.met(r.kinds[from:to])}) {
					return
				}
			}
		}
	}
}

// best gives the window of a passage that answers best.
func (s sought) best(r passageRead, c scale) window {
	var best window
	for w := range s.windows(r, c) {
		if w.value() > best.value()+w.cost() {
			best = w
		}
	}
	return best
}

// met is the share of what is asked for that sets of kinds hold together.
func (s sought) met(sets []map[lexicon.FactKind]bool) float64 {
	if len(s.asks) == 0 {
		return 1
	}
	n := 0
	for _, kinds := range s.asks {
		if holdsOne(sets, kinds) {
			n++
		}
	}
	return float64(n) / float64(len(s.asks))
}

func holdsOne(sets []map[lexicon.FactKind]bool, kinds []lexicon.FactKind) bool {
	for _, set := range sets {
		for _, k := range kinds {
			if set[k] {
				return true
			}
		}
	}
	return false
}
