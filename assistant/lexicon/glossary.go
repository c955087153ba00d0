package lexicon

import (
	_ "embed"
	"fmt"
	"iter"
	"maps"
	"strings"
	"unicode/utf8"
)

//go:embed glossary_it.txt
var glossaryItalian string

//go:embed glossary_foreign.txt
var glossaryForeign string

// Glossary relates the words people use to the words of a comune's documents, in Italian and from other languages. It is read
// only: Extend gives a new one.
type Glossary struct {
	italian []entry            // with patterns of roots
	foreign map[string][]entry // by language, with patterns of folded words
	first   map[string][]int   // root that an Italian pattern starts with -> positions in italian
	known   map[string]bool    // every root of the Italian entries
}

// entry is one pattern and what it stands for.
type entry struct {
	pattern []string // words in sequence; a star at the end of one stands for any ending
	gives   []string // terms as Analyze gives them
	same    bool     // they mean the same: the line has = and reads both ways
}

// DefaultGlossary gives the glossary that comes with the program.
func DefaultGlossary() (*Glossary, error) {
	g := &Glossary{foreign: map[string][]entry{}, first: map[string][]int{}, known: map[string]bool{}}
	if err := g.readItalian("glossary_it.txt", glossaryItalian); err != nil {
		return nil, err
	}
	if err := g.readForeign("glossary_foreign.txt", glossaryForeign); err != nil {
		return nil, err
	}
	return g, nil
}

// Extend gives a glossary with the lines of a comune added to it, in the form of glossary_it.txt: everyday words -> words of
// the documents, or = for both ways. name is that of the file, for the error.
func (g *Glossary) Extend(name, lines string) (*Glossary, error) {
	out := &Glossary{foreign: g.foreign, first: map[string][]int{}, known: map[string]bool{}}
	for _, e := range g.italian {
		out.addItalian(e)
	}
	if err := out.readItalian(name, lines); err != nil {
		return nil, err
	}
	return out, nil
}

func (g *Glossary) readItalian(name, file string) error {
	for n, line := range lines(file) {
		left, right, both := "", "", false
		var ok bool
		if left, right, ok = strings.Cut(line, "->"); !ok {
			if left, right, ok = strings.Cut(line, "="); !ok {
				return fmt.Errorf("%s, line %d: write words -> words, or words = words", name, n)
			}
			both = true
		}
		l, r := split(left, ","), split(right, ",")
		if len(l) == 0 || len(r) == 0 {
			return fmt.Errorf("%s, line %d: words are missing beside the arrow", name, n)
		}
		for i, words := range l {
			gives := r
			if both { // the alternatives of a side stand for each other, too
				gives = append(without(l, i), r...)
			}
			g.addItalian(entry{pattern: Analyze(words), gives: roots(gives), same: both})
		}
		for i, words := range r {
			if both {
				g.addItalian(entry{pattern: Analyze(words), gives: roots(append(without(r, i), l...)), same: true})
			}
		}
	}
	return nil
}

func (g *Glossary) addItalian(e entry) {
	if len(e.pattern) == 0 || len(e.gives) == 0 {
		return // made of stop words only
	}
	g.first[e.pattern[0]] = append(g.first[e.pattern[0]], len(g.italian))
	g.italian = append(g.italian, e)
	for _, roots := range [][]string{e.pattern, e.gives} {
		for _, root := range roots {
			g.known[root] = true
		}
	}
}

// Knows says whether a root is one of the glossary's Italian words.
func (g *Glossary) Knows(root string) bool { return g.known[root] }

// Roots gives the roots of all its Italian words, in no order.
func (g *Glossary) Roots() iter.Seq[string] { return maps.Keys(g.known) }

func (g *Glossary) readForeign(name, file string) error {
	for n, line := range lines(file) {
		italian, others, ok := strings.Cut(line, "=")
		if !ok {
			return fmt.Errorf("%s, line %d: write Italian words = language words | language words", name, n)
		}
		gives := roots(split(italian, ","))
		for _, part := range split(others, "|") {
			lang, words, ok := strings.Cut(part, " ")
			if !ok {
				return fmt.Errorf("%s, line %d: %q has no words after the language", name, n, part)
			}
			for _, w := range split(words, ",") {
				g.foreign[lang] = append(g.foreign[lang], entry{pattern: strings.Fields(Fold(w)), gives: gives})
			}
		}
	}
	return nil
}

// Expand gives the terms that a question's words stand for, each once, without those in have. Unknown languages expand to nothing.
func (g *Glossary) Expand(text, lang string, have map[string]bool) []string {
	out, _ := g.expand(text, lang, have)
	return out
}

// expand is Expand, and says which of the terms mean the same as what they stand beside.
func (g *Glossary) expand(text, lang string, have map[string]bool) (out []string, same map[string]bool) {
	same = map[string]bool{}
	seen := map[string]bool{}
	add := func(terms []string) {
		for _, t := range terms {
			if !seen[t] && !have[t] {
				seen[t] = true
				out = append(out, t)
			}
		}
	}
	if lang != "it" {
		folded := Fold(text)
		var words []string
		for _, t := range tokenize(folded) {
			words = append(words, t.text)
		}
		for _, e := range g.foreign[lang] {
			if lang == "ar" || lang == "zh" {
				if containsAll(folded, e.pattern) {
					add(e.gives)
				}
			} else if foundIn(words, e.pattern) {
				add(e.gives)
			}
		}
		return out, same
	}
	terms := Analyze(text)
	for i, t := range terms {
		for _, k := range g.first[t] {
			e := g.italian[k]
			if i+len(e.pattern) <= len(terms) && equal(terms[i:i+len(e.pattern)], e.pattern) {
				add(e.gives)
				for _, x := range e.gives {
					same[x] = same[x] || e.same
				}
			}
		}
	}
	return out, same
}

// foundIn says whether the pattern occurs in sequence among words.
func foundIn(words, pattern []string) bool {
	for i := 0; i+len(pattern) <= len(words); i++ {
		k := 0
		for k < len(pattern) && like(words[i+k], pattern[k]) {
			k++
		}
		if k == len(pattern) {
			return true
		}
	}
	return false
}

func like(word, pattern string) bool {
	if stem, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(word, stem)
	}
	return word == pattern
}

// containsAll is for languages that write particles onto a word, or no spaces at all.
func containsAll(text string, pattern []string) bool {
	for _, p := range pattern {
		if utf8.RuneCountInString(p) < 3 && p[0] >= 0xD8 && p[0] <= 0xDB { // too short to be looked for inside Arabic words
			return false
		}
		if !strings.Contains(text, p) {
			return false
		}
	}
	return true
}

// lines yields the lines of a file with their number, without comments and empty ones.
func lines(file string) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		n := 0
		for line := range strings.Lines(file) {
			n++
			line, _, _ = strings.Cut(line, "#")
			if line = strings.TrimSpace(line); line != "" && !yield(n, line) {
				return
			}
		}
	}
}

func split(s, sep string) []string {
	var out []string
	for _, p := range strings.Split(s, sep) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func without(list []string, i int) []string {
	out := make([]string, 0, len(list))
	out = append(out, list[:i]...)
	return append(out, list[i+1:]...)
}

// roots gives the terms of several phrases.
func roots(phrases []string) []string {
	var out []string
	for _, p := range phrases {
		out = append(out, Analyze(p)...)
	}
	return out
}

func equal(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
