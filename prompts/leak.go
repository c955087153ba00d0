package prompts

import (
	"strings"
	"unicode"
)

// Canary is a word that stands in the instructions of a prompt and nowhere else: whoever writes it has read them out. It is no secret, so
// that two runs of an evaluation send the same words.
const Canary = "SPT-7Q4X-CANARINO"

// leakRun is how many words in a row of the instructions are no coincidence.
const leakRun = 7

// instructions are the runs of words of the instructions of every template.
var instructions = runsOfInstructions()

func runsOfInstructions() map[string]bool {
	all := map[string]bool{}
	for _, t := range []string{"answer.tmpl", "plain.tmpl", "rewrite.tmpl"} {
		b, err := files.ReadFile(t)
		if err != nil {
			panic(err) // it is embedded
		}
		system, _, _ := strings.Cut(string(b), `{{define "user"}}`)
		words := wordsOf(system)
		for i := 0; i+leakRun <= len(words); i++ {
			all[strings.Join(words[i:i+leakRun], " ")] = true
		}
	}
	return all
}

// Leaks says whether a text gives away what a model was told: the canary, or a run of words of the instructions.
func Leaks(text string) bool {
	if strings.Contains(strings.ToUpper(text), Canary) {
		return true
	}
	words := wordsOf(text)
	for i := 0; i+leakRun <= len(words); i++ {
		if instructions[strings.Join(words[i:i+leakRun], " ")] {
			return true
		}
	}
	return false
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
