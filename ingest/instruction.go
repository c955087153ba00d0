package ingest

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
)

//go:embed instruction.txt
var instructionFile string

// instructions are the patterns of instruction.txt: how a text speaks to an assistant instead of to a person. They are written for
// documents, where "il richiedente deve seguire le istruzioni" is everyday speech; what people ask is judged by assistant/screen.
var instructions = readInstructions(instructionFile)

func readInstructions(file string) []*regexp.Regexp {
	var out []*regexp.Regexp
	n := 0
	for line := range strings.Lines(file) {
		n++
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		re, err := regexp.Compile("(?i)" + line)
		if err != nil {
			panic(fmt.Sprintf("ingest/instruction.txt:%d: %v", n, err))
		}
		out = append(out, re)
	}
	return out
}

// Instructions gives the sentences of a text that speak to an assistant, as byte ranges [from, to) in order.
func Instructions(text string) [][2]int {
	var out [][2]int
	for _, re := range instructions {
		for _, m := range re.FindAllStringIndex(text, -1) {
			out = insertRange(out, sentenceAround(text, m[0], m[1]))
		}
	}
	return out
}

// Speaks says whether a text speaks to an assistant.
func Speaks(text string) bool {
	for _, re := range instructions {
		if re.MatchString(text) {
			return true
		}
	}
	return false
}

// WithoutInstructions blanks the sentences that speak to an assistant; every other byte stays in its place.
func WithoutInstructions(text string) string {
	ranges := Instructions(text)
	if len(ranges) == 0 {
		return text
	}
	b := []byte(text)
	for _, r := range ranges {
		for i := r[0]; i < r[1]; i++ {
			b[i] = ' '
		}
	}
	return string(b)
}

// sentenceAround widens a match to its sentence: an order is rarely told by its verb alone.
func sentenceAround(text string, from, to int) [2]int {
	if i := lastEnd(text[:from]); i >= 0 {
		from = i
	} else {
		from = 0
	}
	if i := firstEnd(text[to:]); i >= 0 {
		to += i
	} else {
		to = len(text)
	}
	for from < to && text[from] == ' ' {
		from++
	}
	return [2]int{from, to}
}

var (
	speechEnd = regexp.MustCompile(`[.!?。！？؟]["»”)\]]*(?:\s|$)|\n`)
)

func lastEnd(s string) int {
	all := speechEnd.FindAllStringIndex(s, -1)
	if len(all) == 0 {
		return -1
	}
	return all[len(all)-1][1]
}

func firstEnd(s string) int {
	if m := speechEnd.FindStringIndex(s); m != nil {
		return m[1]
	}
	return -1
}

// insertRange keeps ranges in order and apart.
func insertRange(all [][2]int, r [2]int) [][2]int {
	out := make([][2]int, 0, len(all)+1)
	placed := false
	for _, a := range all {
		switch {
		case a[1] < r[0]:
			out = append(out, a)
		case r[1] < a[0]:
			if !placed {
				out = append(out, r)
				placed = true
			}
			out = append(out, a)
		default:
			r = [2]int{min(a[0], r[0]), max(a[1], r[1])}
		}
	}
	if !placed {
		out = append(out, r)
	}
	return out
}
