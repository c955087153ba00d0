package assistant_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// While people ask, the vectors of documents are made one at a time and between their questions, and all the same they are made.
func TestPolite(t *testing.T) {
	texts := make([]string, 40)
	for i := range texts {
		texts[i] = fmt.Sprintf("%*d", 200+i, i)
	}
	check := func(t *testing.T, e assistant.Embedder) {
		t.Helper()
		vectors, err := e.EmbedPassages(t.Context(), texts)
		if err != nil || len(vectors) != len(texts) {
			t.Fatalf("%d vectors, %v", len(vectors), err)
		}
		for i, v := range vectors {
			if v[0] != float32(len(texts[i])) {
				t.Fatalf("text %d has the vector of another", i)
			}
		}
	}
	t.Run("nobody asks", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := &fakeModel{}
			check(t, assistant.Polite(c, &assistant.Courtesy{}))
			if c.largest == 0 || c.largest > 512 || c.requests == len(texts) {
				t.Errorf("%d requests, up to %d tokens", c.requests, c.largest)
			}
		})
	})
	t.Run("people ask", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var courtesy assistant.Courtesy
			under := 0 // questions under way
			c := &fakeModel{fail: func(texts []string) error {
				if under > 0 || len(texts) > 1 {
					t.Errorf("%d texts while %d questions are answered", len(texts), under)
				}
				return nil
			}}
			answered := courtesy.Question()
			under++
			go func() {
				for range 5 {
					time.Sleep(time.Second)
					under--
					answered()
					time.Sleep(100 * time.Millisecond)
					answered = courtesy.Question()
					under++
				}
				under--
				answered()
			}()
			check(t, assistant.Polite(c, &courtesy))
			time.Sleep(10 * time.Second)
		})
	})
	t.Run("without end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var courtesy assistant.Courtesy
			defer courtesy.Question()()
			began := time.Now()
			check(t, assistant.Polite(&fakeModel{}, &courtesy))
			if took := time.Since(began); took < time.Minute || took > 2*time.Minute {
				t.Errorf("%d texts took %v", len(texts), took)
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := assistant.Polite(&fakeModel{}, &courtesy).EmbedPassages(ctx, texts); !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled: %v", err)
			}
		})
	})
	short := assistant.Polite(lossyModel{&fakeModel{}}, &assistant.Courtesy{})
	if _, err := short.EmbedPassages(t.Context(), texts); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("too few vectors: %v", err)
	}
}
