package assistant

import "time"

// Events that a tenant can have sent to an address. Nothing that a citizen wrote is in any of them.
const (
	EventDocument   = "document.changed"    // added, replaced, corrected, superseded, repealed, restored, removed
	EventUnanswered = "question.unanswered" // a question found nothing in the documents
	EventHandOver   = "handover.left"       // a question was left for an office
	EventTest       = "test"                // somebody asked for one, to try the address
)

// Events are those that can be chosen.
var Events = []string{EventDocument, EventUnanswered, EventHandOver}

// Webhook is an address of another program that is told what happens in a tenant.
type Webhook struct {
	ID      string
	Tenant  string
	URL     string
	Events  []string
	Active  bool
	Author  string // as the audit log names them
	AddedAt time.Time
	Waiting int // deliveries
	Failed  int // deliveries that were given up
}

// Delivery is one message to a Webhook and how it went.
type Delivery struct {
	ID      int64
	Webhook string
	Message string // the same each time it is sent: who receives it twice sees that by it
	Event   string
	Body    string // JSON, as it is sent
	At      time.Time
	State   string    // queued, sent, failed
	Tries   int       //
	Next    time.Time // when it is tried again
	Status  int       // of the last answer, 0: there was none
	Error   string    // of the last try

	Tenant string // these three for who delivers
	URL    string
	Secret string
}

// The states of a Delivery.
const (
	DeliveryQueued = "queued"
	DeliverySent   = "sent"
	DeliveryFailed = "failed" // given up
)

// DocumentEvent is the data of EventDocument.
type DocumentEvent struct {
	Tenant       string `json:"tenant"`
	Document     string `json:"document"` // id
	Source       string `json:"source"`
	Title        string `json:"title"`
	Kind         string `json:"kind"`
	Visibility   string `json:"visibility"`
	Version      int    `json:"version"`
	Change       string `json:"change"`
	State        string `json:"state"`
	SupersededBy string `json:"superseded_by"` // id
}

// UnansweredEvent is the data of EventUnanswered: never what was asked.
type UnansweredEvent struct {
	Tenant   string `json:"tenant"`
	Question string `json:"question"` // id, empty when the tenant keeps no questions
	Language string `json:"language"`
	Reason   Reason `json:"reason"`
	Subject  string `json:"subject"`
	Office   string `json:"office"`
}

// HandOverEvent is the data of EventHandOver: never what was asked, nor by whom.
type HandOverEvent struct {
	Tenant   string `json:"tenant"`
	HandOver string `json:"handover"` // its number
	Office   string `json:"office"`
	Language string `json:"language"`
}
