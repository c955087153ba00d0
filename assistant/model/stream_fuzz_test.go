package model

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"testing"
)

// FuzzStream reads what a chat server sends: it ends, and gives no more than a server may say.
func FuzzStream(f *testing.F) {
	for _, s := range []string{
		"data: {\"choices\":[{\"delta\":{\"content\":\"Ciao\"},\"finish_reason\":null}]}\n\ndata: [DONE]\n\n", "event: error\ndata: {\"message\":\"x\"}\n\n",
		"data: {\"error\":{\"message\":\"full\"}}\n\n", ": ping\r\n\r\ndata:\r\n\r\n", "data: {\"choices\":[{\"message\":{\"content\":\"\\ud800\"}}]}\n\n", "<html>502</html>", "",
	} {
		f.Add([]byte(s), false)
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, body []byte, whole bool) {
		header := http.Header{}
		if whole {
			header.Set("Content-Type", "application/json")
		}
		resp := &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(bytes.NewReader(body)), Request: &http.Request{URL: &url.URL{Host: "server"}}}
		resp, err := checkStream(resp, &call{})
		if err != nil {
			return
		}
		out, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<24))
		if len(out) > 64*len(body)+4096 {
			t.Errorf("%d bytes become %d", len(body), len(out))
		}
	})
}
