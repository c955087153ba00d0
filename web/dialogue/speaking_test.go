package dialogue

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"sportello/assistant"
)

// A question that waits for several requests to a model is told its place by each of them, while a statement may leave: whoever writes
// to the client must be alone.
func TestTheClientIsSpokenToByOneAtATime(t *testing.T) {
	var speaking, overlaps, said atomic.Int64
	speak := func() {
		if speaking.Add(1) > 1 {
			overlaps.Add(1)
		}
		runtime.Gosched()
		said.Add(1)
		speaking.Add(-1)
	}
	told, emit := oneAtATime(func(int) { speak() }, func(assistant.Statement) error { speak(); return nil })
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for place := range 200 {
				told(place)
				if err := emit(assistant.Statement{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if overlaps.Load() != 0 || said.Load() != 8*200*2 {
		t.Errorf("%d of %d spoke while somebody else did", overlaps.Load(), said.Load())
	}
	if told, _ := oneAtATime(nil, func(assistant.Statement) error { return nil }); told != nil {
		t.Error("places are told to nobody")
	}
}
