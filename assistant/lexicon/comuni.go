package lexicon

import (
	_ "embed"
	"strings"
	"unicode"
)

// comuniList holds the names of today's comuni, one a line, from the open register of the national population registry
// (ANPR, CC BY 4.0).
//
//go:embed comuni.txt
var comuniList string

// Gazetteer knows a list of place names.
type Gazetteer struct {
	names map[string]string // folded -> as written
}

// Comuni gives the gazetteer of the Italian comuni.
func Comuni() *Gazetteer {
	g := &Gazetteer{names: map[string]string{}}
	for line := range strings.Lines(comuniList) {
		name := strings.TrimSpace(line)
		g.names[Fold(name)] = name
	}
	return g
}

// Longest gives the longest name that words begin with, "" when they begin with none: "Reggio nell'Emilia quanto" gives
// "Reggio nell'Emilia".
func (g *Gazetteer) Longest(words string) string {
	fields := strings.Fields(words)
	for n := len(fields); n > 0; n-- {
		if name, ok := g.names[Fold(strings.Join(fields[:n], " "))]; ok {
			return name
		}
	}
	return ""
}

// Spelled gives the name that has the letters of a word and no others, "" when there is none: "sanbenedettodeltronto" gives "San Benedetto
// del Tronto".
func (g *Gazetteer) Spelled(word string) string {
	want := letters(Fold(word))
	for folded, name := range g.names {
		if letters(folded) == want {
			return name
		}
	}
	return ""
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}
