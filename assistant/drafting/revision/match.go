package revision

import (
	"math"
	"slices"
	"sort"
	"strings"

	"sportello/assistant/lexicon"
	"sportello/ingest"
)

// Article is an article of one of two regulations.
type Article struct {
	Number string `json:"number"`
	Rubric string `json:"rubric,omitempty"`
	EID    string `json:"eid"`
	Text   string `json:"text"`
}

// Pair is an article of the one and what in the other speaks of the same. One of them is nil where the other regulation has nothing.
type Pair struct {
	A       *Article `json:"a,omitempty"`
	B       *Article `json:"b,omitempty"`
	Score   float64  `json:"score"`             // 0 to 1
	Figures []string `json:"figures,omitempty"` // amounts, terms and shares that only one of them has
}

// enough is how alike two articles have to be to be a pair.
const enough = 0.28

// Match lays two regulations side by side: articles by their rubrics and by what they say. Each article is in one pair; the order is that of the
// first, and what only the second has comes where its neighbours are.
func Match(a, b *ingest.Document) []Pair {
	x, y := articles(a), articles(b)
	weights := weigh(append(slices.Clone(x), y...))
	type candidate struct {
		i, j  int
		score float64
	}
	var all []candidate
	for i := range x {
		for j := range y {
			if s := 0.45*cosine(x[i].rubric, y[j].rubric, weights) + 0.55*cosine(x[i].stems, y[j].stems, weights); s >= enough {
				all = append(all, candidate{i, j, s})
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].score > all[j].score })
	of, taken, score := make([]int, len(x)), make([]bool, len(y)), make([]float64, len(x))
	for i := range of {
		of[i] = -1
	}
	for _, c := range all {
		if of[c.i] < 0 && !taken[c.j] {
			of[c.i], taken[c.j], score[c.i] = c.j, true, c.score
		}
	}
	var out []Pair
	at := 0
	spare := func(until int) {
		for ; at < until; at++ {
			if !taken[at] {
				out = append(out, Pair{B: &y[at].Article})
			}
		}
	}
	for i := range x {
		p := Pair{A: &x[i].Article}
		if j := of[i]; j >= 0 {
			spare(j)
			p.B, p.Score = &y[j].Article, math.Round(score[i]*100)/100
			p.Figures = figures(x[i].Text, y[j].Text)
		}
		out = append(out, p)
	}
	spare(len(y))
	return out
}

type bag struct {
	Article
	rubric, stems map[string]bool
}

func articles(d *ingest.Document) []bag {
	var out []bag
	for i := range d.Sections {
		s := &d.Sections[i]
		if s.Kind != ingest.SecArticle {
			continue
		}
		text := strings.TrimSpace(d.Text[s.Start:s.End])
		out = append(out, bag{Article{s.Number, s.Rubric, s.EID, text}, set(s.Rubric), set(text)})
	}
	return out
}

func set(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range lexicon.Analyze(text) {
		out[w] = true
	}
	return out
}

// weigh gives what a word tells: the fewer articles have it, the more.
func weigh(all []bag) map[string]float64 {
	in := map[string]int{}
	for _, x := range all {
		for w := range x.stems {
			in[w]++
		}
	}
	out := map[string]float64{}
	for w, n := range in {
		out[w] = math.Log(1 + float64(len(all))/float64(n))
	}
	return out
}

func cosine(a, b map[string]bool, weight map[string]float64) float64 {
	dot, na, nb := 0.0, 0.0, 0.0
	for w := range a {
		k := weight[w] * weight[w]
		na += k
		if b[w] {
			dot += k
		}
	}
	for w := range b {
		nb += weight[w] * weight[w]
	}
	if na == 0 || nb == 0 {
		return 0
	}
	return dot / math.Sqrt(na*nb)
}

// figures gives the amounts, terms and shares that are in one of two articles and not in the other, "12 EUR" as "A: 12 EUR".
func figures(a, b string) []string {
	list := func(text string) map[string]bool {
		out := map[string]bool{}
		for _, f := range lexicon.Facts(text) {
			switch f.Kind {
			case lexicon.AmountFact, lexicon.PercentFact, lexicon.DurationFact:
				out[strings.Join(strings.Fields(text[f.Start:f.End]), " ")] = true
			}
		}
		return out
	}
	x, y := list(a), list(b)
	var out []string
	for side, both := range map[string][2]map[string]bool{"A": {x, y}, "B": {y, x}} {
		for f := range both[0] {
			if !both[1][f] {
				out = append(out, side+": "+f)
			}
		}
	}
	sort.Strings(out)
	return out
}
