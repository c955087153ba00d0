package gguf

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Writer collects metadata and tensors and writes them as one file.
type Writer struct {
	meta    []entry
	tensors []tensor
}

type entry struct {
	key   string
	typ   Type
	elem  Type // of an Array
	value any
}

type tensor struct {
	name string
	typ  TensorType
	dims []uint64
	data []byte
}

// Set adds a metadata value: string, bool, uint32, float32, or a slice of string, float32 or int32.
func (w *Writer) Set(key string, value any) error {
	e := entry{key: key, value: value}
	switch value.(type) {
	case string:
		e.typ = String
	case bool:
		e.typ = Bool
	case uint32:
		e.typ = Uint32
	case float32:
		e.typ = Float32
	case []string:
		e.typ, e.elem = Array, String
	case []float32:
		e.typ, e.elem = Array, Float32
	case []int32:
		e.typ, e.elem = Array, Int32
	default:
		return fmt.Errorf("gguf: %s: a value of type %T is not written", key, value)
	}
	w.meta = append(w.meta, e)
	return nil
}

// Add adds a tensor. dims start with the innermost, data is as it lies in the file and is kept until WriteTo.
func (w *Writer) Add(name string, typ TensorType, data []byte, dims ...uint64) error {
	n := uint64(1)
	for _, d := range dims {
		n *= d
	}
	want := n * 4
	if typ == Q40 {
		if len(dims) == 0 || dims[0]%32 != 0 {
			return fmt.Errorf("gguf: %s: rows of Q4_0 are multiples of 32", name)
		}
		want = n / 32 * 18
	}
	if uint64(len(data)) != want {
		return fmt.Errorf("gguf: %s: %d bytes where %v wants %d", name, len(data), dims, want)
	}
	w.tensors = append(w.tensors, tensor{name: name, typ: typ, dims: dims, data: data})
	return nil
}

// WriteTo writes the file.
func (w *Writer) WriteTo(dst io.Writer) (int64, error) {
	o := &out{w: bufio.NewWriterSize(dst, 1<<20)}
	o.bytes([]byte(magic))
	o.u32(version)
	o.u64(uint64(len(w.tensors)))
	o.u64(uint64(len(w.meta)))
	for _, e := range w.meta {
		o.str(e.key)
		o.u32(uint32(e.typ))
		o.value(e)
	}
	offset := uint64(0)
	for _, t := range w.tensors {
		o.str(t.name)
		o.u32(uint32(len(t.dims)))
		for _, d := range t.dims {
			o.u64(d)
		}
		o.u32(uint32(t.typ))
		o.u64(offset)
		offset += aligned(uint64(len(t.data)))
	}
	o.pad()
	for _, t := range w.tensors {
		o.bytes(t.data)
		o.pad()
	}
	if o.err == nil {
		o.err = o.w.Flush()
	}
	return o.n, o.err
}

func aligned(n uint64) uint64 { return (n + alignment - 1) / alignment * alignment }

// out writes numbers and remembers the first error.
type out struct {
	w   *bufio.Writer
	n   int64
	err error
	buf [8]byte
}

func (o *out) bytes(b []byte) {
	if o.err == nil {
		var n int
		n, o.err = o.w.Write(b)
		o.n += int64(n)
	}
}

func (o *out) u32(v uint32) {
	binary.LittleEndian.PutUint32(o.buf[:4], v)
	o.bytes(o.buf[:4])
}

func (o *out) u64(v uint64) {
	binary.LittleEndian.PutUint64(o.buf[:], v)
	o.bytes(o.buf[:])
}

func (o *out) str(s string) {
	o.u64(uint64(len(s)))
	o.bytes([]byte(s))
}

func (o *out) pad() {
	o.bytes(make([]byte, aligned(uint64(o.n))-uint64(o.n)))
}

func (o *out) value(e entry) {
	switch v := e.value.(type) {
	case string:
		o.str(v)
	case bool:
		b := byte(0)
		if v {
			b = 1
		}
		o.bytes([]byte{b})
	case uint32:
		o.u32(v)
	case float32:
		o.u32(math.Float32bits(v))
	case []string:
		o.head(e.elem, len(v))
		for _, s := range v {
			o.str(s)
		}
	case []float32:
		o.head(e.elem, len(v))
		for _, f := range v {
			o.u32(math.Float32bits(f))
		}
	case []int32:
		o.head(e.elem, len(v))
		for _, i := range v {
			o.u32(uint32(i))
		}
	}
}

func (o *out) head(elem Type, n int) {
	o.u32(uint32(elem))
	o.u64(uint64(n))
}
