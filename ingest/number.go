package ingest

import "strings"

// Roman writes n in Roman capitals, as lists and titoli are numbered; outside 1..3999 it gives "".
func Roman(n int) string {
	if n < 1 || n > 3999 {
		return ""
	}
	var b strings.Builder
	for _, d := range []struct {
		value int
		text  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= d.value; n -= d.value {
			b.WriteString(d.text)
		}
	}
	return b.String()
}

// Letters writes n as word processors letter their lists: A … Z, AA, BB … (ISO/IEC 29500-1, 17.18.59); "" below 1.
func Letters(n int) string {
	if n < 1 || n > 26*50 {
		return ""
	}
	return strings.Repeat(string(rune('A'+(n-1)%26)), (n-1)/26+1)
}
