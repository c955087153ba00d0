package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// unhyphen undoes a hyphen at the end of a line: the word that goes on in the next line is completed and taken from there.
// ok is false when the hyphen is a real one, or there is none. known tells whether a word occurs elsewhere in the document;
// nil when nothing is known.
func unhyphen(line, next string, known func(string) bool) (head, tail string, ok bool) {
	r, size := utf8.DecodeLastRuneInString(line)
	if r != '-' && r != '\u00AD' && r != '\u2010' {
		return "", "", false
	}
	stem := line[:len(line)-size]
	first := stem[strings.LastIndexByte(stem, ' ')+1:]
	second, rest, _ := strings.Cut(next, " ")
	if !letters(first) || second == "" {
		return "", "", false
	}
	if c, _ := utf8.DecodeRuneInString(second); !unicode.IsLower(c) {
		return "", "", false
	}
	keep := ""
	if r != '\u00AD' && realHyphen(first, second, known) {
		keep = "-"
	}
	return stem + keep + second, rest, true
}

// letters says whether s ends in at least two letters: "12-" and "-" are no parts of words.
func letters(s string) bool {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		} else {
			n = 0
		}
	}
	return n >= 2
}

// compound holds the first members of Italian compounds that keep their hyphen ("tecnico-amministrativo").
var compound = map[string]bool{
	"socio": true, "tecnico": true, "economico": true, "giuridico": true, "storico": true, "politico": true, "ex": true,
	"vice": true, "culturale": true, "sociale": true, "amministrativo": true, "architettonico": true, "igienico": true,
	"medico": true, "ambientale": true, "artistico": true, "ludico": true, "logico": true, "fisico": true, "enogastronomico": true,
}

// realHyphen says whether "first-second" keeps its hyphen when its line is joined.
func realHyphen(first, second string, known func(string) bool) bool {
	bare := strings.TrimRightFunc(second, func(r rune) bool { return !unicode.IsLetter(r) })
	f := strings.ToLower(strings.TrimLeftFunc(first, func(r rune) bool { return !unicode.IsLetter(r) }))
	if known != nil {
		joined, hyphened := known(f+bare), known(f+"-"+bare)
		if joined != hyphened {
			return hyphened
		}
	}
	return compound[f] || strings.Contains(f, "-")
}
