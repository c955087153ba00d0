package dialogue

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"sync"
	"time"

	"sportello/assistant"
)

// tokens turns what a conversation needs to go on into an opaque text and back. The text holds all of it, sealed: nothing is stored here,
// nobody can read or change it, and after kept hours a conversation simply begins anew. It is sealed for one tenant.
//
// The key is one that this process made up and keeps in memory only, so that a restart ends conversations too; several processes that
// answer the same people share one a day.
type tokens struct {
	key func(day string) ([]byte, error)
	now func() time.Time

	mu   sync.Mutex
	seal map[string]cipher.AEAD // by day
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

	Code assistant.Code `json:"c,omitempty"`
}

// newTokens makes tokens; a nil key is one of this process.
func newTokens(key func(day string) ([]byte, error), now func() time.Time) *tokens {
	if key == nil {
		own := make([]byte, 32)
		_, _ = rand.Read(own) // never fails, by its documentation
		key = func(string) ([]byte, error) { return own, nil }
	}
	return &tokens{key: key, now: now}
}

// of gives the seal of a day, which is that of the world's clock.
func (t *tokens) of(day string) (cipher.AEAD, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if have, ok := t.seal[day]; ok {
		return have, nil
	}
	key, err := t.key(day)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	if len(t.seal) > 1 || t.seal == nil { // yesterday's and today's
		t.seal = map[string]cipher.AEAD{}
	}
	t.seal[day] = seal
	return seal, nil
}

// give makes the token of a turn; nil is a conversation in which nothing was said yet.
func (t *tokens) give(tenant string, turn *assistant.Turn, code assistant.Code) (string, error) {
	c := carried{Until: t.now().Add(tokenKept).Unix(), Code: code}
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
	seal, err := t.of(t.now().UTC().Format(time.DateOnly))
	if err != nil {
		return "", err
	}
	nonce := make([]byte, seal.NonceSize())
	_, _ = rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(seal.Seal(nonce, nonce, plain, []byte(tenant))), nil
}

// take gives the turn of a token, nil for a conversation in which nothing was said, and its code. A token that is empty, forged, of another
// tenant or too old has neither.
func (t *tokens) take(tenant, token string) (*assistant.Turn, assistant.Code) {
	if token == "" || len(token) > tokenLength {
		return nil, ""
	}
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return nil, ""
	}
	plain := t.open(tenant, sealed)
	var c carried
	if json.Unmarshal(plain, &c) != nil || t.now().Unix() > c.Until {
		return nil, ""
	}
	if c.Question == "" {
		return nil, c.Code
	}
	return &assistant.Turn{Question: c.Question, Language: c.Language, Title: c.Title, Article: c.Article}, c.Code
}

// open reads what was sealed today or, around midnight, yesterday; nil when neither key fits.
func (t *tokens) open(tenant string, sealed []byte) []byte {
	now := t.now().UTC()
	for _, at := range []time.Time{now, now.Add(-tokenKept)} {
		seal, err := t.of(at.Format(time.DateOnly))
		if err != nil || len(sealed) < seal.NonceSize() {
			continue
		}
		n := seal.NonceSize()
		if plain, err := seal.Open(nil, sealed[:n], sealed[n:], []byte(tenant)); err == nil {
			return plain
		}
	}
	return nil
}
