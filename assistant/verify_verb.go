package assistant

import "strings"

// verbEndings are the endings of the forms of regular Italian verbs that statements use: the third persons, the participles, the
// second person that speaks to a citizen.
var verbEndings = map[string][]string{
	"are": {"o", "i", "a", "iamo", "ate", "ano", "ava", "avano", "ino", "ato", "ata", "ati", "ando", "era", "eranno", "erebbe", "asse"},
	"ere": {"o", "i", "e", "iamo", "ete", "ono", "eva", "evano", "a", "ano", "uto", "uta", "uti", "ute", "endo", "era", "eranno"},
	"ire": {"o", "i", "e", "iamo", "ite", "ono", "iva", "ivano", "a", "ano", "ito", "ita", "iti", "endo", "ira", "iranno", "isci", "isce", "iscono", "isca", "iscano"},
}

// conjugate gives the regular forms of an infinitive, folded; none for what is no infinitive. Where the root ends in c or g the
// forms of -are keep its sound: pagare, paghi, pagherà.
func conjugate(infinitive string) []string {
	if len(infinitive) < 5 {
		return nil
	}
	root, end := infinitive[:len(infinitive)-3], infinitive[len(infinitive)-3:]
	var out []string
	for _, e := range verbEndings[end] {
		r := root
		if end == "are" {
			switch {
			case (strings.HasSuffix(r, "c") || strings.HasSuffix(r, "g")) && (e[0] == 'i' || e[0] == 'e'):
				r += "h"
			case strings.HasSuffix(r, "i") && (e[0] == 'i' || e[0] == 'e' && (strings.HasSuffix(r, "ci") || strings.HasSuffix(r, "gi"))):
				r = r[:len(r)-1]
			}
		}
		out = append(out, r+e)
	}
	return out
}
