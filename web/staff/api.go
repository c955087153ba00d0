package staff

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sportello/assistant/fault"
	"sportello/web/strict"
)

// What handlers of the program interface read a request with. They are strict where pages forgive: who writes a program wants to hear
// that a field is misspelt. web/api/openapi.yaml says what each route takes, and a test holds it to that.

// mostListed is how many entries one answer holds.
const mostListed = 500

// ReadJSON reads the one JSON value of a body, with no field that is not known and no null: what is not to change is left out.
func ReadJSON(r *http.Request, into any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return fault.New(fault.Unsupported, "the body must be JSON, with Content-Type: application/json")
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return bodyFault(err)
	}
	if err := noNull(raw); err != nil {
		return err
	}
	if err := strict.Decode(raw, into); err != nil {
		return fault.Wrap(fault.Invalid, err, "the body is not the JSON that /api/openapi.yaml gives (%s)", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

// noNull refuses a null anywhere: package json would take it for nothing said.
func noNull(raw []byte) error {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	for {
		t, err := d.Token()
		switch {
		case err != nil:
			return nil //nolint:nilerr // the end, or what Decode says better
		case t == nil:
			return fault.New(fault.Invalid, "null is no value here: leave the field out")
		}
	}
}

// mostLine is how long a name or title may be, in characters.
const mostLine = 300

// Line looks that a name or title is one, and gives it without spaces around it.
func Line(field, text string) (string, error) {
	if err := Measured(field, text, mostLine); err != nil {
		return "", err
	}
	return strings.TrimSpace(text), nil
}

// Measured looks that a text has one to most characters, counted as it was sent, and that one can be seen.
func Measured(field, text string, most int) error {
	if !strict.Measure(text, most) {
		return fault.New(fault.Invalid, "%s has 1 to %d characters, one of them to be seen", field, most)
	}
	return nil
}

// NoBody reads a body that says nothing: none, or {}.
func NoBody(r *http.Request) error {
	if r.ContentLength == 0 {
		return nil
	}
	return ReadJSON(r, &struct{}{})
}

// Window reads limit and offset of a list.
func Window(r *http.Request) (limit, offset int, err error) {
	if limit, err = NumberParam(r, "limit", mostListed, 1, mostListed); err != nil {
		return 0, 0, err
	}
	offset, err = NumberParam(r, "offset", 0, 0, 1<<31-1)
	return limit, offset, err
}

// Cut gives the entries of a window, never nil: a list in JSON is a list.
func Cut[T any](all []T, limit, offset int) []T {
	from := min(offset, len(all))
	return append([]T{}, all[from:min(from+limit, len(all))]...)
}

// NumberParam reads a whole number of the query between low and high.
func NumberParam(r *http.Request, name string, otherwise, low, high int) (int, error) {
	text, ok, err := param(r, name)
	if err != nil || !ok {
		return otherwise, err
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return 0, fault.New(fault.Invalid, "%s = %q: write a number from %d to %d", name, text, low, high)
	}
	return n, nil
}

// OneOf reads a value of the query that is one of some; "" when it is not given.
func OneOf[T ~string](r *http.Request, name string, among ...T) (T, error) {
	text, ok, err := param(r, name)
	if err != nil || !ok {
		return "", err
	}
	if !slices.Contains(among, T(text)) {
		return "", fault.New(fault.Invalid, "%s = %q: one of %v", name, text, among)
	}
	return T(text), nil
}

// DayParam looks that a value of the query is a day, ISO 8601, when it is given.
func DayParam(r *http.Request, name string) (string, error) {
	text, ok, err := param(r, name)
	if err != nil || !ok {
		return "", err
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return "", fault.New(fault.Invalid, "%s = %q: write a day as 2026-12-31", name, text)
	}
	return text, nil
}

// Flag reads true or false of the query.
func Flag(r *http.Request, name string) (bool, error) {
	text, err := OneOf(r, name, "true", "false")
	return text == "true", err
}

// param gives a value of the query; one that is there twice is a mistake.
func param(r *http.Request, name string) (text string, ok bool, err error) {
	values := r.URL.Query()[name]
	switch len(values) {
	case 0:
		return "", false, nil
	case 1:
		return values[0], true, nil
	}
	return "", false, fault.New(fault.Invalid, "%s is given %d times", name, len(values))
}

// NoContent answers that something was done.
func NoContent(w http.ResponseWriter) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// Moment writes a time as answers have it, RFC 3339 in UTC; "" for none.
func Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// API is the address of the program interface below this tenant's: "uploads/x" -> "/api/v1/t/avella/manage/uploads/x".
func (v *Visit) API(path string) string {
	return strings.Replace(apiPath, "{slug}", v.Tenant.Slug, 1) + path
}
