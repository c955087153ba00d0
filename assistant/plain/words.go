package plain

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
)

//go:embed everyday.txt
var everyday string

// Word is a word of offices with the words of every day.
type Word struct{ Word, Means string }

// vocabulary finds the words of everyday.txt, the longest form first.
type vocabulary struct {
	find  *regexp.Regexp
	means map[string]Word
}

var known = readVocabulary(everyday)

// readVocabulary reads the file; a line without a meaning stops the program.
func readVocabulary(file string) vocabulary {
	v := vocabulary{means: map[string]Word{}}
	var forms []string
	for line := range strings.Lines(file) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		left, means, ok := strings.Cut(line, " = ")
		all := strings.Split(left, ", ")
		if !ok || means == "" {
			panic("everyday.txt: write forms, the sign = and what they mean: " + line)
		}
		for _, f := range all {
			if v.means[f].Word != "" {
				panic("everyday.txt: twice: " + f)
			}
			v.means[f] = Word{all[0], means}
			forms = append(forms, regexp.QuoteMeta(f))
		}
	}
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	v.find = regexp.MustCompile(`(?:^|[^\p{L}\p{N}])(` + strings.ReplaceAll(strings.ReplaceAll(strings.Join(forms, "|"), "'", "['’]"), " ", `\s+`) + `)(?:$|[^\p{L}\p{N}])`)
	return v
}

// words gives the words of offices in a text, each once, in order.
func words(text string) []Word {
	var out []Word
	text = strings.ToLower(text)
	for at := 0; at < len(text); {
		m := known.find.FindStringSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		w := known.means[tidy(strings.ReplaceAll(text[at+m[2]:at+m[3]], "’", "'"))]
		if w.Word != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
		at += m[3]
	}
	return out
}
