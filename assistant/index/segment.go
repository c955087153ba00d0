package index

import (
	"strconv"
	"strings"

	"sportello/assistant"
	"sportello/ingest"
)

// maxPoints is what a posting can number: 24 bits, 8 bits being left for the count.
const maxPoints = 1 << 24

// segment is an immutable set of points. Postings of all terms lie in one slice, a posting being the number of a point shifted
// by 8 and how often the term occurs in it (255 at most): 4 bytes, so that 20,000 chunks take about 10 MB.
type segment struct {
	idText   []byte   // the ids, one after the other: a string each would be a million pointers for the collector to follow
	idEnd    []uint32 // point -> end of its id
	docOf    []int32  // point -> document
	docs     []string
	staff    []bool
	from, to []int32 // 20210131; 0: no bound
	length   []uint16
	words    int64 // sum of length

	terms    map[string]int32 // term -> position in starts
	starts   []uint32         // len(terms)+1
	postings []uint32

	dim    int
	blocks []block // rows of vectors, blockRows in each but the last
	of     []int32 // row -> point, ascending; a point without a vector has no row
}

// size is how many points there are.
func (s *segment) size() int { return len(s.idEnd) }

func (s *segment) id(i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = s.idEnd[i-1]
	}
	return s.idText[start:s.idEnd[i]]
}

// posting list of a term, nil when no point has it.
func (s *segment) list(term string) []uint32 {
	t, ok := s.terms[term]
	if !ok {
		return nil
	}
	return s.postings[s.starts[t]:s.starts[t+1]]
}

// builder makes a segment of points added one by one.
type builder struct {
	s     segment
	lists [][]uint32
	docs  map[string]int32
}

func newBuilder() *builder {
	return &builder{s: segment{terms: map[string]int32{}}, docs: map[string]int32{}}
}

// add puts a point in. Points of one document come together.
func (b *builder) add(p assistant.Point) {
	n := point(b, p.ID, p.DocumentID, p.Visibility == ingest.Staff, day(p.ValidFrom), day(p.ValidTo))
	if len(p.Vector) > 0 {
		if row := b.row(n, len(p.Vector)); row != nil {
			row.add(p.Vector, padded(b.s.dim))
		}
	}
	total := 0
	for _, t := range p.Terms {
		if t.Count <= 0 || t.Text == "" {
			continue
		}
		total += t.Count
		b.post(t.Text, n, min(t.Count, 255))
	}
	b.setLength(n, min(total, 1<<16-1))
}

func point[ID string | []byte](b *builder, id ID, doc string, staff bool, from, to int32) int32 {
	s := &b.s
	n := int32(s.size())
	d, ok := b.docs[doc]
	if !ok {
		d = int32(len(s.docs))
		doc = strings.Clone(doc)
		b.docs[doc] = d
		s.docs = append(s.docs, doc)
	}
	s.idText = append(s.idText, id...)
	s.idEnd = append(s.idEnd, uint32(len(s.idText)))
	s.docOf = append(s.docOf, d)
	s.staff = append(s.staff, staff)
	s.from, s.to = append(s.from, from), append(s.to, to)
	s.length = append(s.length, 0)
	return n
}

// row is where the vector of a point goes, nil when it is of another length than those before.
func (b *builder) row(n int32, dim int) *block {
	s := &b.s
	if s.dim == 0 {
		s.dim = dim
	}
	if s.dim != dim {
		return nil
	}
	if len(s.of)%blockRows == 0 {
		s.blocks = append(s.blocks, block{})
	}
	s.of = append(s.of, n)
	return &s.blocks[len(s.blocks)-1]
}

func (b *builder) setLength(n int32, length int) {
	b.s.length[n] = uint16(length)
	b.s.words += int64(length)
}

func (b *builder) post(term string, n int32, count int) {
	t, ok := b.s.terms[term]
	if !ok {
		t = int32(len(b.lists))
		b.s.terms[strings.Clone(term)] = t
		b.lists = append(b.lists, nil)
	}
	b.lists[t] = append(b.lists[t], uint32(n)<<8|uint32(count))
}

// build ends the segment; the builder must not be used again.
func (b *builder) build() *segment {
	total := 0
	for _, l := range b.lists {
		total += len(l)
	}
	s := b.s
	s.postings = make([]uint32, 0, total)
	s.starts = make([]uint32, 0, len(b.lists)+1)
	for i, l := range b.lists {
		s.starts = append(s.starts, uint32(len(s.postings)))
		s.postings = append(s.postings, l...)
		b.lists[i] = nil
	}
	s.starts = append(s.starts, uint32(len(s.postings)))
	if n := len(s.blocks); n > 0 {
		s.blocks[n-1].clip()
	}
	return &s
}

// merge makes one segment of the living points of several.
func merge(parts []part) *segment {
	b := newBuilder()
	for _, p := range parts {
		s := p.segment
		renumbered := make([]int32, s.size())
		row := 0
		for i := range renumbered {
			has := row < len(s.of) && int(s.of[row]) == i
			if has {
				row++
			}
			if p.dead.has(i) {
				renumbered[i] = -1
				continue
			}
			n := point(b, s.id(i), s.docs[s.docOf[i]], s.staff[i], s.from[i], s.to[i])
			b.setLength(n, int(s.length[i]))
			renumbered[i] = n
			if has {
				if to := b.row(n, s.dim); to != nil {
					to.copyRow(&s.blocks[(row-1)/blockRows], (row-1)%blockRows, padded(s.dim))
				}
			}
		}
		for term, t := range s.terms {
			for _, post := range s.postings[s.starts[t]:s.starts[t+1]] {
				if n := renumbered[post>>8]; n >= 0 {
					b.post(term, n, int(post&255))
				}
			}
		}
	}
	return b.build()
}

// day turns an ISO date into a number that sorts, 0 when it is empty or no date.
func day(iso string) int32 {
	if len(iso) < 10 || iso[4] != '-' || iso[7] != '-' {
		return 0
	}
	n, err := strconv.ParseUint(iso[:4]+iso[5:7]+iso[8:10], 10, 31)
	if err != nil {
		return 0
	}
	return int32(n)
}

// bits is a set of small numbers, nil when empty.
type bits []uint64

func (b bits) has(i int) bool { return b != nil && b[i>>6]&(1<<(i&63)) != 0 }

func (b bits) set(i int) { b[i>>6] |= 1 << (i & 63) }
