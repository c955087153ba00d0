package plain

import (
	"regexp"
	"slices"
	"strings"

	"sportello/assistant/lexicon"
)

// Topic is what a person looks for first.
type Topic string

// The topics, in the order in which they are shown.
const (
	Who     Topic = "who"
	HowMuch Topic = "amount"
	When    Topic = "when"
	Where   Topic = "where"
)

// Fact is a detail of the text in its own words, with the words around it.
type Fact struct {
	Topic         Topic
	Text          string // literal
	Before, After string // literal, with the space towards Text where there is one: a figure alone says nothing
	CutBefore     bool   // the sentence goes on before Before
	CutAfter      bool
}

const (
	mostFacts   = 10
	wordsBefore = 8
	wordsAfter  = 7
	longestWho  = 16 // words
)

var topics = map[lexicon.FactKind]Topic{
	lexicon.AmountFact: HowMuch, lexicon.PercentFact: HowMuch, lexicon.DateFact: When, lexicon.DurationFact: When, lexicon.TimeFact: When,
	lexicon.EmailFact: Where, lexicon.URLFact: Where, lexicon.PhoneFact: Where,
}

var (
	// persons open what a text says about somebody: "i contribuenti", "il richiedente", "chiunque".
	persons = regexp.MustCompile(`(?i)(?:^|[\s(])((?:(?:i|gli|le|la|il|lo|un|una|ai|agli|alle|al|alla|dai|dagli|dalle|dal|dalla|tutti i|tutti gli)\s+|l['’]|all['’]|dall['’])` +
		`(?:soggett[oi]|contribuent[ei]|richiedent[ei]|titolar[ei]|proprietari\w*|residenti?|cittadin[oiae]|famigli[ae]|genitor[ei]|student[ei]|studentess[ae]|alunn[oiae]|utent[ei]|conduttor[ei]|locatari\w*|inquilin[oi]|` +
		`possessor[ei]|detentor[ei]|occupant[ei]|concessionari\w*|interessat[oiae]|dichiarant[ei]|disabil[ei]|invalid[oi]|anzian[oi]|pensionat[oi]|lavorator[ei]|impres[ae]|nucle[oi] famigliar[ei]|nucle[oi] familiar[ei]|person[ae]|minor[ei]|coniug[ei]|ered[ei]|espositor[ei]|operator[ei]|associazion[ei]|scrivente|sottoscritt[oa])\b|chiunque\b|coloro che\b|chi\b)`)
	// ends close it: punctuation, or the verb of the sentence.
	ends = regexp.MustCompile(`(?i)[,;:.()]|\s(?:è|sono|deve|devono|dovrà|dovranno|può|possono|potrà|potranno|ha|hanno|viene|vengono|non|si|presenta|presentano|versa|versano|paga|pagano|dovrebbe|spetta|spettano|provvede|provvedono|effettua|effettuano|comunica|comunicano|dichiara|dichiarano|chiede|chiedono|intende|intendono)\s`)
	// relative says that the verb just before belongs to the person: "chi occupa", "i soggetti che sono".
	relative = regexp.MustCompile(`(?i)(?:\bche|\bcui|\bquali|\bquale|^chi|^chiunque|^coloro che)(?:\s+(?:non|si|vi|ne|lo|la))*\s*$`)
	// places name where to go or to write.
	places = regexp.MustCompile(`(?:presso|[Aa]llo|[Aa]l|[Aa]ll['’]|[Aa]lla|[Dd]allo|[Dd]all['’]|[Dd]al)\s*(?:lo\s+|l['’]\s*|il\s+|la\s+)?(?:[Ss]portell[oi]|[Uu]ffici[oi]?|URP|[Pp]rotocollo|[Ss]ettore|[Ss]ervizio|[Cc]omando|SUAP|SUE)\b[^,;.:()]{0,60}`)
	// placeEnds is where the words after an office go on to something else.
	placeEnds = regexp.MustCompile(`\s(entro|nel|nei|nella|nelle|con|mediante|previ[ao]|unitamente|dalla data|dal giorno|almeno|che|la|il|una|un|per)\s.*$`)
	// vague are words that name nobody.
	vague = regexp.MustCompile(`(?i)^(chi|chiunque|coloro che|(il|lo|la|i|gli|le|l['’]|un|una|al|all['’]|dal|dall['’]|ai|agli|dai|dagli)\s?(soggett[oi]|person[ae]|interessat[oiae]|scrivente|sottoscritt[oa]))$`)
	// contractor is who does something for the comune, not who asks.
	contractor = regexp.MustCompile(`(?i)\b(affidatari|incaricat|gestor[ei]\b|accertator)`)
	until      = regexp.MustCompile(`(?i)(?:^|\s)((?:entro(?:\s+e\s+non\s+oltre)?|non oltre|almeno|prima|dopo|dal|dalla|dall['’]|fino al|fino a|al|decorsi|per|ogni)(?:\s+(?:i|il|la|le|gli|un|una|il termine di|del|di|massimo))*\s*)$`)
)

// facts adds what a sentence states.
func (r *Reading) facts(s string, laws []span) {
	aside := func(start, end int) bool {
		return slices.ContainsFunc(laws, func(l span) bool { return l.start < end && start < l.end })
	}
	for _, f := range stated(s, aside) {
		if f.topic == When {
			if at := until.FindStringSubmatchIndex(s[:f.start]); at != nil {
				f.start = at[2]
			}
		}
		r.add(s, f.topic, f.start, f.end, true)
	}
	if at := persons.FindStringSubmatchIndex(s); at != nil && !aside(at[2], at[3]) {
		if end := whoEnds(s, at[2], at[3]); !vague.MatchString(tidy(s[at[2]:end])) && !contractor.MatchString(s[at[2]:end]) {
			r.add(s, Who, at[2], end, false)
		}
	}
	if at := places.FindStringIndex(s); at != nil && !aside(at[0], at[1]) {
		end := at[1]
		if rest := placeEnds.FindStringIndex(s[at[0]:end]); rest != nil {
			end = at[0] + rest[0]
		}
		r.add(s, Where, at[0], end, true)
	}
}

// figure is a fact of the lexicon, or some of them in a row.
type figure struct {
	topic      Topic
	start, end int
}

// inRow stands between facts that are one: "da dodici a ventiquattro mesi", "il 31 gennaio, il 31 marzo ed il 30 giugno".
var inRow = regexp.MustCompile(`^(\s*,\s*|\s+(e|ed|o|a|ad|al|alle)\s+|\s*[-–]\s*)((ore|il|lo|la|le|l['’]|dal|del)\s*)?$`)

func stated(s string, aside func(start, end int) bool) []figure {
	var out []figure
	for _, f := range lexicon.Facts(s) {
		topic := topics[f.Kind]
		if topic == "" || aside(f.Start, f.End) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].topic == topic && topic != Where && inRow.MatchString(s[out[n-1].end:f.Start]) {
			out[n-1].end = f.End
			continue
		}
		out = append(out, figure{topic, f.Start, f.End})
	}
	return out
}

// whoEnds gives where the words about a person end.
func whoEnds(s string, start, named int) int {
	at := named
	for range 6 {
		next := ends.FindStringIndex(s[at:])
		if next == nil {
			break
		}
		end := at + next[0]
		if s[end] == ' ' || s[end] == '\n' { // a verb
			if relative.MatchString(strings.ToLower(s[start:end])) {
				at += next[1] - 1
				continue
			}
		}
		return limited(s, start, end)
	}
	return limited(s, start, len(s))
}

// limited keeps at most longestWho words.
func limited(s string, start, end int) int {
	n, at := 0, start
	for at < end {
		for at < end && (s[at] == ' ' || s[at] == '\n') {
			at++
		}
		if n == longestWho {
			break
		}
		for at < end && s[at] != ' ' && s[at] != '\n' {
			at++
		}
		n++
	}
	return start + len(strings.TrimRight(s[start:at], " \n"))
}

// add keeps a fact once.
func (r *Reading) add(s string, topic Topic, start, end int, around bool) {
	f := Fact{Topic: topic, Text: tidy(s[start:end])}
	if around {
		before, after := strings.Fields(s[:start]), strings.Fields(s[end:])
		if f.CutBefore = len(before) > wordsBefore; f.CutBefore {
			before = before[len(before)-wordsBefore:]
		}
		if f.CutAfter = len(after) > wordsAfter; f.CutAfter {
			after = after[:wordsAfter]
		}
		f.Before, f.After = strings.Join(before, " "), strings.Join(after, " ")
		if f.Before != "" && strings.ContainsAny(s[start-1:start], " \n\t") {
			f.Before += " "
		}
		if f.After != "" && strings.ContainsAny(s[end:end+1], " \n\t") {
			f.After = " " + f.After
		}
	} else {
		f.CutAfter = strings.TrimRight(s[end:], " .;:\n") != ""
	}
	if len(r.Facts) < mostFacts && !slices.ContainsFunc(r.Facts, func(o Fact) bool {
		return o.Topic == topic && (strings.EqualFold(o.Text, f.Text) && o.Before == f.Before || topic == Who && strings.EqualFold(o.Text, f.Text))
	}) {
		r.Facts = append(r.Facts, f)
	}
}

// Of gives the facts of a topic.
func (r *Reading) Of(t Topic) (out []Fact) {
	for _, f := range r.Facts {
		if f.Topic == t {
			out = append(out, f)
		}
	}
	return out
}

// Topics gives all topics in order.
func Topics() []Topic { return []Topic{Who, HowMuch, When, Where} }

// Lead gives what stands before Text, with a mark where the sentence began earlier.
func (f Fact) Lead() string {
	if f.CutBefore {
		return "… " + f.Before
	}
	return f.Before
}

// Rest gives what stands after Text, with a mark where the sentence goes on.
func (f Fact) Rest() string {
	if f.CutAfter {
		return f.After + " …"
	}
	return f.After
}
