package pdf

import (
	"strings"

	"sportello/ingest"
)

// ink is how the letters of a text object are painted.
type ink struct {
	none  bool // no ink at all: render mode 3 or 7, or full transparency
	known bool // the colour is one colour, and told
	rgb   [3]int
}

// fill is what may lie behind a text: the area of a path or picture, in the order of the content.
type fill struct {
	box
	known bool
	rgb   [3]int
}

const (
	sameColour  = 20  // of 255 a channel: closer colours cannot be told apart on paper
	tinyLetters = 2.0 // points
	faint       = 12  // of 255: more transparent is not there
	maxFills    = 20000
	rectangle   = 6 // segments of a path at most that fills its box: one with more may be the borders of a table
)

// readInk reads how character i of text object obj is painted.
func readInk(m *module, tp, i, obj uint64) ink {
	mode := int32(0)
	if obj != 0 {
		mode = int32(m.call("FPDFTextObj_GetTextRenderMode", obj))
	}
	get := "FPDFText_GetFillColor"
	switch mode {
	case 3, 7: // neither filled nor stroked; the latter only clips
		return ink{none: true}
	case 1, 5:
		get = "FPDFText_GetStrokeColor"
	case 2, 6: // filled and stroked: one of the two is seen
		return ink{}
	}
	p := m.scratch()
	if m.call(get, tp, i, uint64(p), uint64(p+4), uint64(p+8), uint64(p+12)) == 0 {
		return ink{}
	}
	var k ink
	for c := range k.rgb {
		v, _ := m.mem.ReadUint32Le(p + uint32(4*c))
		k.rgb[c] = int(v & 255)
	}
	alpha, _ := m.mem.ReadUint32Le(p + 12)
	k.known, k.none = true, alpha < faint
	return k
}

// readFill notes the area of an object as what may lie behind text; painted is false for a path that only has an outline.
func readFill(m *module, o uint64, b box, path bool, out *raw) {
	if len(out.fills) >= maxFills {
		return
	}
	f := fill{box: b}
	if path {
		p := m.scratch()
		if m.call("FPDFPath_GetDrawMode", o, uint64(p), uint64(p+4)) != 0 {
			if mode, _ := m.mem.ReadUint32Le(p); mode == 0 {
				return
			}
		}
		if m.call("FPDFPageObj_GetFillColor", o, uint64(p), uint64(p+4), uint64(p+8), uint64(p+12)) != 0 {
			for c := range f.rgb {
				v, _ := m.mem.ReadUint32Le(p + uint32(4*c))
				f.rgb[c] = int(v & 255)
			}
			alpha, _ := m.mem.ReadUint32Le(p + 12)
			if alpha < faint {
				return
			}
			f.known = alpha > 255-faint && m.call("FPDFPath_CountSegments", o) <= rectangle
		}
	}
	out.fills = append(out.fills, f)
}

// scanned is how much of a page pictures must cover for text without ink to be what an OCR read on them: the archive copies that
// scanners make. It is then the text of the page.
const scanned = 0.5

// hide takes the letters that a reader of the page does not see away from it, and keeps what they say.
func (p *raw) hide() {
	if len(p.glyphs) == 0 {
		return
	}
	kinds := make([]ingest.FindingKind, len(p.glyphs))
	some := false
	var last ingest.FindingKind
	for i := range p.glyphs {
		g := &p.glyphs[i]
		if g.space {
			kinds[i] = last
			continue
		}
		last = p.unseen(g)
		kinds[i], some = last, some || last != ""
	}
	if !some {
		return
	}
	shown := p.glyphs[:0:0]
	var text strings.Builder
	var kind ingest.FindingKind
	end := func() {
		if s := strings.TrimSpace(text.String()); s != "" {
			if n := len(p.hidden); n > 0 && p.hidden[n-1].Kind == kind { // interrupted by nothing that counts
				p.hidden[n-1].Text += " " + s
			} else {
				p.hidden = append(p.hidden, ingest.Finding{Kind: kind, Text: s, Page: p.number})
			}
		}
		text.Reset()
	}
	for i, g := range p.glyphs {
		if kinds[i] == "" {
			shown = append(shown, g)
			continue
		}
		if kinds[i] != kind {
			end()
			kind = kinds[i]
		}
		if n := len(shown); n > 0 && !shown[n-1].space {
			shown = append(shown, glyph{r: ' ', space: true})
		}
		switch {
		case g.space:
			text.WriteByte(' ')
		case g.r >= ' ':
			text.WriteRune(g.r)
		}
	}
	end()
	p.glyphs = shown
}

// unseen says why a letter is not seen; empty when it is.
func (p *raw) unseen(g *glyph) ingest.FindingKind {
	k := p.inks[g.ink]
	x, y := g.box.midX(), g.box.midY()
	switch {
	case x < -1 || y < -1 || x > p.width+1 || y > p.height+1:
		return ingest.FoundOffPage
	case k.none:
		if p.pictures >= scanned {
			return ""
		}
		return ingest.FoundInvisible
	case g.tiny:
		return ingest.FoundTiny
	}
	if !k.known {
		return ""
	}
	behind := fill{known: true, rgb: [3]int{255, 255, 255}}
	for i := len(p.fills) - 1; i >= 0; i-- {
		if f := p.fills[i]; x >= f.x0 && x <= f.x1 && y >= f.y0 && y <= f.y1 {
			behind = f
			break
		}
	}
	if !behind.known {
		return ""
	}
	for c := range k.rgb {
		if d := k.rgb[c] - behind.rgb[c]; d > sameColour || d < -sameColour {
			return ""
		}
	}
	return ingest.FoundColour
}
