package ingest

import (
	"strings"
	"unicode"
)

// Characters that a reader does not see and a program reads (Unicode TR 36 and 39): tags spell ASCII, variation selectors in a row
// can spell anything, overrides show a text in another order than it has.
func tag(r rune) bool      { return r >= 0xE0000 && r <= 0xE007F }
func selector(r rune) bool { return r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF }
func joiner(r rune) bool   { return r == 0x200C || r == 0x200D }

func zeroWidth(r rune) bool {
	switch r {
	case 0x200B, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xFEFF, 0x180E, 0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0:
		return true
	}
	return false
}

// override turns the order of what follows against what the letters say. Marks and isolates (LRM, RLM, FSI…) are what honest Arabic has.
func override(r rune) bool { return r == 0x202D || r == 0x202E }

// manyZeroWidth is from how many zero-width characters inside the words of a line they are told: a page saved from a browser has a few.
const manyZeroWidth = 4

// withoutUnseen gives s without characters that show nothing or lie about the order, and what they said; empty when they are what
// word processors leave behind.
func withoutUnseen(s string) (clean, unseen string) {
	if !strings.ContainsFunc(s, suspect) {
		return s, ""
	}
	var b, hidden strings.Builder
	zero, turned, row := 0, false, 0
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case tag(r):
			if r > 0xE0020 && r < 0xE007F {
				hidden.WriteRune(r - 0xE0000)
			} else if r == 0xE0020 {
				hidden.WriteByte(' ')
			}
			continue
		case selector(r):
			if row++; row == 1 && r < 0xE0000 && i > 0 && !unicode.IsSpace(runes[i-1]) { // one belongs to the sign before it
				b.WriteRune(r)
			} else {
				hidden.WriteRune(selected(r))
			}
			continue
		case override(r):
			turned = true
			continue
		case zeroWidth(r):
			if i > 0 && i+1 < len(runes) && unicode.IsLetter(runes[i-1]) && unicode.IsLetter(runes[i+1]) {
				zero++
			}
			continue
		case joiner(r) && !joins(runes, i):
			zero++
			continue
		}
		row = 0
		b.WriteRune(r)
	}
	clean = b.String()
	if text := strings.TrimSpace(hidden.String()); len(text) > 1 {
		return clean, text
	}
	if turned || zero >= manyZeroWidth {
		return clean, clean
	}
	return clean, ""
}

func suspect(r rune) bool {
	return r >= 0x034F && (tag(r) || selector(r) || zeroWidth(r) || joiner(r) || override(r))
}

// joins says whether a joiner stands where scripts and pictures need one.
func joins(runes []rune, i int) bool {
	near := func(k int) bool {
		return k >= 0 && k < len(runes) && (runes[k] > 0x2190 || selector(runes[k]) ||
			unicode.In(runes[k], unicode.Arabic, unicode.Syriac, unicode.Devanagari, unicode.Bengali, unicode.Sinhala, unicode.Malayalam))
	}
	return near(i-1) && near(i+1)
}

// selected gives the byte that a variation selector is made to stand for.
func selected(r rune) rune {
	v := r - 0xFE00
	if r >= 0xE0100 {
		v = r - 0xE0100 + 16
	}
	if v < ' ' || v > '~' {
		return '·'
	}
	return v
}

// wordless says whether a text has less than three letters and digits: a stray mark outside a page, not a word.
func wordless(s string) bool {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || tag(r) || selector(r) {
			if n++; n >= 3 {
				return false
			}
		}
	}
	return true
}
