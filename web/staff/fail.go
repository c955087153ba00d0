package staff

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"sportello/assistant/fault"
)

// statuses maps a code to the status of the console's answer.
var statuses = map[fault.Code]int{
	fault.Invalid: http.StatusUnprocessableEntity, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict,
	fault.TooLarge: http.StatusRequestEntityTooLarge, fault.Unsupported: http.StatusUnsupportedMediaType,
	fault.Unavailable: http.StatusServiceUnavailable, fault.Timeout: http.StatusGatewayTimeout,
	fault.Unsigned: http.StatusUnauthorized, fault.Forbidden: http.StatusForbidden,
	fault.Broken: http.StatusUnprocessableEntity, fault.Encrypted: http.StatusUnprocessableEntity, fault.NoText: http.StatusUnprocessableEntity,
}

// StatusOf gives the HTTP status of an error.
func StatusOf(err error) int {
	var t *throttled
	switch {
	case errors.As(err, &t):
		return http.StatusTooManyRequests
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusGatewayTimeout
	}
	if status, ok := statuses[fault.CodeOf(err)]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// fail writes the answer of an error: JSON for programs, for people a page that says what to do. Who is not signed in goes to the
// page to sign in, and comes back from there.
func (c *Console) fail(w http.ResponseWriter, r *http.Request, v *Visit, err error) {
	if errors.Is(err, context.Canceled) {
		return // somebody who left
	}
	status := StatusOf(err)
	var t *throttled
	if errors.As(err, &t) {
		w.Header().Set("Retry-After", strconv.Itoa(int(t.wait.Seconds())+1))
	}
	if v.route.API() {
		c.failJSON(w, err, status)
		return
	}
	if errors.Is(err, errSecondFactor) {
		if e := v.Done(w, r, "/staff/account/totp", "staff_done_second"); e != nil {
			c.cfg.Log.Error("second factor", "error", e)
		}
		return
	}
	if status == http.StatusUnauthorized {
		to := "/staff/login"
		if r.Method == http.MethodGet && r.URL.Path != "/staff/" {
			to = v.URL(to, "next", r.URL.RequestURI())
		}
		if r.Header.Get("HX-Request") != "" {
			w.Header().Set("HX-Redirect", to)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	key := map[int]string{403: "forbidden", 404: "not_found", 409: "conflict", 413: "too_large", 422: "invalid", 415: "invalid", 429: "too_many", 503: "unavailable", 504: "unavailable"}[status]
	if key == "" {
		key = "internal"
	}
	v.Status, v.route.part, v.Problem, v.Message = status, c.frame, "", ""
	body := struct{ Key string }{key} // what the fault says is in English, for programs and the command line
	if e := v.Render(w, "error", v.L.T("staff_error_"+key+"_title"), body); e != nil {
		c.cfg.Log.Error("error page", "error", e)
		http.Error(w, http.StatusText(status), status)
	}
}

func (c *Console) failJSON(w http.ResponseWriter, err error, status int) {
	code, message := fault.CodeOf(err), fault.MessageOf(err)
	if status == http.StatusTooManyRequests {
		code, message = "too_many", "too many attempts: wait a little, see Retry-After"
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="sportello"`)
	}
	if e := writeJSON(w, status, map[string]any{"error": map[string]any{"code": code, "message": message}}); e != nil {
		c.cfg.Log.Warn("error not sent", "error", e)
	}
}

func writeJSON(w http.ResponseWriter, status int, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "the answer")
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // a reader that left is no error of ours
	return nil
}

// JSON answers a program with one value.
func (v *Visit) JSON(w http.ResponseWriter, status int, body any) error {
	return writeJSON(w, status, body)
}
