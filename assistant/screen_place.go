package assistant

import (
	"regexp"
	"strings"
	"unicode"

	"sportello/assistant/lexicon"
)

// places tells whether a question is about another comune. A comune that is named as the place where somebody lives, works, comes
// from or did something is not what the question is about; nor is a street, a fair or a saint of that name.
type places struct {
	comuni  *lexicon.Gazetteer
	named   *regexp.Regexp // a preposition of place or possession with what follows it
	from    *regexp.Regexp // what stands before it where somebody lives, comes from, did something
	asks    *regexp.Regexp // the clause asks for something
	ours    *regexp.Regexp // the question speaks of this comune too
	theirs  *regexp.Regexp // the question goes on about the other one: "loro che aliquota hanno?"
	common  map[string]bool
	council *regexp.Regexp
	there   *regexp.Regexp    // … wherever the asker lives: "quanto è lì?"
	keyword *regexp.Regexp    // a service with a name behind it
	foreign map[string]string // folded name in another language -> in Italian
}

func newPlaces(words screenWords) (*places, error) {
	p := &places{comuni: lexicon.Comuni(), common: map[string]bool{}, foreign: map[string]string{}}
	for word := range strings.SplitSeq(words["place_common"], "|") {
		p.common[lexicon.Fold(strings.TrimSpace(word))] = true
	}
	for pair := range strings.SplitSeq(words["place_foreign"], "|") {
		name, italian, _ := strings.Cut(pair, "=")
		p.foreign[name] = italian
	}
	for _, c := range []struct {
		to      **regexp.Regexp
		pattern string
		fold    bool
	}{
		{&p.named, `(?:^|[\s'(«"])((?i:{place_preposition}) |d')`, false},
		{&p.from, `{place_from}[^.,;:?!]{0,25}$|{place_did}[^.,;:?!]{0,45}$|{place_thing} (?:{place_preposition} |d')$`, true},
		{&p.asks, `{asking}`, true},
		{&p.ours, `{place_ours}`, true},
		{&p.theirs, `{place_theirs}`, true},
		{&p.there, `{place_there}`, true},
		{&p.keyword, `^(?:\S+ ){0,2}{place_keyword} $`, true},
		{&p.council, `{place_council} (?:di |d'|of |de |von |din |e )$`, true},
	} {
		pattern, err := words.expand(c.pattern, c.fold)
		if err != nil {
			return nil, err
		}
		if *c.to, err = regexp.Compile(pattern); err != nil {
			return nil, err
		}
	}
	return p, nil
}

var (
	continued = regexp.MustCompile(`^ ?(e|ed|ma|o|oppure|invece|and|et|und|y|si|dhe)? ?\S+ $`) // "e a …?" goes on with an earlier question
	clauseEnd = regexp.MustCompile(`[.,;:?!]`)
	wordEnd   = regexp.MustCompile(`[^\p{L}'’\- ]`)
)

// other tells whether a question is about a comune that is not one of its own.
func (p *places) other(question string, own []string) bool {
	question = p.inItalian(question)
	folded := lexicon.Fold(question)
	if p.ours.MatchString(folded) {
		return false
	}
	for _, o := range own {
		name := lexicon.Fold(o)
		if _, short, found := strings.Cut(name, "comune di "); found {
			name = short
		}
		if name != "" && strings.Contains(folded, name) {
			return false
		}
	}
	if p.keywords(question) {
		return true
	}
	for _, at := range p.named.FindAllStringIndex(question, -1) {
		before, after := question[:at[1]], question[at[1]:]
		council := p.council.MatchString(lexicon.Fold(before))
		name := p.name(after, council)
		if name == "" {
			continue
		}
		if council && !p.from.MatchString(lexicon.Fold(before)) {
			return true
		}
		clause := before
		if ends := clauseEnd.FindAllStringIndex(before, -1); ends != nil {
			clause = before[ends[len(ends)-1][1]:]
		}
		rest, next, _ := cutAt(after, clauseEnd)
		background := p.from.MatchString(lexicon.Fold(clause))
		if p.there.MatchString(lexicon.Fold(next)) || p.theirs.MatchString(lexicon.Fold(next)) && !background {
			return true
		}
		whole := lexicon.Fold(clause + rest)
		if len(strings.Fields(clause)) <= 1 { // "A Catania, quanto si paga?"
			whole += " " + lexicon.Fold(next)
			if strings.HasSuffix(question, "?") && next == "" && !p.from.MatchString(lexicon.Fold(rest)) {
				return true // "a Como il mercato è il sabato?"
			}
		}
		short := strings.TrimSpace(next) == "" && before == clause && len(strings.Fields(whole)) <= 6 && !continued.MatchString(lexicon.Fold(clause))
		if !background && (short || p.asks.MatchString(whole)) {
			return true
		}
	}
	return false
}

// inItalian puts the Italian names in the place of those in other languages, where they are written as names.
func (p *places) inItalian(question string) string {
	fields := strings.Fields(question)
	for i, word := range fields {
		bare := strings.TrimRightFunc(word, unicode.IsPunct)
		if italian, ok := p.foreign[lexicon.Fold(bare)]; ok && unicode.IsUpper([]rune(word)[0]) {
			fields[i] = p.comuni.Longest(italian) + word[len(bare):]
		}
	}
	return strings.Join(fields, " ")
}

var year = regexp.MustCompile(` (?:anno )?\d{4}$`)

// keywords tells whether a question is a service and a comune and nothing more: "TARI Bologna 2025".
func (p *places) keywords(question string) bool {
	fields := strings.Fields(year.ReplaceAllString(strings.TrimRight(question, "? "), ""))
	for n := 1; n <= min(4, len(fields)-1); n++ {
		before, last := strings.Join(fields[:len(fields)-n], " ")+" ", strings.Join(fields[len(fields)-n:], " ")
		if name := p.comuni.Longest(last); name != "" && len(strings.Fields(name)) == n && p.keyword.MatchString(lexicon.Fold(before)) {
			return !p.common[lexicon.Fold(name)]
		}
	}
	return false
}

// name gives the comune that text begins with. In small letters only a name that is no common word counts; a common word or a
// first name counts only after "comune di".
func (p *places) name(text string, council bool) string {
	words, _, _ := cutAt(text, wordEnd)
	fields := strings.Fields(words)
	name := p.comuni.Longest(strings.Join(fields[:min(6, len(fields))], " "))
	if name == "" {
		return ""
	}
	first := []rune(text)[0]
	if !council && p.common[lexicon.Fold(name)] {
		return ""
	}
	if !unicode.IsUpper(first) && (len([]rune(name)) < 4 || p.common[lexicon.Fold(name)]) {
		return ""
	}
	return name
}

func cutAt(s string, re *regexp.Regexp) (before, after string, found bool) {
	at := re.FindStringIndex(s)
	if at == nil {
		return s, "", false
	}
	return s[:at[0]], s[at[1]:], true
}
