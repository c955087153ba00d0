package pdf

import (
	"math"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// starts matches what begins a new paragraph whatever stands before it: an article, a part, a list item.
var starts = regexp.MustCompile(`(?i)^(art\.?\s*\d|articolo\s+\d|titolo\s+[ivxlcdm\d]|capo\s+[ivxlcdm\d]|sezione\s+[ivxlcdm\d]|parte\s+[ivxlcdm\d]+\b|allegato\s+\S|` +
	`[-–—•●▪◦○□❑☐✓➢►▶·*]\s*\S|\d{1,3}(-?(bis|ter|quater))?[.)]\s|[a-z]{1,2}(-?(bis|ter))?\)\s|[ivx]{1,4}\)\s)`)

// markWraps sets line.wraps: whether a line goes on in the next one. It does when they stand under each other at a normal
// distance in one column, look alike, and the first word of the next would not have fitted at the end of this one.
func markWraps(ls []line) {
	right := map[int]float64{}
	for _, l := range ls {
		if !l.row {
			right[l.col] = max(right[l.col], l.x1)
		}
	}
	for i := 0; i+1 < len(ls); i++ {
		ls[i].wraps = wraps(ls[i], ls[i+1], right[ls[i].col])
	}
}

func wraps(a, b line, right float64) bool {
	if a.row || b.row || a.col != b.col || len(a.segs) == 0 || len(b.segs) == 0 {
		return false
	}
	size := max(a.size, b.size)
	if b.y0-a.y1 > 0.9*size || b.midY() <= a.midY() { // about two lines apart, or above
		return false
	}
	if math.Abs(a.size-b.size) > 0.25*size || a.bold != b.bold || starts.MatchString(b.text) {
		return false
	}
	if len(a.segs) > 1 && len(b.segs) > 1 { // two lines of cells
		return false
	}
	// A line that goes on in lower case after no full stop goes on, wherever it ended.
	last, _ := utf8.DecodeLastRuneInString(a.text)
	first, _ := utf8.DecodeRuneInString(b.text)
	room := right - a.x1
	need := b.segs[0].words[0].width() + 0.3*size
	if room < need {
		return true
	}
	return unicode.IsLower(first) && !strings.ContainsRune(".:;!?", last) && room < 0.35*(right-a.x0)
}
