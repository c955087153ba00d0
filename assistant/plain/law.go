package plain

import (
	"regexp"
	"strings"

	"sportello/assistant/lexicon"
)

var (
	// leads are the words that bring in a reference which the sentence can be read without; they are folded with it.
	leads = regexp.MustCompile(`(?i)(^|[\s,(])((così\s+)?(ai sensi(\s+e per gli effetti)?|a norma|a termini|in applicazione|in attuazione|in conformità|in base|in ottemperanza|nel rispetto|secondo quanto|` +
		`(come\s+)?(previst|stabilit|disciplinat|dispost|definit|individuat|modificat|introdott|indicat|richiamat|sancit)[oaie]|di cui|ex)(\s+(previst|stabilit|dispost|indicat)[oaie])?\s*` +
		`((del|dell|dello|della|dei|degli|delle|al|all|allo|alla|ai|agli|alle|dal|dall|dallo|dalla|dai|dagli|dalle|il|lo|la|i|gli|le|con|da|a|di)\b\s*['’]?\s*)*` +
		`((citat|sopracitat|predett|medesim|vigent|suddett|success)[oaiev]\w*\s*)?)$`)
	between = regexp.MustCompile(`(?i)^([\s,;e]|ed|o|nonché|n\.|del|dell['’]|della|dello|dei|degli|delle|al|alla|all['’])*$`)
	trail   = regexp.MustCompile(`(?i)^(\s*,?\s*(e|ed)?\s*(s\.?\s*m\.?\s*i\.?|ss\.?\s*mm\.?\s*(e\s*)?ii\.?|successive modific(he|azioni)( ed integrazioni| e integrazioni)?))`)
)

// folds gives the references to norms and acts of a sentence that it can be read without, with the words that bring them in: "ai sensi
// dell'art. 1, comma 659, della legge 147/2013", "(art. 5)". A reference that is the subject of the sentence stays.
func folds(s string) []span {
	var cited []span
	for _, c := range lexicon.Citations(s) {
		one := span{c.Start, c.End}
		if c.ActEnd > 0 {
			one.start, one.end = min(one.start, c.ActStart), max(one.end, c.ActEnd)
		}
		one.end += len(trail.FindString(s[one.end:]))
		if n := len(cited); n > 0 && (one.start <= cited[n-1].end || between.MatchString(s[cited[n-1].end:one.start])) {
			cited[n-1].end = max(cited[n-1].end, one.end)
			continue
		}
		cited = append(cited, one)
	}
	var out []span
	for _, c := range cited {
		if one, ok := fold(s, c); ok {
			if n := len(out); n > 0 && strings.TrimLeft(s[out[n-1].end:one.start], " ,\n") == "" {
				out[n-1].end = one.end
				continue
			}
			out = append(out, one)
		}
	}
	return out
}

// fold widens a reference by what brings it in; false: it is not to be folded.
func fold(s string, c span) (span, bool) {
	if strings.HasSuffix(s[:c.start], "(") && strings.HasPrefix(s[c.end:], ")") {
		return span{c.start - 1, c.end + 1}, true
	}
	at := leads.FindStringSubmatchIndex(s[:c.start])
	if at == nil {
		return c, false
	}
	c.start = at[4]
	if c.start > 0 && s[c.start-1] == '(' && strings.HasPrefix(s[c.end:], ")") {
		return span{c.start - 1, c.end + 1}, true
	}
	if strings.HasPrefix(s[c.end:], ",") && (c.start == 0 || strings.HasSuffix(strings.TrimRight(s[:c.start], " \n"), ",")) {
		c.end++ // the comma that closed it
	}
	return c, true
}
