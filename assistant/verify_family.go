package assistant

import "strings"

// derivations are the endings of inflection and of the words made from one another: "prestano" and "prestito", "alloggio" and
// "alloggiativa", "restituisci" and "restituzione".
var derivations = wordSetOf(`a e i o are ere ire arsi ersi irsi ato ata ati ate uto uta uti ute ito ita iti ite ano ono ino iamo ete ava avano
	isce iscono isci isca ando endo azione azioni izione izioni zione zioni ione ioni amento amenti imento imenti mento menti anza anze enza enze
	ura ure atura ature ezza ezze abile abili ibile ibili ivo iva ivi ive ale ali to ta ti te no re ndo ra ranno era eranno`)

// derived reports whether two folded words have at least five letters in common and after them only such endings. As for
// families, a word for somebody and the thing he deals with are apart.
func derived(a, b string) bool {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n < 5 || agent(a) != agent(b) {
		return false
	}
	for k := n; k >= 5 && k >= n-2; k-- {
		if (k == len(a) || derivations[a[k:]]) && (k == len(b) || derivations[b[k:]]) {
			return true
		}
	}
	return false
}

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
			if stem == t.stem || sameFamily(t.fold, rest, t.stem, stem) || derived(t.fold, rest) {
				return true
			}
		}
	}
	return false
}
