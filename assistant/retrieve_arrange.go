package assistant

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"

	"sportello/assistant/lexicon"
)

// What a passage gains or loses beside its fused score, which goes from 0 to 1.
const (
	bonusArticle = 0.35 // it is the article asked for
	bonusAct     = 0.35 // it is of the act asked for
	bonusYear    = 0.10 // it is about the year asked for
	malusYear    = 0.10 // it is about another year
)

// arrange orders passages by score and by what the question names (article, act, year), drops those that say the same as a
// better one, and keeps k.
func arrange(passages []Passage, w wanted, k int) []Passage {
	for i := range passages {
		passages[i].Score += meant(&passages[i], w)
	}
	slices.SortStableFunc(passages, func(a, b Passage) int { return cmp.Compare(b.Score, a.Score) })
	var out []Passage
	var seen []map[uint32]bool
	for _, p := range passages {
		if len(out) == k {
			break
		}
		words := shingles(p.Text)
		if slices.ContainsFunc(seen, func(s map[uint32]bool) bool { return same(s, words) }) {
			continue
		}
		seen = append(seen, words)
		p.Score = min(max(p.Score, 0), 1)
		out = append(out, p)
	}
	return out
}

// meant is what a passage gains for being the article, of the act or of the year that the question names.
func meant(p *Passage, w wanted) float64 {
	bonus := 0.0
	if p.Article != "" && slices.Contains(w.articles, strings.ToLower(p.Article)) {
		bonus += bonusArticle
	}
	if p.Approval.Number != "" && len(p.Approval.Date) >= 4 {
		if slices.Contains(w.acts, strings.TrimLeft(p.Approval.Number, "0")+"/"+p.Approval.Date[:4]) {
			bonus += bonusAct
		}
	}
	if len(w.years) > 0 && p.Year != "" {
		if slices.Contains(w.years, p.Year) {
			bonus += bonusYear
		} else {
			bonus -= malusYear
		}
	}
	return bonus
}

// shingles gives the hashes of the runs of three words of a text.
func shingles(text string) map[uint32]bool {
	words := strings.Fields(lexicon.Fold(text))
	out := make(map[uint32]bool, len(words))
	for i := range words {
		h := fnv.New32a()
		for _, w := range words[i:min(i+3, len(words))] {
			h.Write([]byte(w))
			h.Write([]byte{' '})
		}
		out[h.Sum32()] = true
	}
	return out
}

// same says whether two texts share nine tenths of their runs of words.
func same(a, b map[uint32]bool) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 || len(a)*10 < len(b)*9 {
		return false
	}
	common := 0
	for h := range a {
		if b[h] {
			common++
		}
	}
	return common*10 >= (len(a)+len(b)-common)*9
}
