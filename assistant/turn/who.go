package turn

import (
	"context"
	"sync"
)

// Class says whose work it is; lower ones go first.
type Class int

// The classes.
const (
	Citizen    Class = iota // somebody is looking at a page and waits
	Staff                   // a clerk or a facilitator, who knows that citizens come first
	Background              // nobody waits: the vectors of documents
	classes
)

func (c Class) String() string { return [...]string{"citizen", "staff", "background"}[c] }

// Who says on whose behalf a context works.
type Who struct {
	Tenant string
	Class  Class
	Told   func(place int) // is told the place in a queue, 1 first, by the goroutine that waits; nil: nobody looks
}

type whoKey struct{}

// With gives a context that works on somebody's behalf.
func With(ctx context.Context, w Who) context.Context { return context.WithValue(ctx, whoKey{}, w) }

// Of says on whose behalf a context works. One that does not say works in the background, for nobody who waits: an ingestion, an evaluation.
func Of(ctx context.Context) Who {
	if w, ok := ctx.Value(whoKey{}).(Who); ok {
		return w
	}
	return Who{Class: Background}
}

// As gives the same with another class.
func As(ctx context.Context, c Class) context.Context {
	w := Of(ctx)
	w.Class = c
	return With(ctx, w)
}

type heldKey struct{}

// Held gives a context that holds a turn, which Yield of that context gives back before the work is over.
func Held(ctx context.Context, release func()) context.Context {
	return context.WithValue(ctx, heldKey{}, sync.OnceFunc(release))
}

// Yield gives back the turn that ctx holds, when it holds one: what follows waits elsewhere and must not keep others from theirs.
func Yield(ctx context.Context) {
	if release, ok := ctx.Value(heldKey{}).(func()); ok {
		release()
	}
}
