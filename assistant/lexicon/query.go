package lexicon

import "unicode"

// Weights of the terms of a query, as counts: an index multiplies the score of a term by it.
const (
	FullWeight      = 10 // a word of the question
	ExpandedWeight  = 3  // a word that the glossary puts beside it
	SynonymWeight   = 6  // … when both mean the same: multa and sanzione amministrativa
	CompoundWeight  = 20 // an article, an act, a label with its number: rare and meant
	TranslateWeight = 8  // an Italian word that stands for one of another language
)

// Query gives the weighted terms to look for when somebody asks text in a language: its words without the small words of that
// language, its compounds, and what the glossary (which may be nil) adds.
func Query(text, lang string, g *Glossary) []Term {
	at := map[string]int{}
	have := map[string]bool{}
	var out []Term
	put := func(t string, weight int) {
		if i, ok := at[t]; ok {
			out[i].Count = max(out[i].Count, weight)
			return
		}
		at[t] = len(out)
		have[t] = true
		out = append(out, Term{Text: t, Count: weight})
	}
	toks := tokenize(Fold(text))
	for _, t := range toks {
		if lang != "it" && FunctionWord(t.text, lang) {
			continue
		}
		if s := termOf(t); s != "" {
			put(s, FullWeight)
		}
	}
	for _, c := range appendCompounds(nil, toks) {
		put(c, CompoundWeight)
	}
	if g == nil {
		return out
	}
	beside, same := g.expand(text, lang, have)
	for _, t := range beside {
		switch {
		case lang != "it":
			put(t, TranslateWeight)
		case same[t]:
			put(t, SynonymWeight)
		default:
			put(t, ExpandedWeight)
		}
	}
	return out
}

// Latin says whether a text is written in Latin letters, so that its names and loan words may be found in an Italian document as
// they are.
func Latin(text string) bool {
	latin, other := 0, 0
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r):
		case unicode.Is(unicode.Latin, r):
			latin++
		default:
			other++
		}
	}
	return latin > other
}
