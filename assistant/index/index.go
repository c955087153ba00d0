package index

import (
	"context"
	"sync"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// Loader gives all live points of a tenant, those of a document together. An error of yield stops it and is returned. The
// index copies what it keeps.
type Loader func(ctx context.Context, tenant string, yield func(assistant.Point) error) error

// Config says where an index reads from.
type Config struct {
	// Load reads a tenant from the store, when it is first searched or counted. Nil: tenants start empty.
	//
	// With a Load, Replace leaves a tenant alone that nobody asked for yet: the store, which is written first, already says
	// the same and will be read.
	Load Loader
}

// Index implements assistant.Index in memory. It is safe for concurrent use.
type Index struct {
	load    Loader
	mu      sync.Mutex
	tenants map[string]*tenant
	closed  bool
}

// New makes an index that holds nothing yet.
func New(c Config) *Index {
	return &Index{load: c.Load, tenants: map[string]*tenant{}}
}

func (x *Index) tenant(name string) (*tenant, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil, fault.New(fault.Unavailable, "the index is closed")
	}
	t := x.tenants[name]
	if t == nil {
		t = &tenant{}
		x.tenants[name] = t
	}
	return t, nil
}

// Replace implements assistant.Index.
func (x *Index) Replace(ctx context.Context, tenantName, documentID string, points []assistant.Point) error {
	dim := 0
	for _, p := range points {
		if p.Tenant != tenantName || p.DocumentID != documentID {
			return fault.New(fault.Invalid, "chunk %s belongs to document %s of %s, not to %s of %s", p.ID, p.DocumentID, p.Tenant, documentID, tenantName)
		}
		if len(p.Vector) > 0 {
			if dim == 0 {
				dim = len(p.Vector)
			}
			if len(p.Vector) != dim {
				return fault.New(fault.Invalid, "document %s has vectors of %d and of %d numbers: they come from different models", documentID, dim, len(p.Vector))
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	t, err := x.tenant(tenantName)
	if err != nil {
		return err
	}
	if x.load == nil {
		if err := t.load(ctx, tenantName, nil); err != nil {
			return err
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.loaded.Load() {
		return nil
	}
	t.replace(documentID, points)
	return nil
}

// Forget drops what is held of a tenant; it is loaded again when it is next asked. A new generation of vectors starts so.
func (x *Index) Forget(tenantName string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.tenants, tenantName)
}

// Count implements assistant.Index.
func (x *Index) Count(ctx context.Context, tenantName string) (points, vectors int, err error) {
	sn, err := x.snapshot(ctx, tenantName)
	if err != nil {
		return 0, 0, err
	}
	return sn.points, sn.vectors, nil
}

func (x *Index) snapshot(ctx context.Context, tenantName string) (*snapshot, error) {
	t, err := x.tenant(tenantName)
	if err != nil {
		return nil, err
	}
	if err := t.load(ctx, tenantName, x.load); err != nil {
		return nil, err
	}
	return t.now.Load(), nil
}

// Close implements assistant.Index. What comes after is refused.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.closed, x.tenants = true, nil
	return nil
}
