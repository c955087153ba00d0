package assistant

import "time"

// Chat is the conversation of somebody who left a question for an office with a person there. It is kept and forgotten as its HandOver is.
type Chat struct {
	HandOver  string
	State     string // asked, joined, ended
	AskedAt   time.Time
	JoinedBy  string // for colleagues: the citizen is told the office
	CitizenAt time.Time
	ClerkAt   time.Time // when each was last there
	Messages  []Message
}

// Message is what one of the two wrote.
type Message struct {
	At     time.Time
	Office bool // by the person of the office
	Text   string
}

// The states of a Chat.
const (
	ChatAsked  = "asked"  // somebody wants to write with a person
	ChatJoined = "joined" // a person is there
	ChatEnded  = "ended"
)

// chatThere is how long somebody who was not heard of is still taken for being there: some looks of a page that looks by itself.
const chatThere = 45 * time.Second

// CitizenThere says whether the citizen's page was open of late.
func (c *Chat) CitizenThere(now time.Time) bool { return now.Sub(c.CitizenAt) < chatThere }

// ClerkThere says whether a person of the office was there of late.
func (c *Chat) ClerkThere(now time.Time) bool { return now.Sub(c.ClerkAt) < chatThere }
