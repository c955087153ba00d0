package assistant

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"

	"sportello/assistant/fault"
)

// Code is what a citizen has of a conversation: 80 random bits. It is stored nowhere. Each question that is kept bears a mark, which only the
// code and the question's own id make, so that whoever has the code finds the questions, and nobody who reads the records learns which of
// them one person asked.
type Code string

// letters leave out I, L, O and U, which are misread (Crockford).
var letters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

const codeLength = 16

// NewCode makes the code of a conversation.
func NewCode() Code {
	b := make([]byte, codeLength*5/8)
	_, _ = rand.Read(b) // never fails, by its documentation
	return Code(letters.EncodeToString(b))
}

// ParseCode reads a code as people write it: in small letters, in groups, with an O for a zero. fault.Invalid for what is none.
func ParseCode(text string) (Code, error) {
	text = strings.NewReplacer("-", "", " ", "", "\u00a0", "", "\u2011", "", "\u2013", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(strings.TrimSpace(text)))
	if len(text) != codeLength {
		return "", errCode
	}
	if _, err := letters.DecodeString(text); err != nil {
		return "", errCode
	}
	return Code(text), nil
}

var errCode = fault.New(fault.Invalid, "this is no code of a conversation: it has sixteen letters and digits, ABCD-EFGH-JKMN-PQRS")

// String gives the code in groups of four.
func (c Code) String() string {
	var groups []string
	for s := string(c); s != ""; s = s[min(4, len(s)):] {
		groups = append(groups, s[:min(4, len(s))])
	}
	return strings.Join(groups, "-")
}

// ByCitizen stands in the audit log for somebody who has the code of a conversation.
const ByCitizen = "citizen"

// Mark gives what a question of the conversation bears.
func (c Code) Mark(question string) string {
	if c == "" {
		return ""
	}
	mac := hmac.New(sha256.New, []byte(c))
	mac.Write([]byte(question))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Kept is everything that is kept of a conversation, for the person who had it.
type Kept struct {
	Questions []KeptQuestion `json:"questions"`
	Left      []KeptLeft     `json:"left"` // for offices
}

// KeptQuestion is a question with what was said to it and of it.
type KeptQuestion struct {
	Asked
	Opinions []KeptOpinion `json:"opinions"`
}

// KeptOpinion is what was thought of an answer.
type KeptOpinion struct {
	Useful int    `json:"useful,omitempty"` // -1, 0, 1
	Rate   int    `json:"rate,omitempty"`
	Reason string `json:"reason,omitempty"`
	Text   string `json:"text,omitempty"`
}

// KeptLeft is a question that was left for an office, with what was written to and fro.
type KeptLeft struct {
	ID       string   `json:"id"`
	Office   string   `json:"office"`
	State    string   `json:"state"`
	Text     string   `json:"text"`
	Reply    string   `json:"reply,omitempty"`
	Email    string   `json:"email,omitempty"`
	Messages []string `json:"messages"`
}

// Erased counts what was erased of a conversation.
type Erased struct {
	Questions int `json:"questions"`
	Opinions  int `json:"opinions"`
	Left      int `json:"left"`
}
