package assistant

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"sportello/assistant/lexicon"
)

// asking is a question taken apart.
type asking struct {
	whole string
	words []askedWord
	parts map[string]string // words that begin a part, of the question's language

	foreign bool
}

type askedWord struct {
	folded     string
	written    string // in lower case, with its accents
	start, end int
	class      wordClass
}

// constituent is a stretch of a question that another of the same form may take the place of: "per la prima casa", "la mensa".
type constituent struct {
	start, end int
	begins     string // "per", "a", "se"…; empty for what follows no preposition
	class      wordClass
	clause     bool // "se…", "per chi…": it goes on to the next comma
}

var askedWords = regexp.MustCompile(`[\p{L}\p{M}\p{N}]+`)

func (f *followUps) cut(question, language string) asking {
	w := f.words[language]
	a := asking{whole: strings.TrimSpace(question), parts: w.part, foreign: language != "it"}
	for _, at := range askedWords.FindAllStringIndex(a.whole, -1) {
		folded := lexicon.Fold(a.whole[at[0]:at[1]])
		if folded == "" {
			continue
		}
		a.words = append(a.words, askedWord{folded, strings.ToLower(a.whole[at[0]:at[1]]), at[0], at[1], w.class(folded, language, f.glossary)})
	}
	return a
}

// from gives the question from its i-th word on.
func (a asking) from(i int) string { return a.whole[a.words[i].start:] }

// without drops the phrases a question begins with.
func (a asking) without(lead []string) asking {
	for again := true; again && len(a.words) > 0; {
		again = false
		for _, phrase := range lead {
			n := len(strings.Fields(phrase))
			if n > len(a.words) {
				continue
			}
			var head []string
			for _, w := range a.words[:n] {
				head = append(head, w.written)
			}
			if strings.Join(head, " ") == phrase {
				a.words, again = a.words[n:], true
				break
			}
		}
	}
	return a
}

func (a asking) count(classes ...wordClass) int {
	n := 0
	for _, w := range a.words {
		for _, c := range classes {
			if w.class == c {
				n++
			}
		}
	}
	return n
}

// text gives the words of a class.
func (a asking) text(class wordClass) string {
	var out []string
	for _, w := range a.words {
		if w.class == class {
			out = append(out, a.whole[w.start:w.end])
		}
	}
	return strings.Join(out, " ")
}

// own says whether a question asks something by itself: it has a question word that is not inside a condition ("se devo…") or
// a relative clause ("per chi deve…").
func (a asking) own(w *followWords) bool {
	inside := followClauses[w.part[a.words[0].folded]]
	for i, word := range a.words {
		if i > 0 && strings.ContainsAny(a.whole[a.words[i-1].end:word.start], ",:;") {
			inside = false
		}
		if word.folded == "chi" && i <= 1 {
			inside = true
		}
		if word.class == questionWord && !inside {
			return true
		}
	}
	return false
}

// followClauses are the words for "if".
var followClauses = map[string]bool{"se": true, "if": true, "si": true, "wenn": true, "daca": true, "nese": true, lexicon.Fold("якщо"): true}

// pointsBack says whether a question has "questa riduzione", "quel modulo".
func (a asking) pointsBack(w *followWords) bool {
	for i := 0; i+1 < len(a.words); i++ {
		next := a.words[i+1]
		if w.point.has(a.words[i].folded) && next.class != smallWord && !w.world.has(next.folded) {
			return true
		}
	}
	return false
}

// hasNoun says whether an Italian question names a thing: a topic word after an article, a preposition or a demonstrative, or one in capitals.
// Verbs and adjectives alone name none.
func (a asking) hasNoun() bool {
	for i, w := range a.words {
		if w.class != topicWord {
			continue
		}
		if first, _ := utf8.DecodeRuneInString(a.whole[w.start:]); i > 0 && unicode.IsUpper(first) {
			return true
		}
		for back := i - 1; back >= 0 && back >= i-2; back-- { // "la vecchia casa"
			before := a.words[back].folded
			if pronounToo[before] && back == i-1 && likeVerb(w.folded) {
				break // "lo vedo", "le chiedo"
			}
			if articles[before] || a.parts[before] != "" && !followClauses[a.parts[before]] || possessives[before] {
				return true
			}
		}
	}
	return false
}

var (
	// pronounToo are articles that are pronouns before a verb.
	pronounToo  = wordSetOf("lo la li le gli l")
	possessives = wordSetOf("mio mia miei mie suo sua suoi sue nostro nostra nostri nostre questo questa questi queste quel quello quella quelli quelle quale quali che quanti quante")
)

// likeVerb says whether a word ends like a verb in the infinitive or the first person, as they are asked with.
func likeVerb(word string) bool {
	for _, end := range []string{"are", "ere", "ire", "iamo"} {
		if strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}

func (a asking) addresses(w *followWords) bool {
	for _, word := range a.words {
		if w.you.has(word.folded) {
			return true
		}
	}
	return false
}

// constituents finds the parts of a question: runs of words that say something, with the small words among them, begun by a
// preposition or by the word before; question words, what is asked and punctuation end them.
func (a asking) constituents() []constituent {
	var out []constituent
	open := false
	for i, w := range a.words {
		if i > 0 && strings.ContainsAny(a.whole[a.words[i-1].end:w.start], ",:;.?!()") {
			open = false
		}
		begins, isPart := a.parts[w.folded]
		switch {
		case open && out[len(out)-1].clause && w.class != questionWord:
			p := &out[len(out)-1]
			p.end = w.end
			if p.class == smallWord {
				p.class = w.class
			}
		case isPart:
			out, open = append(out, constituent{w.start, w.end, begins, smallWord, followClauses[begins]}), true
		case w.folded == "chi" && open:
			p := &out[len(out)-1]
			p.class, p.end, p.clause = personWord, w.end, true
		case w.class == askWord && i > 0 && (articles[a.words[i-1].folded] || a.parts[a.words[i-1].folded] != ""):
			if !open { // a noun: "la tariffa rifiuti"; "la tariffa" alone is dropped below
				out, open = append(out, constituent{start: a.words[i-1].start}), true
			}
			out[len(out)-1].end = w.end
		case w.class == questionWord || w.class == askWord:
			open = false
		case w.class == smallWord && open && a.foreign && len([]rune(w.folded)) > longestSmall:
			out[len(out)-1].end = w.end // the lexicon's small words of other languages hold nouns of every office: "carte de identitate"
		case w.class == smallWord:
		default:
			if !open {
				if w.class == numberWord {
					continue // "due volte"
				}
				start := w.start
				if i > 0 && articles[a.words[i-1].folded] && !strings.ContainsAny(a.whole[a.words[i-1].end:w.start], ",:;.?!()") {
					start = a.words[i-1].start
				}
				out, open = append(out, constituent{start, w.end, "", smallWord, false}), true
			}
			p := &out[len(out)-1]
			p.end = w.end
			if p.class == smallWord || p.class == matterWord || p.class == numberWord {
				p.class = w.class
			}
		}
	}
	kept := out[:0]
	for _, p := range out {
		if p.class != smallWord {
			kept = append(kept, p)
		}
	}
	return kept
}

// articles are what may stand between a verb and the noun it asks about: "quanto costa la mensa", "quanto si paga di TARI".
var articles = wordSetOf("il lo la l i gli le un uno una di del dello della dell dei degli delle d the a an les un une des der die das den el los las")

// longestSmall is how many letters articles and pronouns have at most.
const longestSmall = 6

// longestTopic bounds what is carried over, in words.
const longestTopic = 24

// topic gives what a question is about: its parts, without what it asks. A question without parts is its own topic.
func (a asking) topic() string {
	var out []string
	for _, p := range a.constituents() {
		out = append(out, a.whole[p.start:p.end])
	}
	if len(out) == 0 {
		return strings.TrimRight(a.whole, " ?!.…")
	}
	words := strings.Fields(strings.Join(out, " "))
	return strings.Join(words[:min(longestTopic, len(words))], " ")
}

// with says the question again with a fragment in the place of the part that has its form: "quanto si paga per la prima casa?" and
// "per la seconda casa". Where nothing has that form, the fragment is added.
func (a asking) with(fragment string, rest asking, w *followWords) reading {
	begins, class := w.part[rest.words[0].folded], topicWord
	fresh := rest.text(topicWord)
	switch {
	case rest.words[0].folded == "chi" || len(rest.words) > 1 && rest.words[1].folded == "chi" || fresh == "" && rest.count(personWord) > 0:
		class = personWord
	case fresh == "" && rest.count(numberWord) > 0:
		class = numberWord
	}
	at := a.correlate(begins, class)
	if at == nil {
		r := reading{text: a.plus(fragment)}
		if class == topicWord && !followClauses[begins] {
			r.alone, r.fresh, r.old = fragment, fresh, a.text(topicWord)
		}
		return r
	}
	if class == personWord {
		at.end = a.people(*at)
	}
	said := strings.TrimRight(a.whole[:at.start]+fragment+a.whole[at.end:], " ")
	replaced := a.span(at.start, at.end).text(topicWord)
	if class != topicWord || followClauses[begins] || overlap(fresh, replaced) {
		return reading{text: said}
	}
	left := a.span(0, at.start).text(topicWord) + " " + a.span(at.end, len(a.whole)).text(topicWord)
	if strings.TrimSpace(left) != "" {
		return reading{text: said, alone: fragment, fresh: fresh, old: left}
	}
	return reading{text: aboutThat(fragment, a.topic()), alone: said, fresh: fresh, old: replaced}
}

// correlate finds the part that a fragment takes the place of: the last one that begins alike and is of the same class.
func (a asking) correlate(begins string, class wordClass) *constituent {
	parts := a.constituents()
	for i := len(parts) - 1; i >= 0; i-- {
		p := parts[i]
		like := p.class == class || class == topicWord && p.class == matterWord
		if followClauses[begins] {
			like = true
		}
		if p.begins == begins && like {
			return &p
		}
	}
	return nil
}

// people gives the end of what describes the persons of a part: "per le famiglie con quattro figli".
func (a asking) people(of constituent) int {
	for _, p := range a.constituents() {
		if p.start > of.start && p.class == personWord && strings.TrimSpace(a.whole[of.end:p.start]) == "" {
			of.end = p.end
		}
	}
	return of.end
}

// plus adds a fragment at the end of a question.
func (a asking) plus(fragment string) string {
	fragment = lower(fragment)
	head := strings.TrimRight(a.whole, " ?!.…")
	if inner, ok := strings.CutSuffix(head, ")"); ok {
		return inner + ", " + fragment + ")?"
	}
	return head + ", " + fragment + "?"
}

// together is for a question that goes on, asks something of its own and names a topic: it may be about both topics or change it.
func (a asking) together(question, fragment string, rest asking) reading {
	fresh, old := rest.text(topicWord), a.text(topicWord)
	r := reading{text: aboutThat(strings.TrimRight(fragment, " ?!.…"), a.topic())}
	if !overlap(fresh, old) {
		r.alone, r.fresh, r.old, r.signs = question, fresh, old, goesOnAsks
	}
	return r
}

// span gives the words between two bytes.
func (a asking) span(start, end int) asking {
	out := asking{whole: a.whole, parts: a.parts, foreign: a.foreign}
	for _, w := range a.words {
		if w.start >= start && w.end <= end {
			out.words = append(out.words, w)
		}
	}
	return out
}

// overlap says whether two texts share a word.
func overlap(a, b string) bool {
	have := termSet(b)
	for _, t := range lexicon.Analyze(a) {
		if have[t] {
			return true
		}
	}
	return false
}
