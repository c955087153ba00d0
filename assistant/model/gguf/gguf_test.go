package gguf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func write(t testing.TB, w *Writer) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := w.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatal(n, err)
	}
	return b.Bytes()
}

func sample(t testing.TB) []byte {
	t.Helper()
	var w Writer
	for _, kv := range []struct {
		k string
		v any
	}{
		{"name", "città"}, {"yes", true}, {"no", false}, {"n", uint32(7)}, {"f", float32(.5)},
		{"tokens", []string{"a", "", "▁b"}}, {"scores", []float32{-1, 2}}, {"types", []int32{1, -2}},
	} {
		if err := w.Set(kv.k, kv.v); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Add("t", F32, make([]byte, 24), 3, 2); err != nil {
		t.Fatal(err)
	}
	if err := w.Add("q", Q40, bytes.Repeat([]byte{9}, 36), 32, 2); err != nil {
		t.Fatal(err)
	}
	return write(t, &w)
}

func TestRoundTrip(t *testing.T) {
	b := sample(t)
	got, err := Read(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	want := Metadata{
		"name": "città", "yes": true, "no": false, "n": uint64(7), "f": float64(.5),
		"tokens": []string{"a", "", "▁b"}, "scores": []float32{-1, 2}, "types": []int32{1, -2},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(b)%alignment != 0 || !bytes.Equal(b[len(b)-64:len(b)-28], bytes.Repeat([]byte{9}, 36)) {
		t.Errorf("the tensors are not aligned at the end of %d bytes", len(b))
	}
	n, ok := got.Int("n")
	if _, none := got.Int("name"); n != 7 || !ok || none || got.Text("name") != "città" || got.Text("n") != "" || !got.Flag("yes", false) || !got.Flag("x", true) {
		t.Error("accessors")
	}
}

func TestReadOtherTypes(t *testing.T) {
	var b bytes.Buffer
	put := func(v any) { _ = binary.Write(&b, binary.LittleEndian, v) }
	str := func(s string) { put(uint64(len(s))); b.WriteString(s) }
	b.WriteString(magic)
	put(uint32(2))
	put(uint64(0))
	values := []any{uint8(200), int8(-1), uint16(60000), int16(-2), int32(-3), uint64(1 << 40), int64(-4), math.Pi}
	put(uint64(len(values) + 1))
	types := []Type{Uint8, Int8, Uint16, Int16, Int32, Uint64, Int64, Float64}
	for i, v := range values {
		str(string(rune('a' + i)))
		put(uint32(types[i]))
		put(v)
	}
	str("arr")
	put(uint32(Array))
	put(uint32(Bool))
	put(uint64(2))
	b.Write([]byte{1, 0})
	got, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	want := Metadata{"a": uint64(200), "b": int64(-1), "c": uint64(60000), "d": int64(-2), "e": int64(-3), "f": uint64(1 << 40), "g": int64(-4), "h": math.Pi, "arr": []any{true, false}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if n, ok := got.Int("g"); n != -4 || !ok {
		t.Error(n, ok)
	}
}

func TestReadErrors(t *testing.T) {
	good := sample(t)
	for n := range 200 {
		if _, err := Read(bytes.NewReader(good[:n])); !errors.Is(err, ErrFormat) {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
	for name, change := range map[string]func([]byte){
		"magic":       func(b []byte) { b[0] = 'X' },
		"version":     func(b []byte) { b[4] = 9 },
		"many values": func(b []byte) { b[19] = 1 },
		"long key":    func(b []byte) { b[28] = 1 },
		"type":        func(b []byte) { b[36] = 99 },
	} {
		b := bytes.Clone(good)
		change(b)
		if _, err := Read(bytes.NewReader(b)); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadFile(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestWriterErrors(t *testing.T) {
	var w Writer
	if w.Set("x", 1) == nil {
		t.Error("an int is written")
	}
	if w.Add("x", F32, make([]byte, 5), 2) == nil {
		t.Error("a tensor of the wrong size is written")
	}
	if w.Add("x", Q40, make([]byte, 18), 33) == nil || w.Add("x", Q40, nil) == nil {
		t.Error("a row that is no multiple of 32 is written")
	}
	if err := w.Set("k", "v"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteTo(failing{}); err == nil {
		t.Error("a failed write is not told")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func FuzzRead(f *testing.F) {
	f.Add(sample(f))
	f.Fuzz(func(_ *testing.T, b []byte) { _, _ = Read(bytes.NewReader(b)) })
}
