package citizen

import "strings"

// quoteBlock is a stretch of a quote: words, or rows of a table when there are at least two of them.
type quoteBlock struct {
	Text string
	Rows [][]string
}

// cut stands between the opening of a list or table and what is quoted of it.
const cut = "[…]"

// quoteBlocks makes tables of the rows in a quote, whose cells are written with " | " between them. The words stay as they are.
func quoteBlocks(text string) []quoteBlock {
	var out []quoteBlock
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); {
		n := 0
		for i+n < len(lines) && (isRow(lines[i+n]) || n > 0 && lines[i+n] == cut && i+n+1 < len(lines) && isRow(lines[i+n+1])) {
			n++
		}
		if n >= 2 {
			var rows [][]string
			for _, line := range lines[i : i+n] {
				rows = append(rows, strings.Split(line, " | "))
			}
			out = append(out, quoteBlock{Rows: rows})
			i += n
			continue
		}
		if last := len(out) - 1; last >= 0 && out[last].Rows == nil {
			out[last].Text += "\n" + lines[i]
		} else {
			out = append(out, quoteBlock{Text: lines[i]})
		}
		i++
	}
	return out
}

func isRow(line string) bool { return strings.Contains(line, " | ") }
