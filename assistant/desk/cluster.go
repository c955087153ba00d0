package desk

import (
	"math"
	"slices"
	"sort"
	"strings"

	"sportello/assistant"
	"sportello/assistant/lexicon"
)

// Cluster is a group of questions that ask about the same.
type Cluster struct {
	Subject    string            `json:"subject"` // of most of them
	Label      string            `json:"label"`   // the question nearest to all
	Words      []string          `json:"words"`   // roots that most of them share
	N          int               `json:"n"`
	Unanswered int               `json:"unanswered"`
	Weak       int               `json:"weak"`
	Languages  []string          `json:"languages"`
	Questions  []assistant.Asked `json:"questions"`
}

const (
	mostClustered  = 2000 // the newest questions; more are a matter for the filters
	joinAt         = 0.3  // how near a question must be to a group
	mergeAt        = 0.4  // how near two groups must be to become one
	articleWeight  = 2.4  // of the article that was found first, next to some 2 of a rare word: it is the same in every language
	documentWeight = 0.8  // of its document: a regulation has many subjects
)

// Clusters groups questions by their words and by the documents that were found for them, the largest group first. It is plain and
// deterministic: a question joins the group whose mean is nearest, or begins one; then groups that are near become one. The same
// questions in the same order give the same groups.
func (d *Desk) Clusters(list []assistant.Asked) []Cluster {
	list = slices.Clone(list[:min(len(list), mostClustered)])
	sort.SliceStable(list, func(i, j int) bool {
		if !list[i].At.Equal(list[j].At) {
			return list[i].At.Before(list[j].At)
		}
		return list[i].ID < list[j].ID
	})
	vectors := d.vectors(list)
	var groups []*group
	for i, v := range vectors {
		var best *group
		most := joinAt
		for _, g := range groups {
			if s := g.mean.cosine(v); s >= most && (best == nil || s > most) {
				best, most = g, s
			}
		}
		if best == nil {
			best = &group{mean: vector{}}
			groups = append(groups, best)
		}
		best.add(i, v)
	}
	groups = merge(groups)
	out := make([]Cluster, 0, len(groups))
	for _, g := range groups {
		out = append(out, g.cluster(list, vectors))
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].N > out[j].N })
	return out
}

// vector is sparse: weight by word or document, of length one.
type vector map[string]float64

func (v vector) cosine(w vector) float64 {
	if len(w) < len(v) {
		v, w = w, v
	}
	dot, a, b := 0.0, 0.0, 0.0
	for k, x := range v {
		dot += x * w[k]
		a += x * x
	}
	for _, y := range w {
		b += y * y
	}
	if dot == 0 {
		return 0
	}
	return math.Round(dot/math.Sqrt(a*b)*1e9) / 1e9 // maps are walked in any order: the last digits must not decide
}

// vectors weighs the words of each question by how rare they are among all.
func (d *Desk) vectors(list []assistant.Asked) []vector {
	all := make([]vector, len(list))
	in := map[string]int{}
	for i := range list {
		v := vector{}
		text := list[i].Question
		if list[i].Understood != "" {
			text = list[i].Understood
		}
		for _, t := range lexicon.Query(text, list[i].Language, nil) {
			v[t.Text] = 1
		}
		for k := range v {
			in[k]++
		}
		all[i] = v
	}
	for i, v := range all {
		for k := range v {
			v[k] = math.Log(1 + float64(len(list))/float64(in[k]))
		}
		// What was found for a question that nothing answers is chance: it counts as much as it was likely to answer.
		sure := min(1, list[i].Confidence/assistant.Sure)
		for rank, p := range list[i].Passages[:min(3, len(list[i].Passages))] {
			v["document "+p.DocumentID] += sure * documentWeight / float64(rank+1)
			v["document "+p.DocumentID+" "+p.Article] += sure * articleWeight / float64(rank+1)
		}
	}
	return all
}

type group struct {
	mean    vector // the sum; its length is no matter
	members []int
}

func (g *group) add(i int, v vector) {
	g.members = append(g.members, i)
	for k, x := range v {
		g.mean[k] += x
	}
}

// merge joins the two nearest groups until none are near enough.
func merge(groups []*group) []*group {
	for {
		a, b, most := -1, -1, mergeAt
		for i := range groups {
			for j := range i {
				if s := groups[i].mean.cosine(groups[j].mean); s > most {
					a, b, most = j, i, s
				}
			}
		}
		if a < 0 || len(groups) > maxMerged {
			return groups
		}
		for k, x := range groups[b].mean {
			groups[a].mean[k] += x
		}
		groups[a].members = append(groups[a].members, groups[b].members...)
		groups = slices.Delete(groups, b, b+1)
	}
}

// maxMerged bounds the work: above it groups stay as they are.
const maxMerged = 400

func (g *group) cluster(list []assistant.Asked, vectors []vector) Cluster {
	c := Cluster{N: len(g.members)}
	subjects, languages, words := map[string]int{}, map[string]int{}, map[string]int{}
	best := -1.0
	for _, i := range g.members {
		a := list[i]
		if s := g.mean.cosine(vectors[i]); s > best {
			best, c.Label = s, a.Question
		}
		subjects[a.Subject]++
		languages[a.Language]++
		if a.Unanswered() {
			c.Unanswered++
		}
		if a.Weak() {
			c.Weak++
		}
		for k := range vectors[i] {
			if !strings.HasPrefix(k, "document ") {
				words[k]++
			}
		}
		c.Questions = append(c.Questions, a)
	}
	slices.Reverse(c.Questions) // the newest first
	c.Subject, c.Languages = most(subjects)[0], most(languages)
	for _, w := range most(words) {
		if words[w]*2 > c.N && len(c.Words) < 6 {
			c.Words = append(c.Words, w)
		}
	}
	return c
}

// most gives the keys, the most frequent first, equal ones in order.
func most(counts map[string]int) []string {
	out := make([]string, 0, len(counts))
	for k := range counts {
		out = append(out, k)
	}
	sort.Slice(out, func(i, j int) bool {
		if counts[out[i]] != counts[out[j]] {
			return counts[out[i]] > counts[out[j]]
		}
		return out[i] < out[j]
	})
	return out
}
