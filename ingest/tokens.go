package ingest

import "unicode"

// Tokens bounds the tokens of a text from above.
func Tokens(s string) int {
	n, letters := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) && r < 0x250:
			letters++
		default:
			n += (letters + 2) / 3
			letters = 0
			if r != ' ' && r != '\n' {
				n++
			}
		}
	}
	return n + (letters+2)/3
}
