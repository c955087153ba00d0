package staff

import (
	"encoding/csv"
	"net/http"
	"strings"

	"sportello/assistant/fault"
)

// CSV sends a table as a file that a spreadsheet opens: semicolons, as Italian ones expect, and a mark of UTF-8.
func (v *Visit) CSV(w http.ResponseWriter, name string, rows [][]string) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	if _, err := w.Write([]byte("\xef\xbb\xbf")); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = Cell(cell)
		}
		if err := out.Write(safe); err != nil {
			return fault.Wrap(fault.Internal, err, "the table")
		}
	}
	out.Flush()
	return out.Error()
}

// Cell keeps a spreadsheet from taking a text for a formula (OWASP, CSV injection).
func Cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
