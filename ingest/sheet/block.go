package sheet

import (
	"regexp"

	"sportello/ingest"
)

// reAutoName matches the names that programs give to sheets.
var reAutoName = regexp.MustCompile(`(?i)^(?:foglio|sheet|tabelle|feuil)\s*\d*$`)

// tableBlocks cuts a sheet at its empty rows: each piece is a table, with titles above it where single cells stand above the
// columns. A piece without a header of its own, as wide as the one before, goes on under that one's header.
func tableBlocks(rows [][]string) []ingest.Block {
	var out []ingest.Block
	header, width := "", 0
	for i := 0; i < len(rows); {
		if filled(rows[i]) == 0 {
			i++
			continue
		}
		j := i
		for j < len(rows) && filled(rows[j]) > 0 {
			j++
		}
		piece := trimLeft(rows[i:j])
		i = j
		for len(piece) > 0 && filled(piece[0]) == 1 && (len(piece) == 1 || columns(piece[1:]) > 1) {
			out = append(out, ingest.Block{Text: ingest.RowText(piece[0]), Bold: true})
			piece = piece[1:]
		}
		if len(piece) == 0 {
			continue
		}
		wide := columns(piece)
		if wide == 1 {
			for _, r := range piece {
				out = append(out, ingest.Block{Text: ingest.RowText(r)})
			}
			continue
		}
		switch {
		case ingest.LooksLikeHeader(dense(piece)):
			header, width = ingest.RowText(piece[0]), wide
			out = append(out, ingest.Block{Kind: ingest.Row, Text: header, Bold: true})
			piece = piece[1:]
		case wide != width:
			header, width = "", wide
		}
		for _, r := range piece {
			out = append(out, ingest.Block{Kind: ingest.Row, Text: ingest.RowText(r), Header: header})
		}
	}
	return out
}

// dense drops the columns that are empty in the first row: a header with a gap over a margin column is still one.
func dense(rows [][]string) [][]string {
	var keep []int
	for k, c := range rows[0] {
		if ingest.Squeeze(c) != "" {
			keep = append(keep, k)
		}
	}
	if len(keep) == len(rows[0]) || len(keep)*2 < columns(rows) {
		return rows
	}
	out := make([][]string, len(rows))
	for i, r := range rows {
		for _, k := range keep {
			if k < len(r) {
				out[i] = append(out[i], r[k])
			} else {
				out[i] = append(out[i], "")
			}
		}
	}
	return out
}

func filled(row []string) int {
	n := 0
	for _, c := range row {
		if ingest.Squeeze(c) != "" {
			n++
		}
	}
	return n
}

// columns is the width of the widest row.
func columns(rows [][]string) int {
	most := 0
	for _, r := range rows {
		for k := len(r); k > most; k-- {
			if ingest.Squeeze(r[k-1]) != "" {
				most = k
				break
			}
		}
	}
	return most
}

// trimLeft drops the columns that are empty on the left of all rows.
func trimLeft(rows [][]string) [][]string {
	left := -1
	for _, r := range rows {
		k := 0
		for k < len(r) && ingest.Squeeze(r[k]) == "" {
			k++
		}
		if k < len(r) && (left < 0 || k < left) {
			left = k
		}
	}
	if left <= 0 {
		return rows
	}
	out := make([][]string, len(rows))
	for i, r := range rows {
		if len(r) > left {
			out[i] = r[left:]
		}
	}
	return out
}
