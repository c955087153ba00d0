package pdf

import (
	"math"
	"strings"
)

// words joins the glyphs of a page into words. A word ends at a space, where the writing direction changes, and where the
// next glyph does not stand right after the last one.
func (p *raw) words() []word {
	if p.ready == nil {
		p.ready = p.join()
	}
	return p.ready
}

// join makes words of glyphs.
func (p *raw) join() []word {
	var out []word
	var cur []glyph
	var b strings.Builder
	flush := func() {
		if len(cur) == 0 {
			return
		}
		w := word{turn: cur[0].turn, seq: len(out)}
		b.Reset()
		bold := 0
		for i, g := range cur {
			box := g.box.upright(max(g.turn, 0), p.width, p.height)
			if i == 0 {
				w.box = box
			} else {
				w.box = w.box.union(box)
			}
			w.size = max(w.size, box.height())
			if p.fonts[g.font].bold {
				bold++
			}
			b.WriteRune(g.r)
		}
		w.bold = bold*2 > len(cur)
		cur = cur[:0]
		if w.text = clean(b.String()); w.text != "" {
			out = append(out, w)
		}
	}
	for _, g := range p.glyphs {
		if g.space {
			flush()
			continue
		}
		if n := len(cur); n > 0 && !follows(cur[n-1], g, p.width, p.height) {
			flush()
		}
		cur = append(cur, g)
	}
	flush()
	for _, v := range p.values {
		v.seq = len(out)
		out = append(out, v)
	}
	return out
}

// follows says whether b stands right after a, as letters of one word do.
func follows(a, b glyph, width, height float64) bool {
	if a.turn != b.turn {
		return false
	}
	if a.turn < 0 {
		return true // askew: believe the order of the content
	}
	x, y := a.box.upright(a.turn, width, height), b.box.upright(b.turn, width, height)
	size := max(x.height(), y.height(), 1)
	gap := y.x0 - x.x1
	return gap < 0.4*size && gap > -1.2*size && math.Abs(x.midY()-y.midY()) < 0.6*size
}

// ligatures that fonts have, and the characters that only typesetting needs.
var replacer = strings.NewReplacer(
	"\uFB00", "ff", "\uFB01", "fi", "\uFB02", "fl", "\uFB03", "ffi", "\uFB04", "ffl", "\uFB05", "st", "\uFB06", "st",
	"\u00A0", " ", "\u2007", " ", "\u202F", " ", "\u200B", "", "\u200C", "", "\u2060", "", "\uFEFF", "", "\uFFFD", "",
)

// clean normalises the characters of a word: ligatures, no-break spaces, invisible characters, controls.
func clean(s string) string {
	s = replacer.Replace(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case r < ' ', r >= 0x7F && r < 0xA0:
			return -1
		case r >= 0xF000 && r <= 0xF0FF:
			return symbol(r)
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// symbol gives the character of a glyph of Symbol or Wingdings, the fonts of bullets and boxes to tick; they come with codes
// of the private use area. Others mean nothing without their font.
func symbol(r rune) rune {
	switch r {
	case 0xF0B7, 0xF09F, 0xF06C:
		return '•'
	case 0xF0A7, 0xF06E:
		return '▪'
	case 0xF0D8, 0xF0C4:
		return '➢'
	case 0xF0FC, 0xF050:
		return '✓'
	case 0xF0FE, 0xF078:
		return '☒'
	case 0xF0A8, 0xF06F, 0xF071, 0xF0A3, 0xF072, 0xF00E, 0xF063:
		return '□'
	case 0xF02D:
		return '-'
	case 0xF0E0, 0xF0E8:
		return '→'
	}
	return -1
}
