package eval

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"sportello/assistant"
	"sportello/ingest"
)

// paraphrase is a question on a document of the demo, with sentences in a clerk's own words and false ones.
type paraphrase struct {
	Doc      string   `json:"doc"`
	Articles []string `json:"articles"` // "" is what stands in no article
	Question string   `json:"question"`
	Answer   []string `json:"answer"`
	False    []string `json:"false"`
}

// ParaphraseCases reads statements that were written by hand about documents of the demo, true and false, a question a
// line, and gives each true one with the passages of its articles. docs are keyed by file name.
func ParaphraseCases(r io.Reader, docs map[string]*ingest.Document) ([]Case, error) {
	var out []Case
	for dec := json.NewDecoder(r); ; {
		var row paraphrase
		if err := dec.Decode(&row); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("after %d statements: %w", len(out), err)
		}
		d := docs[row.Doc]
		if d == nil {
			return nil, fmt.Errorf("no document %s", row.Doc)
		}
		passages := pick(DocumentPassages(d), func(p assistant.Passage) bool { return slices.Contains(row.Articles, p.Article) })
		for i, s := range row.Answer {
			c := Case{Group: "paraphrases", ID: row.Doc, Question: assistant.Question{Text: row.Question, Language: "it"}, Statement: s, Passages: passages}
			if i == 0 {
				c.Wrong = row.False
			}
			out = append(out, c)
		}
	}
}
