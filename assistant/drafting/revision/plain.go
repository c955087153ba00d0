package revision

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"sportello/ingest"
)

// long is how many words a sentence may have: guides to plain writing ask for 25, acts rarely keep it; what is above twice that is told.
const long = 50

func (r *reviewer) sentences() {
	for _, s := range r.prose() {
		text := oneLine(r.d.Text[s.Start:s.End])
		n := len(strings.Fields(text))
		if n <= long {
			continue
		}
		f := r.add(LongSentence, s.Start, s.End, strconv.Itoa(n))
		f.Proposal = Split(text)
	}
}

// joints are where a long sentence can end and another begin, with the words that the next one then begins with.
var joints = []struct {
	at   *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`;\s+`), ""},
	{regexp.MustCompile(`,\s+nonché\s+`), "Inoltre "},
	{regexp.MustCompile(`,\s+(?:fermo\s+restando|fatt[oaie]\s+salv[oaie])\s+`), "Resta valido "},
	{regexp.MustCompile(`,\s+(?:purché|a\s+condizione\s+che)\s+`), "Questo vale solo se "},
	{regexp.MustCompile(`,\s+(?:salvo|tranne|eccetto|ad\s+eccezione)\s+`), "Fa eccezione: "},
	{regexp.MustCompile(`,\s+mentre\s+`), "Invece "},
	{regexp.MustCompile(`,\s+e\s+(?:comunque|pertanto|quindi)\s+`), "Comunque "},
	{regexp.MustCompile(`:\s+`), "Cioè: "},
}

// shortest is how many words a piece has to have to stand alone.
const shortest = 7

// Split proposes shorter sentences for a long one; "" when nothing can be cut by rule. It is a beginning: who writes decides.
func Split(text string) string {
	pieces := []string{text}
	for _, j := range joints {
		var next []string
		for _, p := range pieces {
			next = append(next, cut(p, j.at, j.with)...)
		}
		pieces = next
	}
	if len(pieces) < 2 {
		return ""
	}
	for i, p := range pieces {
		p = strings.TrimRight(strings.TrimSpace(p), ".;,")
		r, size := utf8.DecodeRuneInString(p)
		pieces[i] = string(unicode.ToUpper(r)) + p[size:] + "."
	}
	return strings.Join(pieces, " ")
}

// cut parts a piece at its joints, where both sides can stand alone.
func cut(p string, at *regexp.Regexp, with string) []string {
	if len(strings.Fields(p)) <= long/2 {
		return []string{p}
	}
	var out []string
	rest := p
	for {
		done := true
		for _, m := range at.FindAllStringIndex(rest, -1) {
			left, right := rest[:m[0]], rest[m[1]:]
			if len(strings.Fields(left)) < shortest || len(strings.Fields(right)) < shortest || strings.Count(left, "(") != strings.Count(left, ")") || strings.Count(left, "«") != strings.Count(left, "»") {
				continue
			}
			out = append(out, left)
			rest, done = with+right, false
			break
		}
		if done || len(out) > 12 {
			return append(out, rest)
		}
	}
}

// plainWord is an expression with what a reader understands at once.
type plainWord struct {
	Words  string `toml:"parole"` // as they are written; spaces are any space
	Plain  string `toml:"semplice"`
	Note   string `toml:"nota"`
	regexp *regexp.Regexp
}

var plainWords = func() []plainWord {
	var file struct {
		Words []plainWord `toml:"voce"`
	}
	if err := toml.Unmarshal([]byte(plainFile), &file); err != nil {
		panic("revision: parole.toml: " + err.Error())
	}
	for i, w := range file.Words {
		pattern := strings.ReplaceAll(w.Words, " ", `\s+`)
		file.Words[i].regexp = regexp.MustCompile(`(?i)(?:^|[^\p{L}])(` + pattern + `)(?:$|[^\p{L}])`)
	}
	return file.Words
}()

// obscure finds words that stop a reader, each once in an article.
func (r *reviewer) obscure() {
	seen := map[string]bool{}
	for _, w := range plainWords {
		for _, m := range w.regexp.FindAllStringSubmatchIndex(r.d.Text, -1) {
			article, _ := r.place(m[2])
			if key := w.Words + "|" + article; article == "" && r.divided || seen[key] || r.indexed(m[2]) || r.heading(m[2]) {
				continue
			} else {
				seen[key] = true
			}
			f := r.add(ObscureWord, m[2], m[3], oneLine(r.d.Text[m[2]:m[3]]))
			f.Proposal = w.Plain
			if w.Note != "" {
				f.Proposal += " (" + w.Note + ")"
			}
		}
	}
}

// heading says whether a byte is in the first line of a section: a rubric may keep its name.
func (r *reviewer) heading(at int) bool {
	for i := range r.d.Sections {
		s := &r.d.Sections[i]
		if s.Kind != ingest.SecArticle || at < s.Start || at >= s.End {
			continue
		}
		if end := strings.IndexByte(r.d.Text[s.Start:s.End], '\n'); end < 0 || at < s.Start+end {
			return true
		}
	}
	return false
}
