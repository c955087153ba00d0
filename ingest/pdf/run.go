package pdf

import "math"

// run is what the characters of one text object share. Their boxes as PDFium gives them are as high as the font says that its
// letters can be, which broken fonts exaggerate twentyfold; baseline and size are what the page itself sets.
type run struct {
	font   int
	turn   int     // of the displayed page, see glyph
	inPage int     // the same in page space
	size   float64 // points
	x, y   float64 // of the baseline, in page space
	ok     bool    // the above are known
	tiny   bool    // the size is one that nobody can read
	ink    int     // index in raw.inks
}

// Where a letter stands around its baseline, in shares of the size of its font.
const (
	descent = 0.22
	ascent  = 0.78
)

// readRun reads the style that starts at character i.
func readRun(m *module, tp, i uint64, v view) run {
	p := m.scratch()
	angle := float32FromBits(m.call("FPDFText_GetCharAngle", tp, i))
	r := run{turn: quarterTurns(angle, v.turn), inPage: quarterTurns(angle, 0)}
	size := math.Float64frombits(m.call("FPDFText_GetFontSize", tp, i))
	if m.call("FPDFText_GetMatrix", tp, i, uint64(p)) != 0 {
		a, b, c, d := m.float32At(p), m.float32At(p+4), m.float32At(p+8), m.float32At(p+12)
		size *= math.Sqrt(math.Abs(a*d - b*c))
	}
	if m.call("FPDFText_GetCharOrigin", tp, i, uint64(p), uint64(p+8)) != 0 {
		r.x, r.y = m.float64At(p), m.float64At(p+8)
		r.size, r.ok = size, size > 0.5 && size < 1000
		r.tiny = size < tinyLetters
	}
	return r
}

// extent corrects the box of a character across its writing direction.
func (r run) extent(left, bottom, right, top float64) (l, b, rr, t float64) {
	if !r.ok {
		return left, bottom, right, top
	}
	switch r.inPage {
	case 0:
		return left, r.y - descent*r.size, right, r.y + ascent*r.size
	case 1:
		return r.x - descent*r.size, bottom, r.x + ascent*r.size, top
	case 2:
		return left, r.y - ascent*r.size, right, r.y + descent*r.size
	case 3:
		return r.x - ascent*r.size, bottom, r.x + descent*r.size, top
	}
	return left, bottom, right, top
}
