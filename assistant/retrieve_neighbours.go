package assistant

import "sportello/assistant/lexicon"

// neighbours are the words that stand beside each other in a question, with what they weigh: "carta d'identità" is not answered by
// an article that has a carta here and an identità there.
type neighbours struct {
	weight map[[2]string]float64
	total  float64
	seeks  map[string]bool
}

// neighbourhood is how many words further on, stop words apart, a neighbour may stand.
const neighbourhood = 3

// neighbours gives the question's own words in pairs, as far as any passage has both. A pair weighs what its commoner word does.
func (s sought) neighbours(c scale) neighbours {
	n := neighbours{weight: map[[2]string]float64{}, seeks: s.seeks}
	last := ""
	for _, t := range s.terms {
		if t.Count != lexicon.FullWeight {
			continue
		}
		if last != "" && c.weight[last] > 0 && c.weight[t.Text] > 0 {
			w := min(c.weight[last], c.weight[t.Text])
			n.weight[[2]string{last, t.Text}] = w
			n.total += w
		}
		last = t.Text
	}
	return n
}

// in is the share of the pairs that stand near each other in a passage, by their weight.
func (n neighbours) in(p *Passage) float64 {
	if n.total == 0 {
		return 0
	}
	sum, met := 0.0, map[[2]string]bool{}
	meet := func(a, b string) {
		if pair := [2]string{a, b}; n.weight[pair] > 0 && !met[pair] {
			met[pair] = true
			sum += n.weight[pair]
		}
	}
	for _, words := range p.sentences().words {
		for i, a := range words {
			if !n.seeks[a] {
				continue
			}
			for _, b := range words[i+1 : min(len(words), i+1+neighbourhood)] {
				meet(a, b)
				meet(b, a)
			}
		}
	}
	return sum / n.total
}
