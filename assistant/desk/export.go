package desk

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"sportello/assistant"
)

// The columns of the exports. They are names, not words of a page: a spreadsheet or a program reads them.
var (
	askedColumns = []string{"id", "giorno", "ora", "lingua", "materia", "ufficio", "assegnata_a", "esito", "motivo", "fiducia", "vista", "domanda", "risposta", "fonti"}
	trendColumns = []string{"chiave", "domande", "risposte", "approvate", "poco_sicure", "senza_risposta", "altri_rifiuti"}
)

// WriteAsked writes questions as CSV that a spreadsheet opens without running anything in it.
func WriteAsked(w io.Writer, list []assistant.Asked) error {
	rows := [][]string{askedColumns}
	for _, a := range list {
		var said, sources []string
		for _, s := range a.Statements {
			said = append(said, s.Text)
			for _, c := range s.Citations {
				sources = append(sources, strings.TrimSpace(c.Title+" "+article(c.Article)))
			}
		}
		rows = append(rows, []string{
			a.ID, a.At.Format(time.DateOnly), strconv.Itoa(a.At.Hour()), a.Language, a.Subject, a.Office, a.Assigned, string(a.Status), string(a.Reason),
			strconv.FormatFloat(a.Confidence, 'f', 2, 64), strconv.FormatBool(a.Done), a.Question, strings.Join(said, "\n"), strings.Join(sources, "\n"),
		})
	}
	return writeCSV(w, rows)
}

func article(number string) string {
	if number == "" {
		return ""
	}
	return "art. " + number
}

// WriteTrends writes trends as CSV.
func WriteTrends(w io.Writer, list []Trend) error {
	rows := [][]string{trendColumns}
	for _, t := range list {
		row := []string{t.Key}
		for _, n := range []int{t.Asked, t.Answered, t.Approved, t.Weak, t.Unanswered, t.Refused} {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, row)
	}
	return writeCSV(w, rows)
}

func writeCSV(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	for _, row := range rows {
		for i := range row {
			row[i] = plain(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// plain keeps a spreadsheet from taking a cell for a formula (OWASP, CSV injection): an apostrophe before what would begin one, also
// after spaces and line ends, and no cell that begins with a tab or a return.
func plain(cell string) string {
	cell = strings.ReplaceAll(cell, "\x00", "")
	trimmed := strings.TrimLeft(cell, " \t\r\n\u00a0")
	if trimmed != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(trimmed)[0]) || cell != "" && strings.ContainsRune("\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
