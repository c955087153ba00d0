package assistant

import (
	_ "embed"
	"strings"

	"sportello/assistant/lexicon"
)

//go:embed verify_words.txt
var verifyWordsFile string

// claimClass is how much a word of a statement claims.
type claimClass uint8

const (
	hardWord     claimClass = iota // a noun, an adjective, a name: it must be the source's
	softWord                       // a verb of procedure or an adverb: paraphrases exchange them
	lightWord                      // an auxiliary, a vague word
	functionWord                   // articles, prepositions, pronouns
)

// claimLexicon holds the special words of statements by root.
type claimLexicon struct {
	function map[string]bool // folded words
	light    map[string]bool // folded words
	soft     map[string]bool // roots
	negative map[string]bool // folded words
	role     map[string]bool // roots
	category map[string]bool // roots
	sorts    map[string]bool // the words of category, folded
	groups   map[string][]int
	lemma    map[string]string // a form of a verb -> the root of its infinitive
	opposite map[string]map[string]bool
	antonym  map[string]map[string]bool // roots of what denying a word says: "non paga" is "esente"
}

var claimWords = readClaimWords(verifyWordsFile)

func readClaimWords(file string) *claimLexicon {
	l := &claimLexicon{function: map[string]bool{}, light: map[string]bool{}, soft: map[string]bool{}, negative: map[string]bool{}, role: map[string]bool{}, category: map[string]bool{}, sorts: map[string]bool{},
		lemma: map[string]string{}, groups: map[string][]int{}, opposite: map[string]map[string]bool{}, antonym: map[string]map[string]bool{}}
	group := 0
	for line := range strings.Lines(file) {
		section, words, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(section, "#") {
			continue
		}
		if section == "antonym" {
			l.addAntonyms(words)
			continue
		}
		group++
		seen := map[string]bool{}
		fields := strings.Fields(words)
		for _, w := range fields {
			stem := lexicon.Stem(w)
			if section == "soft" || section == "same" {
				for _, form := range conjugate(w) {
					l.lemma[form] = stem
				}
			}
			switch section {
			case "function":
				l.function[w] = true
			case "light":
				l.light[w] = true
			case "soft":
				l.soft[stem] = true
			case "negative":
				l.negative[w] = true
			case "role":
				l.role[stem] = true
			case "category":
				l.category[stem] = true
				l.sorts[w] = true
			case "same":
				if !seen[stem] {
					l.groups[stem] = append(l.groups[stem], group)
				}
			case "opposite":
				if l.opposite[stem] == nil {
					l.opposite[stem] = map[string]bool{}
				}
				for _, o := range fields {
					if o != w {
						l.opposite[stem][lexicon.Stem(o)] = true
					}
				}
			}
			seen[stem] = true
		}
	}
	return l
}

// addAntonyms reads "words | words": each of the left denied is one of the right.
func (l *claimLexicon) addAntonyms(line string) {
	left, right, _ := strings.Cut(line, "|")
	for _, a := range strings.Fields(left) {
		stem := lexicon.Stem(a)
		if l.antonym[stem] == nil {
			l.antonym[stem] = map[string]bool{}
		}
		for _, b := range strings.Fields(right) {
			l.antonym[stem][lexicon.Stem(b)] = true
		}
	}
}

// root gives the root of a folded word, that of the infinitive for a form of a verb that the file names.
func (l *claimLexicon) root(w string) string {
	if r, ok := l.lemma[w]; ok {
		return r
	}
	return lexicon.Stem(w)
}

// class tells how much a folded word claims.
func (l *claimLexicon) class(w, stem string) claimClass {
	switch {
	case l.function[w] || len(w) == 1 || w == "né" || w == "è":
		return functionWord
	case l.light[w]:
		return lightWord
	case l.role[stem]:
		return hardWord
	case l.sorts[w]: // "quota fissa" is not what somebody fixes, "cantiere" is no verb
		return hardWord
	case l.soft[stem] || softForm(w):
		return softWord
	}
	return hardWord
}

// softForm knows infinitives, gerunds, third persons in -isce and adverbs by their ending.
func softForm(w string) bool {
	if len(w) < 6 {
		return false
	}
	for _, end := range [...]string{"are", "ere", "ire", "arsi", "ersi", "irsi", "arlo", "erlo", "irlo", "arla", "erla", "irla", "ando", "endo", "mente", "isce", "iscono"} {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// vocabulary is the set of roots that a text uses, found by what they can be kin to.
type vocabulary struct {
	word     map[string]string   // a folded word for each root
	byGroup  map[int][]string    // roots by group of words that stand for one another
	byPrefix map[string][]string // roots by their first five letters
}

func newVocabulary() vocabulary {
	return vocabulary{word: map[string]string{}, byGroup: map[int][]string{}, byPrefix: map[string][]string{}}
}

func (v *vocabulary) add(t *claimToken) {
	if t.fact != nil || v.word[t.stem] != "" {
		return
	}
	v.word[t.stem] = t.fold
	for _, g := range claimWords.groups[t.stem] {
		v.byGroup[g] = append(v.byGroup[g], t.stem)
	}
	if len(t.stem) >= 5 {
		v.byPrefix[t.stem[:5]] = append(v.byPrefix[t.stem[:5]], t.stem)
	}
}

// kin is a root of the vocabulary that a word is kin to, with how closely: 1 the same root, .9 one stands for the other,
// .8 the same root with another ending.
type kin struct {
	root string
	near float64
}

func (v *vocabulary) kin(t *claimToken) []kin {
	var out []kin
	if _, ok := v.word[t.stem]; ok {
		out = append(out, kin{t.stem, 1})
	}
	for _, g := range claimWords.groups[t.stem] {
		for _, r := range v.byGroup[g] {
			if r != t.stem {
				out = append(out, kin{r, .9})
			}
		}
	}
	if len(t.stem) >= 5 {
		for _, r := range v.byPrefix[t.stem[:5]] {
			if r != t.stem && sameFamily(t.fold, v.word[r], t.stem, r) {
				out = append(out, kin{r, .8})
			}
		}
	}
	if t.denied {
		out = v.opposed(t, out)
	}
	return out
}

// sameFamily reports whether two roots differ by an ending only: "president" and "presidenz", "rateizz" and "rateizzazion".
// A word for somebody and the thing he deals with are no family: "concessione" and "concessionario".
func sameFamily(wa, wb, a, b string) bool {
	if len(a) > len(b) {
		a, b, wa, wb = b, a, wb, wa
	}
	if len(a) < 5 || len(b)-len(a) > 5 {
		return false
	}
	n := 0
	for n < len(a) && a[n] == b[n] {
		n++
	}
	if n < 5 || n < len(a)-1 || n < 6 && n < len(a) {
		return false
	}
	return agent(wa) == agent(wb)
}

func agent(w string) bool {
	if strings.HasSuffix(w, "mente") {
		return false
	}
	for _, end := range [...]string{"ario", "aria", "ari", "arie", "ante", "anti", "ente", "enti", "tore", "tori", "trice", "trici", "ista", "isti", "iste"} {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}
