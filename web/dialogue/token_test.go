package dialogue

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
)

func TestToken(t *testing.T) {
	now := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	k, err := newTokens(func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	turn := &assistant.Turn{Question: "Quanto costa la Sala civica?", Language: "it", Title: "Regolamento", Article: "4"}
	token, err := k.give("avella", turn)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(token, "Sala") || strings.ContainsAny(token, "+/=<>\"") {
		t.Errorf("token %q", token)
	}
	if d := cmp.Diff(turn, k.take("avella", token)); d != "" {
		t.Error(d)
	}
	other, err := newTokens(func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	forged := []byte(token)
	forged[len(forged)-5] ^= 1
	for name, got := range map[string]*assistant.Turn{
		"of another tenant":  k.take("baiano", token),
		"of another process": other.take("avella", token),
		"forged":             k.take("avella", string(forged)),
		"no token":           k.take("avella", "<script>"),
		"empty":              k.take("avella", ""),
		"short":              k.take("avella", "AAAA"),
		"too long":           k.take("avella", strings.Repeat("A", tokenLength+1)),
	} {
		if got != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	now = now.Add(tokenKept + time.Minute)
	if k.take("avella", token) != nil {
		t.Error("an old token is taken")
	}
	long, err := k.give("avella", &assistant.Turn{Question: strings.Repeat("à", 2000)})
	if err != nil {
		t.Fatal(err)
	}
	if got := k.take("avella", long); len([]rune(got.Question)) != carriedMost || len(long) > 2000 {
		t.Errorf("%d characters carried in %d bytes", len([]rune(got.Question)), len(long))
	}
	if empty, err := k.give("avella", nil); err != nil || empty == "" || k.take("avella", empty) != nil {
		t.Errorf("nothing said yet: %q %v", empty, err)
	}
}
