package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"sportello/assistant/fault"
)

// prefix begins every secret, as the Standard Webhooks specification has it.
const prefix = "whsec_"

// NewSecret gives a secret to sign with: "whsec_" and 32 random bytes in base64.
func NewSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails, by its documentation
	return prefix + base64.StdEncoding.EncodeToString(b)
}

// Sign gives the header webhook-signature of a message: "v1," and the HMAC-SHA256 of "id.timestamp.body" in base64.
func Sign(secret, id string, at time.Time, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, prefix))
	if err != nil || len(key) == 0 {
		return "", fault.New(fault.Broken, "the secret of the webhook is damaged: make a new one")
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}
