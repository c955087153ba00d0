package lexicon

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"
)

//go:embed function_words.txt
var functionWordsFile string

var functionWords = readFunctionWords(functionWordsFile)

// Languages are the ten of the service, as BCP 47.
var Languages = []string{"it", "en", "fr", "de", "es", "ro", "sq", "ar", "uk", "zh"}

// candidates are the languages in Latin letters that a text is weighed against.
var candidates = []string{"it", "en", "fr", "de", "es", "ro", "sq", "pt", "pl", "nl", "tr", "vi"}

// Other is what Detect says of a language that is not one of the ten.
const Other = "other"

// readFunctionWords gives, for each word, the languages it belongs to.
func readFunctionWords(file string) map[string][]string {
	out := map[string][]string{}
	seen := map[string]bool{}
	for line := range strings.Lines(file) {
		lang, words, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(words) {
			for _, form := range []string{strings.ToLower(w), Fold(w)} {
				if key := lang + " " + form; !seen[key] {
					seen[key] = true
					out[form] = append(out[form], lang)
				}
			}
		}
	}
	return out
}

// Detect tells the language of a question among the ten of the service, or Other. prior is the language of the page it was asked
// on, or empty; it decides for texts that do not show theirs ("IMU 2024"), Italian when there is no prior. confidence is between 0
// and 1: under .5 it is a guess.
//
// It goes by script first, then by function words and letters that only some languages write, and asks whatlanggo (which knows no
// Albanian and errs on short texts) for a light last word.
func Detect(text, prior string) (lang string, confidence float64) {
	if i := strings.IndexAny(prior, "-_"); i > 0 {
		prior = prior[:i]
	}
	prior = strings.ToLower(prior)
	if prior == "" || prior == "auto" {
		prior = "it"
	}
	if l, sure := byScript(text); l != "" {
		return l, sure
	}
	scores := latinScores(text)
	scores[prior] += 0.6
	lang, second := twoBest(scores, prior)
	if scores[lang]-scores[second] < 1 && len(text) > 40 {
		if info := whatlanggo.Detect(text); info.Confidence > 0.3 {
			scores[info.Lang.Iso6391()] += 0.8
			lang, second = twoBest(scores, prior)
		}
	}
	confidence = (scores[lang] - scores[second]) / (scores[lang] + 0.5)
	if !slices.Contains(Languages, lang) {
		return Other, confidence
	}
	return lang, confidence
}

// twoBest gives the two languages of the highest scores; the prior, then the order of Languages, decides among equals.
func twoBest(scores map[string]float64, prior string) (best, second string) {
	best = prior
	for _, l := range candidates {
		switch {
		case l == best:
		case scores[l] > scores[best]:
			best, second = l, best
		case second == "" || scores[l] > scores[second]:
			second = l
		}
	}
	return best, second
}

// byScript decides by the writing when it is not Latin: Arabic, Chinese, Ukrainian by its own letters or words, and Other for
// the rest. It gives nothing for a Latin text with a foreign name in it.
func byScript(text string) (lang string, confidence float64) {
	var latin, arabic, han, kana, cyrillic, other int
	var ukrainian, russian, persian int
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r):
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.Is(unicode.Arabic, r):
			arabic++
			if strings.ContainsRune("پچژگکیےٹڈںہ", r) {
				persian++
			}
		case unicode.Is(unicode.Han, r):
			han += 3 // a sign is about a word
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
			switch unicode.ToLower(r) {
			case 'і', 'ї', 'є', 'ґ':
				ukrainian++
			case 'ы', 'э', 'ё', 'ъ':
				russian++
			}
		default:
			other++
		}
	}
	switch {
	case latin >= arabic+han+kana+cyrillic+other:
		return "", 0
	case kana > 0 && kana+han > cyrillic+arabic+other:
		return Other, 0.9
	case han >= arabic+cyrillic+other:
		return "zh", 0.95
	case arabic > cyrillic+other:
		if persian*10 > arabic {
			return Other, 0.7
		}
		return "ar", 0.95
	case cyrillic > other:
		for _, w := range strings.FieldsFunc(strings.ToLower(text), notLetter) {
			for _, l := range functionWords[w] {
				switch l {
				case "uk":
					ukrainian++
				case "ru":
					russian++
				}
			}
		}
		if russian > ukrainian {
			return Other, 0.8
		}
		return "uk", 0.9
	}
	return Other, 0.9
}

// letters that only few of the languages write, and word parts that show one: each adds to the score of its languages.
var (
	tellingLetters = map[rune][]string{
		'ß': {"de"}, 'ä': {"de"}, 'ö': {"de", "tr"}, 'ü': {"de", "tr"}, 'ñ': {"es"}, '¿': {"es"}, '¡': {"es"}, 'ë': {"sq"}, 'ç': {"sq", "fr", "pt", "tr"},
		'ă': {"ro"}, 'ș': {"ro"}, 'ț': {"ro"}, 'ş': {"ro", "tr"}, 'ţ': {"ro"}, 'â': {"ro", "fr", "pt"}, 'î': {"ro", "fr"}, 'ê': {"fr", "pt"}, 'ô': {"fr", "pt"},
		'û': {"fr"}, 'œ': {"fr"}, 'ì': {"it"}, 'ò': {"it"}, 'ù': {"it", "fr"}, 'à': {"it", "fr", "pt"}, 'è': {"it", "fr"}, 'á': {"es", "pt"}, 'í': {"es", "pt"},
		'ó': {"es", "pl", "pt"}, 'ú': {"es", "pt"}, 'ã': {"pt"}, 'õ': {"pt"}, 'ą': {"pl"}, 'ę': {"pl"}, 'ł': {"pl"}, 'ż': {"pl"}, 'ś': {"pl"}, 'ı': {"tr"}, 'ğ': {"tr"},
	}
	endings = []struct{ end, lang string }{
		{"zione", "it"}, {"zioni", "it"}, {"mento", "it"}, {"menti", "it"}, {"ità", "it"}, {"aggio", "it"}, {"tion", "en"}, {"tions", "fr"}, {"ing", "en"}, {"ment", "fr"},
		{"ción", "es"}, {"ciones", "es"}, {"dad", "es"}, {"ung", "de"}, {"ungen", "de"}, {"keit", "de"}, {"schein", "de"}, {"ului", "ro"}, {"elor", "ro"}, {"ilor", "ro"}, {"ția", "ro"},
		{"ție", "ro"}, {"ështe", "sq"}, {"imit", "sq"}, {"imin", "sq"}, {"ave", "sq"}, {"ës", "sq"}, {"ën", "sq"}, {"shme", "sq"}, {"ção", "pt"}, {"ções", "pt"},
	}
)

// latinScores adds up what the words and letters of a text say for each language.
func latinScores(text string) map[string]float64 {
	scores := map[string]float64{}
	low := strings.ToLower(text)
	for _, r := range low {
		ls := tellingLetters[r]
		for _, l := range ls {
			scores[l] += 0.8 / float64(len(ls))
		}
		if r >= 0x1EA0 && r <= 0x1EF9 || r == 'ơ' || r == 'ư' || r == 'đ' {
			scores["vi"] += 0.8
		}
	}
	for _, w := range strings.FieldsFunc(low, notLetter) {
		ls := functionWords[w]
		if ls == nil {
			ls = functionWords[Fold(w)]
		}
		for _, l := range ls { // a word of many languages says little for each
			scores[l] += 1 / float64(len(ls))
		}
		if len(ls) > 0 {
			continue
		}
		ended := false
		for _, e := range endings {
			if len(w) > len(e.end)+2 && strings.HasSuffix(w, e.end) {
				scores[e.lang] += 0.5
				ended = true
				break
			}
		}
		// Italian words end in a vowel, those of the others often do not: a light sign on words that nothing else knows.
		if !ended && len(w) > 3 && strings.ContainsRune("aeio", rune(w[len(w)-1])) {
			scores["it"] += 0.12
		}
	}
	return scores
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }

// FunctionWord says whether a folded word belongs to the small words of a language, which a search leaves out.
func FunctionWord(word, lang string) bool {
	for _, l := range functionWords[word] {
		if l == lang {
			return true
		}
	}
	return false
}
