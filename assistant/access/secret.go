package access

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"sportello/assistant/fault"
)

// NewSecret gives 32 random bytes for a session, a link or a token, in letters that an address may hold.
func NewSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails, by its documentation
	return base64.RawURLEncoding.EncodeToString(b)
}

// Digest is what is stored of a secret. It has 256 random bits, so that a plain hash cannot be guessed back.
func Digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Mark derives a value for one purpose from a secret: the token of a form from that of its session. It says nothing of the secret.
func Mark(secret, purpose string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(purpose))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Same compares two values in a time that does not depend on them.
func Same(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

// Recovery codes let a person in who lost the phone, each once.
const recoveryCodes = 10

// NewRecovery gives ten codes to show once, and the digests to store.
func NewRecovery() (codes, digests []string) {
	for range recoveryCodes {
		b := make([]byte, 10)
		_, _ = rand.Read(b) // never fails, by its documentation
		text := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
		code := text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
		codes = append(codes, code)
		digests = append(digests, Digest(plain(code)))
	}
	return codes, digests
}

// UseRecovery gives the digests that are left when code is one of them.
func UseRecovery(digests []string, code string) (left []string, ok bool) {
	i := slices.Index(digests, Digest(plain(code)))
	if i < 0 {
		return digests, false
	}
	return slices.Delete(slices.Clone(digests), i, i+1), true
}

// plain forgives how a code was typed.
func plain(code string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '2' && r <= '7' {
			return r
		}
		return -1
	}, strings.ToLower(code))
}

func base32Bytes(secret string) ([]byte, error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(secret))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the secret is not base32")
	}
	return raw, nil
}
