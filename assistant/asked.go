package assistant

import "time"

// Asked is a question as it is kept for the offices: without personal data, with what was answered. Nothing says who asked.
type Asked struct {
	ID         string    `json:"id"` // random; who has it may add feedback
	Mark       string    `json:"-"`  // see Code; written and never read out
	Tenant     string    `json:"tenant"`
	At         time.Time `json:"at"` // day and hour, no more
	Language   string    `json:"language"`
	Subject    string    `json:"subject"` // one of the subjects of the tenant's offices, empty: none of them
	Office     string    `json:"office"`  // the office that the answer named first
	Status     Status    `json:"status"`
	Reason     Reason    `json:"reason"`
	Confidence float64   `json:"confidence"`
	Approved   string    `json:"approved,omitempty"` // id of the approved answer that was given
	Assigned   string    `json:"assigned"`           // the office that is to look at it
	Done       bool      `json:"done"`               // somebody has looked at it and needs it no more on the list

	Question   string          `json:"question"` // masked
	Understood string          `json:"understood,omitempty"`
	Statements []StatementJSON `json:"statements"`
	Passages   []PassageJSON   `json:"passages"` // the first ones, their text cut
}

// Weak says whether an answer was given on little evidence: worth a look by somebody who knows.
func (a Asked) Weak() bool { return Weak(a.Status, a.Confidence) && a.Approved == "" }

// Weak says whether an answer of this confidence was given on little evidence.
func Weak(s Status, confidence float64) bool { return s != Refused && confidence < weakBelow }

// weakBelow lies halfway between what is not answered at all and what is certain.
const weakBelow = (Sure + 1) / 2

// Unanswered says whether a question found nothing in the documents, which somebody may mend. Those that the assistant must not answer
// (unsafe, personal) and emergencies are no gap.
func (a Asked) Unanswered() bool { return a.Status == Refused && a.Reason == NoSource }

// AskedFilter chooses among the questions kept of a tenant. Empty fields choose all.
type AskedFilter struct {
	From, To string // ISO days, both included
	What     string // "unanswered", "weak", "refused", "answered", "disliked"
	Language string
	Subject  string
	NoneOf   bool   // of no subject, when Subject is empty
	Office   string // named or assigned
	Open     bool   // not done
	Words    string // in the question, any case
	Limit    int    // 0: all
}

// Count is how many questions of one sort were asked on a day. It holds no content and is kept for ever.
type Count struct {
	Day      string `json:"day"`
	Language string `json:"language"`
	Subject  string `json:"subject"`
	Office   string `json:"office"`
	Status   Status `json:"status"`
	Reason   Reason `json:"reason"`
	Weak     bool   `json:"weak"`
	Approved bool   `json:"approved"`
	N        int    `json:"n"`
}

// Feedback is what somebody thought of an answer or of the page.
type Feedback struct {
	Tenant   string    `json:"tenant"`
	Question string    `json:"question"` // id of the Asked, empty: of the page
	At       time.Time `json:"at"`
	Useful   int       `json:"useful"` // 1 thumb up, -1 thumb down, 0 not said
	Rate     int       `json:"rate"`   // 1..5 of the official component, 0 not said
	Reason   string    `json:"reason"` // key of one of FeedbackReasons, empty: not said
	Text     string    `json:"text"`   // masked
}

// FeedbackReasons are the answers of the official rating component (modello Comuni, Designers Italia): those of somebody who
// was content first, then those of somebody who was not.
var FeedbackReasons = struct{ Positive, Negative []string }{
	Positive: []string{"clear", "complete", "guided", "no_problems", "good_other"},
	Negative: []string{"unclear", "incomplete", "lost", "problems", "bad_other"},
}

// FeedbackCount is how often something was said in feedback on a day: kind "useful" with value "1" or "-1", "rate" with "1".."5",
// "reason" with its key.
type FeedbackCount struct {
	Day   string `json:"day"`
	Kind  string `json:"kind"`
	Value string `json:"value"`
	N     int    `json:"n"`
}
