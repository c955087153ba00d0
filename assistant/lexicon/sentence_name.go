package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Name is a proper name or an acronym in a text.
type Name struct {
	Text       string // as written
	Norm       string // folded words joined with a space
	Start, End int
	Acronym    bool // in capitals: "ISEE", "C.C.I.A.A."
}

// Names finds runs of capitalised words inside sentences, and acronyms anywhere. The first word of a sentence counts
// only when another capitalised word follows it ("Via Legnano"), for it is capitalised anyway. In a text mostly in
// capitals, as headings are, nothing is a name. Small words join two capitalised ones: "Camera di Commercio".
func Names(text string) []Name {
	if mostlyUpper(text) {
		return nil
	}
	first := map[int]bool{}
	for _, s := range Sentences(text) {
		first[s.Start+listMarker(text[s.Start:])] = true
	}
	toks := factTokens(text)
	starts := true
	var out []Name
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		if first[t.start] {
			starts = true
		}
		if t.kind != wordTok {
			if strings.Contains("«“\":.?!•–-", t.fold) {
				starts = true
			}
			continue
		}
		atStart := starts
		starts = false
		w := text[t.start:t.end]
		if !capitalised(w) || utf8.RuneCountInString(w) == 1 || danglingWords[t.fold] {
			continue
		}
		end := i + 1
		for end < len(toks) {
			if toks[end].kind == wordTok && capitalised(text[toks[end].start:toks[end].end]) && adjacent(text, toks, end) {
				end++
				continue
			}
			if j := joinedName(text, toks, end); j > end {
				end = j
				continue
			}
			break
		}
		acronym := utf8.RuneCountInString(w) > 1 && w == strings.ToUpper(w)
		if end == i+1 && atStart && !acronym {
			continue
		}
		var norm []string
		for _, x := range toks[i:end] {
			if x.kind == wordTok {
				norm = append(norm, x.fold)
			}
		}
		out = append(out, Name{Text: text[t.start:toks[end-1].end], Norm: strings.Join(norm, " "), Start: t.start, End: toks[end-1].end, Acronym: acronym && end == i+1})
		i = end - 1
	}
	return out
}

func adjacent(text string, toks []factToken, i int) bool {
	gap := text[toks[i-1].end:toks[i].start]
	return gap == " " || gap == "" || gap == "\n" || gap == "\u00a0"
}

// joinedName reports where a name goes on after small words: "di", "del", "per la", "dell'".
func joinedName(text string, toks []factToken, i int) int {
	j := i
	for j < len(toks) && j < i+3 && (nameJoins[toks[j].fold] || j > i && (toks[j].fold == "'" || toks[j].fold == "’")) && adjacent(text, toks, j) {
		j++
	}
	if j > i && j < len(toks) && toks[j].kind == wordTok && capitalised(text[toks[j].start:toks[j].end]) && adjacent(text, toks, j) {
		return j + 1
	}
	return i
}

var nameJoins = foldedSet("di de del della dei degli delle dell d da e per la il lo gli le san of the and du des et von")

func capitalised(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(r)
}

func mostlyUpper(text string) bool {
	upper, lower := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return upper > 2*lower
}
