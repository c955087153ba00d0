package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"sportello/assistant/fault"
)

// Parameters of argon2id for new passwords: the second choice of the OWASP password storage cheat sheet, which a machine of a small
// comune makes in about 30 ms. Each stored password carries its own, so that they may grow.
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2
	argonThreads = 1
	argonSalt    = 16
	argonKey     = 32
)

// Limits of a password (ASVS 5, 6.2): length counts, not kinds of characters.
const (
	MinPassword = 12
	MaxPassword = 128
)

// Hasher makes and checks passwords, a few at a time: each takes 19 MB, and a flood of logins must not take them all.
type Hasher struct {
	turn  chan struct{}
	dummy string
}

// NewHasher makes a Hasher that works on n passwords at once, 2 when n is 0.
func NewHasher(n int) (*Hasher, error) {
	if n <= 0 {
		n = 2
	}
	h := &Hasher{turn: make(chan struct{}, n)}
	var err error
	h.dummy, err = h.Hash(context.Background(), "nobody has this password")
	return h, err
}

// CheckPassword says what is wrong with a new password, nil when it will do. words are what must not be most of it: the
// person's name and address.
func CheckPassword(password string, words ...string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < MinPassword:
		return fault.New(fault.Invalid, "the password has %d characters: write at least %d, a sentence is best", n, MinPassword)
	case n > MaxPassword:
		return fault.New(fault.TooLarge, "the password is longer than %d characters", MaxPassword)
	case easy(password, words):
		return fault.New(fault.Invalid, "the password is easy to guess: write a sentence of your own")
	}
	return nil
}

// easy finds what is guessed first: few different characters, a common word with decoration, one's own name.
func easy(password string, words []string) bool {
	seen := map[rune]bool{}
	for _, r := range password {
		seen[r] = true
	}
	if len(seen) < 6 {
		return true
	}
	low := strings.ToLower(password)
	for _, w := range append(words, "password", "passw0rd", "123456789", "qwertyuiop", "sportello", "amministratore", "benvenuto", "comune") {
		w = strings.ToLower(strings.TrimSpace(w))
		if len(w) >= 4 && strings.Contains(low, w) && utf8.RuneCountInString(strings.ReplaceAll(low, w, "")) < 6 {
			return true
		}
	}
	return false
}

// Hash gives the encoded form that is stored: "$argon2id$v=19$m=19456,t=2,p=1$salt$key".
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // never fails, by its documentation
	key, err := h.key(ctx, password, salt, argonTime, argonMemory, argonThreads, argonKey)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// Verify says whether the password is the one of encoded. An empty encoded, a person who is not there or has no password, takes
// as long as a real one and is wrong.
func (h *Hasher) Verify(ctx context.Context, encoded, password string) (bool, error) {
	absent := encoded == ""
	if absent {
		encoded = h.dummy
	}
	var version, memory, time, threads int
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fault.New(fault.Broken, "a stored password is not argon2id")
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, fault.New(fault.Broken, "a stored password has version %q", parts[2])
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil || !sane(memory, time, threads) {
		return false, fault.New(fault.Broken, "a stored password has parameters %q", parts[3])
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fault.Wrap(fault.Broken, err, "a stored password has no salt")
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) < 16 || len(want) > 64 {
		return false, fault.New(fault.Broken, "a stored password has no key")
	}
	got, err := h.key(ctx, password, salt, uint32(time), uint32(memory), uint8(threads), uint32(len(want))) //nolint:gosec // sane has seen them
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && !absent, nil
}

// sane bounds what a damaged or forged row could make us allocate.
func sane(memory, time, threads int) bool {
	return memory >= 8 && memory <= 1<<20 && time >= 1 && time <= 16 && threads >= 1 && threads <= 16
}

func (h *Hasher) key(ctx context.Context, password string, salt []byte, time, memory uint32, threads uint8, n uint32) ([]byte, error) {
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if len(password) > 4*MaxPassword {
		password = "" // not one of ours; the time is spent all the same
	}
	// NFKC: the same letters from another keyboard are the same password (NIST SP 800-63B, 3.1.1.2).
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, time, memory, threads, n), nil
}
