package sheet

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/internal/charset"
)

func readCSV(ctx context.Context, in ingest.Input, c Config) ([]table, []string, error) {
	if len(in.Bytes) > c.MaxBytes {
		return nil, nil, fault.New(fault.TooLarge, "%s: %d MB of values, more than the limit of %d MB", in.Name, len(in.Bytes)>>20, c.MaxBytes>>20)
	}
	text, encoding := charset.Text(in.Bytes)
	var warnings []string
	if encoding != "utf-8" {
		warnings = append(warnings, "read as "+encoding)
	}
	sep := separator(text)
	if rest, ok := strings.CutPrefix(text, "sep="); ok && len(rest) > 1 && (rest[1] == '\n') { // Excel's own mark
		sep, text = rune(rest[0]), rest[2:]
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = sep, -1, true, false
	t := table{}
	for len(t.rows) <= c.MaxRows {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			warnings = append(warnings, "a line is not well formed: "+err.Error())
			continue
		}
		if len(t.rows)%4096 == 0 && ctx.Err() != nil {
			break
		}
		if len(row) > c.MaxColumns {
			row = row[:c.MaxColumns]
		}
		t.rows = append(t.rows, row)
	}
	if len(t.rows) > c.MaxRows {
		return nil, nil, fault.New(fault.TooLarge, "%s: more than %d rows: split it", in.Name, c.MaxRows)
	}
	return []table{t}, warnings, nil
}

// separator picks the mark that cuts the first lines into the same number of fields, the more the better.
func separator(text string) rune {
	lines := strings.SplitN(text, "\n", 22)
	if len(lines) > 21 {
		lines = lines[:21]
	}
	best, score := ',', 0
	for _, sep := range []rune{';', '\t', ',', '|'} {
		counts := map[int]int{}
		for _, l := range lines {
			if n := strings.Count(unquoted(l), string(sep)); n > 0 {
				counts[n]++
			}
		}
		for n, times := range counts {
			if s := times * times * (n + 1); s > score {
				best, score = sep, s
			}
		}
	}
	return best
}

// unquoted drops what is between quotation marks.
func unquoted(l string) string {
	parts := strings.Split(l, `"`)
	var b strings.Builder
	for i := 0; i < len(parts); i += 2 {
		b.WriteString(parts[i])
	}
	return b.String()
}
