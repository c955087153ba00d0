package workbench

import (
	"slices"

	"sportello/assistant/drafting"
)

// match pairs equal elements of two lists: the longest common subsequence, as indexes of a and b in order.
func match[T comparable](a, b []T) (pairs [][2]int) {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		pairs = append(pairs, [2]int{start, start})
		start++
	}
	endA, endB := len(a), len(b)
	var tail [][2]int
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA--
		endB--
		tail = append(tail, [2]int{endA, endB})
	}
	slices.Reverse(tail)
	n, m := endA-start, endB-start
	if n*m > mostCells {
		return append(pairs, tail...)
	}
	table := make([]int32, (n+1)*(m+1))
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			switch {
			case a[start+i] == b[start+j]:
				table[i*(m+1)+j] = table[(i+1)*(m+1)+j+1] + 1
			default:
				table[i*(m+1)+j] = max(table[(i+1)*(m+1)+j], table[i*(m+1)+j+1])
			}
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case a[start+i] == b[start+j]:
			pairs = append(pairs, [2]int{start + i, start + j})
			i++
			j++
		case table[(i+1)*(m+1)+j] >= table[i*(m+1)+j+1]:
			i++
		default:
			j++
		}
	}
	return append(pairs, tail...)
}

// mostCells bounds the memory of a comparison: longer texts that differ everywhere are taken for wholly different.
const mostCells = 4 << 20

// merge3 puts the changes from base to mine and from base to theirs together, paragraph by paragraph. Where both changed the same, mine
// stays and conflict is true.
func merge3(base []string, mine, theirs []drafting.Paragraph) (out []drafting.Paragraph, conflict bool) {
	mineLines, theirLines := lines(mine), lines(theirs)
	inMine, inTheirs := map[int]int{}, map[int]int{}
	for _, p := range match(base, mineLines) {
		inMine[p[0]] = p[1]
	}
	for _, p := range match(base, theirLines) {
		inTheirs[p[0]] = p[1]
	}
	b, m, t := 0, 0, 0
	hunk := func(bEnd, mEnd, tEnd int) {
		was, is, other := base[b:bEnd], mineLines[m:mEnd], theirLines[t:tEnd]
		switch {
		case slices.Equal(was, is) || slices.Equal(is, other):
			out = append(out, theirs[t:tEnd]...)
		case slices.Equal(was, other):
			out = append(out, mine[m:mEnd]...)
		case len(was) == len(other):
			// As many lines as before: theirs changed words in them, and mine may have put others between, or changed other ones.
			at := m
			for i := b; i < bEnd; i++ {
				x, kept := inMine[i]
				if !kept {
					conflict = conflict || base[i] != other[i-b]
					continue
				}
				out = append(out, mine[at:x]...)
				out = append(out, theirs[t+i-b])
				at = x + 1
			}
			out = append(out, mine[at:mEnd]...)
		default:
			out = append(out, mine[m:mEnd]...)
			conflict = true
		}
	}
	for i := range base {
		x, ok1 := inMine[i]
		y, ok2 := inTheirs[i]
		if !ok1 || !ok2 {
			continue
		}
		hunk(i, x, y)
		out = append(out, theirs[y])
		b, m, t = i+1, x+1, y+1
	}
	hunk(len(base), len(mine), len(theirs))
	return out, conflict
}
