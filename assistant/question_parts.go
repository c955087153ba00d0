package assistant

import (
	"regexp"
	"strings"

	"sportello/assistant/lexicon"
)

const (
	askedBy = `(?:in|per|a|da|di|con|entro|dopo|su|fino a|ogni) `
	// strongAsking are words that hardly stand where nothing is asked; weakAsking begin a relative clause as often ("il giorno che", "la via dove") or
	// end a statement, and ask at the beginning of a clause only.
	strongAsking = `(?:` + askedBy + `)?(?:quant[oaie]|qual[ei]?|entro quando|che (?:modulo|documenti|giorno|ora))\b`
	weakAsking   = `(?:` + askedBy + `)?(?:quando|che|chi|dove|come|cosa|posso|devo|possiamo|dobbiamo|si (?:può|puo|possono|deve|devono)|c'è|ci sono|ci vuole|ci vogliono|serve|servono|bisogna|mi tocca)\b`
	upTo         = `(?:[^\s,.?!;:]+ ){0,8}?`
)

var (
	// asksAgain finds where a question begins to ask something else: the end of a sentence, or a comma or conjunction with a question word soon after.
	asksAgain = regexp.MustCompile(`(?i)[.?!;:]+\s+|(?:,\s*(?:e|ed|ma|o|oppure|poi)?|\s(?:e|ed|ma|o|oppure|poi))\s+(` + upTo + strongAsking + `|` + weakAsking + `)`)
	asksOne   = regexp.MustCompile(`(?i)^(?:(?:e|ed|ma|o|oppure|poi|altrimenti) )?(?:` + upTo + strongAsking + `|` + weakAsking + `)`)
)

// questionParts gives what a question asks, one thing after the other, when it asks several; nil when it asks one. What is only told
// ("Ho un bar in piazza.") is no part.
func questionParts(question string) []string {
	var parts []string
	from := 0
	add := func(to int) {
		part := strings.TrimSpace(question[from:to])
		ends := to == len(question) || strings.ContainsAny(question[max(0, to-2):to], ".?!;:")
		asks := asksOne.MatchString(part) || strings.HasSuffix(part, "?")
		switch {
		case part != "" && asks && len(lexicon.Analyze(part)) > 0:
			parts, from = append(parts, part), to
		case ends:
			from = to
		}
	}
	for _, m := range asksAgain.FindAllStringSubmatchIndex(question, -1) {
		if m[2] >= 0 {
			add(m[2])
		} else {
			add(m[1])
		}
	}
	add(len(question))
	if len(parts) < 2 {
		return nil
	}
	return parts
}
