package prompts

import (
	"fmt"
	"regexp"
	"strings"
)

// AnswerVersion names the wording of Answer.
const AnswerVersion = "answer/3"

// DontKnow is what Answer asks a model to write when the sources do not answer.
const DontKnow = "NON_SO"

// AnswerInput is what an answer is made of.
type AnswerInput struct {
	Question string
	Language string // BCP 47; empty or unknown: the language of the question
	Formal   bool   // the reader is addressed formally
	Sources  []Source
}

// Source is a passage that the model may use. The first has number 1.
type Source struct {
	Title string // of the document
	Place string // "art. 12", "page 3"; may be empty
	Text  string
}

// Answer asks for a short answer from the sources, one sentence a fact, each ending with the number of its source: [1]. What is
// in sources and question is fenced as data, and the instructions say so.
func Answer(in AnswerInput) ([]Message, error) {
	data := struct {
		Question, Language, DontKnow, Canary string
		Formal                               bool
		Sources                              []numbered
	}{Question: data(in.Question), Language: languageName(in.Language), DontKnow: DontKnow, Canary: Canary, Formal: in.Formal, Sources: number(in.Sources)}
	return render(answer, data)
}

// numbered is a source under the number that a model cites it by, without the power to close its fence.
type numbered struct {
	N int
	Source
}

func number(sources []Source) []numbered {
	var out []numbered
	for i, s := range sources {
		out = append(out, numbered{i + 1, Source{Title: line(s.Title), Place: line(s.Place), Text: tame(s.Text)}})
	}
	return out
}

// fences are the marks that this package's templates put around data, with or without a slash, and the turn marks of
// common chat formats.
var fences = regexp.MustCompile(`(?i)<\s*/?\s*(source|question|before)\b|<\|[^|>]{0,40}\|>|</?(start|end)_of_turn>|\[/?INST\]`)

// tame takes from a text the power to close its fence or to open a turn: the marks lose their brackets.
func tame(text string) string {
	return fences.ReplaceAllStringFunc(text, func(m string) string {
		return strings.NewReplacer("<", "(", ">", ")", "[", "(", "]", ")").Replace(m)
	})
}

// data is tame text on its own.
func data(text string) string { return tame(strings.TrimSpace(text)) }

// line is tame text for an attribute: on one line, without quotation marks.
func line(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(tame(text)), " "), `"`, "'")
}

// languageName says a language in English and in itself, which small models follow better than a code.
func languageName(code string) string {
	base, _, _ := strings.Cut(strings.ToLower(code), "-")
	for _, l := range languages {
		if l[0] == base {
			return fmt.Sprintf("%s (%s)", l[1], l[2])
		}
	}
	return "the language of the question"
}

var languages = [][3]string{
	{"it", "Italian", "italiano"}, {"en", "English", "English"}, {"fr", "French", "français"}, {"de", "German", "Deutsch"},
	{"es", "Spanish", "español"}, {"pt", "Portuguese", "português"}, {"ro", "Romanian", "română"}, {"sq", "Albanian", "shqip"},
	{"uk", "Ukrainian", "українська"}, {"ru", "Russian", "русский"}, {"pl", "Polish", "polski"}, {"sl", "Slovene", "slovenščina"},
	{"ar", "Arabic", "العربية"}, {"zh", "Chinese", "中文"}, {"bn", "Bengali", "বাংলা"}, {"hi", "Hindi", "हिन्दी"}, {"pa", "Punjabi", "ਪੰਜਾਬੀ"},
	{"ur", "Urdu", "اردو"}, {"tl", "Tagalog", "Tagalog"}, {"si", "Sinhala", "සිංහල"}, {"tr", "Turkish", "Türkçe"}, {"sr", "Serbian", "srpski"},
}
