package ingest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var reListMark = regexp.MustCompile(`^(?:[-–—•·▪*►»✓➢☐☒]\s*\S|(?:[a-z]{1,2}|[ivx]{1,4}|\d{1,3})[).]\s)`)

// Lines splits a paragraph at its line breaks. A line that goes on in lower case after one without a closing mark is the
// same line, broken for looks; any other break is one the reader sees. Lines are squeezed, empty ones dropped.
func Lines(paragraph string) []string {
	if !strings.Contains(paragraph, "\n") {
		if s := Squeeze(paragraph); s != "" {
			return []string{s}
		}
		return nil
	}
	var out []string
	for _, l := range strings.Split(paragraph, "\n") {
		l = Squeeze(l)
		switch {
		case l == "":
		case len(out) > 0 && GoesOn(out[len(out)-1], l):
			out[len(out)-1] += " " + l
		default:
			out = append(out, l)
		}
	}
	return out
}

// GoesOn says whether the second of two lines continues the first.
func GoesOn(line, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(line)
	first, _ := utf8.DecodeRuneInString(after)
	return !strings.ContainsRune(".:;!?", last) && unicode.IsLower(first) && !IsListItem(after)
}

// IsListItem says whether a line begins with a dash, a bullet, a letter or a number of a list.
func IsListItem(line string) bool { return reListMark.MatchString(line) }
