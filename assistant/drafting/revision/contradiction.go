package revision

import (
	"strings"

	"sportello/assistant/lexicon"
)

// quantity is a sentence that states one number of a kind.
type quantity struct {
	span    lexicon.Span
	unit    string // "amount EUR", "duration day"
	norm    string
	stems   map[string]bool
	article string
	others  string // its other numbers and classes: "2^ categoria" and "3^ categoria" are two cases
}

// alike is how many words of the shorter sentence the longer one may lack, and fewest how many they have to share. Two rules for two cases
// differ in the words that name the case; two that contradict each other do not.
const (
	alike  = 1
	fewest = 6
)

// contradictions finds sentences of different articles that say the same with another number or term.
func (r *reviewer) contradictions() {
	by := map[string][]quantity{}
	for _, s := range r.prose() {
		for _, q := range r.quantities(s) {
			by[q.unit] = append(by[q.unit], q)
		}
	}
	said := map[[2]int]bool{}
	for _, list := range by {
		for i := range list {
			for k := i + 1; k < len(list); k++ {
				a, b := list[i], list[k]
				if a.norm == b.norm || a.article == b.article || a.others != b.others || said[[2]int{a.span.Start, b.span.Start}] || !same(a.stems, b.stems) {
					continue
				}
				said[[2]int{a.span.Start, b.span.Start}] = true
				f := r.add(Contradicts, a.span.Start, a.span.End, a.article, b.article)
				f.Other = "art. " + b.article + ": " + oneLine(r.d.Text[b.span.Start:b.span.End])
			}
		}
	}
}

// quantities gives the numbers of a sentence that stand alone of their kind: with two of them nobody can tell which is of what.
func (r *reviewer) quantities(s lexicon.Span) []quantity {
	text := r.d.Text[s.Start:s.End]
	if len(strings.Fields(text)) > 70 {
		return nil
	}
	facts := lexicon.Facts(text)
	count := map[string]int{}
	kind := func(f lexicon.Fact) string {
		switch f.Kind {
		case lexicon.AmountFact, lexicon.PercentFact:
			return string(f.Kind)
		case lexicon.DurationFact:
			return "duration"
		}
		return ""
	}
	for _, f := range facts {
		count[kind(f)]++
	}
	rest := []byte(text)
	for _, f := range facts {
		for i := f.Start; i < f.End; i++ {
			rest[i] = ' '
		}
	}
	stems := map[string]bool{}
	for _, w := range lexicon.Analyze(string(rest)) {
		stems[w] = true
	}
	if len(stems) < fewest {
		return nil
	}
	article, _ := r.place(s.Start)
	var out []quantity
	for i, f := range facts {
		if k := kind(f); k != "" && count[k] == 1 {
			out = append(out, quantity{s, k, f.Norm, stems, article, others(facts, i)})
		}
	}
	return out
}

func same(a, b map[string]bool) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	shared := 0
	for w := range a {
		if b[w] {
			shared++
		}
	}
	return shared >= fewest && len(a)-shared <= alike && len(b)-shared <= 2*alike
}

// others gives the other facts of a sentence; days may differ with the number.
func others(facts []lexicon.Fact, but int) string {
	var b strings.Builder
	for i, f := range facts {
		if i != but && f.Kind != lexicon.DateFact && f.Kind != lexicon.ReferenceFact {
			b.WriteString(string(f.Kind) + " " + f.Norm + ";")
		}
	}
	return b.String()
}
