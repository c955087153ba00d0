package assistant

import (
	"math"
	"time"
)

// AnswerJSON is an answer as `sportello ask --json` and POST /api/v1/t/SLUG/ask give it. The two share this type so that they
// cannot drift apart. Lists are never null.
type AnswerJSON struct {
	Status     Status          `json:"status"`
	Reason     Reason          `json:"reason"`
	Language   string          `json:"language"`
	Understood string          `json:"understood,omitempty"` // the question in full, when it leaned on an earlier one
	Statements []StatementJSON `json:"statements"`
	Contacts   []Contact       `json:"contacts"`
	Passages   []PassageJSON   `json:"passages"`
	Near       []NearJSON      `json:"near"` // of a refusal for want of a source: what may have been looked for
	Rejected   []RejectionJSON `json:"rejected"`
	Timings    TimingsJSON     `json:"timings"`
	Approved   *ApprovalJSON   `json:"approved,omitempty"` // the answer is one that an office approved
	Notice     string          `json:"notice,omitempty"`   // of a refusal as closed: the comune's words
}

// ApprovalJSON says who approved an answer and when.
type ApprovalJSON struct {
	ID     string `json:"id"`
	Office string `json:"office"`
	On     string `json:"on"` // ISO 8601 day
}

// StatementJSON is one shown sentence. Origin "model" marks words that a language model wrote, "office" words that an office approved; Translated, those that are an automatic
// translation, to be shown beside the Italian quotes of its citations.
type StatementJSON struct {
	Text       string         `json:"text"`
	Origin     Origin         `json:"origin"`
	Translated bool           `json:"translated,omitempty"`
	Citations  []CitationJSON `json:"citations"`
}

// CitationJSON is where a statement rests. Document is the source as ingested, DocumentID what the web pages use; Start and End
// are bytes of Quote in the document's text.
type CitationJSON struct {
	Document   string `json:"document"`
	DocumentID string `json:"document_id"`
	Title      string `json:"title"`
	Article    string `json:"article"`
	Rubric     string `json:"rubric,omitempty"` // "Art. 53 Esenzioni"
	EID        string `json:"eid,omitempty"`
	Page       int    `json:"page"`
	Quote      string `json:"quote"`
	Start      int    `json:"start"`
	End        int    `json:"end"`
}

// PassageJSON is one retrieved passage, as `search` and `ask` give it.
type PassageJSON struct {
	Document   string  `json:"document"`
	DocumentID string  `json:"document_id"`
	Title      string  `json:"title"`
	Article    string  `json:"article"`
	Page       int     `json:"page"`
	Pages      []int   `json:"pages"`
	Score      float64 `json:"score"` // 0..1, four decimals
	Text       string  `json:"text"`
}

// NearJSON is a place that may be what was looked for. It is not an answer: what it says is not given.
type NearJSON struct {
	Document   string `json:"document"`
	DocumentID string `json:"document_id"`
	Title      string `json:"title"`
	Article    string `json:"article"`
	Rubric     string `json:"rubric"`
	Page       int    `json:"page"`
}

// RejectionJSON is a drafted statement that was not shown.
type RejectionJSON struct {
	Text string  `json:"text"`
	Why  Verdict `json:"why"`
}

// TimingsJSON are milliseconds with two decimals.
type TimingsJSON struct {
	Retrieve float64 `json:"retrieve_ms"`
	Embed    float64 `json:"embed_ms"`
	Generate float64 `json:"generate_ms"`
	Verify   float64 `json:"verify_ms"`
}

// JSON gives the answer in its published shape.
func (a Answer) JSON() AnswerJSON {
	out := AnswerJSON{
		Status: a.Status, Reason: a.Reason, Language: a.Language,
		Statements: make([]StatementJSON, 0, len(a.Statements)),
		Contacts:   append([]Contact{}, a.Contacts...),
		Passages:   PassagesJSON(a.Passages),
		Near:       make([]NearJSON, 0, len(a.Near)),
		Rejected:   make([]RejectionJSON, 0, len(a.Drafts)),
		Timings: TimingsJSON{
			Retrieve: Milliseconds(a.Timings.Retrieve), Embed: Milliseconds(a.Timings.Embed),
			Generate: Milliseconds(a.Timings.Generate), Verify: Milliseconds(a.Timings.Verify),
		},
	}
	out.Notice = a.Notice
	if a.Approved != nil {
		out.Approved = &ApprovalJSON{ID: a.Approved.ID, Office: a.Approved.Office, On: a.Approved.On}
	}
	if a.Rewritten {
		out.Understood = a.Question
	}
	for _, s := range a.Statements {
		out.Statements = append(out.Statements, s.JSON())
	}
	for _, n := range a.Near {
		out.Near = append(out.Near, NearJSON{Document: n.Document, DocumentID: n.DocumentID, Title: n.Title, Article: n.Article, Rubric: n.Rubric, Page: n.Page})
	}
	for _, d := range a.Drafts {
		out.Rejected = append(out.Rejected, RejectionJSON(d))
	}
	return out
}

// JSON gives the statement in its published shape; the event `statement` of a streamed answer is exactly this.
func (s Statement) JSON() StatementJSON {
	out := StatementJSON{Text: s.Text, Origin: s.Origin, Translated: s.Translated, Citations: make([]CitationJSON, 0, len(s.Citations))}
	for _, c := range s.Citations {
		out.Citations = append(out.Citations, CitationJSON{
			Document: c.Document, DocumentID: c.DocumentID, Title: c.Title, Article: c.Article, Rubric: c.Rubric, EID: c.EID,
			Page: c.Page, Quote: c.Quote, Start: c.Start, End: c.End,
		})
	}
	return out
}

// PassagesJSON gives passages in their published shape.
func PassagesJSON(passages []Passage) []PassageJSON {
	out := make([]PassageJSON, 0, len(passages))
	for _, p := range passages {
		out = append(out, PassageJSON{
			Document: p.Document, DocumentID: p.DocumentID, Title: p.Title, Article: p.Article, Page: p.Page,
			Pages: append([]int{}, p.Pages...), Score: math.Round(p.Score*1e4) / 1e4, Text: p.Text,
		})
	}
	return out
}

// ByModel says whether any shown word was written by a language model: what article 50 of the AI Act wants marked.
func (a Answer) ByModel() bool {
	for _, s := range a.Statements {
		if s.Origin == FromModel {
			return true
		}
	}
	return false
}

// Milliseconds gives d with two decimals.
func Milliseconds(d time.Duration) float64 {
	return math.Round(float64(d)/float64(time.Millisecond)*100) / 100
}
