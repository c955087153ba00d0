package locales

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
)

// forms gives the forms of every message of a language: "other" alone for one without plurals.
func forms(t *testing.T, language string) map[string]map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("messages", language+".toml"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := toml.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	for key, message := range all {
		out[key] = map[string]string{}
		switch m := message.(type) {
		case string:
			out[key]["other"] = m
		case map[string]any:
			for form, text := range m {
				out[key][form], _ = text.(string)
			}
		}
	}
	return out
}

var (
	holder = regexp.MustCompile(`\{\{.*?\}\}`)
	letter = regexp.MustCompile(`\p{L}+`)
)

// longWords are those of four letters and more; shorter ones are alike in half of Europe.
func longWords(text string) []string {
	words := letter.FindAllString(strings.ToLower(holder.ReplaceAllString(text, " ")), -1)
	return slices.DeleteFunc(words, func(w string) bool { return utf8.RuneCountInString(w) < 4 })
}

// allowed reads testdata/italian_allowed.txt.
func allowed(t *testing.T) map[string]map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "italian_allowed.txt"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]bool{}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		who, words, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		for language := range strings.FieldsSeq(who) {
			if out[language] == nil {
				out[language] = map[string]bool{}
			}
			for w := range strings.FieldsSeq(words) {
				out[language][w] = true
			}
		}
	}
	return out
}

// No word of the Italian messages is left in another language, but those of the list; and the list has none that nobody needs.
func TestNoItalianWordIsLeft(t *testing.T) {
	italian := map[string]bool{}
	for _, message := range forms(t, "it") {
		for _, text := range message {
			for _, w := range longWords(text) {
				italian[w] = true
			}
		}
	}
	may, used := allowed(t), map[string]bool{}
	for _, l := range languages[1:] {
		for key, message := range forms(t, l.Tag) {
			for form, text := range message {
				for _, w := range longWords(text) {
					switch {
					case !italian[w]:
					case may["all"][w]:
						used["all "+w] = true
					case may[l.Tag][w]:
						used[l.Tag+" "+w] = true
					default:
						t.Errorf("%s: %s (%s) has the Italian word %q: translate it, or add it to testdata/italian_allowed.txt", l.Tag, key, form, w)
					}
				}
			}
		}
	}
	for language, words := range may {
		for w := range words {
			if !used[language+" "+w] {
				t.Errorf("testdata/italian_allowed.txt: %s: %s is nowhere any more", language, w)
			}
		}
	}
}

// The plural forms of each language are those of CLDR: one that lacks a form says nothing for some numbers.
func TestPluralForms(t *testing.T) {
	want := map[string][]string{
		"it": {"many", "one", "other"}, "en": {"one", "other"}, "fr": {"many", "one", "other"}, "de": {"one", "other"}, "es": {"many", "one", "other"},
		"ro": {"few", "one", "other"}, "sq": {"one", "other"}, "ar": {"few", "many", "one", "other", "two", "zero"}, "uk": {"few", "many", "one", "other"}, "zh": {"other"},
	}
	plural := map[string]bool{}
	for key, message := range forms(t, "it") {
		plural[key] = len(message) > 1
	}
	for _, l := range languages {
		for key, message := range forms(t, l.Tag) {
			has := slices.Sorted(maps.Keys(message))
			switch {
			case !plural[key] && len(has) > 1:
				t.Errorf("%s: %s has plural forms and Italian has not", l.Tag, key)
			case plural[key]:
				if diff := cmp.Diff(want[l.Tag], has); diff != "" {
					t.Errorf("%s: %s (-CLDR +ours):\n%s", l.Tag, key, diff)
				}
			}
		}
	}
}

// Orthography that a keyboard without the letters spoils: Romanian has a comma below, not a cedilla; quotation marks and
// apostrophes of Ukrainian are not those of code; Chinese is simplified.
func TestOrthography(t *testing.T) {
	for language, wrong := range map[string]*regexp.Regexp{
		"ro": regexp.MustCompile(`[şţŞŢ]`),
		"uk": regexp.MustCompile(`[ыэъёЫЭЪЁ]`),
		"zh": regexp.MustCompile(`[這個們對說請問區館聽還無與開關點書電話號碼務處]`),
		"sq": regexp.MustCompile(`\b(eshte|cfare|per|nje)\b`),
		"fr": regexp.MustCompile(`\p{L}[?!;]`), // a space stands before these
		"de": regexp.MustCompile(`\b(fuer|ueber|koennen|muessen)\b`),
		"ar": regexp.MustCompile(`[,;?]`), // Arabic has its own
	} {
		for key, message := range forms(t, language) {
			for _, text := range message {
				if found := wrong.FindString(holder.ReplaceAllString(text, "")); found != "" {
					t.Errorf("%s: %s: %q in %q", language, key, found, text)
				}
			}
		}
	}
}
