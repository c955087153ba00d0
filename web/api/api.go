// Package api is the HTTP interface for programs: questions and documents of a tenant under /api/v1, the same as an OpenAI-compatible
// chat under /v1, and the OpenAPI description of both.
//
// Handlers are plain net/http and return an error, which package web turns into a status; Failure gives its body. Nothing is stored.
package api

import (
	"crypto/ed25519"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/plain"
	"sportello/locales"
	"sportello/web/dialogue"
	"sportello/web/page"
	"sportello/web/site"
	"sportello/web/strict"
)

//go:embed openapi.yaml
var description []byte

// Config is what New needs.
type Config struct {
	Library   site.Library
	Dialogue  *dialogue.Service
	Desk      Desk // may be nil: nothing is kept
	Catalogue *locales.Catalogue
	PublicURL string           // "https://sportello.comune.example.it", before the addresses of sources; empty: relative addresses
	Now       func() time.Time // default time.Now
	// Signer gives the public key that this installation signs exports with; nil: it signs nothing.
	Signer func() (ed25519.PublicKey, error)
	// Explain gives the terms of an Italian text in a reader's language; may be nil.
	Explain func(t *site.Tenant, l *locales.Localizer, text string, words []plain.Word) []page.Term
}

// API answers programs.
type API struct{ cfg Config }

// New makes an API.
func New(cfg Config) *API {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	cfg.PublicURL = strings.TrimRight(cfg.PublicURL, "/")
	return &API{cfg}
}

// OpenAPI serves the description.
func (a *API) OpenAPI(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(description)
	return nil
}

// ErrorBody is the body of every failure.
type ErrorBody struct {
	Error struct {
		Code    fault.Code `json:"code"`
		Message string     `json:"message"`
		Type    string     `json:"type,omitempty"` // under /v1, as OpenAI has it
	} `json:"error"`
}

// Failure gives the body for an error; it shows nothing that is not safe.
func Failure(err error) ErrorBody {
	var b ErrorBody
	b.Error.Code, b.Error.Message = fault.CodeOf(err), fault.MessageOf(err)
	if b.Error.Code == fault.Internal {
		b.Error.Message = "internal error"
	}
	return b
}

// reply writes v as JSON.
func reply(w http.ResponseWriter, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "encode")
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(append(body, '\n'))
	return nil
}

// read decodes a JSON body; with exactly, unknown fields are errors, so that a misspelt one is noticed.
func read(r *http.Request, v any, exactly bool) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return fault.New(fault.Invalid, "the body must be JSON, with Content-Type: application/json")
	}
	raw, err := io.ReadAll(r.Body)
	switch {
	case err != nil:
	case exactly:
		err = strict.Decode(raw, v)
	default:
		err = strict.Loose(raw, v)
	}
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &tooLarge):
		return fault.Wrap(fault.TooLarge, err, "the body is larger than %d bytes", tooLarge.Limit)
	case !json.Valid(raw):
		return fault.Wrap(fault.Invalid, err, "the body is not complete JSON")
	}
	return fault.Wrap(fault.Invalid, err, "the body does not match /api/openapi.yaml (%s)", strings.TrimPrefix(err.Error(), "json: "))
}

func wantsStream(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/event-stream")
}
