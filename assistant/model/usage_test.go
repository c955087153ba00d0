package model

import (
	"testing"

	"sportello/assistant"
)

func TestCountTokens(t *testing.T) {
	const counted = `data: {"choices":[],"usage":{"prompt_tokens":40,"completion_tokens":9}}`
	whole := `{"choices":[{"message":{"content":"Il 16 giugno [1]."},"finish_reason":"stop"}],"usage":{"prompt_tokens":2,"completion_tokens":1}}`
	s := serve(t,
		events(delta("Il 16 giugno [1]."), stop, counted, done),
		status(200, whole, "Content-Type", "application/json"),
		events(delta("Il 16 giugno [1]."), stop, done))
	g := generatorAt(t, s, nil, nil)
	ctx, tokens := CountTokens(t.Context())
	for range 3 {
		if err := g.Generate(ctx, assistant.Question{Text: "Quando?", Language: "it"}, two, func(assistant.Draft) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if in, out, answers := tokens.Sum(); in != 42 || out != 10 || answers != 2 {
		t.Errorf("%d in, %d out, %d answers", in, out, answers)
	}
	options, _ := s.seen()[0].body["stream_options"].(map[string]any)
	if options["include_usage"] != true {
		t.Errorf("the server was not asked to count: %v", s.seen()[0].body)
	}
	if _, err := generate(t, g); err != nil {
		t.Fatal(err)
	}
	if in, _, _ := tokens.Sum(); in != 42 {
		t.Error("a chat that nobody counts was counted")
	}
}
