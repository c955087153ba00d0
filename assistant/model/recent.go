package model

import (
	"container/list"
	"sync"
)

// recent keeps the vectors of the last queries: a page asks again when its reader turns on speech or changes a filter.
type recent struct {
	mu    sync.Mutex
	size  int
	order *list.List // of recentEntry, newest first
	byKey map[string]*list.Element
}

type recentEntry struct {
	key    string
	vector []float32
}

func newRecent(size int) *recent {
	return &recent{size: size, order: list.New(), byKey: map[string]*list.Element{}}
}

func (r *recent) get(key string) ([]float32, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.byKey[key]
	if !ok {
		return nil, false
	}
	r.order.MoveToFront(e)
	return e.Value.(recentEntry).vector, true
}

func (r *recent) put(key string, vector []float32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.byKey[key]; ok {
		return
	}
	r.byKey[key] = r.order.PushFront(recentEntry{key, vector})
	if r.order.Len() > r.size {
		last := r.order.Back()
		delete(r.byKey, r.order.Remove(last).(recentEntry).key)
	}
}
