package pdf

// page is a page as lines in reading order.
type page struct {
	number        int
	width, height float64
	lines         []line
	ocr           bool
}

// layout finds the lines of a page.
func layout(r *raw) *page {
	p := &page{number: r.number, width: r.width, height: r.height, ocr: r.ocr}
	byTurn := map[int][]word{}
	for _, w := range r.words() {
		byTurn[w.turn] = append(byTurn[w.turn], w)
	}
	for _, t := range [...]int{0, 1, 3, 2, -1} {
		for i, row := range rows(segments(byTurn[t])) {
			_ = i
			p.lines = append(p.lines, newLine(row, 0))
		}
	}
	return p
}
