package assistant

import "time"

// Status says how a question was answered.
type Status string

// The ways a question ends.
const (
	Answered Status = "answered" // phrased by a model, every statement verified, or in the words of an office that approved it
	Quoted   Status = "quoted"   // in the words of the document
	Refused  Status = "refused"  // with a Reason, and whom to ask
)

// Reason is a code of refusal; locales/ turns it into words.
type Reason string

// The reasons there are.
const (
	NoSource         Reason = "no_source"
	OutOfScope       Reason = "out_of_scope"
	PersonalDecision Reason = "personal_decision"
	Unsafe           Reason = "unsafe"
	OtherComune      Reason = "other_comune"
	Overloaded       Reason = "overloaded"
	Closed           Reason = "closed"    // switched off by the comune, see Closure
	Emergency        Reason = "emergency" // not a refusal to help: the fixed answer with the numbers to call
)

// Answer is what is shown. Every Statement was verified; what was not is not here.
type Answer struct {
	Status     Status
	Reason     Reason
	Language   string // of the question
	Question   string // as it was understood
	Rewritten  bool   // Question is not what was written: it leaned on an earlier one
	Statements []Statement
	Contacts   []Contact
	Passages   []Passage   // what was retrieved, best first
	Confidence float64     // how likely the passages are to answer, 0..1; 0 when nothing was searched
	Near       []Near      // refused with NoSource: what may have been looked for, by title
	Drafts     []Rejection // what Verify rejected, for the page "how this answer was made" and for evaluation
	Timings    Timings
	Approved   *Approved // the answer is this one, of an office
	Notice     string    // of a refusal as Closed: what the comune says about it
}

// Origin says who wrote the words of a statement.
type Origin string

// Nobody else writes a statement.
const (
	FromDocument Origin = "document" // a literal quote
	FromModel    Origin = "model"    // phrased by a model and verified
	FromOffice   Origin = "office"   // written and approved by an office
)

// Statement is a sentence of an answer.
type Statement struct {
	Text       string
	Origin     Origin
	Translated bool       // a model's words in another language than the documents: to be shown beside the quotes that were verified
	Citations  []Citation // at least one
}

// Citation is the place in a document that holds up a statement. Quote is a literal span of the document's text.
type Citation struct {
	Passage    string // id of the passage
	DocumentID string
	Document   string // source
	Title      string
	Article    string
	Rubric     string // the last step of the breadcrumb: "Art. 53 Esenzioni"; empty when it says no more than the title
	EID        string
	Page       int
	Start, End int // bytes of Quote in the document's text
	Quote      string
}

// Rejection is a drafted statement that was not shown, and why.
type Rejection struct {
	Text string
	Why  Verdict
}

// Contact is an office to turn to.
type Contact struct {
	Office   string      `json:"office"`
	Subjects []string    `json:"subjects,omitempty"`
	Hours    string      `json:"hours,omitempty"`
	Phone    string      `json:"phone,omitempty"`
	Email    string      `json:"email,omitempty"`
	Address  string      `json:"address,omitempty"`
	PEC      string      `json:"pec,omitempty"`
	Link     string      `json:"link,omitempty"`    // of a page with more
	General  bool        `json:"general,omitempty"` // the administration itself, for what no office of the list is about; there is one at most, the last
	Closed   []ClosedDay `json:"closed,omitempty"`  // now and in the next weeks, besides the hours
}

// ClosedDay is a day, or a run of days, on which an office is closed.
type ClosedDay struct {
	From string `json:"from"`         // ISO 8601
	To   string `json:"to,omitempty"` // the last day; empty: one day
	Why  string `json:"why,omitempty"`
}

// On says whether the day (ISO 8601) is one of them.
func (c ClosedDay) On(day string) bool {
	return day == c.From || c.To != "" && day >= c.From && day <= c.To
}

// Last is the last day.
func (c ClosedDay) Last() string { return max(c.From, c.To) }

// Timings are wall-clock durations of the steps.
type Timings struct {
	Retrieve time.Duration
	Embed    time.Duration // part of Retrieve
	Generate time.Duration
	Verify   time.Duration
}
