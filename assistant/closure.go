package assistant

import "time"

// Closure says that the assistant of a tenant, or one subject of it, was switched off by somebody.
type Closure struct {
	Tenant  string    `json:"tenant"`
	Subject string    `json:"subject"` // empty: all
	Notice  string    `json:"notice"`  // in the place of an answer, in the words of who switched it off; may be empty
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}
