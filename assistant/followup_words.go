package assistant

import (
	_ "embed"
	"fmt"
	"strings"

	"sportello/assistant/lexicon"
)

//go:embed followup/words.txt
var followUpWords string

// wordClass says what a word does in a question, as far as follow-ups go.
type wordClass int

const (
	smallWord    wordClass = iota // articles, pronouns, auxiliaries
	askWord                       // what can be asked of anything: "costa", "entro", "modulo"
	matterWord                    // what many topics have: "riduzione", "sanzioni"
	personWord                    // who it is about
	questionWord                  // "quanto", "dove"
	numberWord                    // a figure or a time: of which the same can be asked
	topicWord                     // everything else: what a question is about
)

// lookedUp holds words and, by "*", beginnings of words.
type lookedUp struct {
	whole map[string]bool
	stems []string
}

func (s lookedUp) has(word string) bool {
	if s.whole[word] {
		return true
	}
	for _, stem := range s.stems {
		if strings.HasPrefix(word, stem) {
			return true
		}
	}
	return false
}

// followWords are the words of one language.
type followWords struct {
	lead                                                   []string // phrases, the longest first
	question, ask, matter, person, when, point, world, you lookedUp
	asked                                                  []string          // phrases that ask, of a language whose words are not apart
	part                                                   map[string]string // "alla" -> "a"
}

// readFollowWords reads followup/words.txt.
func readFollowWords(file string) (map[string]*followWords, error) {
	out := map[string]*followWords{}
	n := 0
	for line := range strings.Lines(file) {
		n++
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		head, list, ok := strings.Cut(line, ":")
		language, class, two := strings.Cut(head, " ")
		if !ok || !two {
			return nil, fmt.Errorf("followup/words.txt:%d: want LANGUAGE CLASS: words", n)
		}
		w := out[language]
		if w == nil {
			w = &followWords{part: map[string]string{}}
			out[language] = w
		}
		words := strings.Fields(list)
		switch class {
		case "lead":
			for _, phrase := range words {
				w.lead = append(w.lead, strings.ReplaceAll(phrase, "_", " "))
			}
		case "ask":
			w.ask = newLookedUp(words)
			for _, phrase := range words {
				w.asked = append(w.asked, strings.ReplaceAll(phrase, "_", " "))
			}
		case "part":
			for _, pair := range words {
				from, to, _ := strings.Cut(pair, "=")
				w.part[lexicon.Fold(from)] = lexicon.Fold(to)
			}
		default:
			set := map[string]*lookedUp{
				"question": &w.question, "ask": &w.ask, "matter": &w.matter, "person": &w.person, "when": &w.when, "this": &w.point, "world": &w.world, "you": &w.you,
			}[class]
			if set == nil {
				return nil, fmt.Errorf("followup/words.txt:%d: no class %q", n, class)
			}
			*set = newLookedUp(words)
		}
	}
	return out, nil
}

func newLookedUp(words []string) lookedUp {
	s := lookedUp{whole: map[string]bool{}}
	for _, word := range words {
		word = lexicon.Fold(word)
		if stem, ok := strings.CutSuffix(word, "*"); ok {
			s.stems = append(s.stems, stem)
		} else {
			s.whole[word] = true
		}
	}
	return s
}

// unasked drops the words of asking from a text whose words are not apart.
func (w *followWords) unasked(text string) string {
	padded := " " + text + " "
	for _, phrase := range w.asked {
		if strings.ContainsFunc(phrase, func(r rune) bool { return r >= 0x4E00 }) {
			padded = strings.ReplaceAll(padded, phrase, "")
		} else {
			padded = strings.NewReplacer(" "+phrase+" ", " ", " و"+phrase+" ", " ").Replace(padded) // "and" is written onto the word
		}
	}
	return strings.TrimSpace(padded)
}

// class tells what a folded word does.
func (w *followWords) class(word, language string, g *lexicon.Glossary) wordClass {
	switch {
	case word[0] >= '0' && word[0] <= '9', w.when.has(word):
		return numberWord
	case w.question.has(word):
		return questionWord
	case w.matter.has(word):
		return matterWord
	case w.ask.has(word):
		return askWord
	case w.person.has(word):
		return personWord
	case small(word, language, g):
		return smallWord
	}
	return topicWord
}

// small tells the small words of a language. The lexicon counts nouns of every office ("tax", "residence") among the words by which a
// language is known; the glossary tells those.
func small(word, language string, g *lexicon.Glossary) bool {
	if language == "it" {
		return len(lexicon.Analyze(word)) == 0
	}
	return len([]rune(word)) < 2 || lexicon.FunctionWord(word, language) && len(g.Expand(word, language, nil)) == 0
}
