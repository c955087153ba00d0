// Package unigram counts the tokens of a text as a model with a unigram vocabulary (SentencePiece: XLM-RoBERTa, the e5 and bge-m3
// families) will, without asking the engine.
//
// It keeps the vocabulary in a compact sorted form, some 8 MB for 250,000 pieces, and nothing of the texts. It does not
// give token ids: counting and cutting are all that chunks and windows need.
package unigram

import (
	"errors"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"sportello/assistant/model/gguf"
)

// Vocabulary counts tokens. It is safe for concurrent use.
type Vocabulary struct {
	blob    string   // the pieces, sorted, one after the other
	starts  []uint32 // of each piece in blob, and the end of the last
	scores  []float32
	first   [257]int32 // pieces that start with byte b: first[b] to first[b+1]
	longest int        // bytes of the longest piece
	unknown float32    // score of a character that is in no piece
}

// ErrNone says that the model has no unigram vocabulary.
var ErrNone = errors.New("the model has no unigram vocabulary")

const (
	space          = "▁" // stands for a space in pieces
	specialTokens  = 2   // start and end
	unknownPenalty = 10  // under the worst piece, as in SentencePiece
	kindNormal     = 1
	kindUserDef    = 4
)

// FromGGUF takes the vocabulary of a model file.
func FromGGUF(m gguf.Metadata) (*Vocabulary, error) {
	tokens, _ := m["tokenizer.ggml.tokens"].([]string)
	scores, _ := m["tokenizer.ggml.scores"].([]float32)
	kinds, _ := m["tokenizer.ggml.token_type"].([]int32)
	if m.Text("tokenizer.ggml.model") != "t5" || len(tokens) == 0 || len(scores) != len(tokens) || len(kinds) != len(tokens) {
		return nil, ErrNone
	}
	var keep []int
	for i, k := range kinds {
		if (k == kindNormal || k == kindUserDef) && tokens[i] != "" {
			keep = append(keep, i)
		}
	}
	sort.Slice(keep, func(a, b int) bool { return tokens[keep[a]] < tokens[keep[b]] })
	v := &Vocabulary{starts: make([]uint32, 1, len(keep)+1), scores: make([]float32, 0, len(keep))}
	var blob strings.Builder
	for _, i := range keep {
		blob.WriteString(tokens[i])
		v.starts = append(v.starts, uint32(blob.Len()))
		v.scores = append(v.scores, scores[i])
		v.longest = max(v.longest, len(tokens[i]))
		v.unknown = min(v.unknown, scores[i])
		v.first[int(tokens[i][0])+1]++
	}
	for b := 1; b < len(v.first); b++ {
		v.first[b] += v.first[b-1]
	}
	v.blob = blob.String()
	v.unknown -= unknownPenalty
	return v, nil
}

// Count gives the tokens of a text, the start and end tokens included. The text is taken as it is: normalise it first.
func (v *Vocabulary) Count(text string) int {
	n := specialTokens
	var s scratch
	for word := range strings.FieldsSeq(text) {
		n += v.word(word, &s)
	}
	return n
}

// Cut gives the longest start of text that ends between words and counts at most limit tokens, start and end tokens
// included, and its length in bytes. A first word that is too long by itself is cut between characters. It is never empty
// for a text that is not.
func (v *Vocabulary) Cut(text string, limit int) (bytes, tokens int) {
	var s scratch
	n, pos := specialTokens, 0
	for pos < len(text) {
		from, to := nextWord(text, pos)
		if from == to {
			return len(text), n
		}
		w := v.word(text[from:to], &s)
		if n+w <= limit {
			n, pos = n+w, to
			continue
		}
		if pos > 0 {
			return pos, n
		}
		return v.cutWord(text, from, to, limit, &s)
	}
	return len(text), n
}

// cutWord halves a word until it fits.
func (v *Vocabulary) cutWord(text string, from, to, limit int, s *scratch) (bytes, tokens int) {
	_, one := utf8.DecodeRuneInString(text[from:])
	for {
		half := from + (to-from)/2
		for half > from && !utf8.RuneStart(text[half]) {
			half--
		}
		half = max(half, from+one)
		n := specialTokens + v.word(text[from:half], s)
		if n <= limit || half == from+one {
			return half, n
		}
		to = half
	}
}

func nextWord(text string, pos int) (from, to int) {
	rest := text[pos:]
	skip := len(rest) - len(strings.TrimLeftFunc(rest, unicode.IsSpace))
	from = pos + skip
	n := strings.IndexFunc(text[from:], unicode.IsSpace)
	if n < 0 {
		return from, len(text)
	}
	return from, from + n
}

// scratch is the memory of one count.
type scratch struct {
	word  []byte
	best  []float32
	count []int32
}

// word finds the best cut of a word into pieces (Viterbi) and counts them. Characters in no piece count one each: a run of them is one token
// in some engines, so this is an upper bound there.
func (v *Vocabulary) word(w string, s *scratch) int {
	s.word = append(append(s.word[:0], space...), w...)
	n := len(s.word)
	const never = -1e30
	s.best = append(s.best[:0], 0)
	s.count = append(s.count[:0], 0)
	for range n {
		s.best = append(s.best, never)
		s.count = append(s.count, 0)
	}
	relax := func(from, to int, score float32) {
		if t := s.best[from] + score; t > s.best[to] {
			s.best[to], s.count[to] = t, s.count[from]+1
		}
	}
	for i := 0; i < n; i++ {
		if s.best[i] == never {
			continue
		}
		_, size := utf8.DecodeRune(s.word[i:])
		relax(i, i+size, v.unknown)
		v.prefixes(s.word[i:], func(length int, score float32) { relax(i, i+length, score) })
	}
	return int(s.count[n])
}

// prefixes calls found for each piece that the text starts with, narrowing the range of candidates byte by byte.
func (v *Vocabulary) prefixes(text []byte, found func(length int, score float32)) {
	lo, hi := v.first[text[0]], v.first[int(text[0])+1]
	for depth := 1; lo < hi; depth++ {
		if v.size(lo) == depth { // sorted: the shortest comes first
			found(depth, v.scores[lo])
			lo++
		}
		if depth == len(text) || depth == v.longest {
			return
		}
		lo, hi = v.narrow(lo, hi, depth, text[depth])
	}
}

func (v *Vocabulary) size(i int32) int { return int(v.starts[i+1] - v.starts[i]) }

// narrow keeps the pieces of [lo, hi) whose byte at depth is b. All of them are longer than depth and agree before it.
func (v *Vocabulary) narrow(lo, hi int32, depth int, b byte) (int32, int32) {
	at := func(i int32) byte { return v.blob[int(v.starts[i])+depth] }
	from := lo + int32(sort.Search(int(hi-lo), func(i int) bool { return at(lo+int32(i)) >= b }))
	to := from + int32(sort.Search(int(hi-from), func(i int) bool { return at(from+int32(i)) > b }))
	return from, to
}
