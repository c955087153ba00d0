package eval

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"

	"sportello/assistant/fault"
)

// Row is a question with what a right answer holds. The fields are those of the question sets' README.
type Row struct {
	ID       string   `json:"id"`
	Tenant   string   `json:"tenant"`
	Lang     string   `json:"lang"`
	Kind     string   `json:"kind"` // answerable, unanswerable, out_of_scope, personal_decision, injection
	Needs    []string `json:"needs"`
	Question string   `json:"question"`
	Answer   string   `json:"answer"` // of reference, in the language of the question
	Gold     []Gold   `json:"gold"`
	GoldMode string   `json:"gold_mode"` // "any": the gold entries are alternatives
	Facts    []string `json:"facts"`
	Stale    []string `json:"stale"`
	MustNot  []string `json:"must_not"`
}

// Gold is a place that answers.
type Gold struct {
	Doc       string   `json:"doc"`
	Article   string   `json:"article"`
	Page      int      `json:"page"`
	Pages     []int    `json:"pages"`
	Quote     string   `json:"quote"`
	AlsoPages []int    `json:"also_pages"`
	AlsoIn    []string `json:"also_in"`
	Alt       []struct {
		Doc   string `json:"doc"`
		Page  int    `json:"page"`
		Quote string `json:"quote"`
	} `json:"alt"`
}

// ReadRows reads a question set, one JSON object a line.
func ReadRows(r io.Reader) ([]Row, error) {
	var rows []Row
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<22)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var row Row
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "line %d is not a question", n)
		}
		rows = append(rows, row)
	}
	return rows, lines.Err()
}
