package text

import (
	"encoding/csv"
	"strconv"
	"strings"

	"sportello/ingest"
)

// simpleTable reads a table whose columns are marked by lines of "=": the header ends at the second one.
func simpleTable(lines []string) (cells [][]string, header, n int) {
	var cols [][2]int
	mark := lines[0]
	for i := 0; i < len(mark); {
		if mark[i] != '=' {
			i++
			continue
		}
		j := i
		for j < len(mark) && mark[j] == '=' {
			j++
		}
		cols = append(cols, [2]int{i, j})
		i = j
	}
	borders := 1
	for n = 1; n < len(lines); n++ {
		l := strings.TrimRight(lines[n], " ")
		if reSimple.MatchString(l) {
			borders++
			if last := n+1 >= len(lines) || strings.TrimSpace(lines[n+1]) == ""; last {
				return cells, header, n + 1
			}
			header = len(cells)
			continue
		}
		if strings.TrimSpace(l) == "" || strings.Trim(l, "- ") == "" {
			continue
		}
		row := make([]string, len(cols))
		for k, c := range cols {
			end := len(l)
			if k+1 < len(cols) {
				end = cols[k+1][0]
			}
			row[k] = byteSlice(l, c[0], end)
		}
		if row[0] == "" && len(cells) > 0 { // a line that goes on in the row above
			for k := range row {
				cells[len(cells)-1][k] += " " + row[k]
			}
			continue
		}
		cells = append(cells, row)
	}
	return cells, header, n
}

// byteSlice cuts columns counted in characters.
func byteSlice(l string, from, to int) string {
	r := []rune(l)
	if from >= len(r) {
		return ""
	}
	return strings.TrimSpace(string(r[from:min(max(to, from), len(r))]))
}

// listTable reads a table written as a list of lists.
func (r *rstReader) listTable(title string, o map[string]string, body []string) {
	r.caption(title)
	var cells [][]string
	for _, l := range body {
		s := strings.TrimSpace(l)
		switch {
		case strings.HasPrefix(s, "* -"):
			cells = append(cells, []string{strings.TrimSpace(s[3:])})
		case len(cells) == 0 || s == "":
		case strings.HasPrefix(s, "- ") && indent(l) <= 2, s == "-":
			last := len(cells) - 1
			cells[last] = append(cells[last], strings.TrimSpace(s[1:]))
		default:
			row := cells[len(cells)-1]
			row[len(row)-1] += "\n" + s
		}
	}
	header, _ := strconv.Atoi(o["header-rows"])
	r.table(cells, min(max(header, 0), len(cells)))
}

// csvTable reads a table written as comma-separated values in the document; one that names a file is dropped.
func (r *rstReader) csvTable(title string, o map[string]string, body []string) {
	r.caption(title)
	c := csv.NewReader(strings.NewReader(strings.TrimSpace(strings.Join(body, "\n"))))
	c.FieldsPerRecord, c.LazyQuotes, c.TrimLeadingSpace = -1, true, true
	if d := []rune(o["delim"]); len(d) == 1 && d[0] != '"' && d[0] != '\n' && d[0] != '\r' {
		c.Comma = d[0]
	}
	cells, err := c.ReadAll()
	if err != nil {
		cells = nil
		for _, l := range body {
			cells = append(cells, strings.Split(l, ","))
		}
	}
	header, _ := strconv.Atoi(o["header-rows"])
	if h := o["header"]; h != "" {
		hr := csv.NewReader(strings.NewReader(h))
		hr.LazyQuotes, hr.TrimLeadingSpace = true, true
		if row, err := hr.Read(); err == nil {
			cells, header = append([][]string{row}, cells...), 1
		}
	}
	r.table(cells, min(max(header, 0), len(cells)))
}

func (r *rstReader) caption(title string) {
	if s := r.inline(title); s != "" {
		r.out = append(r.out, ingest.Block{Text: s, Bold: true})
	}
}
