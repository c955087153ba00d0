package lexicon

import (
	_ "embed"
	"strings"
)

// AnalyzerVersion changes whenever Analyze gives other terms for some text: what was indexed with another version must be
// analysed again.
const AnalyzerVersion = 1

//go:embed stopwords_it.txt
var stopWordsFile string

var stopWords = wordSet(stopWordsFile)

// Term is a term of a text with its number of occurrences, or with its weight in a query. It converts to assistant.Term.
type Term struct {
	Text  string
	Count int
}

// Analyze gives the index terms of a text in the order of its words: roots of words without stop words, normalised numbers,
// and after them the compound terms of what only counts together:
//
//	art:26-bis     an article
//	act:28/2021    an act or a law with its year, and act:28 for those who do not know the year
//	zona:1         a label and its number or letter (zona, categoria, tabella, allegato…)
//
// The same function reads documents and questions.
func Analyze(text string) []string {
	toks := tokenize(Fold(text))
	out := make([]string, 0, len(toks)+4)
	for _, t := range toks {
		if s := termOf(t); s != "" {
			out = append(out, s)
		}
	}
	return appendCompounds(out, toks)
}

// Terms counts the terms of a text, in order of first appearance.
func Terms(text string) []Term {
	at := make(map[string]int)
	var out []Term
	for _, s := range Analyze(text) {
		if i, ok := at[s]; ok {
			out[i].Count++
			continue
		}
		at[s] = len(out)
		out = append(out, Term{Text: s, Count: 1})
	}
	return out
}

// termOf gives the term of one token, empty when it has none.
func termOf(t token) string {
	if t.number {
		if strings.Contains(t.text, "/") {
			return "" // 28/2021 and 31/03/2021 are compounds
		}
		return plainNumber(t.text)
	}
	if t.elided && len(t.text) <= 2 || len(t.text) < 2 || stopWords[t.text] {
		return ""
	}
	return Stem(t.text)
}

// plainNumber gives a number without the dots between thousands, with a point before the decimals and without decimals that are
// zero: 1.100,00 and 1100 are 1100, 387,02 is 387.02.
func plainNumber(s string) string {
	whole, dec, comma := strings.Cut(s, ",")
	if !comma && !grouped(whole) {
		if i := strings.LastIndexByte(whole, '.'); i >= 0 && strings.Count(whole, ".") == 1 {
			whole, dec = whole[:i], whole[i+1:]
		}
	}
	if grouped(whole) {
		whole = strings.ReplaceAll(whole, ".", "")
	}
	if trimmed := strings.TrimLeft(whole, "0"); trimmed != "" {
		whole = trimmed
	} else {
		whole = "0"
	}
	if dec = strings.TrimRight(dec, "0"); dec == "" {
		return whole
	}
	return whole + "." + dec
}

// grouped says whether s is digits in groups of three after dots.
func grouped(s string) bool {
	parts := strings.Split(s, ".")
	if len(parts) < 2 || len(parts[0]) > 3 || parts[0] == "0" {
		return false
	}
	for _, p := range parts[1:] {
		if len(p) != 3 {
			return false
		}
	}
	return true
}
