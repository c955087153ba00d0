package index

import (
	"cmp"
	"container/heap"
	"slices"

	"sportello/assistant"
)

// top keeps the best k hits. Among equal scores the smaller id is better, so that a search gives the same hits in the same
// order whatever the segments are.
type top struct {
	k    int
	heap worstFirst
}

func newTop(k int) *top { return &top{k: k} }

// wants says whether a score may be among the best; cheap, to be asked before anything else is looked up.
func (t *top) wants(score float64) bool {
	return len(t.heap) < t.k || score >= t.heap[0].Score
}

func (t *top) add(id string, score float64) {
	h := assistant.Hit{ID: id, Score: score}
	if len(t.heap) < t.k {
		heap.Push(&t.heap, h)
		return
	}
	if better(h, t.heap[0]) < 0 {
		t.heap[0] = h
		heap.Fix(&t.heap, 0)
	}
}

func (t *top) hits() []assistant.Hit {
	if len(t.heap) == 0 {
		return nil
	}
	out := []assistant.Hit(t.heap)
	slices.SortFunc(out, better)
	return out
}

// better orders hits best first.
func better(a, b assistant.Hit) int {
	if a.Score != b.Score {
		return cmp.Compare(b.Score, a.Score)
	}
	return cmp.Compare(a.ID, b.ID)
}

type worstFirst []assistant.Hit

func (h worstFirst) Len() int           { return len(h) }
func (h worstFirst) Less(i, j int) bool { return better(h[i], h[j]) > 0 }
func (h worstFirst) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *worstFirst) Push(x any)        { *h = append(*h, x.(assistant.Hit)) }
func (h *worstFirst) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
