package lexicon

import "strings"

// FactKind is the sort of a checkable detail in a text.
type FactKind string

// Kinds of facts. Norm of each is written beside it.
const (
	NumberFact    FactKind = "number"    // "60", "0.76", "1/365"
	YearFact      FactKind = "year"      // "2023": a bare number between 1900 and 2099
	DateFact      FactKind = "date"      // ISO 8601: "2021-12-31", "--12-31" without year, "2021-06" without day
	AmountFact    FactKind = "amount"    // "1100 EUR"
	PercentFact   FactKind = "percent"   // "20%"
	DurationFact  FactKind = "duration"  // "60 day", "6 month", "24 hour"
	MeasureFact   FactKind = "measure"   // "500 m", "5 m2", "1.5 l"
	TimeFact      FactKind = "time"      // "13:00"
	ReferenceFact FactKind = "reference" // a part of a norm: "art 7 c 2 l a dlgs 267/2000"
	ActFact       FactKind = "act"       // a norm or an act: "dlgs 267/2000", "delibera 28/2021"
	LabelFact     FactKind = "label"     // a numbered or lettered class: "zona 2", "allegato e"
	EmailFact     FactKind = "email"     // lower case
	URLFact       FactKind = "url"       // lower case, without scheme, "www." and the last slash
	PhoneFact     FactKind = "phone"     // digits only, without +39
	IBANFact      FactKind = "iban"      // upper case, without spaces
)

// Fact is a detail of a text that a reader would check: a figure, a date, a reference, an address. Two texts state the
// same detail when Kind and Norm are equal, however it is written.
type Fact struct {
	Kind       FactKind
	Norm       string
	Start, End int        // bytes of the text
	Value      float64    // of numbers, amounts, percentages, durations and measures
	Unit       string     // "EUR", "%", "day", "m2"; empty for a bare number
	Per        string     // the unit of a rate: "m2" in "€/mq 40,00"; empty otherwise
	Approx     bool       // the unit is taken from the other end of a range: "da 25 a 500 euro"
	Ref        *Reference // of references and acts
}

// Facts finds the facts of an Italian text in order of Start. They do not overlap.
func Facts(text string) []Fact { return FactsIn(text, "it") }

// FactsIn is Facts for a text in another language: number words and the decimal sign are that language's, names of
// months and units are those of all languages that Sportello speaks. An unknown language is read as Italian.
func FactsIn(text, language string) []Fact {
	s := &factScan{text: text, toks: factTokens(text), words: numberWordsOf(language), english: decimalPoint(language), prefixed: -1}
	for s.at < len(s.toks) {
		if !s.step() {
			s.at++
		}
	}
	s.shareUnits()
	return s.facts
}

// decimalPoint says whether a language writes 1,100.50.
func decimalPoint(language string) bool {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	return base == "en" || base == "zh"
}

// factScan walks the tokens of a text once, left to right.
type factScan struct {
	text    string
	toks    []factToken
	words   map[string]int
	english bool
	at      int
	facts   []Fact

	prefixed int // where the last amount began whose sign stands before it, -1 before there is one
}

// step tries the recognisers at the current token, the most specific first. It reports whether one consumed something.
func (s *factScan) step() bool {
	for _, recognise := range []func(*factScan) bool{
		(*factScan).date, (*factScan).contact, (*factScan).reference, (*factScan).clock, (*factScan).zone, (*factScan).label, (*factScan).quantity,
	} {
		if recognise(s) {
			return true
		}
	}
	return false
}

// add records a fact over tokens from..to (to exclusive) and goes on after them.
func (s *factScan) add(f Fact, from, to int) {
	f.Start, f.End = s.toks[from].start, s.toks[to-1].end
	s.facts = append(s.facts, f)
	s.at = to
}

// word gives the folded text of token i, "" when there is none.
func (s *factScan) word(i int) string {
	if i < 0 || i >= len(s.toks) {
		return ""
	}
	return s.toks[i].fold
}

// is reports whether token i is one of the given folded words.
func (s *factScan) is(i int, words ...string) bool {
	w := s.word(i)
	if w == "" {
		return false
	}
	for _, x := range words {
		if w == x {
			return true
		}
	}
	return false
}

// digits reports whether token i is a plain run of digits and gives it.
func (s *factScan) digits(i int) (string, bool) {
	if i < 0 || i >= len(s.toks) || s.toks[i].kind != numTok || strings.ContainsAny(s.toks[i].fold, ".,'") {
		return "", false
	}
	return s.toks[i].fold, true
}

// touching reports whether tokens i and i+1 have nothing between them.
func (s *factScan) touching(i int) bool {
	return i >= 0 && i+1 < len(s.toks) && s.toks[i].end == s.toks[i+1].start
}
