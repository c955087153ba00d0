package model

import (
	"math"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// normal gives a text as SentencePiece's models were trained on it: NFKC, no control or format characters, spaces single.
// llama.cpp leaves this out for a unigram vocabulary, and then full-width Chinese or a PDF's ligatures get other vectors.
func normal(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	space := false
	for _, r := range norm.NFKC.String(strings.ToValidUTF8(text, " ")) {
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case unicode.Is(unicode.Cc, r), r == '\u00ad', r == '\u200b', r == '\u200e', r == '\u200f', r == '\ufeff':
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// unit makes a vector of length 1, in place. A zero vector stays.
func unit(v []float32) []float32 {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return v
	}
	f := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= f
	}
	return v
}

// add adds weight*v to sum.
func add(sum, v []float32, weight float32) {
	for i, x := range v {
		sum[i] += weight * x
	}
}
