package index

import (
	"bytes"
	"cmp"
	"container/heap"
	"math"
	"slices"

	"sportello/assistant"
)

// top keeps the best k points. Among equal scores the smaller id is better, so that a search gives the same hits in the same
// order whatever the segments are. Ids are made into strings at the end, for those that stayed.
type top struct {
	k    int
	heap worstFirst // in order once it is full
}

type scored struct {
	score float64
	s     *segment
	point int
}

func newTop(k int) *top { return &top{k: k, heap: make(worstFirst, 0, min(k, 1024))} }

// floor is the score under which nothing is among the best any more.
func (t *top) floor() float64 {
	if len(t.heap) < t.k {
		return math.Inf(-1)
	}
	return t.heap[0].score
}

func (t *top) add(s *segment, point int, score float64) {
	h := scored{score, s, point}
	if len(t.heap) < t.k {
		if t.heap = append(t.heap, h); len(t.heap) == t.k {
			heap.Init(&t.heap)
		}
		return
	}
	if score >= t.heap[0].score && better(h, t.heap[0]) < 0 {
		t.heap[0] = h
		heap.Fix(&t.heap, 0)
	}
}

func (t *top) hits() []assistant.Hit {
	if len(t.heap) == 0 {
		return nil
	}
	slices.SortFunc(t.heap, better)
	out := make([]assistant.Hit, len(t.heap))
	for i, h := range t.heap {
		out[i] = assistant.Hit{ID: string(h.s.id(h.point)), Score: h.score}
	}
	return out
}

// better orders points best first.
func better(a, b scored) int {
	if a.score != b.score {
		return cmp.Compare(b.score, a.score)
	}
	return bytes.Compare(a.s.id(a.point), b.s.id(b.point))
}

type worstFirst []scored

func (h worstFirst) Len() int           { return len(h) }
func (h worstFirst) Less(i, j int) bool { return better(h[i], h[j]) > 0 }
func (h worstFirst) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push and Pop are not used: the heap is made when it is full, and then only its worst is replaced.
func (h *worstFirst) Push(any) {}
func (h *worstFirst) Pop() any { return nil }
