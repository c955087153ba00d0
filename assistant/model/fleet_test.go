package model

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/model/engine"
	"sportello/assistant/turn"
)

// moody is a model server whose mood a test changes while it runs.
type moody struct {
	*httptest.Server
	mood   atomic.Value // string: well, slow, hangs, breaks, refuses, away
	chats  atomic.Int64
	sick   atomic.Bool // its health says so
	vector string
	gate   chan struct{} // slow ones wait for it
}

func newMoody(t *testing.T) *moody {
	t.Helper()
	m := &moody{gate: make(chan struct{}), vector: "[1,0,0]"}
	m.mood.Store("well")
	m.Server = httptest.NewServer(http.HandlerFunc(m.serve))
	t.Cleanup(func() { m.CloseClientConnections(); m.Close() })
	return m
}

func (m *moody) serve(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	if r.URL.Path == "/health" {
		if m.sick.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return
	}
	if strings.HasSuffix(r.URL.Path, "/embeddings") {
		m.chats.Add(1)
		_, _ = fmt.Fprintf(w, `{"data":[{"index":0,"embedding":%[1]s},{"index":1,"embedding":%[1]s},{"index":2,"embedding":%[1]s}]}`, m.vector)
		return
	}
	m.chats.Add(1)
	switch m.mood.Load() {
	case "hangs":
		<-r.Context().Done()
	case "refuses":
		w.WriteHeader(http.StatusInternalServerError)
	case "breaks":
		events(delta("La prima rata "))(w, r)
	case "slow":
		select {
		case <-m.gate:
		case <-r.Context().Done():
			return
		}
		fallthrough
	default:
		events(delta("Si paga a giugno [1]."), stop, done)(w, r)
	}
}

// chatFleet is a Generator over servers, whose watch is as quick as a test wants it.
func chatFleet(t *testing.T, change func(*Endpoint), servers ...*moody) (*Generator, *Set) {
	t.Helper()
	ep := Endpoint{Model: "chat"}
	for _, s := range servers {
		ep.Servers = append(ep.Servers, Server{Address: s.URL, AtOnce: 1})
	}
	if change != nil {
		change(&ep)
	}
	set := open(t, Config{Embedding: Endpoint{Model: None}, Chat: ep})
	w := set.wires[engine.Chat]
	quick(w)
	w.fleet.watch.every, w.fleet.watch.again, w.fleet.watch.timeout = 20*time.Millisecond, 5*time.Millisecond, 5*time.Second
	return set.Generator.(*Generator), set
}

func ask(ctx context.Context, g *Generator) (string, error) {
	var said []string
	err := g.Generate(ctx, assistant.Question{Text: "Quando si paga?", Language: "it"}, []assistant.Passage{{Text: "La rata si paga a giugno."}}, func(d assistant.Draft) error {
		said = append(said, d.Text)
		return nil
	})
	return strings.Join(said, " "), err
}

func stateOf(t *testing.T, s *Set, m *moody) ServerStatus {
	t.Helper()
	all, _ := s.Servers()
	for _, one := range all {
		if "http://"+one.Name == m.URL {
			return one
		}
	}
	t.Fatalf("no %s in %+v", m.URL, all)
	return ServerStatus{}
}

// until waits for a state, generously.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for begun := time.Now(); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Since(begun) > 30*time.Second {
			t.Fatalf("%s did not come", what)
		}
	}
}

// Whatever one server does, the answer is whole and comes from the other.
func TestAnotherServerAnswers(t *testing.T) {
	for _, mood := range []string{"refuses", "breaks"} {
		a, b := newMoody(t), newMoody(t)
		a.mood.Store(mood)
		g, set := chatFleet(t, nil, a, b)
		for range 4 {
			if said, err := ask(t.Context(), g); err != nil || said != "Si paga a giugno." {
				t.Errorf("%s: %q %v", mood, said, err)
			}
		}
		if a.chats.Load() == 0 || stateOf(t, set, a).Failed == 0 || stateOf(t, set, b).Failed != 0 {
			t.Errorf("%s: %+v", mood, stateOf(t, set, a))
		}
	}
}

func TestAServerThatIsAway(t *testing.T) {
	a, b := newMoody(t), newMoody(t)
	a.Close()
	g, set := chatFleet(t, nil, a, b)
	if said, err := ask(t.Context(), g); err != nil || said != "Si paga a giugno." {
		t.Errorf("%q %v", said, err)
	}
	until(t, "the watch", func() bool { return !stateOf(t, set, a).Well })
}

// A server that hangs keeps its question until the watch finds it sick; then the other answers, and when it is well again it is asked again.
func TestAServerThatHangsAndComesBack(t *testing.T) {
	a, b := newMoody(t), newMoody(t)
	g, set := chatFleet(t, func(ep *Endpoint) { ep.Servers[0].Weight = 100 }, a, b)
	a.mood.Store("hangs")
	answered := make(chan string, 1)
	go func() {
		said, err := ask(t.Context(), g)
		answered <- fmt.Sprint(said, err)
	}()
	until(t, "the question", func() bool { return a.chats.Load() == 1 })
	a.sick.Store(true)
	if got := <-answered; got != "Si paga a giugno.<nil>" {
		t.Error(got)
	}
	if s := stateOf(t, set, a); s.Well || s.Why == "" {
		t.Errorf("%+v", s)
	}
	a.sick.Store(false)
	a.mood.Store("well")
	until(t, "the server", func() bool { return stateOf(t, set, a).Well })
	before := a.chats.Load()
	if _, err := ask(t.Context(), g); err != nil || a.chats.Load() != before+1 {
		t.Errorf("%v: the server that came back was not asked", err)
	}
}

// A lone server that fails again and again is left alone: who asks is told at once, and quotes.
func TestTheBreaker(t *testing.T) {
	a := newMoody(t)
	a.mood.Store("refuses")
	g, set := chatFleet(t, nil, a)
	for range trips {
		if _, err := ask(t.Context(), g); fault.CodeOf(err) != fault.Unavailable {
			t.Error(err)
		}
	}
	asked := a.chats.Load()
	if _, err := ask(t.Context(), g); fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "left alone") || a.chats.Load() != asked {
		t.Errorf("%v after %d requests", err, a.chats.Load()-asked)
	}
	if stateOf(t, set, a).Well {
		t.Error("it is called well")
	}
}

// Who leaves is not the server's fault.
func TestLeavingIsNoFailure(t *testing.T) {
	a := newMoody(t)
	a.mood.Store("slow")
	g, set := chatFleet(t, nil, a)
	for range 2 * trips {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Millisecond, cancel)
		if _, err := ask(ctx, g); err == nil {
			t.Error("answered")
		}
	}
	if s := stateOf(t, set, a); !s.Well || s.Failed != 0 {
		t.Errorf("%+v", s)
	}
}

// When all servers are busy a citizen waits, is told the place, and goes before a clerk; who would wait too long is told at once.
func TestTheQueue(t *testing.T) {
	a := newMoody(t)
	a.mood.Store("slow")
	g, set := chatFleet(t, func(ep *Endpoint) { ep.Patience = 10 * time.Second; ep.Waiting = 2 }, a)
	var mu sync.Mutex
	var order []string
	var told []int
	var all sync.WaitGroup
	start := func(name string, who turn.Who) {
		all.Go(func() {
			_, err := ask(turn.With(t.Context(), who), g)
			mu.Lock()
			defer mu.Unlock()
			order = append(order, fmt.Sprint(name, err))
		})
	}
	waiting := func(n int) {
		until(t, "the queue", func() bool {
			_, queues := set.Servers()
			return queues[0].Waiting["citizen"]+queues[0].Waiting["staff"] == n
		})
	}
	start("first", turn.Who{})
	until(t, "the first", func() bool { return a.chats.Load() == 1 })
	start("clerk", turn.Who{Class: turn.Staff})
	waiting(1)
	start("citizen", turn.Who{Tenant: "a", Told: func(n int) { mu.Lock(); defer mu.Unlock(); told = append(told, n) }})
	waiting(2)
	start("another", turn.Who{Tenant: "a"})
	waiting(3)
	if _, err := ask(turn.With(t.Context(), turn.Who{Tenant: "a"}), g); !errors.Is(err, turn.ErrBusy) || fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("a third citizen waits where two may: %v", err)
	}
	until(t, "the place", func() bool { mu.Lock(); defer mu.Unlock(); return len(told) > 0 })
	for i := range 4 {
		until(t, "a turn", func() bool { return a.chats.Load() == int64(i+1) })
		a.gate <- struct{}{}
		until(t, "an answer", func() bool { mu.Lock(); defer mu.Unlock(); return len(order) == i+1 })
	}
	all.Wait()
	if got := strings.Join(order, " "); got != "first<nil> citizen<nil> another<nil> clerk<nil>" || told[0] != 1 {
		t.Errorf("%s, told %v", got, told)
	}
}

func TestWeights(t *testing.T) {
	a, b := newMoody(t), newMoody(t)
	a.mood.Store("slow")
	b.mood.Store("slow")
	g, set := chatFleet(t, func(ep *Endpoint) {
		ep.Servers[0].Weight, ep.Servers[0].AtOnce, ep.Servers[1].AtOnce = 3, 8, 8
	}, a, b)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { _, _ = ask(t.Context(), g) })
	}
	until(t, "eight requests", func() bool { return a.chats.Load()+b.chats.Load() == 8 })
	if a.chats.Load() != 6 || b.chats.Load() != 2 {
		t.Errorf("%d and %d", a.chats.Load(), b.chats.Load())
	}
	if s := stateOf(t, set, a); s.Under != 6 {
		t.Errorf("%+v", s)
	}
	close(a.gate)
	close(b.gate)
	all.Wait()
	if s := stateOf(t, set, a); s.Under != 0 || s.Asked != 6 {
		t.Errorf("%+v", s)
	}
}

// A server with other vectors is never asked for any, whatever its model is called.
func TestVectorsOfAnotherModel(t *testing.T) {
	first, same, strange, longer := newMoody(t), newMoody(t), newMoody(t), newMoody(t)
	strange.vector, longer.vector, same.vector = "[0.6,0.8,0]", "[1,0,0,0]", "[0.999,0.01,0]"
	set := open(t, Config{Embedding: Endpoint{Address: first.URL, Model: "e5-small", Servers: []Server{{Address: same.URL}, {Address: strange.URL}, {Address: longer.URL}}}})
	w := set.wires[engine.Embedding]
	quick(w)
	set.Check(t.Context())
	for m, want := range map[*moody]string{first: "", same: "", strange: "another model", longer: "4 dimensions"} {
		if s := stateOf(t, set, m); s.Well != (want == "") || !strings.Contains(s.Why, want) {
			t.Errorf("%+v, want %q", s, want)
		}
	}
	if alone := open(t, Config{Embedding: Endpoint{Address: first.URL, Model: "e5-small"}}); alone.Embedder.Model() != set.Embedder.Model() {
		t.Error("more servers make the vectors anew")
	}
	// The first one away: the others are known by what it gave.
	first.Close()
	again := open(t, Config{CacheDir: strings.TrimSuffix(set.keep, "/means"), Embedding: Endpoint{Address: first.URL, Model: "e5-small", Servers: []Server{{Address: same.URL}, {Address: strange.URL}}}})
	quick(again.wires[engine.Embedding])
	again.Check(t.Context())
	if !stateOf(t, again, same).Well || stateOf(t, again, strange).Well || stateOf(t, again, first).Well {
		all, _ := again.Servers()
		t.Errorf("%+v", all)
	}
}

func TestServersOfTheConfiguration(t *testing.T) {
	for name, ep := range map[string]Endpoint{
		"address": {Model: "m", Servers: []Server{{Address: "gpu:8000"}}},
		"weight":  {Model: "m", Servers: []Server{{Address: "http://gpu:8000", Weight: -1}}},
		"model":   {Servers: []Server{{Address: "http://gpu:8000"}}},
	} {
		if _, err := Open(t.Context(), Config{CacheDir: t.TempDir(), Chat: ep}); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	own := newMoody(t)
	var asked atomic.Value
	own.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if len(b) > 0 { // the watch sends nothing
			asked.Store(string(b))
		}
		events(delta("Si paga a giugno [1]."), stop, done)(w, r)
	})
	g, _ := chatFleet(t, func(ep *Endpoint) { ep.Servers[0].Model = "another-name" }, own)
	g2, _ := chatFleet(t, func(ep *Endpoint) {
		ep.Address = own.URL
		ep.Servers[0].Model = "another-name"
		ep.Servers[0].Weight = 1000
	}, own)
	for want, g := range map[string]*Generator{`"model":"chat"`: g, `"model":"another-name"`: g2} {
		if _, err := ask(t.Context(), g); err != nil || want == `"model":"another-name"` && !strings.Contains(asked.Load().(string), want) {
			t.Errorf("%v: %v", err, asked.Load())
		}
	}
}

// An ingestion waits as long as it takes; only people are turned away.
func TestWorkInTheBackgroundWaits(t *testing.T) {
	a := newMoody(t)
	a.mood.Store("slow")
	g, set := chatFleet(t, func(ep *Endpoint) { ep.Patience, ep.Waiting = time.Millisecond, 1 }, a)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if said, err := ask(t.Context(), g); err != nil || said == "" {
				t.Errorf("%q %v", said, err)
			}
		})
	}
	until(t, "the queue", func() bool { _, queues := set.Servers(); return queues[0].Waiting["background"] == 3 })
	time.Sleep(20 * time.Millisecond) // longer than people's patience
	close(a.gate)
	all.Wait()
}
