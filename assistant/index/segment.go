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
	ids      []string
	docOf    []int32 // point -> document
	docs     []string
	staff    []bool
	from, to []int32 // 20210131; 0: no bound
	length   []uint16
	words    int64 // sum of length

	terms    map[string]int32 // term -> position in starts
	starts   []uint32         // len(terms)+1
	postings []uint32

	dim     int
	vectors []float32 // dim floats for each point that has one
	row     []int32   // point -> row in vectors, -1 for none
	rows    int
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
	n := b.point(p.ID, p.DocumentID, p.Visibility == ingest.Staff, day(p.ValidFrom), day(p.ValidTo), p.Vector)
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

func (b *builder) point(id, doc string, staff bool, from, to int32, vector []float32) int32 {
	s := &b.s
	n := int32(len(s.ids))
	d, ok := b.docs[doc]
	if !ok {
		d = int32(len(s.docs))
		doc = strings.Clone(doc)
		b.docs[doc] = d
		s.docs = append(s.docs, doc)
	}
	s.ids = append(s.ids, strings.Clone(id))
	s.docOf = append(s.docOf, d)
	s.staff = append(s.staff, staff)
	s.from, s.to = append(s.from, from), append(s.to, to)
	s.length = append(s.length, 0)
	row := int32(-1)
	if len(vector) > 0 && (s.dim == 0 || s.dim == len(vector)) {
		s.dim = len(vector)
		row = int32(s.rows)
		s.rows++
		s.vectors = append(s.vectors, vector...)
	}
	s.row = append(s.row, row)
	return n
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
	if cap(s.vectors) > len(s.vectors)+len(s.vectors)/8 { // growing left room that would stay for good
		s.vectors = append(make([]float32, 0, len(s.vectors)), s.vectors...)
	}
	return &s
}

// merge makes one segment of the living points of several.
func merge(parts []part) *segment {
	b := newBuilder()
	for _, p := range parts {
		s := p.segment
		renumbered := make([]int32, len(s.ids))
		for i := range s.ids {
			if p.dead.has(i) {
				renumbered[i] = -1
				continue
			}
			var v []float32
			if r := int(s.row[i]); r >= 0 {
				v = s.vectors[r*s.dim : (r+1)*s.dim]
			}
			n := b.point(s.ids[i], s.docs[s.docOf[i]], s.staff[i], s.from[i], s.to[i], v)
			b.setLength(n, int(s.length[i]))
			renumbered[i] = n
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
