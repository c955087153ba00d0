package page

// FaultBody is the Body of an error page: Key chooses the messages error_KEY_title and error_KEY_text.
type FaultBody struct{ Key string }

// faultKeys are the error pages there are words for.
var faultKeys = map[int]string{400: "bad_request", 404: "not_found", 405: "bad_request", 413: "too_large", 429: "too_many", 503: "unavailable", 504: "unavailable"}

// Fault gives the whole error page of an HTTP status. It shows nothing of the error itself.
func (s *Set) Fault(v *View, status int) ([]byte, error) {
	key := faultKeys[status]
	if key == "" {
		key = "internal"
	}
	v.Title, v.Body = v.L.T("error_"+key+"_title"), FaultBody{key}
	return execute(s.fault, "layout.html", v)
}
