package eval

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Tolerance is how far a figure may be from the committed one before it has moved: by so much of a share, by such a part of a count, or, where
// that is more, by so many cases of its line. Vectors made in another order or on another processor differ in their last digits, and with
// them a rank here and there: a group of nine changes by .111 then.
type Tolerance struct {
	Share float64 // 0.005
	Count float64 // 0.01 of the committed count
	Cases int     // 1
}

// Change is a line of a golden file that is not what it was. One of the two is empty for a line that is new or gone.
type Change struct {
	Was, Is string
	Moved   bool // by more than the tolerance
}

// interval is the part of a cell that follows from the rest of it.
var (
	interval = regexp.MustCompile(` ?\[[^\]]*\]`)
	numeral  = regexp.MustCompile(`-?\d+(?:\.\d+)?`)
	spaces   = regexp.MustCompile(`\s+`)
	columns  = regexp.MustCompile(`\s{2,}`)
)

// Compare gives the lines that differ, in order. A line is known again by its words: two lines with the same words and other figures
// are one that changed.
func Compare(was, is string, t Tolerance) []Change {
	before, after := lines(was), lines(is)
	common := commonLines(before, after)
	var out []Change
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch {
		case i < len(before) && j < len(after) && skeleton(before[i]) == skeleton(after[j]):
			if squeezed(before[i]) != squeezed(after[j]) {
				out = append(out, Change{Was: before[i], Is: after[j], Moved: t.moved(before[i], after[j])})
			}
			i, j = i+1, j+1
		case j == len(after) || (i < len(before) && common[i+1][j] >= common[i][j+1]):
			out = append(out, Change{Was: before[i], Moved: true})
			i++
		default:
			out = append(out, Change{Is: after[j], Moved: true})
			j++
		}
	}
	return out
}

// lines gives the lines of a text that are not empty.
func lines(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
}

// commonLines gives, for each pair of places, how many lines with the same words follow in both, in order.
func commonLines(a, b []string) [][]int {
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if skeleton(a[i]) == skeleton(b[j]) {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	return common
}

// skeleton is a line without its figures.
func skeleton(line string) string {
	return squeezed(numeral.ReplaceAllString(interval.ReplaceAllString(line, ""), "#"))
}

func squeezed(line string) string { return spaces.ReplaceAllString(strings.TrimSpace(line), " ") }

func (t Tolerance) moved(was, is string) bool {
	a, b := numeral.FindAllString(interval.ReplaceAllString(was, ""), -1), numeral.FindAllString(interval.ReplaceAllString(is, ""), -1)
	n := fewest(was)
	for i := range a { // their skeletons are the same, so they are as many
		x, _ := strconv.ParseFloat(a[i], 64)
		y, _ := strconv.ParseFloat(b[i], 64)
		limit := max(t.Share, float64(t.Cases)/n)
		if !strings.Contains(a[i], ".") {
			limit = max(t.Count*math.Abs(x), float64(t.Cases))
		}
		if math.Abs(x-y) > limit+0.0011 { // both were rounded
			return true
		}
	}
	return false
}

// fewest is the smallest count of a line of a table, which its shares may be of; infinite when it has none.
func fewest(line string) float64 {
	least := math.Inf(1)
	for _, cell := range columns.Split(strings.TrimSpace(line), -1) {
		if n, err := strconv.Atoi(cell); err == nil && n > 0 {
			least = min(least, float64(n))
		}
	}
	return least
}

// String writes the change as a diff does, with a mark before what moved.
func (c Change) String() string {
	mark := " "
	if c.Moved {
		mark = "!"
	}
	var b strings.Builder
	if c.Was != "" {
		fmt.Fprintf(&b, "%s- %s\n", mark, c.Was)
	}
	if c.Is != "" {
		fmt.Fprintf(&b, "%s+ %s\n", mark, c.Is)
	}
	return b.String()
}
