package eval

import (
	"fmt"
	"strings"
)

// Table is figures for a person to read, and to compare with those of another day.
type Table struct {
	Title   string
	Columns []string
	Rows    [][]string
}

// Add appends a row: a float64 with three decimals, everything else as it prints.
func (t *Table) Add(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		if f, ok := c.(float64); ok {
			c = fmt.Sprintf("%.3f", f)
		}
		row[i] = fmt.Sprint(c)
	}
	t.Rows = append(t.Rows, row)
}

// String writes the table with aligned columns.
func (t Table) String() string {
	widths := make([]int, len(t.Columns))
	all := append([][]string{t.Columns}, t.Rows...)
	for _, row := range all {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	b.WriteString(t.Title + "\n")
	for _, row := range all {
		line := ""
		for i, cell := range row {
			line += fmt.Sprintf("%-*s  ", widths[i], cell)
		}
		b.WriteString("  " + strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}
