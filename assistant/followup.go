package assistant

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sportello/assistant/lexicon"
)

// Turn is what of a conversation a later question may lean on.
type Turn struct {
	Question string // as it was understood
	Language string
	Title    string // of the document cited first
	Article  string // cited first
}

// Turn gives what the next question may lean on: this answer, or what was before it when this one was about nothing that the
// documents could hold.
func (a *Answer) Turn(before *Turn) *Turn {
	switch a.Reason {
	case "", NoSource, PersonalDecision:
	default:
		return before
	}
	t := &Turn{Question: a.Question, Language: a.Language}
	for _, s := range a.Statements {
		for _, c := range s.Citations {
			t.Title, t.Article = c.Title, c.Article
			return t
		}
	}
	return t
}

// reading is how a question that leans on an earlier one may be meant.
type reading struct {
	text  string // to be asked
	alone string // the other way to read it, when it may as well begin something new; empty: text is sure
	// Where alone is given: the words that are new and those that were there before; what the documents say of them decides.
	fresh, old string
	signs      signs
}

// signs is what the words of a question say of going on.
type signs int

const (
	asksNothing signs = iota // "e per la cantina?": without the earlier question it is none, or of nothing
	goesOnAsks               // "e per la cantina quanto si paga?"
	unsaid                   // "quanto costa il cartello?"
)

// followUps tells questions that lean on the one before them ("e per la seconda casa?", "entro quando?") and says them in full. It
// goes by the words of followup/words.txt and knows nothing of any topic: what a question needs is not there, so it is taken from the
// question before. A question that names its topic is left as it is.
type followUps struct {
	words    map[string]*followWords
	glossary *lexicon.Glossary
}

func newFollowUps(g *lexicon.Glossary) (*followUps, error) {
	words, err := readFollowWords(followUpWords)
	if err != nil {
		return nil, err
	}
	return &followUps{words, g}, nil
}

// longestAspect is how many words a question may have that leans on another without a word that says so.
const longestAspect = 9

// read gives the reading of a question asked after another; false when it stands alone.
func (f *followUps) read(question, language string, before *Turn) (reading, bool) {
	w := f.words[language]
	if w == nil || before == nil || before.Question == "" || f.words[before.Language] == nil {
		return reading{}, false
	}
	old := f.cut(before.Question, before.Language)
	if language == "zh" || language == "ar" {
		return f.readShort(question, language, old)
	}
	asked := f.cut(question, language)
	rest := asked.without(w.lead)
	if len(rest.words) == 0 {
		return reading{}, false
	}
	own, named := rest.own(w), rest.text(topicWord) != "" || f.named(question, language)
	goesOn := len(rest.words) < len(asked.words) || !own && followClauses[w.part[rest.words[0].folded]]
	fragment := strings.TrimRight(rest.from(0), " ?!.…")
	switch {
	case goesOn && !own && language == "it" && namedComune(rest) != "":
		return reading{text: upper(fragment) + ", " + lower(before.Question)}, true
	case documentPointer.MatchString(lexicon.Fold(question)) && before.Title != "":
		return reading{text: aboutThat(fragment, strings.TrimLeft("art. "+before.Article+", "+before.Title, " "))}, true
	case !named && (goesOn || rest.pointsBack(w) || len(rest.words) <= longestAspect):
		switch {
		case goesOn && !own && rest.count(askWord, matterWord) == 0 && rest.count(personWord, numberWord) > 0:
			return old.with(fragment, rest, w), true
		case len(rest.words) <= 3 && rest.addresses(w): // "chi sei?"
		case rest.count(askWord, matterWord, personWord, numberWord) > 0 || rest.count(questionWord) > 0 && len(rest.words) <= 3:
			return reading{text: aboutThat(fragment, old.topic())}, true
		}
		return reading{}, false
	case goesOn && !own:
		r := old.with(fragment, rest, w)
		if r.alone == fragment {
			r.alone = question
		}
		return r, true
	case rest.pointsBack(w):
		return reading{text: aboutThat(fragment, old.topic())}, true
	case goesOn:
		return old.together(question, fragment, rest), true
	case len(rest.words) <= longestAspect && language == "it" && rest.count(questionWord, askWord, matterWord) > 0:
		r := old.together(question, question, rest)
		r.signs = unsaid
		if !rest.hasNoun() {
			r.signs = asksNothing // "chi li può vedere?", "quanto deve essere lunga?"
		}
		return r, r.alone != ""
	}
	return reading{}, false
}

// documentPointer finds a question about the text that was just quoted.
var documentPointer = regexp.MustCompile(`\b(quest\w*|quel\w*|tale|stess\w*|medesim\w*)[ '’](regolamento|articolo|documento|delibera|deliberazione|ordinanza|bando|avviso|norma|legge|atto|testo)\b|^[^.]*\bcomma \d+[^.]{0,12}$`)

// readShort is for Arabic and Chinese, whose words are not apart: a question that begins as one that goes on, or that is short and
// names nothing the glossary knows.
func (f *followUps) readShort(question, language string, old asking) (reading, bool) {
	trimmed := strings.TrimRight(strings.TrimSpace(question), "?？。!！؟ ")
	goesOn := false
	for _, lead := range f.words[language].lead {
		goesOn = goesOn || strings.HasPrefix(trimmed, lead)
	}
	most, length := 5, len(strings.Fields(trimmed)) // words
	if language == "zh" {
		goesOn = goesOn || strings.HasSuffix(trimmed, "呢")
		most, length = 8, utf8.RuneCountInString(trimmed)
	}
	if goesOn {
		most *= 2
	}
	if length > most || !goesOn && f.named(question, language) {
		return reading{}, false
	}
	topic := strings.TrimRight(old.whole, "?？。!！؟ ")
	if left := f.words[language].unasked(topic); f.words[language].unasked(trimmed) != trimmed && left != "" {
		topic = left // it asks something of its own: what was asked before would be asked again
	}
	return reading{text: aboutThat(trimmed, topic)}, true
}

// named says whether the glossary finds a topic in a question in another language.
func (f *followUps) named(question, language string) bool {
	if language == "it" {
		return false
	}
	if language != "ar" && language != "zh" { // who it is about and what is asked name no topic
		q, left := f.cut(question, language), []string(nil)
		for _, w := range q.words {
			if w.class == topicWord || w.class == smallWord {
				left = append(left, w.written)
			}
		}
		question = strings.Join(left, " ")
	}
	italian := f.words["it"]
	for _, term := range f.glossary.Expand(question, language, nil) {
		if !italian.ask.has(term) && !italian.matter.has(term) && !italian.person.has(term) && !slices.Contains(wide, term) {
			return true
		}
	}
	return false
}

// wide are roots of the glossary's Italian that stand for things asked of any topic; the lists have whole words, these have lost their
// endings.
var wide = rootsOf("costo prezzo tariffa canone diritti importo tassa pagamento versamento scadenza termine orario apertura ufficio sportello " +
	"modulo domanda richiesta documenti allegati appuntamento riduzione agevolazione esenzione rimborso rateizzazione rate multa sanzione amministrativa " +
	"ricorso validità durata firma delega telefono indirizzo")

func rootsOf(words string) []string { return lexicon.Analyze(words) }

// namedComune gives the comune that a fragment names: "e a Catania?".
func namedComune(rest asking) string {
	first := rest.words[0].folded
	if len(rest.words) < 2 || first != "a" && first != "ad" && first != "in" && first != "nel" {
		return ""
	}
	name := rest.from(1)
	if r, _ := utf8.DecodeRuneInString(name); !unicode.IsUpper(r) {
		return ""
	}
	return lexicon.Comuni().Longest(strings.TrimRight(name, " ?!."))
}

// aboutThat says a short question together with what it is about.
func aboutThat(fragment, topic string) string {
	return upper(fragment) + " (" + topic + ")?"
}

func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// lower makes the first letter small, unless the word is an acronym.
func lower(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}

// threadLooked is how many earlier questions are looked at: what was asked before those is another matter.
const threadLooked = 6

// thread gives what a question asked after others may lean on, when only their words are known.
func (f *followUps) thread(earlier []string, pageLanguage string) *Turn {
	var before *Turn
	for _, text := range earlier[max(0, len(earlier)-threadLooked):] {
		q := Question{Text: text, PageLanguage: pageLanguage, After: before}
		q.Language = q.detect()
		if r, leans := f.read(text, q.Language, before); leans && r.alone == "" {
			text = r.text
		}
		before = &Turn{Question: text, Language: q.Language}
	}
	return before
}
