package plain

import (
	"regexp"
	"slices"
	"strings"

	"sportello/assistant/lexicon"
)

// span is a stretch of bytes of a sentence.
type span struct{ start, end int }

func (s span) holds(at int) bool { return s.start < at && at < s.end }

// cut is a place where a part begins.
type cut struct {
	at   int
	kind Kind
}

const (
	leastWords  = 4 // on either side of a cut: a shorter part is no sentence
	leastBefore = 7 // before a condition: "per il canone annuale, qualora…" has not said yet what depends on it
)

var (
	// stops are where a new sentence begins: after a semicolon, after parentheses that close one, and before the verb of a second clause.
	stops = regexp.MustCompile(`;\s+|\)\.\s+\p{Lu}|,\s+(e|ed|ma|mentre)\s+(dovr\w+|dev\w+|può|possono|potr\w+|sono|è|non|viene|vengono)\s`)
	also  = regexp.MustCompile(`,\s+(nonché|nonche'|oltre (a|al|alla|allo|ai|agli|alle|all')\b)`)
	// alone are the words that open a part without a comma before them; others need one, since "se" and "ove" are often part of something else.
	alone = map[string]bool{
		"a condizione che": true, "purché": true, "qualora": true, "a patto che": true, "sempre che": true, "sempreché": true, "nel caso in cui": true, "nei casi in cui": true,
		"solo se": true, "soltanto se": true, "solo qualora": true, "salvo che": true, "salvo se": true, "tranne che": true, "eccetto che": true, "a meno che": true,
		"fatta salva": true, "fatto salvo": true, "fatti salvi": true, "fatte salve": true, "ad eccezione": true, "a eccezione": true, "fatta eccezione": true, "ad esclusione": true,
		"con esclusione": true, "fermo restando": true, "ferma restando": true, "fermi restando": true,
	}
	// never are conditions and exceptions that are no part of their own: they say when or up to where.
	never = map[string]bool{"in presenza di": true, "entro i limiti": true, "nei limiti": true, "fino a quando": true, "a decorrere da": true, "pena": true, "subordinata": true, "subordinato": true, "subordinate": true}
)

// cuts gives where a long sentence is taken apart, in order.
func cuts(s string, laws []span) []cut {
	if len(strings.Fields(s)) <= shortSentence {
		return nil
	}
	var found []cut
	for _, at := range stops.FindAllStringIndex(s, -1) {
		begin := at[0] + 1 + len(s[at[0]+1:at[1]]) - len(strings.TrimLeft(s[at[0]+1:at[1]], ". \n\t"))
		found = append(found, cut{begin, Main})
	}
	for _, at := range also.FindAllStringIndex(s, -1) {
		found = append(found, cut{at[0] + len(", "), Also})
	}
	for _, c := range lexicon.Cues(s) {
		kind := If
		switch c.Kind {
		case lexicon.ExceptionCue:
			kind = But
		case lexicon.ConditionCue:
		default:
			continue
		}
		before := strings.TrimRight(s[:c.Start], " \n\t")
		if !never[c.Text] && (alone[c.Text] || strings.HasSuffix(before, ",")) {
			found = append(found, cut{c.Start, kind})
		}
	}
	slices.SortFunc(found, func(a, b cut) int { return a.at - b.at })
	var out []cut
	last := 0
	for _, c := range found {
		least := leastWords
		if c.kind == If || c.kind == But {
			least = leastBefore
		}
		if count(s[last:c.at]) < least || count(s[c.at:]) < leastWords || within(s, c.at) || slices.ContainsFunc(laws, func(l span) bool { return l.holds(c.at) }) {
			continue
		}
		out, last = append(out, c), c.at
	}
	return out
}

func count(s string) int { return len(strings.Fields(s)) }

// within says whether a place is inside parentheses or quotation marks.
func within(s string, at int) bool {
	open := func(a, b string) bool { return strings.Count(s[:at], a) > strings.Count(s[:at], b) }
	return open("(", ")") || open("«", "»") || open("“", "”")
}
