package dialogue

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
)

func TestToken(t *testing.T) {
	now := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	k := newTokens(nil, func() time.Time { return now })
	turn := &assistant.Turn{Question: "Quanto costa la Sala civica?", Language: "it", Title: "Regolamento", Article: "4"}
	token, err := k.give("avella", turn, "ABCD")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(token, "Sala") || strings.ContainsAny(token, "+/=<>\"") {
		t.Errorf("token %q", token)
	}
	got, code := k.take("avella", token)
	if d := cmp.Diff(turn, got); d != "" || code != "ABCD" {
		t.Error(d, code)
	}
	turnOf := func(k *tokens, tenant, token string) *assistant.Turn {
		got, code := k.take(tenant, token)
		if got == nil && code != "" {
			t.Errorf("a code without a conversation: %s", code)
		}
		return got
	}
	other := newTokens(nil, func() time.Time { return now })
	forged := []byte(token)
	forged[len(forged)-5] ^= 1
	for name, got := range map[string]*assistant.Turn{
		"of another tenant":  turnOf(k, "baiano", token),
		"of another process": turnOf(other, "avella", token),
		"forged":             turnOf(k, "avella", string(forged)),
		"no token":           turnOf(k, "avella", "<script>"),
		"empty":              turnOf(k, "avella", ""),
		"short":              turnOf(k, "avella", "AAAA"),
		"too long":           turnOf(k, "avella", strings.Repeat("A", tokenLength+1)),
	} {
		if got != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	now = now.Add(tokenKept + time.Minute)
	if turnOf(k, "avella", token) != nil {
		t.Error("an old token is taken")
	}
	long, err := k.give("avella", &assistant.Turn{Question: strings.Repeat("à", 2000)}, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := turnOf(k, "avella", long); len([]rune(got.Question)) != carriedMost || len(long) > 2000 {
		t.Errorf("%d characters carried in %d bytes", len([]rune(got.Question)), len(long))
	}
	if empty, err := k.give("avella", nil, ""); err != nil || empty == "" || turnOf(k, "avella", empty) != nil {
		t.Errorf("nothing said yet: %q %v", empty, err)
	}
}

// Two processes that are given the same keys go on with each other's conversations, over midnight too, and nobody keeps a key for longer.
func TestSharedTokens(t *testing.T) {
	now := time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	made := map[string][]byte{}
	shared := func(day string) ([]byte, error) {
		if made[day] == nil {
			made[day] = []byte("key of the day " + day + "       ")[:32]
		}
		return made[day], nil
	}
	a, b := newTokens(shared, clock), newTokens(shared, clock)
	turn := &assistant.Turn{Question: "Quanto costa la Sala civica?", Language: "it"}
	token, err := a.give("avella", turn, "ABCD")
	if err != nil {
		t.Fatal(err)
	}
	for _, later := range []time.Duration{0, time.Hour} {
		now = now.Add(later)
		got, code := b.take("avella", token)
		if d := cmp.Diff(turn, got); d != "" || code != "ABCD" {
			t.Errorf("%v: %s %s", now, d, code)
		}
	}
	now = now.Add(2 * time.Hour)
	if got, _ := b.take("avella", token); got != nil {
		t.Error("it went on after its time")
	}
	if len(made) != 2 || len(b.seal) > 2 {
		t.Errorf("%d keys made, %d held", len(made), len(b.seal))
	}
	broken := newTokens(func(string) ([]byte, error) { return nil, errors.New("no store") }, clock)
	_, err = broken.give("avella", turn, "ABCD")
	if got, _ := broken.take("avella", token); err == nil || got != nil {
		t.Error("sealed without a key")
	}
}
