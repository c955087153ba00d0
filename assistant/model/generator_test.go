package model

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/assistant/fault"
)

var two = []assistant.Passage{
	{Title: "Regolamento TARI", Article: "12", Text: "La prima rata scade il 16 giugno."},
	{Title: "Avviso", Page: 3, Lead: "Orari", Text: "L'ufficio apre alle 9."},
}

// generate collects the drafts of one question.
func generate(t *testing.T, g *Generator) ([]assistant.Draft, error) {
	t.Helper()
	var out []assistant.Draft
	err := g.Generate(t.Context(), assistant.Question{Text: "Quando?", Language: "it"}, two, func(d assistant.Draft) error {
		out = append(out, d)
		return nil
	})
	return out, err
}

func TestGenerate(t *testing.T) {
	s := serve(t, events(": ping", delta("La rata sca"), delta("de il 16 giugno [1]."), delta(" L'ufficio apre"), delta(" alle 9. [2]"), stop, usage, done))
	g := generatorAt(t, s, map[string]any{"top_p": 0.8, "cache_prompt": true}, nil)
	got, err := generate(t, g)
	if err != nil {
		t.Fatal(err)
	}
	want := []assistant.Draft{{Text: "La rata scade il 16 giugno.", Sources: []int{1}}, {Text: "L'ufficio apre alle 9.", Sources: []int{2}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	r := s.seen()[0]
	if r.path != "/v1/chat/completions" || r.auth != "Bearer secret-key" {
		t.Errorf("request %+v", r)
	}
	if r.body["max_tokens"] != 99.0 || r.body["max_completion_tokens"] != nil || r.body["stream"] != true ||
		r.body["top_p"] != 0.8 || r.body["cache_prompt"] != true || r.body["temperature"] != 0.1 || r.body["model"] != "chat" {
		t.Errorf("body %v", r.body)
	}
	msgs := r.body["messages"].([]any)
	user := msgs[1].(map[string]any)["content"].(string)
	if !strings.Contains(user, `place="art. 12"`) || !strings.Contains(user, "Orari\nL'ufficio") || !strings.Contains(user, "Italian") {
		t.Errorf("prompt %s", user)
	}
	if !strings.HasPrefix(g.Name(), "chat@http://") {
		t.Errorf("name %q", g.Name())
	}
}

// The first draft is emitted while the model is still speaking.
func TestGenerateStreams(t *testing.T) {
	first := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		events(delta("Primo [1]. Secondo"))(w, r)
		<-first
		events(delta(" fatto [2]."), stop, done)(w, r)
	})
	n := 0
	err := generatorAt(t, s, nil, nil).Generate(t.Context(), assistant.Question{}, two, func(assistant.Draft) error {
		if n++; n == 1 {
			close(first)
		}
		return nil
	})
	if err != nil || n != 2 {
		t.Errorf("%d drafts, %v", n, err)
	}
}

func TestGenerateBrokenStreams(t *testing.T) {
	whole := delta("Uno [1]. Due [2]. Tre")
	for name, answer := range map[string]http.HandlerFunc{
		"error event":         events(whole, `data: {"error":{"message":"out of memory","code":500}}`, done),
		"error line":          events(whole, `error: {"code":500,"message":"slot lost"}`),
		"named error event":   events(whole, "event: error\ndata: {\"message\":\"no\"}"),
		"no end":              events(whole),
		"done without finish": events(whole, done),
		"broken event":        events(whole, `data: {"choices":[{"delta":{"conte`, stop, done),
		"connection cut":      func(w http.ResponseWriter, r *http.Request) { events(whole)(w, r); panic(http.ErrAbortHandler) },
		"event over the limit": func(w http.ResponseWriter, r *http.Request) {
			events(whole, delta(strings.Repeat("x", maxEvent)))(w, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := generate(t, generatorAt(t, serve(t, answer), nil, nil))
			if code := fault.CodeOf(err); code != fault.Unavailable && code != fault.TooLarge {
				t.Errorf("error %v", err)
			}
			want := []assistant.Draft{{Text: "Uno.", Sources: []int{1}}, {Text: "Due.", Sources: []int{2}}}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestGenerateGoodStreams(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"no [DONE] but finished": events(delta("Uno [1]."), stop),
		"line over 64 KB":        events(`data: {"choices":[{"delta":{"content":"Uno [1]."},"finish_reason":null}],"timings":"`+strings.Repeat("x", 100<<10)+`"}`, stop, done),
		"not streamed":           status(200, `{"choices":[{"message":{"role":"assistant","content":"Uno [1]."},"finish_reason":"stop"}]}`, "Content-Type", "application/json"),
		"finish with text":       events(`data: {"choices":[{"delta":{"content":"Uno [1]."},"finish_reason":"stop"}]}`, done),
		"reasoning apart":        events(`data: {"choices":[{"delta":{"reasoning_content":"hmm"}}]}`, delta("Uno [1]."), stop, done),
		"error null":             events(`data: {"error":null,"choices":[{"delta":{"content":"Uno [1]."}}]}`, stop, done),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := generate(t, generatorAt(t, serve(t, answer), nil, nil))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff([]assistant.Draft{{Text: "Uno.", Sources: []int{1}}}, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestGenerateWholeAnswerErrors(t *testing.T) {
	for name, body := range map[string]string{
		"error": `{"error":{"message":"no"}}`, "no choice": `{"choices":[]}`, "no finish": `{"choices":[{"message":{"content":"Uno."}}]}`, "not JSON": `{`,
	} {
		_, err := generate(t, generatorAt(t, serve(t, status(200, body, "Content-Type", "application/json")), nil, nil))
		if fault.CodeOf(err) != fault.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A text cut by the limit of tokens loses its last half sentence and is no error.
func TestGenerateLength(t *testing.T) {
	got, err := generate(t, generatorAt(t, serve(t, events(delta("Uno [1]. Due che non"), length, done)), nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]assistant.Draft{{Text: "Uno.", Sources: []int{1}}}, got); d != "" {
		t.Error(d)
	}
}

func TestGenerateEmitStops(t *testing.T) {
	stopped := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		events(delta("Uno [1]. Due [1]. Tre"))(w, r)
		<-r.Context().Done()
		close(stopped)
	})
	mine := errors.New("enough of this")
	err := generatorAt(t, s, nil, nil).Generate(t.Context(), assistant.Question{}, two, func(assistant.Draft) error { return mine })
	if err != mine { //nolint:errorlint // handed through as it is, not wrapped
		t.Errorf("%v", err)
	}
	<-stopped // the server learns of it
}

func TestGenerateCancelled(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		events(delta("Uno"))(w, r)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	err := generatorAt(t, s, nil, nil).Generate(ctx, assistant.Question{}, two, func(assistant.Draft) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// A stream that stops sending is given up.
func TestGenerateStalls(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		events(delta("Uno"))(w, r)
		<-r.Context().Done()
	})
	g := generatorAt(t, s, nil, func(w *wire) { w.patience = 100 * time.Millisecond })
	if _, err := generate(t, g); fault.CodeOf(err) != fault.Timeout {
		t.Error(err)
	}
}

func TestGenerateNothing(t *testing.T) {
	s := serve(t, events(delta("NON_SO."), stop, done))
	g := generatorAt(t, s, nil, nil)
	if got, err := generate(t, g); err != nil || got != nil {
		t.Errorf("%v %v", got, err)
	}
	if err := g.Generate(t.Context(), assistant.Question{}, nil, nil); err != nil || len(s.seen()) != 1 {
		t.Errorf("without passages: %v, %d calls", err, len(s.seen()))
	}
}

func TestSourcesFit(t *testing.T) {
	g := &Generator{room: 100}
	p := func(n int) assistant.Passage { return assistant.Passage{Text: strings.Repeat("è", n)} }
	for _, c := range []struct {
		in   []assistant.Passage
		want []int
	}{
		{[]assistant.Passage{p(40), p(50), p(20)}, []int{40, 50}},
		{[]assistant.Passage{p(400), p(5)}, []int{100}},
		{[]assistant.Passage{p(1), p(1), p(1), p(1), p(1), p(1), p(1), p(1)}, []int{1, 1, 1, 1, 1, 1}},
	} {
		var got []int
		for _, s := range g.sources(c.in) {
			got = append(got, len([]rune(s.Text)))
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Error(d)
		}
	}
}
