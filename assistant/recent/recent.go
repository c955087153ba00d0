// Package recent keeps the last things that were made, a bounded number of them, in memory and nowhere else: they end with the process.
package recent

import (
	"container/list"
	"sync"
)

// Cache keeps values by key and forgets the one that was not asked for longest. It is safe for concurrent use; make it with New.
type Cache[K comparable, V any] struct {
	mu    sync.Mutex
	size  int
	order *list.List // of entry, newest first
	byKey map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

// New makes a cache of so many values.
func New[K comparable, V any](size int) *Cache[K, V] {
	return &Cache[K, V]{size: size, order: list.New(), byKey: map[K]*list.Element{}}
}

// Get gives a value that is there.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return value, false
	}
	c.order.MoveToFront(e)
	return e.Value.(entry[K, V]).value, true
}

// Put keeps a value in the place of what was there under the key.
func (c *Cache[K, V]) Put(key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[key]; ok {
		e.Value = entry[K, V]{key, value}
		c.order.MoveToFront(e)
		return
	}
	c.byKey[key] = c.order.PushFront(entry[K, V]{key, value})
	if c.order.Len() > c.size {
		last := c.order.Back()
		delete(c.byKey, c.order.Remove(last).(entry[K, V]).key)
	}
}
