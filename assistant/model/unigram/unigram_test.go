package unigram

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"sportello/assistant/model/gguf"
)

func vocabulary(t testing.TB) *Vocabulary {
	t.Helper()
	tokens := []string{"<s>", "<pad>", "</s>", "<unk>", "▁", "▁la", "▁l", "a", "▁tass", "tassa", "▁tassa", "s", "t", "è", "à", "▁città", "[PAD]", ""}
	scores := []float32{0, 0, 0, 0, -4, -2, -5, -4, -6, -6, -3, -5, -5, -5, -5, -3, -10000, 0}
	kinds := make([]int32, len(tokens))
	for i := range kinds {
		kinds[i] = 1
	}
	kinds[0], kinds[1], kinds[2], kinds[3], kinds[16] = 3, 3, 3, 2, 5
	v, err := FromGGUF(gguf.Metadata{"tokenizer.ggml.model": "t5", "tokenizer.ggml.tokens": tokens, "tokenizer.ggml.scores": scores, "tokenizer.ggml.token_type": kinds})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestCount(t *testing.T) {
	v := vocabulary(t)
	for text, want := range map[string]int{
		"":           2,
		"  \n ":      2,
		"la":         3,
		"la tassa":   4,
		"la  tassa ": 4,
		"città":      3,
		"tassaa":     4, // ▁tassa + a
		"tass":       3,
		"è":          4, // ▁ + è
		"xy":         5, // ▁ and two characters in no piece
		"l":          3,
	} {
		if got := v.Count(text); got != want {
			t.Errorf("%q: %d tokens, want %d", text, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	v := vocabulary(t)
	for _, c := range []struct {
		text   string
		limit  int
		want   string
		tokens int
	}{
		{"la tassa la tassa", 4, "la tassa", 4},
		{"la tassa", 10, "la tassa", 4},
		{"la tassa  ", 4, "la tassa  ", 4},
		{" la", 3, " la", 3},
		{"aaaaaaaa", 5, "aa", 5},
		{"ààààà", 1, "à", 4}, // never empty, whatever the limit
		{"", 4, "", 2},
	} {
		n, tokens := v.Cut(c.text, c.limit)
		if c.text[:n] != c.want || tokens != c.tokens {
			t.Errorf("%q at %d: %q, %d tokens", c.text, c.limit, c.text[:n], tokens)
		}
	}
}

func TestNoVocabulary(t *testing.T) {
	for _, m := range []gguf.Metadata{{}, {"tokenizer.ggml.model": "gpt2", "tokenizer.ggml.tokens": []string{"a"}}} {
		if _, err := FromGGUF(m); !errors.Is(err, ErrNone) {
			t.Error(err)
		}
	}
}

// Cutting again and again gives back the whole text, in pieces of whole characters.
func FuzzCut(f *testing.F) {
	v := vocabulary(f)
	f.Add("la tassa è città xyz", uint8(5))
	f.Fuzz(func(t *testing.T, text string, limit uint8) {
		text = strings.ToValidUTF8(text, "")
		for rest := text; rest != ""; {
			n, _ := v.Cut(rest, int(limit))
			if n <= 0 || n > len(rest) || !utf8.ValidString(rest[:n]) {
				t.Fatalf("%q at %d: %d bytes", rest, limit, n)
			}
			rest = rest[n:]
		}
	})
}
