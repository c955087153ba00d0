package ingest

import (
	"slices"
	"strings"
	"time"

	"sportello/assistant/fault"
)

// Result says what an ingestion did; its JSON is what `sportello ingest --json` prints.
type Result struct {
	Documents int       `json:"documents"` // on the shelf through this ingestion: new, replaced and unchanged ones
	Unchanged int       `json:"unchanged"` // of these, those whose bytes were known
	Replaced  int       `json:"replaced"`  // of these, those with a new version
	Removed   int       `json:"removed"`   // retired because their file vanished
	Vanished  []string  `json:"vanished"`  // sources whose file is gone from a given folder, retired or not
	Repealed  []string  `json:"repealed"`  // sources given again that a person had repealed: they stay so
	Chunks    int       `json:"chunks"`    // of Documents
	Embedded  int       `json:"embedded"`  // vectors made; for whoever embeds to fill in
	Pages     int       `json:"pages"`     // of Documents
	OCRPages  int       `json:"ocr_pages"` // pages read by recognition in this ingestion
	Failed    []Failure `json:"failed"`
	Hidden    []Hiding  `json:"hidden"` // what was found that a reader does not see, or that speaks to an assistant
	Seconds   float64   `json:"seconds"`
}

// Failure is a file that was not taken in.
type Failure struct {
	File  string     `json:"file"`  // as given
	Error string     `json:"error"` // what is wrong and what to do about it
	Code  fault.Code `json:"code"`
}

// Hiding is a document with what its file hides.
type Hiding struct {
	File     string    `json:"file"`
	Findings []Finding `json:"findings"`
}

func (r *Result) hides(source string, all []Finding) {
	if len(all) > 0 {
		r.Hidden = append(r.Hidden, Hiding{source, all})
	}
}

// Step is reported after each file.
type Step struct {
	Done, Total int // files; Total grows while addresses are walked
	Source      string
	Outcome     Outcome // empty when it failed
	Document    string  // id, empty when it failed
	Version     int     // of the document; 0 when it failed or did not change
	Chunks      int
	Warnings    []string
	Err         error // *fault.Error; nil when it is in
}

func newResult() *Result {
	return &Result{Vanished: []string{}, Repealed: []string{}, Failed: []Failure{}, Hidden: []Hiding{}}
}

func (r *Result) fail(file string, err error) {
	r.Failed = append(r.Failed, Failure{File: file, Error: fault.MessageOf(err), Code: fault.CodeOf(err)})
}

func (r *Result) count(s Stored, source string, pages int) {
	r.Documents++
	r.Chunks += s.Chunks
	r.Pages += pages
	switch s.Outcome {
	case Unchanged:
		r.Unchanged++
	case Replaced:
		r.Replaced++
	}
	if s.Standing == Repealed {
		r.Repealed = append(r.Repealed, source)
	}
}

// finish puts the lists in an order that does not depend on which file was done first.
func (r *Result) finish(since time.Time) *Result {
	slices.Sort(r.Vanished)
	slices.Sort(r.Repealed)
	slices.SortStableFunc(r.Failed, func(a, b Failure) int { return strings.Compare(a.File, b.File) })
	slices.SortFunc(r.Hidden, func(a, b Hiding) int { return strings.Compare(a.File, b.File) })
	r.Seconds = time.Since(since).Round(10 * time.Millisecond).Seconds()
	return r
}
