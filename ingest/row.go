package ingest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CellSeparator stands between the cells of a Row.
const CellSeparator = " | "

// RowText joins the cells of a table row as Block.Text and Block.Header want them: white space collapsed, empty cells kept
// so that columns match their header, trailing empty cells dropped. A row of empty cells gives "".
func RowText(cells []string) string {
	out := make([]string, len(cells))
	last := -1
	for i, c := range cells {
		if out[i] = Squeeze(c); out[i] != "" {
			last = i
		}
	}
	return strings.TrimLeft(strings.Join(out[:last+1], CellSeparator), " ")
}

// Squeeze collapses white space, no-break spaces included, drops invisible marks (soft hyphen, zero width, byte order), gives the
// private codes of symbol fonts their Unicode, and trims.
func Squeeze(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' || c == ' ' && (i == 0 || i == len(s)-1 || s[i+1] == ' ') {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	space := false
	for i, r := range s {
		switch {
		case unicode.IsSpace(r) || r < ' ':
			space = b.Len() > 0
		case (r == '\u200b' || r == '\u2060' || r == '\ufeff') && !space && inWord(s, i, r): // reveal takes it out and may tell
			b.WriteRune(r)
		case r == '\u00ad' || r == '\u200b' || r == '\u2060' || r == '\ufeff' || r == 0x7f:
		default:
			if r >= 0xf000 && r <= 0xf0ff { // Symbol and Wingdings as Word and browsers pass them on
				if r = symbols[r]; r == 0 {
					space = b.Len() > 0
					continue
				}
			}
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// symbols gives the Unicode of the marks of the Symbol and Wingdings fonts that lists and forms use; the others have no text.
var symbols = map[rune]rune{
	0xf0b7: '•', 0xf06c: '•', 0xf09f: '•', 0xf0a7: '▪', 0xf06e: '▪', 0xf0d8: '➢', 0xf0fc: '✓', 0xf0e0: '→', 0xf0e8: '➔', 0xf02d: '-',
	0xf06f: '☐', 0xf0a8: '☐', 0xf071: '☐', 0xf072: '☐', 0xf070: '☐', 0xf0fe: '☒', 0xf0fd: '☒', 0xf078: '☒', 0xf052: '☑',
	0xf0a3: '≤', 0xf0b3: '≥', 0xf0b0: '°', 0xf0b1: '±', 0xf0b4: '×', 0xf0ae: '→',
}

// LooksLikeHeader says whether the first row of a table whose format does not mark a header is one: two columns or more,
// every cell filled, short and without figures, and another row below it that is not of the same kind throughout.
func LooksLikeHeader(rows [][]string) bool {
	if len(rows) < 2 || len(rows[0]) < 2 {
		return false
	}
	for _, c := range rows[0] {
		c = Squeeze(c)
		if c == "" || utf8.RuneCountInString(c) > 80 || strings.HasSuffix(c, ":") || strings.HasSuffix(c, ";") || isFigure(c) {
			return false
		}
	}
	for _, row := range rows[1:] {
		for i, c := range row {
			c = Squeeze(c)
			if isFigure(c) || i < len(rows[0]) && utf8.RuneCountInString(c) > 2*utf8.RuneCountInString(Squeeze(rows[0][i]))+20 {
				return true
			}
		}
	}
	return len(rows) >= 3
}

// isFigure says whether a cell is mostly digits: an amount, a date, a percentage.
func isFigure(s string) bool {
	digits, letters := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		}
	}
	return digits > 0 && digits >= letters
}

// inWord says whether the character at byte i stands between letters.
func inWord(s string, i int, r rune) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
	return unicode.IsLetter(before) && unicode.IsLetter(after)
}
