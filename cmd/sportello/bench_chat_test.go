package main

import (
	"encoding/json"
	"strings"
	"testing"

	"sportello/assistant/fault"
)

func TestUnlike(t *testing.T) {
	got, err := unlike([]byte(`{"max_tokens":60,"messages":[{"role":"system","content":"Sei uno sportello."},{"role":"user","content":"Quando?"}]}`), 7)
	if err != nil {
		t.Fatal(err)
	}
	var prompt struct {
		Max      int `json:"max_tokens"`
		Messages []struct{ Role, Content string }
	}
	if err := json.Unmarshal(got, &prompt); err != nil {
		t.Fatal(err)
	}
	if prompt.Max != 60 || prompt.Messages[0].Content != "Sei uno sportello." || prompt.Messages[1].Content != "7. Quando?" {
		t.Errorf("%+v", prompt)
	}
	for _, bad := range []string{"", `{}`, `{"messages":[]}`, `{"messages":[{"content":[]}]}`} {
		if _, err := unlike([]byte(bad), 1); fault.CodeOf(err) != fault.Internal {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if m := median([]float64{3, 1, 2}); m != 2 || median(nil) != 0 {
		t.Error(m)
	}
	if !strings.Contains((&benchChatCmd{}).Help(), "bench chat") {
		t.Error("no example")
	}
}
