package page

import (
	"slices"

	"sportello/assistant/plain"
	"sportello/locales"
	"sportello/locales/terms"
)

// Term is a word of the administration in an Italian text, with what it means for who reads a language.
type Term struct {
	Word          string // Italian
	Name, Meaning string // in Language
	Language      string // of the reader; Italian where the glossary has no other, as for a comune's own words
	Plain         string // the meaning in plain Italian
}

// Explain gives the dates and periods of an Italian text, see When, and its terms in the order in which they occur.
func Explain(book *terms.Book, l *locales.Localizer, text string) []Term {
	return append(When(l, text), Glossed(book, l, text)...)
}

// Glossed gives the terms alone.
func Glossed(book *terms.Book, l *locales.Localizer, text string) []Term {
	language := l.Lang()
	var out []Term
	for _, t := range book.Find(text) {
		one := Term{Word: t.Word, Language: language}
		_, one.Plain, _ = t.In("it")
		var ok bool
		if one.Name, one.Meaning, ok = t.In(language); !ok || language == "it" {
			one.Name, one.Meaning, one.Language = t.Word, one.Plain, "it"
		}
		out = append(out, one)
	}
	return out
}

// Glossary gives the glossary with a tenant's own terms, or without them when they cannot be read: the page of settings refuses such.
func Glossary(book *terms.Book, own string) *terms.Book {
	if own == "" {
		return book
	}
	extended, err := book.Extend(own)
	if err != nil {
		return book
	}
	return extended
}

// Plain adds words of offices and what they are in everyday Italian, for who reads Italian; a term that is explained already is not said again.
func Plain(known []Term, l *locales.Localizer, words []plain.Word) []Term {
	if l.Lang() != "it" {
		return known
	}
	for _, w := range words {
		if !slices.ContainsFunc(known, func(t Term) bool { return t.Word == w.Word }) {
			known = append(known, Term{Word: w.Word, Name: w.Word, Meaning: w.Means, Language: "it", Plain: w.Means})
		}
	}
	return known
}
