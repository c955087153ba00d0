package dialogue

import (
	"testing"
	"time"

	"sportello/assistant"
)

// FuzzToken takes what a page sends as the token of a conversation: only what this process gave says anything.
func FuzzToken(f *testing.F) {
	t := newTokens(nil, time.Now)
	token, err := t.give("avella", &assistant.Turn{Question: "Quando si paga?", Language: "it"}, "ABCD")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Add(token[:len(token)-1])
	f.Add("")
	f.Add("====")
	f.Fuzz(func(test *testing.T, s string) {
		if turn, code := t.take("avella", s); (turn != nil || code != "") && s != token {
			test.Errorf("%q says %+v", s, turn)
		}
		if turn, code := t.take("nola", s); turn != nil || code != "" {
			test.Errorf("%q of another tenant says %+v", s, turn)
		}
	})
}
