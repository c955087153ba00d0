package eval

import (
	"bufio"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"sportello/assistant/fault"
)

// RetrievalFormat is how the files of a set are written.
type RetrievalFormat string

// Formats of the sets. Plain is passages {"id","text"} and questions {"id","question","passage_id"[,"ambiguous"]}; FAQ is
// {"faq","canonical"} and {"faq","question"}; Unanswerable is plain, with questions that may lack a passage_id because
// nothing answers them.
const (
	PlainFormat        RetrievalFormat = "retrieval"
	FAQFormat          RetrievalFormat = "faq"
	UnanswerableFormat RetrievalFormat = "unanswerable"
)

// RetrievalPassage is a text to be found.
type RetrievalPassage struct {
	ID   string
	Text string
}

// RetrievalQuestion is a question with the passage that answers it, empty when none does.
type RetrievalQuestion struct {
	ID        string
	Question  string
	PassageID string
	Language  string
	Group     string // part of the set it belongs to: a category, a document; may be empty
}

// RetrievalSet is a file of questions.
type RetrievalSet struct {
	File      string
	Questions []RetrievalQuestion
}

// retrievalLine has the fields of all formats.
type retrievalLine struct {
	ID        string `json:"id"`
	Text      string `json:"text"`
	Question  string `json:"question"`
	PassageID string `json:"passage_id"`
	Language  string `json:"lang"`
	Ambiguous bool   `json:"ambiguous"`
	FAQ       string `json:"faq"`
	Canonical string `json:"canonical"`
	Category  string `json:"category"`
	Doc       string `json:"doc"`
}

// ReadPassages reads a file of passages. Errors are fault.Invalid with the file and line.
func ReadPassages(path string, format RetrievalFormat) ([]RetrievalPassage, error) {
	var out []RetrievalPassage
	err := readLines(path, func(l retrievalLine) error {
		p := RetrievalPassage{ID: l.ID, Text: l.Text}
		if format == FAQFormat {
			p = RetrievalPassage{ID: l.FAQ, Text: l.Canonical}
		}
		if p.ID == "" || p.Text == "" {
			return fault.New(fault.Invalid, "a passage needs an id and a text")
		}
		out = append(out, p)
		return nil
	})
	return out, err
}

// ReadQuestions reads a file of questions; ambiguous ones are left out. Errors are fault.Invalid with the file and line.
func ReadQuestions(path string, format RetrievalFormat) (RetrievalSet, error) {
	set := RetrievalSet{File: path}
	err := readLines(path, func(l retrievalLine) error {
		if l.Ambiguous {
			return nil
		}
		q := RetrievalQuestion{ID: l.ID, Question: l.Question, PassageID: l.PassageID, Language: l.Language, Group: cmp.Or(l.Category, l.Doc)}
		if format == FAQFormat {
			q.ID, q.PassageID = l.FAQ, l.FAQ
		}
		if q.Question == "" {
			return fault.New(fault.Invalid, "a question is missing")
		}
		if q.PassageID == "" && format != UnanswerableFormat {
			return fault.New(fault.Invalid, "question %s does not say which passage answers it; use --format unanswerable for those that nothing answers", q.ID)
		}
		set.Questions = append(set.Questions, q)
		return nil
	})
	return set, err
}

func readLines(path string, each func(retrievalLine) error) error {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return fault.Wrap(fault.NotFound, err, "%s cannot be opened", path)
	}
	defer f.Close() //nolint:errcheck // only read
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 0, 64<<10), 8<<20)
	for n := 1; lines.Scan(); n++ {
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		var l retrievalLine
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return fault.Wrap(fault.Invalid, err, "%s, line %d is not a JSON object of this format", path, n)
		}
		if err := each(l); err != nil {
			return fault.Wrap(fault.Invalid, err, "%s, line %d", path, n)
		}
	}
	if err := lines.Err(); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be read", path)
	}
	return nil
}

// Windows are cut by characters, so that no model has to be asked: 1,100 characters of any of the ten languages but Chinese fit
// into 512 tokens, and Chinese, at most one token a sign, gets 450.
const (
	windowRunes   = 1100
	windowOverlap = 100
	windowHan     = 450
)

// Windows cuts a text into overlapping pieces that an embedding model of 512 tokens can read, at spaces.
func Windows(text string) []string {
	size := windowRunes
	rs := []rune(text)
	han := 0
	for _, r := range rs {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
			han++
		}
	}
	if han*3 > len(rs) {
		size = windowHan
	}
	var out []string
	for start := 0; ; {
		if len(rs)-start <= size {
			return append(out, string(rs[start:]))
		}
		cut := backToSpace(rs, start, start+size)
		out = append(out, string(rs[start:cut]))
		start = max(backToSpace(rs, start, cut-windowOverlap), start+1)
	}
}

// backToSpace gives the place after the last space before end, or end when there is none in the second half.
func backToSpace(rs []rune, start, end int) int {
	for i := end; i > start+(end-start)/2; i-- {
		if unicode.IsSpace(rs[i-1]) {
			return i
		}
	}
	return end
}
