package gguf

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
)

// Metadata is what a file says of its model. Values are string, bool, uint64, int64, float64, or slices of string, float32,
// int32 or any.
type Metadata map[string]any

const (
	maxString  = 16 << 20 // a chat template is some 10 KB
	maxArray   = 4 << 20  // a vocabulary has up to 260,000 entries, its merges some more
	maxEntries = 1 << 16
)

// ErrFormat is in the chain of every error of a file that is not a GGUF this package reads.
var ErrFormat = errors.New("not a GGUF file of version 2 or 3")

// ReadFile reads the metadata of a model file.
func ReadFile(path string) (Metadata, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return Read(f)
}

// Read reads the metadata at the start of a model file.
func Read(r io.Reader) (Metadata, error) {
	in := &in{r: bufio.NewReaderSize(r, 1<<18)}
	var head [4]byte
	in.bytes(head[:])
	v := in.u32()
	in.u64() // tensors
	n := in.u64()
	if in.err == nil && (string(head[:]) != magic || v < 2 || v > 3 || n > maxEntries) {
		in.fail("wrong header")
	}
	m := Metadata{}
	for i := uint64(0); i < n && in.err == nil; i++ {
		key := in.str()
		m[key] = in.value(Type(in.u32()))
	}
	if in.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, in.err)
	}
	return m, nil
}

// Text gives a string value, empty when there is none.
func (m Metadata) Text(key string) string {
	s, _ := m[key].(string)
	return s
}

// Int gives an integer value.
func (m Metadata) Int(key string) (int, bool) {
	switch v := m[key].(type) {
	case uint64:
		return int(v), true
	case int64:
		return int(v), true
	}
	return 0, false
}

// Flag gives a boolean value, absent when there is none.
func (m Metadata) Flag(key string, absent bool) bool {
	if b, ok := m[key].(bool); ok {
		return b
	}
	return absent
}

// in reads numbers and remembers the first error.
type in struct {
	r   *bufio.Reader
	err error
	buf [8]byte
}

func (i *in) fail(format string, args ...any) {
	if i.err == nil {
		i.err = fmt.Errorf(format, args...)
	}
}

func (i *in) bytes(b []byte) {
	if i.err == nil {
		_, i.err = io.ReadFull(i.r, b)
	}
	if i.err != nil {
		clear(b)
	}
}

func (i *in) u8() uint8   { i.bytes(i.buf[:1]); return i.buf[0] }
func (i *in) u16() uint16 { i.bytes(i.buf[:2]); return binary.LittleEndian.Uint16(i.buf[:]) }
func (i *in) u32() uint32 { i.bytes(i.buf[:4]); return binary.LittleEndian.Uint32(i.buf[:]) }
func (i *in) u64() uint64 { i.bytes(i.buf[:8]); return binary.LittleEndian.Uint64(i.buf[:]) }

func (i *in) str() string {
	n := i.u64()
	if n > maxString {
		i.fail("a string of %d bytes", n)
	}
	if i.err != nil {
		return ""
	}
	b := make([]byte, n)
	i.bytes(b)
	return string(b)
}

func (i *in) value(t Type) any {
	switch t {
	case Uint8:
		return uint64(i.u8())
	case Int8:
		return int64(int8(i.u8()))
	case Uint16:
		return uint64(i.u16())
	case Int16:
		return int64(int16(i.u16()))
	case Uint32:
		return uint64(i.u32())
	case Int32:
		return int64(int32(i.u32()))
	case Float32:
		return float64(math.Float32frombits(i.u32()))
	case Bool:
		return i.u8() != 0
	case String:
		return i.str()
	case Array:
		return i.array()
	case Uint64:
		return i.u64()
	case Int64:
		return int64(i.u64())
	case Float64:
		return math.Float64frombits(i.u64())
	}
	i.fail("a value of unknown type %d", t)
	return nil
}

func (i *in) array() any {
	elem, n := Type(i.u32()), i.u64()
	if n > maxArray || elem == Array {
		i.fail("an array of %d values of type %d", n, elem)
	}
	if i.err != nil {
		return nil
	}
	// The slices grow with what is read: a length that lies costs no memory.
	switch elem {
	case String:
		var out []string
		for ; n > 0 && i.err == nil; n-- {
			out = append(out, i.str())
		}
		return out
	case Float32:
		var out []float32
		for ; n > 0 && i.err == nil; n-- {
			out = append(out, math.Float32frombits(i.u32()))
		}
		return out
	case Int32:
		var out []int32
		for ; n > 0 && i.err == nil; n-- {
			out = append(out, int32(i.u32()))
		}
		return out
	}
	var out []any
	for ; n > 0 && i.err == nil; n-- {
		out = append(out, i.value(elem))
	}
	return out
}
