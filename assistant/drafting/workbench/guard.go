package workbench

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"sportello/assistant/drafting"
	"sportello/assistant/lexicon"
)

// known is what an act states without any model: what a model may repeat.
type known struct {
	facts map[string]bool // "kind norm" of the fields, and of norms also of the text
	words map[string]bool // folded, of fields and text
	typed map[string]bool // tokens of the fields that hold a digit, folded
}

// known gathers what people and the template wrote.
func (w *Work) known() *known {
	k := &known{facts: map[string]bool{}, words: map[string]bool{}, typed: map[string]bool{}}
	for _, part := range w.Draft.Parts {
		for _, p := range part.Paragraphs {
			var all, stated strings.Builder
			for _, piece := range p.Pieces {
				if piece.Origin == drafting.FromModel {
					continue
				}
				all.WriteString(piece.Text)
				if piece.Origin != drafting.FromTemplate {
					stated.WriteString(" " + piece.Text + " ")
				}
			}
			k.learn(all.String(), true)
			k.learn(stated.String(), false)
		}
	}
	var each func(v any)
	each = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				each(x)
			}
		case map[string]any:
			for _, x := range v {
				each(x)
			}
		default:
			k.learn(plain(v), false)
		}
	}
	for _, v := range w.Facts {
		each(v)
	}
	return k
}

// learn takes in a text; of what the template says only the norms and the words may be repeated: its numbers mean something else elsewhere.
func (k *known) learn(text string, template bool) {
	for _, f := range lexicon.Facts(text) {
		if !template || f.Kind == lexicon.ReferenceFact || f.Kind == lexicon.ActFact {
			k.facts[string(f.Kind)+" "+f.Norm] = true
			if f.Kind == lexicon.DateFact && len(f.Norm) == len("2026-03-31") { // "il 31 marzo" and "nel marzo 2026" say less of the same day
				k.facts[string(f.Kind)+" -"+f.Norm[4:]], k.facts[string(f.Kind)+" "+f.Norm[:7]] = true, true
			}
		}
	}
	for _, m := range anyWord.FindAllString(text, -1) {
		m = lexicon.Fold(m)
		k.words[m] = true
		if !template && hasDigit(m) {
			k.typed[m] = true
		}
	}
}

var anyWord = regexp.MustCompile(`[\p{L}\p{N}]+`)

func hasDigit(s string) bool { return strings.IndexFunc(s, unicode.IsDigit) >= 0 }

// guard marks whatever a text states that is not known: numbers, dates, references, names.
func (k *known) guard(text string) string {
	text = strings.NewReplacer("[", "(", "]", ")").Replace(text)
	var spans [][2]int
	for _, f := range lexicon.Facts(text) {
		if !k.facts[string(f.Kind)+" "+f.Norm] {
			spans = append(spans, [2]int{f.Start, f.End})
		}
	}
	for _, c := range lexicon.Citations(text) {
		if c.Own || c.Act == "" && c.Article == "" {
			continue
		}
		if !k.cites(text[c.Start:c.End]) {
			spans = append(spans, [2]int{c.Start, c.End})
		}
	}
	for _, n := range lexicon.Names(text) {
		for _, m := range anyWord.FindAllString(text[n.Start:n.End], -1) {
			if !k.words[lexicon.Fold(m)] {
				spans = append(spans, [2]int{n.Start, n.End})
				break
			}
		}
	}
	first := true // of a sentence
	for _, m := range anyWord.FindAllStringIndex(text, -1) {
		word := text[m[0]:m[1]]
		if m[0] > 0 {
			first = strings.ContainsAny(strings.TrimRight(text[:m[0]], " \t«“\"'")[max(0, len(strings.TrimRight(text[:m[0]], " \t«“\"'"))-1):], ".!?:;")
		}
		fold := lexicon.Fold(word)
		switch {
		case hasDigit(word) && !k.typed[fold] && !within(spans, m[0]) && !k.citedDigits(text, m[0]):
			spans = append(spans, [2]int{m[0], m[1]})
		case unicode.IsUpper([]rune(word)[0]) && !first && !k.words[fold] && !lexicon.FunctionWord(strings.ToLower(word), "it"):
			spans = append(spans, [2]int{m[0], m[1]})
		}
	}
	return mark(text, spans)
}

// cites says whether a reference is one that the act has, or that its fields have.
func (k *known) cites(text string) bool {
	for _, f := range lexicon.Facts(text) {
		if (f.Kind == lexicon.ReferenceFact || f.Kind == lexicon.ActFact) && !k.facts[string(f.Kind)+" "+f.Norm] {
			return false
		}
	}
	return true
}

// citedDigits says whether a digit stands in a reference that is known.
func (k *known) citedDigits(text string, at int) bool {
	for _, f := range lexicon.Facts(text) {
		if f.Start <= at && at < f.End && k.facts[string(f.Kind)+" "+f.Norm] {
			return true
		}
	}
	for _, c := range lexicon.Citations(text) {
		if c.Start <= at && at < c.End && k.cites(text[c.Start:c.End]) {
			return true
		}
	}
	return false
}

func within(spans [][2]int, at int) bool {
	return slices.ContainsFunc(spans, func(s [2]int) bool { return s[0] <= at && at < s[1] })
}

// mark writes the spans as what is to be verified; those that touch are one.
func mark(text string, spans [][2]int) string {
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
	var b strings.Builder
	at := 0
	for i := 0; i < len(spans); i++ {
		start, end := spans[i][0], spans[i][1]
		for i+1 < len(spans) && (spans[i+1][0] <= end || strings.TrimSpace(text[end:spans[i+1][0]]) == "") {
			i++
			end = max(end, spans[i][1])
		}
		b.WriteString(text[at:start])
		b.WriteString(drafting.Verify(strings.TrimSpace(text[start:end])))
		at = end
	}
	return b.String() + text[at:]
}

var (
	fenceLine = regexp.MustCompile("^```")
	listSign  = regexp.MustCompile(`^(?:[-*•+#>|^]+|\d{1,2}[.)])\s+`)
	emphasis  = strings.NewReplacer("**", "", "__", "", "`", "", "\\", "")
)

// MostProposed is how many paragraphs of a model are taken.
const MostProposed = 4

// Said reads what a model wrote as paragraphs: without the marks of lists and emphasis, and without what was cut off at the end.
func Said(text string, whole bool) []string {
	var out []string
	for l := range strings.Lines(text) {
		l = strings.TrimSpace(l)
		if fenceLine.MatchString(l) {
			continue
		}
		l = strings.Join(strings.Fields(emphasis.Replace(listSign.ReplaceAllString(l, ""))), " ")
		if strings.IndexFunc(l, unicode.IsLetter) >= 0 {
			out = append(out, l)
		}
	}
	if !whole && len(out) > 0 {
		last := &out[len(out)-1]
		i := strings.LastIndexAny(*last, ".;")
		if *last = (*last)[:i+1]; i < 0 {
			out = out[:len(out)-1]
		}
	}
	return out[:min(len(out), MostProposed)]
}
