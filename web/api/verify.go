package api

import (
	"encoding/json"
	"net/http"
	"regexp"

	"sportello/assistant/drafting/export"
	"sportello/assistant/fault"
)

// VerifyRequest is the body of POST /api/v1/verify. Who asks makes the sum of the file: the act itself need not leave their machine.
type VerifyRequest struct {
	Manifest json.RawMessage `json:"manifest"`
	SHA256   string          `json:"sha256"`
}

// VerifyReply says what became of a file and its manifest.
type VerifyReply struct {
	Good   bool   `json:"good"`
	Signed bool   `json:"signed"` // the manifest is as it was signed
	Same   bool   `json:"same"`   // the file is the one that it was made for
	Ours   bool   `json:"ours"`   // by this installation
	Why    string `json:"why"`    // in Italian, what is not in order
	File   string `json:"file"`
	Final  bool   `json:"final"`
	At     string `json:"at"`
}

var sumForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Verify says whether an exported file, known by its SHA-256, is the one that a manifest was signed for. It says nothing of who adopted the
// act: that is the signature on it.
func (a *API) Verify(w http.ResponseWriter, r *http.Request) error {
	var in VerifyRequest
	if err := read(r, &in, true); err != nil {
		return err
	}
	if !sumForm.MatchString(in.SHA256) || len(in.Manifest) == 0 || in.Manifest[0] != '{' {
		return fault.New(fault.Invalid, "manifest is the object that came with the file, sha256 the file's sum as 64 small hexadecimal digits")
	}
	if a.cfg.Signer == nil {
		return fault.New(fault.Unavailable, "this installation signs nothing")
	}
	own, err := a.cfg.Signer()
	if err != nil {
		return err
	}
	v, m, err := export.CheckSum(in.Manifest, in.SHA256, own)
	if err != nil {
		return err
	}
	return reply(w, VerifyReply{v.Good(), v.Signed, v.Same, v.Ours, v.Why, m.File, m.Final, m.At.UTC().Format("2006-01-02T15:04:05Z")})
}
