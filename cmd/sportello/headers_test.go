package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"sportello/web"
)

// Every route there is, of citizens, programs and the console, answers with the headers and cookies that it should, whatever it answers.
func TestHeadersOfEveryRoute(t *testing.T) {
	dir := t.TempDir()
	var stderr bytes.Buffer
	if code := run(t.Context(), []string{"--data", dir, "tenant", "add", "--slug", "avella", "--name", "Comune di Avella"}, new(bytes.Buffer), &stderr); code != exitDone {
		t.Fatal(stderr.String())
	}
	cfg, err := loadConfig(cli{Data: dir, Set: []string{"embedding.address=none", "serve.public_url=https://sportello.example.it", "serve.ask_per_minute=100000", "serve.pages_per_minute=0"}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := (&session{cfg: cfg, stdout: new(bytes.Buffer), stderr: &stderr}).open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer release(a)
	h, err := a.handler()
	if err != nil {
		t.Fatal(err)
	}
	routes := web.Routes(h)
	if len(routes) < 200 {
		t.Fatalf("only %d routes", len(routes))
	}
	parameter := regexp.MustCompile(`:[a-z]+`)
	cookies, cached := 0, regexp.MustCompile(`^/(static/|widget\.js|api/openapi|robots|t/:slug/(icon|logo|theme|sw|manifest|widget|documents/:id/original))`)
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		target := strings.ReplaceAll(parameter.ReplaceAllString(strings.Replace(path, ":slug", "avella", 1), "none"), "*", "none")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, target, nil))
		r := w.Result()
		if r.StatusCode >= 500 {
			t.Errorf("%s: %d", route, r.StatusCode)
		}
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
			"Cross-Origin-Opener-Policy": "same-origin", "Permissions-Policy": "camera=(), geolocation=(), microphone=" + microphone(path) + ", payment=(), usb=()",
			"Server": "", "X-Powered-By": "", "Access-Control-Allow-Origin": "",
		} {
			if got := r.Header.Get(header); got != want {
				t.Errorf("%s: %s = %q, want %q", route, header, got, want)
			}
		}
		policy := r.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, want) && !strings.Contains(policy, "sandbox") {
				t.Errorf("%s: the policy %q lacks %s", route, policy, want)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || strings.Contains(policy, "http") {
			t.Errorf("%s: the policy is %q", route, policy)
		}
		if !cached.MatchString(path) && r.StatusCode == http.StatusOK && !strings.Contains(r.Header.Get("Cache-Control"), "no-store") {
			t.Errorf("%s: Cache-Control = %q", route, r.Header.Get("Cache-Control"))
		}
		if to := r.Header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
			t.Errorf("%s leads to %s", route, to)
		}
		for _, c := range r.Cookies() {
			if cookies++; !strings.HasPrefix(path, "/staff/") {
				t.Errorf("%s sets the cookie %s", route, c.Name)
			}
			if !strings.HasPrefix(c.Name, "__Host-") || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("%s: cookie %q", route, c.String())
			}
		}
	}
	if cookies == 0 {
		t.Error("no page set a cookie: they were not looked at")
	}
}

// microphone says who may listen: the pages on which a question can be spoken, after they asked.
func microphone(path string) string {
	if path == "/t/:slug/" || path == "/t/:slug/kiosk" {
		return "(self)"
	}
	return "()"
}
