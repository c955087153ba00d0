package model

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/turn"
)

// batches is a model that takes a second for a request and remembers the requests.
type batches struct {
	mu   sync.Mutex
	seen []string
	fail func(texts []string) error
}

func (b *batches) embed(ctx context.Context, texts []string) ([][]float32, error) {
	if turn.Of(ctx).Told != nil {
		return nil, errors.New("a place is told to somebody who may have left")
	}
	b.mu.Lock()
	b.seen = append(b.seen, strings.Join(texts, " "))
	b.mu.Unlock()
	time.Sleep(time.Second)
	if b.fail != nil {
		if err := b.fail(texts); err != nil {
			return nil, err
		}
	}
	var out [][]float32
	for _, t := range texts {
		out = append(out, vectorOf(t))
	}
	return out, nil
}

// ask asks for the vector of a text on behalf of a class, and reports a wrong one.
func (b *batches) ask(t *testing.T, g *gather, all *sync.WaitGroup, text string, class turn.Class) {
	ctx := turn.With(t.Context(), turn.Who{Class: class, Told: func(int) {}})
	all.Go(func() {
		v, err := g.vector(ctx, text)
		if err != nil || !slices.Equal(v, vectorOf(text)) {
			t.Errorf("%s: %v %v", text, v, err)
		}
	})
	synctest.Wait() // they come one after the other
}

func TestQuestionsOfTheSameMomentGoTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &batches{}
		g := newGather(1, b.embed)
		var all sync.WaitGroup
		b.ask(t, g, &all, "a", turn.Citizen)
		b.ask(t, g, &all, "staff", turn.Staff)
		for _, text := range []string{"b", "c", "b", "d", "e", "a"} {
			b.ask(t, g, &all, text, turn.Citizen)
		}
		all.Wait()
		if want := []string{"a", "b c d e", "staff"}; !slices.Equal(b.seen, want) {
			t.Errorf("requests %q, want %q", b.seen, want)
		}
		if len(g.byText) != 0 || len(g.waiting) != 0 || g.under != 0 {
			t.Errorf("something is left: %d %d %d", len(g.byText), len(g.waiting), g.under)
		}
	})
}

// Who leaves takes nothing from those who asked the same, and what nobody waits for is not asked.
func TestWhoLeavesTakesNothingFromOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &batches{}
		g := newGather(1, b.embed)
		leaving, leave := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for _, text := range []string{"a", "b", "c"} {
			all.Go(func() {
				if _, err := g.vector(leaving, text); fault.CodeOf(err) != fault.Unavailable {
					t.Errorf("%s: %v", text, err)
				}
			})
			synctest.Wait()
		}
		b.ask(t, g, &all, "a", turn.Citizen)
		b.ask(t, g, &all, "b", turn.Citizen)
		leave()
		all.Wait()
		if want := []string{"a", "b"}; !slices.Equal(b.seen, want) {
			t.Errorf("requests %q, want %q", b.seen, want)
		}
	})
}

// A text that the server refuses is refused alone; a server that is away is away for all.
func TestTheFaultOfOneIsNotThatOfTheOthers(t *testing.T) {
	for code, want := range map[fault.Code]int{fault.Invalid: 1, fault.Unavailable: 3} {
		synctest.Test(t, func(t *testing.T) {
			b := &batches{fail: func(texts []string) error {
				if slices.Contains(texts, "bad") {
					return fault.New(code, "refused")
				}
				return nil
			}}
			g := newGather(1, b.embed)
			var all sync.WaitGroup
			var mu sync.Mutex
			failed := 0
			for _, text := range []string{"first", "good", "bad", "better"} {
				all.Go(func() {
					if _, err := g.vector(t.Context(), text); err != nil {
						mu.Lock()
						failed++
						mu.Unlock()
					}
				})
				synctest.Wait()
			}
			all.Wait()
			if failed != want {
				t.Errorf("%s: %d failed, want %d", code, failed, want)
			}
		})
	}
}

func TestGatherUnderCrowd(t *testing.T) {
	g := newGather(2, func(_ context.Context, texts []string) ([][]float32, error) {
		var out [][]float32
		for _, t := range texts {
			out = append(out, vectorOf(t))
		}
		return out, nil
	})
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			for n := range 50 {
				text := fmt.Sprint((i + n) % 40)
				if v, err := g.vector(t.Context(), text); err != nil || !slices.Equal(v, vectorOf(text)) {
					t.Errorf("%s: %v %v", text, v, err)
				}
			}
		})
	}
	all.Wait()
}
