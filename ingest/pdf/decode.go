package pdf

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// Some programs embed a TrueType font by its glyph numbers and leave out the map to characters; what a reader then gets for
// "indirizzo" is "LQGLUL]]R". The numbers are not arbitrary: in the fonts of Windows glyph 3 is the space, and then come the
// characters of ASCII and of Mac OS Roman in their order. fontCodes undoes that where it turns codes into language. It is shown
// the pages one by one, because a document of thousands of pages does not fit in memory as glyphs.
type fontCodes struct {
	samples map[string]*strings.Builder // by name of font
	plain   map[string]bool             // fonts whose sample is whole and that are no codes
}

// enoughOfFont is how many bytes of text tell what a font is.
const enoughOfFont = 6000

// take looks at the fonts of the next page.
func (f *fontCodes) take(p *raw) {
	if f.samples == nil {
		f.samples, f.plain = map[string]*strings.Builder{}, map[string]bool{}
	}
	for _, g := range p.glyphs {
		name := p.fonts[g.font].name
		b := f.samples[name]
		if b == nil {
			b = &strings.Builder{}
			f.samples[name] = b
		}
		if b.Len() > enoughOfFont {
			continue
		}
		if g.space {
			b.WriteByte(' ')
		} else {
			b.WriteRune(g.r)
		}
		if b.Len() > enoughOfFont && !isCoded(b.String()) {
			f.plain[name] = true
		}
	}
}

// settled says that no later page can change what is made of this one.
func (f *fontCodes) settled(p *raw) bool {
	last := -1
	for _, g := range p.glyphs {
		if g.font != last && !f.plain[p.fonts[g.font].name] {
			return false
		}
		last = g.font
	}
	return true
}

// decode puts characters in the place of codes, when all pages were taken, and gives the pages it changed.
func (f *fontCodes) decode(pages []*raw) []int {
	coded := map[string]bool{}
	for name, b := range f.samples {
		if !f.plain[name] && isCoded(b.String()) {
			coded[name] = true
		}
	}
	if len(coded) == 0 {
		return nil
	}
	var out []int
	for _, p := range pages {
		changed := false
		for i := range p.glyphs {
			g := &p.glyphs[i]
			if g.space || !coded[p.fonts[g.font].name] {
				continue
			}
			changed = true
			g.r = fromGlyph(g.r)
			g.space = g.r == ' '
		}
		if changed {
			out = append(out, p.number)
		}
	}
	return out
}

// isCoded says whether text is hardly language as it stands, and language when its characters are glyph numbers.
func isCoded(text string) bool {
	decoded := strings.Map(func(r rune) rune {
		if r == ' ' {
			return r
		}
		return fromGlyph(r)
	}, text)
	if strings.ContainsRune(decoded, -1) {
		return false
	}
	before, after := judgeText(text), judgeText(decoded)
	return after.words >= 6 && after.shaped*4 >= after.words*3 && after.function*8 >= after.words &&
		after.function > 3*before.function && after.shaped > before.shaped
}

func judgeText(s string) quality { return judge([]word{{text: s}}) }

// fromGlyph gives the character of a glyph of the fonts of Windows; the order is that of Apple's standard glyphs for
// TrueType ("post" table), but that they have no no-break space at 172.
func fromGlyph(r rune) rune {
	switch {
	case r >= 3 && r <= 97:
		return r + 29
	case r >= 98 && r < 172:
		return charmap.Macintosh.DecodeByte(byte(r + 30))
	case r >= 172 && r <= 224:
		return charmap.Macintosh.DecodeByte(byte(r + 31))
	}
	return r
}
