package assistant

import (
	"context"
	"strings"
	"time"
)

// Approved is an answer that an office wrote: it is given before anything is searched, in the office's words, with its sources.
type Approved struct {
	ID        string     `json:"id"`
	Tenant    string     `json:"tenant"`
	Language  string     `json:"language"` // given to questions in this language only
	Question  string     `json:"question"`
	Wordings  []string   `json:"wordings"` // other ways to ask the same
	Text      string     `json:"text"`     // paragraphs, an empty line between them
	Sources   []Citation `json:"sources"`  // at least one
	Office    string     `json:"office"`
	Author    string     `json:"author"` // who approved it, as the audit names them
	On        string     `json:"on"`     // ISO day of the approval
	Expires   string     `json:"expires"`
	Withdrawn bool       `json:"withdrawn"`
	Served    int        `json:"served"` // how often it was given
	UpdatedAt time.Time  `json:"updated_at"`
}

// Expired says whether an approved answer may no longer be given on a day (ISO 8601).
func (a *Approved) Expired(day string) bool { return a.Withdrawn || a.Expires != "" && a.Expires < day }

// Statements gives the answer as it is shown: a statement a paragraph, each resting on all sources.
func (a *Approved) Statements() []Statement {
	var out []Statement
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(a.Text, "\r\n", "\n"), "\n\n") {
		if paragraph = strings.TrimSpace(paragraph); paragraph != "" {
			out = append(out, Statement{Text: paragraph, Origin: FromOffice, Citations: a.Sources})
		}
	}
	return out
}

// approved gives the answer that an office approved for a question, nil when there is none. What fails here is no reason to
// leave a question without the answer of the documents.
func (a *Asker) approved(ctx context.Context, q Question, answer *Answer, emit func(Statement) error) (bool, error) {
	if a.Approved == nil {
		return false, nil
	}
	found, err := a.Approved(ctx, q)
	if err != nil {
		a.Log.Warn("approved answers could not be looked through", "tenant", q.Tenant, "error", err)
		return false, nil //nolint:nilerr // the documents answer
	}
	if found == nil {
		return false, nil
	}
	answer.Status, answer.Approved, answer.Confidence = Answered, found, 1
	for _, s := range found.Statements() {
		answer.Statements = append(answer.Statements, s)
		if err := emit(s); err != nil {
			return true, err
		}
	}
	return true, nil
}
