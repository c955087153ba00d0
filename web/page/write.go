package page

import (
	"net/http"
	"strconv"
)

// Write sends a rendered page. Pages are not stored by browsers or proxies: they may hold somebody's question.
func Write(w http.ResponseWriter, status int, v *View, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.L.Lang())
	h.Add("Vary", "Accept-Language")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a reader that left is no error of ours
}
