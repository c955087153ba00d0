package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"sportello/assistant/fault"
	"sportello/web/api"
	"sportello/web/page"
)

// codeTooMany is the one code that only the web knows.
const codeTooMany fault.Code = "too_many"

var errTooMany = fault.New(codeTooMany, "too many questions from this address: wait a little, see Retry-After")

// statuses is the one table from code to HTTP status.
var statuses = map[fault.Code]int{
	fault.Invalid:     http.StatusBadRequest,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.TooLarge:    http.StatusRequestEntityTooLarge,
	fault.Unsupported: http.StatusUnsupportedMediaType,
	fault.Broken:      http.StatusInternalServerError, // a file of ours, not of the request
	fault.Encrypted:   http.StatusInternalServerError,
	fault.NoText:      http.StatusInternalServerError,
	fault.Unavailable: http.StatusServiceUnavailable,
	fault.Timeout:     http.StatusGatewayTimeout,
	fault.Internal:    http.StatusInternalServerError,
	fault.Unsigned:    http.StatusUnauthorized,
	fault.Forbidden:   http.StatusForbidden,
	codeTooMany:       http.StatusTooManyRequests,
}

// coded gives err a code: echo's own errors (unknown route, body too large) have a status instead.
func coded(err error) error {
	var h *echo.HTTPError
	var e *fault.Error
	switch {
	case errors.As(err, &h) && h.Code == http.StatusRequestEntityTooLarge: // also when whoever read the body took it for a broken one
		return fault.Wrap(fault.TooLarge, err, "the request is too large")
	case errors.As(err, &e):
		return err
	case errors.As(err, &h):
		for code, status := range statuses {
			if status == h.Code && code != fault.Broken && code != fault.Encrypted && code != fault.NoText {
				return fault.Wrap(code, err, "%s", strings.ToLower(http.StatusText(status)))
			}
		}
		if h.Code == http.StatusMethodNotAllowed {
			return fault.Wrap(fault.Invalid, err, "this address does not take this method")
		}
		return fault.Wrap(fault.Internal, err, "internal error")
	case errors.Is(err, context.DeadlineExceeded):
		return fault.Wrap(fault.Timeout, err, "this took too long")
	}
	return err
}

// fail writes the response of an error: JSON for programs, a page in the person's language for people. Nothing of the cause is shown.
func (s *server) fail(err error, c echo.Context) {
	if c.Response().Committed || errors.Is(err, context.Canceled) {
		return // a stream that already told, or somebody who left
	}
	err = coded(err)
	status, ok := statuses[fault.CodeOf(err)]
	if !ok {
		status = http.StatusInternalServerError
	}
	var h *echo.HTTPError
	if errors.As(err, &h) && h.Code == http.StatusMethodNotAllowed {
		status = h.Code
	}
	r := c.Request()
	if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/v1/") {
		body := api.Failure(err)
		if strings.HasPrefix(r.URL.Path, "/v1/") {
			body.Error.Type = "invalid_request_error"
			if status >= http.StatusInternalServerError {
				body.Error.Type = "server_error"
			}
		}
		if e := c.JSON(status, body); e != nil {
			s.cfg.Log.WarnContext(r.Context(), "error not sent", "error", e)
		}
		return
	}
	s.failPage(c, status)
}

func (s *server) failPage(c echo.Context, status int) {
	set := s.pages.Set()
	v := set.View(c.Request())
	if slug := c.Param("slug"); slug != "" {
		// So that "back" leads to the comune's page; an unknown comune has none.
		if t, err := s.cfg.Library.Tenant(context.WithoutCancel(c.Request().Context()), slug); err == nil {
			set.Place(v, t)
		}
	}
	body, err := set.Fault(v, status)
	if err != nil {
		s.cfg.Log.Error("error page", "error", err)
		body = []byte(http.StatusText(status))
	}
	page.Write(c.Response(), status, v, body)
}
