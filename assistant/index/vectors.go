package index

import "math"

// A vector is kept in 16 bits a number, as two planes of bytes: scale * (high + low/256). A search reads the high plane of all
// rows, a quarter of what float32 would take, and the low plane only of those that can be among the best by what the high
// plane leaves out at most. So the scan is coarse and its outcome is not: the best k are those of the 16 bits, always, and
// 16 bits of numbers below .3 say a cosine to about two millionths.

const (
	blockRows = 4096 // rows of a block: one job of a scan
	scanRows  = 128  // rows multiplied by one call
	highest   = 127  // of a number in the high plane
)

// block is some rows, one after the other. Its planes grow to blockRows rows, so that filling an index never copies more than that.
type block struct {
	high, low []int8
	bounds    []bound
}

// bound says what a row's high plane is worth.
type bound struct {
	scale float32
	slack float32 // length of what the low plane adds
}

// add puts a vector in as one more row of width numbers.
func (b *block) add(v []float32, width int) {
	most := float32(0)
	for _, x := range v {
		most = max(most, x, -x)
	}
	scale, inverse := most/highest, float32(0)
	if scale > 0 {
		inverse = 1 / scale
	}
	slack := 0.0
	for _, x := range v {
		fine := int(math.Round(float64(min(max(x*inverse, -highest), highest)) * 256))
		high := (fine + 128) >> 8
		low := fine - high<<8
		b.high, b.low = append(b.high, int8(high)), append(b.low, int8(low))
		slack += float64(low) * float64(low)
	}
	for range width - len(v) {
		b.high, b.low = append(b.high, 0), append(b.low, 0)
	}
	b.bounds = append(b.bounds, bound{scale, float32(math.Sqrt(slack) / 256 * float64(scale))})
}

// copyRow puts a row of another block in.
func (b *block) copyRow(from *block, row, width int) {
	b.high = append(b.high, from.high[row*width:(row+1)*width]...)
	b.low = append(b.low, from.low[row*width:(row+1)*width]...)
	b.bounds = append(b.bounds, from.bounds[row])
}

// clip gives back the room that growing left.
func (b *block) clip() {
	b.high = append(make([]int8, 0, len(b.high)), b.high...)
	b.low = append(make([]int8, 0, len(b.low)), b.low...)
	b.bounds = append(make([]bound, 0, len(b.bounds)), b.bounds...)
}

// sought is a question's vector, as it is and in 16 bits.
type sought struct {
	exact  []float32
	coarse []int16
	scale  float32
	length float32 // of exact
	off    float32 // what the 16 bits lose at most, for each unit of a row's scale
}

// margin is what the rounding of sums in float32 may come to, for vectors of unit length.
const margin = 1e-5

func newSought(v []float32) *sought {
	width := padded(len(v))
	// Sums must fit in 32 bits whatever the rows are.
	limit := min(float64(math.MaxInt16), math.Floor(math.MaxInt32/float64(highest*width)))
	most, length := float32(0), 0.0
	for _, x := range v {
		most = max(most, x, -x)
		length += float64(x) * float64(x)
	}
	s := &sought{exact: v, coarse: make([]int16, width), length: float32(math.Sqrt(length))}
	if most == 0 {
		return s
	}
	scale, lost := float64(most)/limit, 0.0
	for i, x := range v {
		n := min(max(math.Round(float64(x)/scale), -limit), limit)
		s.coarse[i] = int16(n)
		d := float64(x) - n*scale
		lost += d * d
	}
	s.scale = float32(scale)
	s.off = float32((math.Sqrt(lost) + margin*math.Sqrt(length)) * highest * math.Sqrt(float64(len(v)))) // a row is at most scale times that long
	return s
}

// scan looks through a block for what is nearer than the worst of best.
func (s *sought) scan(best *top, p *part, b int, f filter) {
	rows, width, first := &p.blocks[b], len(s.coarse), b*blockRows
	var sums [scanRows]int32
	for at := 0; at < len(rows.bounds); at += scanRows {
		bounds := rows.bounds[at:min(at+scanRows, len(rows.bounds))]
		dotRows(sums[:len(bounds)], s.coarse, rows.high[at*width:(at+len(bounds))*width])
		floor := float32(best.floor())
		for r, bd := range bounds {
			if bd.scale*(float32(sums[r])*s.scale+s.off)+s.length*bd.slack < floor {
				continue
			}
			i := int(p.of[first+at+r])
			if !f.admits(p, i) {
				continue
			}
			row := (at + r) * width
			best.add(p.segment, i, float64(s.with(rows.high[row:], rows.low[row:], bd.scale)))
			floor = float32(best.floor())
		}
	}
}

// with is the product with a row, by all its bits.
func (s *sought) with(high, low []int8, scale float32) float32 {
	high, low = high[:len(s.exact)], low[:len(s.exact)]
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+4 <= len(s.exact); i += 4 {
		q, h, l := s.exact[i:i+4:i+4], high[i:i+4:i+4], low[i:i+4:i+4]
		s0 += q[0] * float32(int32(h[0])<<8+int32(l[0]))
		s1 += q[1] * float32(int32(h[1])<<8+int32(l[1]))
		s2 += q[2] * float32(int32(h[2])<<8+int32(l[2]))
		s3 += q[3] * float32(int32(h[3])<<8+int32(l[3]))
	}
	for ; i < len(s.exact); i++ {
		s0 += s.exact[i] * float32(int32(high[i])<<8+int32(low[i]))
	}
	return (s0 + s1 + s2 + s3) * (scale / 256)
}
