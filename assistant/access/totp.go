package access

import (
	"bytes"
	"image/png"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"sportello/assistant/fault"
)

// Codes of an authenticator (RFC 6238): SHA-1, six digits, 30 seconds, which every application on a phone knows.
const totpStep = 30

// Authenticator is a new secret, before the person has shown a code of it.
type Authenticator struct {
	Secret string // base32, to type by hand
	URL    string // otpauth://…, what the picture says
}

// NewAuthenticator makes the secret for an account of an issuer ("Comune di Avella").
func NewAuthenticator(issuer, account string) (*Authenticator, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: strings.ReplaceAll(issuer, ":", " "), AccountName: account, Period: totpStep, SecretSize: 20})
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "no code can be made for %q", account)
	}
	return &Authenticator{Secret: key.Secret(), URL: key.URL()}, nil
}

// AuthenticatorOf gives the authenticator of a secret that was made before.
func AuthenticatorOf(issuer, account, secret string) (*Authenticator, error) {
	raw, err := base32Bytes(secret)
	if err != nil {
		return nil, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: strings.ReplaceAll(issuer, ":", " "), AccountName: account, Period: totpStep, Secret: raw})
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "no code can be made for %q", account)
	}
	return &Authenticator{Secret: key.Secret(), URL: key.URL()}, nil
}

// QR gives the picture that a phone reads, PNG.
func (a *Authenticator) QR(pixels int) ([]byte, error) {
	key, err := otp.NewKeyFromURL(a.URL)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the picture of the code")
	}
	img, err := key.Image(pixels, pixels)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the picture of the code")
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the picture of the code")
	}
	return out.Bytes(), nil
}

// VerifyTOTP says whether code is the one of secret now, or 30 seconds before or after, and gives the step it belongs to. Only a
// step after last counts: a code is good once.
func VerifyTOTP(secret, code string, now time.Time, last int64) (step int64, ok bool) {
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, code)
	if len(code) != 6 || secret == "" {
		return 0, false
	}
	for _, shift := range []int64{0, -1, 1} {
		at := now.Unix()/totpStep + shift
		if at <= last {
			continue
		}
		good, err := totp.ValidateCustom(code, secret, time.Unix(at*totpStep, 0), totp.ValidateOpts{Period: totpStep, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && good {
			return at, true
		}
	}
	return 0, false
}
