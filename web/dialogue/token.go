package dialogue

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"time"

	"sportello/assistant"
)

// tokens turns what a conversation needs to go on into an opaque text and back. The text holds all of it, sealed with a key that this
// process made up and keeps in memory only: nothing is stored here, nobody can read or change it, and after a restart or kept hours a
// conversation simply begins anew. It is sealed for one tenant.
type tokens struct {
	seal cipher.AEAD
	now  func() time.Time
}

const (
	tokenKept   = 2 * time.Hour
	tokenLength = 8 << 10 // the longest that is looked at
	carriedMost = 400     // characters of a question that are carried
)

// carried is the inside of a token.
type carried struct {
	Question string `json:"q,omitempty"`
	Language string `json:"l,omitempty"`
	Title    string `json:"t,omitempty"`
	Article  string `json:"a,omitempty"`
	Until    int64  `json:"u"`
}

func newTokens(now func() time.Time) (*tokens, error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails, by its documentation
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	seal, err := cipher.NewGCM(block)
	return &tokens{seal, now}, err
}

// give makes the token of a turn; nil is a conversation in which nothing was said yet.
func (t *tokens) give(tenant string, turn *assistant.Turn) (string, error) {
	c := carried{Until: t.now().Add(tokenKept).Unix()}
	if turn != nil {
		c.Question, c.Language, c.Title, c.Article = turn.Question, turn.Language, turn.Title, turn.Article
		if r := []rune(c.Question); len(r) > carriedMost {
			c.Question = string(r[:carriedMost])
		}
	}
	plain, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, t.seal.NonceSize())
	_, _ = rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(t.seal.Seal(nonce, nonce, plain, []byte(tenant))), nil
}

// take gives the turn of a token; nil for one that is empty, forged, of another tenant or too old.
func (t *tokens) take(tenant, token string) *assistant.Turn {
	if token == "" || len(token) > tokenLength {
		return nil
	}
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(sealed) < t.seal.NonceSize() {
		return nil
	}
	n := t.seal.NonceSize()
	plain, err := t.seal.Open(nil, sealed[:n], sealed[n:], []byte(tenant))
	if err != nil {
		return nil
	}
	var c carried
	if json.Unmarshal(plain, &c) != nil || c.Question == "" || t.now().Unix() > c.Until {
		return nil
	}
	return &assistant.Turn{Question: c.Question, Language: c.Language, Title: c.Title, Article: c.Article}
}
