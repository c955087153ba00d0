package assistant

import "time"

// HandOver is a question that somebody left for an office.
type HandOver struct {
	ID         string    `json:"id"`
	Tenant     string    `json:"tenant"`
	Office     string    `json:"office"`
	Language   string    `json:"language"` // of the page it was left on: the reply's frame is written in it
	Asked      string    `json:"asked"`    // id of the Asked, empty: left without asking first
	State      string    `json:"state"`    // open, answered, closed
	At         time.Time `json:"at"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	AnsweredBy string    `json:"answered_by"`
	WithEmail  bool      `json:"with_email"` // an address was left

	Text  string `json:"text"` // masked
	Reply string `json:"reply"`
	Email string `json:"-"` // kept until the reply has left, never listed
	Token string `json:"-"` // of the private link
}

// The states of a HandOver.
const (
	HandOverOpen     = "open"
	HandOverAnswered = "answered"
	HandOverClosed   = "closed"
)

// Mail is a message that waits to leave. It holds no text and no address: both are made when it is sent.
type Mail struct {
	ID       int64     `json:"id"`
	Tenant   string    `json:"tenant"`
	HandOver string    `json:"handover"`
	To       string    `json:"to"`    // "office" or "citizen"
	State    string    `json:"state"` // queued, sent, failed
	Tries    int       `json:"tries"`
	Next     time.Time `json:"next"`  // when it is tried again
	Error    string    `json:"error"` // of the last try, masked
}

// The two that mail goes to.
const (
	ToOffice  = "office"
	ToCitizen = "citizen"
)
