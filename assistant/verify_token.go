package assistant

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"sportello/assistant/lexicon"
)

// claimToken is a word or a fact of a text, with what the checks need to know about it.
type claimToken struct {
	fold       string // folded word; for a fact its kind and norm
	stem       string
	class      claimClass
	fact       *lexicon.Fact // nil for a word
	start, end int           // bytes of the text
	clause     int           // number of the clause it stands in: commas, colons and the like part them
	denied     bool          // a negation governs it
	adjoined   bool          // it follows the token before with nothing but a space between: "quota fissa"
	capital    bool
}

// claimTokens cuts a text into words and facts. Words inside a fact are not repeated, except the name of a class: "zona 2"
// is the word "zona" and the fact.
func claimTokens(text string, facts []lexicon.Fact) []claimToken {
	toks := make([]claimToken, 0, len(text)/5+1)
	clause, f := 0, 0
	broken := true
	for i := 0; i < len(text); {
		if f < len(facts) && i >= facts[f].Start {
			if facts[f].Kind == lexicon.LabelFact {
				if j := runEnd(text, i); j > i && j < facts[f].End {
					toks = append(toks, newWord(text, i, j, clause, broken))
				}
			}
			toks = append(toks, claimToken{fold: string(facts[f].Kind) + " " + facts[f].Norm, fact: &facts[f], start: facts[f].Start, end: facts[f].End, clause: clause})
			i = max(facts[f].End, i+1)
			f++
			broken = true
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if unicode.IsLetter(r) {
			j := runEnd(text, i)
			if k, joined := dottedAcronym(text, i); joined != "" && (f >= len(facts) || k <= facts[f].Start) {
				t := newWord(text, i, k, clause, broken)
				t.fold = lexicon.Fold(joined)
				t.stem = lexicon.Stem(t.fold)
				t.class = claimWords.class(t.fold, t.stem)
				toks = append(toks, t)
				i, broken = k, false
				continue
			}
			for j < len(text) && j-i <= 6 && text[j] >= '0' && text[j] <= '9' && (f >= len(facts) || j < facts[f].Start) { // "F24" is one word
				j++
			}
			if f < len(facts) && j > facts[f].Start {
				j = facts[f].Start
			}
			toks = append(toks, newWord(text, i, j, clause, broken))
			i, broken = j, false
			continue
		}
		switch r {
		case ',', ';', ':', '(', ')', '|', '/', '\n', '.', '–', '—', '•':
			clause++
			broken = true
		case ' ', '\u00a0':
		default:
			broken = true
		}
		i += n
	}
	govern(toks)
	return toks
}

func newWord(text string, i, j, clause int, broken bool) claimToken {
	fold := lexicon.Fold(text[i:j])
	stem := claimWords.root(fold)
	switch strings.ToLower(text[i:j]) {
	case "né", "nè": // folded it would be the pronoun "ne"
		fold, stem = "né", "né"
	case "è": // folded it would be the conjunction "e"
		fold, stem = "è", "è"
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return claimToken{fold: fold, stem: stem, class: claimWords.class(fold, stem), start: i, end: j, clause: clause, adjoined: !broken, capital: unicode.IsUpper(r)}
}

// dottedAcronym reads "I.S.E.E." as "ISEE".
func dottedAcronym(text string, i int) (end int, joined string) {
	for i+1 < len(text) && text[i] >= 'A' && text[i] <= 'Z' && text[i+1] == '.' {
		joined += text[i : i+1]
		i += 2
	}
	if len(joined) < 2 {
		return 0, ""
	}
	if i < len(text) && text[i] >= 'A' && text[i] <= 'Z' && (i+1 == len(text) || !unicode.IsLetter(rune(text[i+1]))) { // "C.C.I.A.A" without the last dot
		joined += text[i : i+1]
		i++
	}
	return i, joined
}

func runEnd(text string, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			break
		}
		i += n
	}
	return i
}

// comparators turn a negation into a limit: "non oltre", "non superiore a" say "at most" and deny nothing.
var comparators = map[string]bool{"oltre": true, "superiore": true, "superiori": true, "inferiore": true, "inferiori": true, "piu": true, "meno": true, "prima": true, "eccedente": true, "maggiore": true, "minore": true, "solo": true, "soltanto": true}

// otherThan reports whether toks[i] says "diversi da": what follows is denied.
func otherThan(toks []claimToken, i int) bool {
	return strings.HasPrefix(toks[i].fold, "divers") && i+1 < len(toks) && strings.HasPrefix(toks[i+1].fold, "da") && len(toks[i+1].fold) <= 5
}

// govern marks what a negation denies: the first word after it that is no auxiliary, at most six words on. "senza" and
// "né" deny the next word that claims anything; two in a row undo each other.
func govern(toks []claimToken) {
	for i := range toks {
		if !negations[toks[i].fold] && !otherThan(toks, i) || limits(toks, i) {
			continue
		}
		for j := i + 1; j < len(toks) && j <= i+6; j++ {
			t := &toks[j]
			if t.fact != nil || t.clause != toks[i].clause {
				break
			}
			if t.class == functionWord || t.class == lightWord {
				if comparators[t.fold] {
					break
				}
				continue
			}
			t.denied = !t.denied
			break
		}
	}
}

// soften makes procedure of the words of a statement that stand where only a verb can: "si tagliano", "chi rischia", "va
// tolta". Who does it and to what is said by the others.
func soften(toks []claimToken) {
	for i := 1; i < len(toks); i++ {
		t := &toks[i]
		if t.fact == nil && t.class == hardWord && t.adjoined && beforeVerb[toks[i-1].fold] && !claimWords.role[t.stem] && !claimWords.category[t.stem] && !claimWords.negative[t.fold] {
			t.class = softWord
		}
	}
}

var beforeVerb = wordSetOf("si ti ci vi lo li che chi non se va vanno vai viene vengono venga vengano verra verranno")

// weight is what a token counts for when words are weighed.
func (t *claimToken) weight() float64 {
	switch {
	case t.fact != nil:
		return 2
	case t.class == hardWord:
		return 1
	case t.class == softWord:
		return .5
	case t.class == lightWord:
		return .1
	}
	return 0
}
