package eval

import (
	_ "embed"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sportello/assistant"
	"sportello/assistant/lexicon"
)

// Class is a way of making a true statement false or misleading.
type Class string

// The classes and the rule by which a mutated statement is false. A mutation that could leave it true is not made.
const (
	// NumberSwapped puts another figure of the same kind, of the same passages, in the place of one. Figures that say the same
	// ("31 dicembre" for "31/12/2021") are no swap, nor is a figure that the statement has already.
	NumberSwapped Class = "number swapped"
	// NumbersExchanged exchanges two figures of the same kind of one statement; "tra 2 e 4" is left alone when it means the same.
	NumbersExchanged Class = "numbers exchanged"
	// DigitChanged changes one digit of a figure.
	DigitChanged Class = "digit changed"
	// ExceptionDropped leaves out an exception or condition, from its cue to the end of the clause.
	ExceptionDropped Class = "exception dropped"
	// SubjectChanged puts another noun of the same sort in the place of what the statement is about, or the opposite adjective
	// of a category. The new noun is in the passages or not; it is never one that offices use for the old one.
	SubjectChanged Class = "subject changed"
	// NegationRemoved takes out "non", or says allowed where it says forbidden.
	NegationRemoved Class = "negation removed"
	// NegationAdded puts "non" before the first verb form that can only be a verb.
	NegationAdded Class = "negation added"
)

// Classes in the order of reports.
var Classes = []Class{NumberSwapped, NumbersExchanged, DigitChanged, ExceptionDropped, SubjectChanged, NegationRemoved, NegationAdded}

// Mutant is a statement made false.
type Mutant struct {
	Class Class
	Text  string
}

// Mutate makes the false statements of a true one. The choice among several is by hash: always the same.
func Mutate(statement string, passages []assistant.Passage) []Mutant {
	var out []Mutant
	add := func(c Class, text string) {
		text = strings.TrimSpace(strings.ReplaceAll(text, "  ", " "))
		if text != "" && text != statement {
			out = append(out, Mutant{c, text})
		}
	}
	for _, t := range swapNumbers(statement, passages) {
		add(NumberSwapped, t)
	}
	for _, t := range exchangeNumbers(statement) {
		add(NumbersExchanged, t)
	}
	for _, t := range changeDigits(statement) {
		add(DigitChanged, t)
	}
	for _, t := range dropExceptions(statement) {
		add(ExceptionDropped, t)
	}
	for _, t := range changeSubjects(statement, passages) {
		add(SubjectChanged, t)
	}
	for _, t := range removeNegations(statement) {
		add(NegationRemoved, t)
	}
	if t := addNegation(statement); t != "" {
		add(NegationAdded, t)
	}
	return out
}

// swappable are the kinds whose figures are put in each other's place.
func swappable(f lexicon.Fact) bool {
	switch f.Kind {
	case lexicon.NumberFact, lexicon.AmountFact, lexicon.PercentFact, lexicon.DurationFact, lexicon.MeasureFact, lexicon.DateFact, lexicon.TimeFact:
		return true
	}
	return false
}

func sameSort(a, b lexicon.Fact) bool {
	return a.Kind == b.Kind && (a.Kind != lexicon.MeasureFact || a.Unit == b.Unit)
}

// equal reports whether two figures say the same thing or one says the other less precisely.
func equal(a, b lexicon.Fact) bool {
	if a.Norm == b.Norm || a.Unit == b.Unit && a.Value != 0 && a.Value == b.Value {
		return true
	}
	return a.Kind == lexicon.DateFact && (strings.HasSuffix(a.Norm, strings.TrimPrefix(b.Norm, "-")) || strings.HasSuffix(b.Norm, strings.TrimPrefix(a.Norm, "-")))
}

func swapNumbers(statement string, passages []assistant.Passage) []string {
	var out []string
	facts := lexicon.Facts(statement)
	for _, f := range facts {
		if !swappable(f) {
			continue
		}
		var others []string
		for _, p := range passages {
			for _, g := range lexicon.Facts(p.Text) {
				if !sameSort(f, g) || equal(f, g) || among(facts, g) {
					continue
				}
				if text := figure(p.Text, g, statement, f); text != "" {
					others = append(others, text)
				}
			}
		}
		if len(others) > 0 {
			out = append(out, statement[:f.Start]+others[pickOne(statement[f.Start:], len(others))]+statement[f.End:])
		}
	}
	return out
}

// figure gives g as it is written in its text, "" when it cannot stand where f stands: one with a unit of its own for one
// that shares it with the next ("da 25 a 500 euro").
func figure(text string, g lexicon.Fact, statement string, f lexicon.Fact) string {
	if g.Approx != f.Approx || strings.ContainsAny(text[g.Start:g.End], "\n|") {
		return ""
	}
	return text[g.Start:g.End]
}

func among(facts []lexicon.Fact, g lexicon.Fact) bool {
	for _, f := range facts {
		if sameSort(f, g) && equal(f, g) {
			return true
		}
	}
	return false
}

func exchangeNumbers(statement string) []string {
	facts := lexicon.Facts(statement)
	for i, f := range facts {
		for _, g := range facts[i+1:] {
			if !swappable(f) || !sameSort(f, g) || equal(f, g) || f.Approx != g.Approx || strings.ContainsAny(statement[f.Start:g.End], ".!?") && strings.Contains(statement[f.Start:g.End], ". ") {
				continue
			}
			return []string{statement[:f.Start] + statement[g.Start:g.End] + statement[f.End:g.Start] + statement[f.Start:f.End] + statement[g.End:]}
		}
	}
	return nil
}

// changeDigits changes the first digit of each figure in digits: 1 to 2, 9 to 8, and so on. A year or a date stays one.
func changeDigits(statement string) []string {
	var out []string
	for _, f := range lexicon.Facts(statement) {
		if !swappable(f) && f.Kind != lexicon.YearFact && f.Kind != lexicon.ReferenceFact && f.Kind != lexicon.ActFact {
			continue
		}
		last := -1
		for i := f.Start; i < f.End; i++ {
			if c := statement[i]; c >= '0' && c <= '9' {
				if last < 0 || f.Kind == lexicon.YearFact || f.Kind == lexicon.ReferenceFact {
					last = i
				}
			}
		}
		if last < 0 {
			continue
		}
		c := statement[last] + 1
		if c > '9' {
			c = '7'
		}
		if f.Kind == lexicon.DateFact && c > '3' {
			c = '1'
		}
		if c == statement[last] {
			continue
		}
		out = append(out, statement[:last]+string(c)+statement[last+1:])
	}
	return out
}

// droppable are the cues that open something a statement may not lose.
var droppable = []string{"salvo", "tranne", "eccetto", "ad eccezione", "ad esclusione", "con esclusione", "fatta eccezione", "purché", "purche'", "a condizione che", "a condizione", "sempre che", "qualora", "solo se", "a meno che",
	"limitatamente", "esclusi ", "escluse ", "escluso ", "esclusa ", "se ", "nel caso in cui", "a patto che"}

func dropExceptions(statement string) []string {
	var out []string
	low := strings.ToLower(statement)
	for _, cue := range droppable {
		i := strings.Index(low, cue)
		if i < 0 || i > 0 && wordRune(low[:i]) || !strings.HasSuffix(cue, " ") && i+len(cue) < len(low) && isWord(low[i+len(cue):]) {
			continue
		}
		if cue == "se " && (strings.HasPrefix(low[i:], "se stess") || strings.HasPrefix(low[i:], "se non") && strings.HasPrefix(strings.TrimLeft(low[i+6:], " "), "dopo")) {
			continue
		}
		before := strings.TrimRight(low[:i], " ")
		if cue == "se " && strings.HasSuffix(before, "anche") { // "anche se" grants something, it makes no condition
			continue
		}
		if strings.HasPrefix(cue, "esclus") && endsInWord(before, "è", "sono", "sia", "siano", "resta", "restano", "viene", "vengono") {
			continue // the verb of the sentence: what is left says nothing
		}
		from, to := clauseBounds(statement, i, i+len(cue))
		if (from == 0 || strings.ContainsRune(";:", rune(statement[from-1]))) && (to >= len(statement)-1 || statement[to] == ';') {
			continue // a statement of its own: what is left says nothing less
		}
		if c := strings.TrimRight(statement[:from], " "); endsInWord(strings.ToLower(c), "o", "e", "ma") { // "o se piove"
			from = len(strings.TrimRight(c[:strings.LastIndexByte(c, ' ')+1], " ,"))
		}
		tail := statement[to:]
		if from > 0 && strings.ContainsRune(";:", rune(statement[from-1])) { // the clause stood first in its part
			tail = " " + strings.TrimLeft(tail, " ,")
		}
		rest := statement[:from] + tail
		rest = strings.TrimLeft(rest, " ,;:")
		if r, n := utf8.DecodeRuneInString(rest); from == 0 && n > 0 {
			rest = string(unicode.ToUpper(r)) + rest[n:]
		}
		if strings.Count(rest, " ") < 4 || strings.Count(statement[from:to], " ") < 1 || len(statement[from:to]) < 8 {
			continue
		}
		out = append(out, rest)
		break
	}
	return out
}

// endsInWord reports whether a text ends in one of some words.
func endsInWord(text string, words ...string) bool {
	return slices.Contains(words, text[strings.LastIndexAny(text, " '’(,")+1:])
}

func wordRune(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return unicode.IsLetter(r) || r == '\'' || r == '’'
}

func isWord(after string) bool {
	r, _ := utf8.DecodeRuneInString(after)
	return unicode.IsLetter(r)
}

// clauseBounds gives the span of the clause that a cue opens: back over the comma or bracket before it, on to the next comma
// after three words, semicolon, bracket or full stop.
func clauseBounds(s string, i, cueEnd int) (from, to int) {
	from = i
	for from > 0 && (s[from-1] == ' ' || s[from-1] == ',') {
		from--
	}
	bracket := from > 0 && s[from-1] == '('
	if bracket {
		from--
	}
	to = len(s)
	words := 0
scan:
	for j := cueEnd; j < len(s); j++ {
		switch s[j] {
		case ' ':
			words++
		case ')':
			to = j
			if bracket {
				to++
			}
			break scan
		case ';', ':':
			to = j
			break scan
		case ',':
			if words >= 3 {
				to = j
				break scan
			}
		case '.':
			if j+1 == len(s) || s[j+1] == ' ' && j+2 < len(s) && unicode.IsUpper(rune(s[j+2])) {
				to = j
				break scan
			}
		}
	}
	return from, to
}

//go:embed twosided_words.txt
var mutationWords string

// nounLines gives, for each noun, the nouns of its line.
func nounLines() (nouns map[string][]string, kinds map[string]string) {
	nouns, kinds = map[string][]string{}, map[string]string{}
	for line := range strings.Lines(mutationWords) {
		name, words, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(words)
		for _, w := range fields {
			if name == "kind" {
				a, b, _ := strings.Cut(w, "/")
				kinds[a] = b
				continue
			}
			nouns[w] = append(nouns[w], fields...)
		}
	}
	return nouns, kinds
}

func changeSubjects(statement string, passages []assistant.Passage) []string {
	nouns, kinds := nounLines()
	var passageText strings.Builder
	for _, p := range passages {
		passageText.WriteString(strings.ToLower(p.Text))
		passageText.WriteByte(' ')
	}
	text := passageText.String()
	var out []string
	done := 0
	for _, w := range wordSpans(statement) {
		word := strings.ToLower(statement[w.Start:w.End])
		if k, ok := kinds[word]; ok {
			out = append(out, statement[:w.Start]+k+statement[w.End:])
			continue
		}
		line := nouns[word]
		if len(line) == 0 || done >= 2 {
			continue
		}
		var inside, outside []string
		for _, o := range line {
			if o == word || strings.Contains(strings.ToLower(statement), o) || kindred(o, word) {
				continue
			}
			if strings.Contains(text, " "+o+" ") {
				inside = append(inside, o)
			} else {
				outside = append(outside, o)
			}
		}
		for _, set := range [][]string{inside, outside} {
			if len(set) > 0 {
				o := set[pickOne(statement+word, len(set))]
				if startsVowel(o) != startsVowel(word) {
					continue // the article before it would not fit
				}
				if r, _ := utf8.DecodeRuneInString(statement[w.Start:]); unicode.IsUpper(r) {
					o = strings.ToUpper(o[:1]) + o[1:]
				}
				out = append(out, statement[:w.Start]+o+statement[w.End:])
				done++
			}
		}
	}
	return out
}

// kindred keeps apart pairs of one line that an office may use one for the other.
func kindred(a, b string) bool {
	for _, set := range [...]string{
		"impresa ditta azienda società", "imprese ditte aziende società", "proprietario titolare contribuente richiedente committente concessionario operatore cittadino", "proprietari titolari contribuenti richiedenti concessionari operatori cittadini residenti commercianti elettori imprenditori",
		"autorizzazione concessione licenza", "autorizzazioni concessioni licenze", "tariffa imposta aliquota", "tariffe imposte aliquote", "canone contributo", "canoni contributi", "responsabile dirigente", "vasi fioriere",
		"abitazione cantina area", "gestore concessionario",
	} {
		f := " " + set + " "
		if strings.Contains(f, " "+a+" ") && strings.Contains(f, " "+b+" ") {
			return true
		}
	}
	return false
}

func startsVowel(s string) bool { return s != "" && strings.ContainsRune("aeiouAEIOU", rune(s[0])) }

func wordSpans(s string) []lexicon.Span {
	var out []lexicon.Span
	start := -1
	for i, r := range s {
		if unicode.IsLetter(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			out = append(out, lexicon.Span{Start: start, End: i})
			start = -1
		}
	}
	if start >= 0 {
		out = append(out, lexicon.Span{Start: start, End: len(s)})
	}
	return out
}

// allowed turns what forbids into what allows.
var allowed = [][2]string{{"è vietato ", "è consentito "}, {"è vietata ", "è consentita "}, {"sono vietati ", "sono consentiti "}, {"sono vietate ", "sono consentite "}, {"è vietato", "è consentito"},
	{"sono esenti", "sono soggetti"}, {"è esente", "è soggetto"}, {"è esclusa ", "è inclusa "}, {"sono escluse ", "sono incluse "}, {"sono esclusi ", "sono inclusi "}, {"è escluso ", "è incluso "}}

func removeNegations(statement string) []string {
	var out []string
	for _, w := range wordSpans(statement) {
		if strings.EqualFold(statement[w.Start:w.End], "non") && w.End < len(statement) && statement[w.End] == ' ' {
			rest := statement[w.End+1:]
			if strings.HasPrefix(rest, "solo ") || strings.HasPrefix(rest, "soltanto ") {
				continue // "non solo… ma anche" is no denial
			}
			if before := strings.ToLower(strings.TrimRight(statement[:w.Start], " ")); strings.HasSuffix(before, "a meno che") || strings.HasSuffix(before, "salvo che") || strings.HasSuffix(before, "tranne che") {
				continue // "a meno che non piova" is "a meno che piova"
			}
			if r, n := utf8.DecodeRuneInString(rest); w.Start == 0 {
				rest = string(unicode.ToUpper(r)) + rest[n:]
			}
			out = append(out, statement[:w.Start]+rest)
			if len(out) == 2 {
				break
			}
		}
	}
	for _, a := range allowed {
		if i := strings.Index(statement, a[0]); i >= 0 {
			out = append(out, statement[:i]+a[1]+statement[i+len(a[0]):])
			break
		}
	}
	return out
}

var verbForms = map[string]bool{"è": true, "sono": true, "ha": true, "hanno": true, "va": true, "vanno": true, "può": true, "possono": true, "deve": true, "devono": true, "viene": true, "vengono": true,
	"dovrà": true, "dovranno": true, "potrà": true, "potranno": true, "spetta": true, "spettano": true, "prevede": true, "decorre": true, "sarà": true, "saranno": true, "costituisce": true, "comporta": true}

// addNegation denies the first verb that is not denied yet.
func addNegation(statement string) string {
	spans := wordSpans(statement)
	for i, w := range spans {
		word := statement[w.Start:w.End]
		if !verbForms[strings.ToLower(word)] || i > 0 && strings.EqualFold(statement[spans[i-1].Start:spans[i-1].End], "non") {
			continue
		}
		if i > 0 && strings.EqualFold(statement[spans[i-1].Start:spans[i-1].End], "si") { // "si può": "non si può"
			w = spans[i-1]
		}
		lower := statement[w.Start:]
		non := "non "
		if r, n := utf8.DecodeRuneInString(lower); unicode.IsUpper(r) {
			non, lower = "Non ", string(unicode.ToLower(r))+lower[n:]
		}
		return statement[:w.Start] + non + lower
	}
	return ""
}

// pickOne chooses one of n by the hash of a text.
func pickOne(seed string, n int) int {
	h := fnv.New32a()
	h.Write([]byte(seed))
	return int(h.Sum32() % uint32(n))
}
