package lexicon

import (
	_ "embed"
	"strings"
)

//go:embed keepstem.txt
var keepStemFile string

var keepStem = wordSet(keepStemFile)

// suffixes of one family of words that stemming takes away, longest first, with the letters that must be left. Endings that
// are also those of common nouns (-uto of rifiuto, -ano of urbano, -ono of telefono, -ito of debito) are not among them.
var suffixes = []struct {
	end  string
	left int
}{
	{"amente", 4}, {"imenti", 4}, {"imento", 4}, {"amenti", 3}, {"amento", 3}, {"azioni", 3}, {"azione", 3},
	{"arsi", 3}, {"ersi", 4}, {"irsi", 4}, {"arlo", 3}, {"arla", 3}, {"arli", 3}, {"arle", 3}, {"armi", 3},
	{"ando", 3}, {"endo", 4}, {"aria", 5}, {"arie", 5}, {"ario", 5}, {"ari", 5},
	{"are", 3}, {"ere", 4}, {"ire", 4}, {"ato", 3}, {"ata", 3}, {"ati", 3}, {"ate", 3},
}

// Stem gives the root of a folded Italian word: singular and plural, masculine and feminine, a verb and the noun made of it
// (pagare, pagato, pagamento) meet; orario and orari, too. It is made of a few rules that a reader can follow, because the known
// stemmers fail on the words of a comune: Snowball makes "rif" of rifiuti, the light one keeps orari and orario apart. Words of
// other languages pass through the same rules: what matters is only that a word always gives the same root.
//
// Words that the rules would confuse with another (mercato and merci) are listed in keepstem.txt: they only lose their last vowel.
func Stem(w string) string {
	if len(w) < 4 {
		return w
	}
	for i := 0; i < len(w); i++ { // rules are about Latin letters
		if w[i] < 'a' || w[i] > 'z' {
			return w
		}
	}
	short := dropVowel(w)
	if keepStem[w] {
		return short
	}
	for _, s := range suffixes {
		if len(w) >= len(s.end)+s.left && strings.HasSuffix(w, s.end) {
			return hard(w[:len(w)-len(s.end)])
		}
	}
	return short
}

// dropVowel takes the last vowel away, the i before it (orari-o, orar-i), and the h that keeps a sound hard (banch-e, banc-a).
func dropVowel(w string) string {
	n := len(w)
	if !isVowel(w[n-1]) {
		return w
	}
	w = w[:n-1]
	if len(w) > 3 && w[len(w)-1] == 'i' {
		w = w[:len(w)-1]
	}
	return hard(w)
}

func hard(w string) string {
	n := len(w)
	if n > 3 && w[n-1] == 'h' && (w[n-2] == 'c' || w[n-2] == 'g') {
		return w[:n-1]
	}
	if n > 3 && w[n-1] == 'i' && (w[n-2] == 'c' || w[n-2] == 'g') { // rinunci-are, rinunci-a
		return w[:n-1]
	}
	return w
}

func isVowel(c byte) bool { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' }

// wordSet reads an embedded list: words separated by white space, # starts a comment.
func wordSet(file string) map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(file) {
		line, _, _ = strings.Cut(line, "#")
		for _, w := range strings.Fields(line) {
			set[Fold(w)] = true
		}
	}
	return set
}
