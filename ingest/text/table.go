package text

import (
	"regexp"
	"strings"

	"sportello/ingest"
)

// table is a table drawn with characters: its rows, how many of them are header, and how many lines it takes.
type table struct {
	cells  [][]string
	header int
	lines  int
}

// rows gives a table as Row blocks. header counts the header rows; with none the first row is taken for one if it looks like it.
func rows(cells [][]string, header int) []ingest.Block {
	if header == 0 && ingest.LooksLikeHeader(cells) {
		header = 1
	}
	var out []ingest.Block
	head := ""
	for i, row := range cells {
		s := ingest.RowText(row)
		if s == "" {
			continue
		}
		b := ingest.Block{Kind: ingest.Row, Text: s}
		if i < header {
			head = strings.TrimSpace(head + " " + s)
			b.Bold = true
		} else {
			b.Header = head
		}
		out = append(out, b)
	}
	return out
}

// boxed gives the inner text of a table of one column, which is a frame around paragraphs, and whether it is one.
func boxed(t table, lines []string) (string, bool) {
	for _, row := range t.cells {
		if len(row) != 1 {
			return "", false
		}
	}
	if len(t.cells) == 0 {
		return "", false
	}
	var b strings.Builder
	for _, l := range lines[:t.lines] {
		if s := strings.TrimSpace(l); !strings.HasPrefix(s, "+") {
			b.WriteString(strings.TrimPrefix(strings.TrimSuffix(strings.TrimPrefix(s, "|"), "|"), " "))
		}
		b.WriteByte('\n')
	}
	return b.String(), true
}

var rePipeRow = regexp.MustCompile(`^\s*\|.*\|\s*$`)

func isTableLine(l string) bool { return reGrid.MatchString(l) || rePipeRow.MatchString(l) }

// asciiTable reads a table of "|" cells, with or without "+---+" borders: a border ends a row whose cells take several
// lines; "=" borders end the header.
func asciiTable(lines []string) table {
	t := table{}
	var open []string
	grid := reGrid.MatchString(lines[0])
	flush := func() {
		if open != nil {
			t.cells = append(t.cells, open)
			open = nil
		}
	}
	for _, l := range lines {
		if !isTableLine(l) && (!grid || !strings.HasPrefix(strings.TrimSpace(l), "|") && !strings.HasPrefix(strings.TrimSpace(l), "+")) {
			break
		}
		t.lines++
		s := strings.TrimSpace(l)
		if strings.HasPrefix(s, "+") || strings.Trim(s, "|-:=+ ") == "" && strings.ContainsAny(s, "-=") {
			flush()
			if strings.Contains(s, "=") || !grid && t.header == 0 && len(t.cells) == 1 {
				t.header = len(t.cells)
			}
			continue
		}
		cells := strings.Split(strings.Trim(s, "|"), "|")
		switch {
		case !grid || open == nil:
			flush()
			open = cells
		case len(cells) == len(open):
			for i := range open {
				open[i] += " " + strings.TrimSpace(cells[i])
			}
		default: // cells that span columns: kept as they come
			open[len(open)-1] += " " + strings.Join(cells, " ")
		}
	}
	flush()
	return t
}
