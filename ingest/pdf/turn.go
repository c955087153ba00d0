package pdf

import "math"

func float32FromBits(v uint64) float64 { return float64(math.Float32frombits(uint32(v))) }

// quarterTurns turns PDFium's angle of a character (radians, clockwise in page space) and the rotation of its page into the
// quarter turns clockwise of the writing direction on the displayed page; -1 when it is askew.
func quarterTurns(angle float64, page int) int {
	if angle < 0 || math.IsNaN(angle) {
		angle = 0
	}
	q := angle / (math.Pi / 2)
	n := math.Round(q)
	if math.Abs(q-n) > 0.07 { // 6 degrees: a scan is never quite straight
		return -1
	}
	return (int(n) + page) & 3
}

// upright turns a box so that text written with the given quarter turns reads left to right.
func (b box) upright(turn int, width, height float64) box {
	switch turn {
	case 1: // top to bottom
		return box{b.y0, width - b.x1, b.y1, width - b.x0}
	case 2:
		return box{width - b.x1, height - b.y1, width - b.x0, height - b.y0}
	case 3: // bottom to top
		return box{height - b.y1, b.x0, height - b.y0, b.x1}
	}
	return b
}
