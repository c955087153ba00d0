package index

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// part is a segment with the points of it that were replaced since.
type part struct {
	*segment
	dead  bits
	alive int
}

// snapshot is what a search reads; it never changes.
type snapshot struct {
	parts   []part
	points  int
	vectors int
	words   int64 // length of all living points together
}

// tenant is the index of one tenant.
type tenant struct {
	mu     sync.Mutex // held while the tenant is loaded or changed; searches only take it to load
	loaded atomic.Bool
	now    atomic.Pointer[snapshot]
}

// load reads the tenant from the store if nobody did. Those who come meanwhile wait for the same loading.
func (t *tenant) load(ctx context.Context, name string, from Loader) error {
	if t.loaded.Load() {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.loaded.Load() {
		return nil
	}
	b := newBuilder()
	if from != nil {
		err := from(ctx, name, func(p assistant.Point) error {
			if b.s.size() >= maxPoints {
				return fault.New(fault.TooLarge, "tenant %s has more than %d chunks: use the Qdrant index", name, maxPoints)
			}
			b.add(p)
			return nil
		})
		if err != nil {
			if fault.CodeOf(err) == fault.TooLarge || ctx.Err() != nil {
				return err
			}
			return fault.Wrap(fault.Unavailable, err, "the index of %s could not be read from the store", name)
		}
	}
	var parts []part
	if b.s.size() > 0 {
		s := b.build()
		parts = []part{{segment: s, alive: s.size()}}
	}
	t.now.Store(newSnapshot(parts))
	t.loaded.Store(true)
	return nil
}

// replace puts points in the place of those of a document.
func (t *tenant) replace(documentID string, points []assistant.Point) {
	old := t.now.Load()
	parts := make([]part, 0, len(old.parts)+1)
	for _, p := range old.parts {
		if p = p.without(documentID); p.alive > 0 {
			parts = append(parts, p)
		}
	}
	if len(points) > 0 {
		b := newBuilder()
		for _, p := range points {
			b.add(p)
		}
		s := b.build()
		parts = append(parts, part{segment: s, alive: s.size()})
	}
	t.now.Store(newSnapshot(compact(parts)))
}

// without marks the points of a document dead, in a copy of the marks.
func (p part) without(documentID string) part {
	d := slices.Index(p.docs, documentID)
	if d < 0 {
		return p
	}
	marks := make(bits, (p.size()+63)/64)
	copy(marks, p.dead)
	for i, of := range p.docOf {
		if int(of) == d && !marks.has(i) {
			marks.set(i)
			p.alive--
		}
	}
	p.dead = marks
	return p
}

// compact merges segments so that each is at least twice as large as all after it, and rewrites one whose points are mostly dead.
func compact(parts []part) []part {
	first := len(parts)
	tail := 0
	for i := len(parts) - 1; i >= 0; i-- {
		if i < len(parts)-1 && parts[i].alive < 2*tail {
			first = i
		}
		if parts[i].size() > 64 && parts[i].alive*2 < parts[i].size() {
			first = i
		}
		tail += parts[i].alive
	}
	if first >= len(parts) {
		return parts
	}
	s := merge(parts[first:])
	return append(slices.Clip(parts[:first]), part{segment: s, alive: s.size()})
}

func newSnapshot(parts []part) *snapshot {
	sn := &snapshot{parts: parts}
	for _, p := range parts {
		sn.points += p.alive
		if p.dead == nil {
			sn.vectors += len(p.of)
			sn.words += p.segment.words
			continue
		}
		for i, length := range p.length {
			if !p.dead.has(i) {
				sn.words += int64(length)
			}
		}
		for _, i := range p.of {
			if !p.dead.has(int(i)) {
				sn.vectors++
			}
		}
	}
	return sn
}
