package pdf

// An OCR has found lines itself, and sees better than positions alone which words belong together on a page that is askew.

// readSegments makes segments of the lines of an OCR, cut at wide gaps.
func readSegments(words []word) []segment {
	var out []segment
	for i, w := range words {
		if i > 0 && words[i-1].line == w.line {
			s := &out[len(out)-1]
			if w.x0-s.x1 < wideGap*s.size {
				s.words = append(s.words, w)
				s.box, s.size = s.box.union(w.box), max(s.size, w.size)
				continue
			}
		}
		out = append(out, segment{box: w.box, words: []word{w}, size: w.size})
	}
	return out
}

// mixed says whether lines of running text stand beside each other in many rows: columns that could not be told apart.
func mixed(ls []line) bool {
	n := 0
	for _, l := range ls {
		long := 0
		for _, s := range l.segs {
			if len(s.words) >= 4 {
				long++
			}
		}
		if long >= 2 {
			n++
		}
	}
	return n >= minColumnLines
}

// inOrder gives the segments as lines in the reading order of the OCR.
func inOrder(bs []block, col int) []line {
	var out []line
	for i, b := range bs {
		if i > 0 && bs[i-1].words[0].line == b.words[0].line {
			last := &out[len(out)-1]
			*last = newLine(append(last.segs, b.segment), col)
			continue
		}
		out = append(out, newLine([]segment{b.segment}, col))
	}
	return out
}
