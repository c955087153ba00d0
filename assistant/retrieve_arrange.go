package assistant

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"sportello/ingest"
)

// What a passage gains or loses beside its fused score.
const (
	bonusArticle = 0.20  // it is the article asked for
	bonusAct     = 0.20  // it is of the act asked for
	bonusYear    = 0.06  // it is about the year asked for
	malusYear    = 0.13  // it is about another year
	malusOlder   = 0.015 // for each year that an act is older than the newest act found, when no year is asked for
	malusOldest  = 0.06  // at most
)

// arrange orders passages by score and by what the question names (article, act, year), drops those that say the same as a
// better one, and keeps k.
func arrange(passages []Passage, w wanted, k int) []Passage {
	newest := 0
	for i := range passages {
		newest = max(newest, actYear(&passages[i]))
	}
	for i := range passages {
		passages[i].Score += meant(&passages[i], w)
		if year := actYear(&passages[i]); year > 0 && len(w.years) == 0 && len(w.acts) == 0 {
			passages[i].Score -= min(malusOlder*float64(newest-year), malusOldest)
		}
	}
	slices.SortStableFunc(passages, func(a, b Passage) int { return cmp.Compare(b.Score, a.Score) })
	var out []Passage
	var seen [][]uint64
	for _, p := range passages {
		if len(out) == k {
			break
		}
		words := runs(p.Text)
		if slices.ContainsFunc(seen, func(s []uint64) bool { return same(s, words) }) {
			continue
		}
		seen = append(seen, words)
		p.Score = min(max(p.Score, 0), 1)
		out = append(out, p)
	}
	return out
}

// actYear is the year of an act that settles something for a time (fees, terms, extensions), 0 for everything else: the
// latest one is the likelier to hold, whereas a regulation holds until it is replaced.
func actYear(p *Passage) int {
	switch p.Kind {
	case ingest.Delibera, ingest.Determina, ingest.Ordinanza, ingest.Bando:
	default:
		return 0
	}
	year := p.Year
	if year == "" && len(p.Approval.Date) >= 4 {
		year = p.Approval.Date[:4]
	}
	n, err := strconv.Atoi(year)
	if err != nil {
		return 0
	}
	return n
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

// runLength is how many words a run has that two texts are compared by.
const runLength = 3

// runs gives the hashes of the runs of words of a text, sorted, each once. Comparing bytes as they are is enough: what is meant are
// copies of a page, not another wording.
func runs(text string) []uint64 {
	var words []uint64
	hash, in := uint64(offset64), false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			if in {
				words = append(words, hash)
			}
			hash, in = offset64, false
		default:
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			hash, in = (hash^uint64(c))*prime64, true
		}
	}
	if in {
		words = append(words, hash)
	}
	out := make([]uint64, 0, len(words))
	for i := range words {
		h := uint64(offset64)
		for _, w := range words[i:min(i+runLength, len(words))] {
			h = (h ^ w) * prime64
		}
		out = append(out, h)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Constants of the FNV-1a hash.
const (
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

// same says whether two texts share nine tenths of their runs of words.
func same(a, b []uint64) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 || len(a)*10 < len(b)*9 {
		return false
	}
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			common++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return common*10 >= (len(a)+len(b)-common)*9
}
