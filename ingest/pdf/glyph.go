package pdf

import "sportello/ingest"

// box is a rectangle on a page in points (1/72 inch) from the top left corner of what is displayed, y growing downwards.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) width() float64  { return b.x1 - b.x0 }
func (b box) height() float64 { return b.y1 - b.y0 }
func (b box) midX() float64   { return (b.x0 + b.x1) / 2 }
func (b box) midY() float64   { return (b.y0 + b.y1) / 2 }

func (b box) union(o box) box {
	return box{min(b.x0, o.x0), min(b.y0, o.y0), max(b.x1, o.x1), max(b.y1, o.y1)}
}

// glyph is one character as a reader saw it, in the order of the content.
type glyph struct {
	r     rune
	box   box
	font  int // index in raw.fonts
	turn  int // quarter turns clockwise of the writing direction, 0: left to right; -1: askew
	space bool
	ink   int  // index in raw.inks
	tiny  bool // of letters nobody can read
}

// font is what layout wants to know of a font.
type font struct {
	name string
	bold bool
}

// rule is a drawn straight line, horizontal or vertical, as a thin box.
type rule struct {
	box
	vertical bool
}

// raw is a page as a reader gives it.
type raw struct {
	number        int // 1-based
	width, height float64
	glyphs        []glyph
	fonts         []font
	rules         []rule
	images        float64 // share of the page that pictures cover, 0..1
	drawings      int     // drawn paths
	ready         []word  // the words, once they are made; of an OCR when ocr is set
	values        []word  // of form fields that the page does not draw
	ocr           bool
	laid          *page // its lines, once nothing can change them: then the glyphs are gone

	inks     []ink
	fills    []fill
	pictures float64          // as images, but of pictures alone
	hidden   []ingest.Finding // what its letters say that nobody sees
	notes    []ingest.Finding // comments on it
}

// word is a run of glyphs without a space.
type word struct {
	box
	text string
	size float64 // height of its font's box, points
	bold bool
	turn int
	seq  int // place in the content
	line int // of the word of an OCR: its line
}
