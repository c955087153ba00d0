package assistant

import (
	"strings"
	"unicode"

	"sportello/assistant/lexicon"
)

// ordinal takes away the sign of "1^ categoria", which is no markup.
var ordinal = strings.NewReplacer("0^ ", "0 ", "1^ ", "1 ", "2^ ", "2 ", "3^ ", "3 ", "4^ ", "4 ", "5^ ", "5 ", "6^ ", "6 ", "7^ ", "7 ", "8^ ", "8 ", "9^ ", "9 ")

// dangling are the openings of sentences that say nothing without the one before them, which may not be shown.
var dangling = [...]string{"altrimenti", "diversamente,", "viceversa", "in caso contrario", "poi "}

// plainSentence reports whether a draft is a sentence that can be shown as it is: no markup, no code, no template, no
// instructions to a machine, not a question, not a fragment, not a run of capitals.
func plainSentence(text string) bool {
	trimmed := strings.TrimSpace(text)
	if len(trimmed) < 8 || len(trimmed) > 1200 {
		return false
	}
	if strings.ContainsAny(ordinal.Replace(trimmed), "<>{}[]`\\^~") || strings.Contains(trimmed, "**") || strings.Contains(trimmed, "__") || strings.HasPrefix(trimmed, "#") ||
		strings.Contains(trimmed, "](") || strings.Contains(trimmed, "\n\n") || strings.Contains(trimmed, "|") {
		return false
	}
	low := lexicon.Fold(trimmed)
	for _, s := range [...]string{"javascript:", "data:", "system prompt", "<|", "ignore previous", "ignora le istruzioni", "come modello linguistico", "as an ai", "passaggio 1", "fonte:", "source:", "assistant:", "user:"} {
		if strings.Contains(low, s) {
			return false
		}
	}
	letters, words, other := 0, 0, 0
	in := false
	for _, r := range trimmed {
		switch {
		case unicode.IsLetter(r):
			letters++
			if !in {
				words++
			}
			in = true
			continue
		case unicode.IsControl(r) && r != '\n' && r != '\t':
			return false
		case !unicode.IsSpace(r) && !unicode.IsDigit(r) && !unicode.IsPunct(r) && !unicode.IsMark(r) && r != '€' && r != '°' && r != '%' && r != '²':
			other++
		}
		in = in && unicode.IsMark(r)
	}
	if letters < 6 || other > 2 || strings.HasSuffix(trimmed, "?") || strings.HasSuffix(trimmed, ":") {
		return false
	}
	for _, s := range dangling {
		if strings.HasPrefix(low, s) {
			return false
		}
	}
	return words >= 2 || unicode.Is(unicode.Han, []rune(trimmed)[0])
}

// answerWord takes a leading "Sì" or "No" off a statement: 1, -1, or 0 when there is none.
func answerWord(text string) (rest string, yes int) {
	for word, v := range map[string]int{"sì": 1, "si": 1, "no": -1} {
		if len(text) > len(word)+1 && strings.EqualFold(text[:len(word)], word) && strings.IndexByte(",:.;", text[len(word)]) >= 0 {
			return strings.TrimLeft(text[len(word)+1:], " "), v
		}
	}
	return text, 0
}
