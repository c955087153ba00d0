package api

import (
	"context"
	"net/http"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// Desk is where conversations are kept.
type Desk interface {
	// Kept gives what is kept of the conversation of a code, empty when there is nothing, Erase deletes it for good; fault.Invalid for what is no code.
	Kept(ctx context.Context, tenant, code string) (*assistant.Kept, error)
	Erase(ctx context.Context, tenant, code string) (assistant.Erased, error)
}

// codeRequest is the body of both requests: an address would be written down by programs on the way.
type codeRequest struct {
	Code string `json:"code"`
}

func (a *API) code(r *http.Request, slug string) (string, error) {
	var in codeRequest
	if err := read(r, &in, true); err != nil {
		return "", err
	}
	if _, err := assistant.ParseCode(in.Code); err != nil {
		return "", err
	}
	_, err := a.cfg.Library.Tenant(r.Context(), slug)
	return in.Code, err
}

var errNothingKept = fault.New(fault.NotFound, "nothing is kept under this code, or no longer")

// Kept gives what is kept of a conversation.
func (a *API) Kept(w http.ResponseWriter, r *http.Request, slug string) error {
	code, err := a.code(r, slug)
	if err != nil {
		return err
	}
	if a.cfg.Desk == nil {
		return errNothingKept
	}
	kept, err := a.cfg.Desk.Kept(r.Context(), slug, code)
	if err != nil {
		return err
	}
	if len(kept.Questions)+len(kept.Left) == 0 {
		return errNothingKept
	}
	return reply(w, kept)
}

// Erase erases it.
func (a *API) Erase(w http.ResponseWriter, r *http.Request, slug string) error {
	code, err := a.code(r, slug)
	if err != nil {
		return err
	}
	if a.cfg.Desk == nil {
		return errNothingKept
	}
	gone, err := a.cfg.Desk.Erase(r.Context(), slug, code)
	if err != nil {
		return err
	}
	if gone == (assistant.Erased{}) {
		return errNothingKept
	}
	return reply(w, gone)
}
