package assistant

import "strings"

// negativePrefixes make of a word its denial: "giustificata" and "ingiustificata".
var negativePrefixes = [...]string{"in", "im", "il", "ir", "dis"}

// opposed adds to the kin of a word that a statement denies the words that deny it by their prefix: "senza limiti" is
// "illimitato".
func (v *vocabulary) opposed(t *claimToken, out []kin) []kin {
	for r := range claimWords.antonym[t.stem] {
		if _, ok := v.word[r]; ok {
			out = append(out, kin{r, .8})
		}
	}
	for _, p := range negativePrefixes {
		if len(p)+len(t.stem) < 6 {
			continue
		}
		for _, r := range v.byPrefix[(p + t.stem)[:5]] {
			if opposes(t, v.word[r]) {
				out = append(out, kin{r, .85})
			}
		}
	}
	return out
}

// opposes reports whether a folded word is what a token says when it is denied, by its prefix or as the words file has it.
func opposes(t *claimToken, w string) bool {
	if claimWords.antonym[t.stem][claimWords.root(w)] {
		return true
	}
	for _, p := range negativePrefixes {
		rest, ok := strings.CutPrefix(w, p)
		if ok && len(rest) >= 4 && len(t.fold) >= 4 {
			stem := claimWords.root(rest)
			if stem == t.stem || sameFamily(t.fold, rest, t.stem, stem) {
				return true
			}
		}
	}
	return false
}
