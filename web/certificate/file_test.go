package certificate

import (
	"bytes"
	"crypto/tls"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"sportello/assistant/fault"
	"sportello/web/certificate/certificatetest"
)

func serial(t *testing.T, f *Files) int64 {
	t.Helper()
	got, err := f.get(nil)
	if err != nil {
		t.Fatal(err)
	}
	return got.Leaf.SerialNumber.Int64()
}

// A certificate that was renewed is shown without a restart; one that is broken, or half written, leaves the one before.
func TestFilesAreReadAgain(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	var log bytes.Buffer
	cert, key := certificatetest.Write(t, dir, 1, now.Add(time.Hour))
	f, err := FromFiles(cert, key, slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	if serial(t, f) != 1 || !f.Ends().Equal(now.Add(time.Hour)) {
		t.Errorf("serial %d until %s", serial(t, f), f.Ends())
	}
	touch := func() {
		now = now.Add(time.Minute)
		for _, name := range []string{cert, key} {
			if err := os.Chtimes(name, now, now); err != nil {
				t.Fatal(err)
			}
		}
	}
	certificatetest.Write(t, dir, 2, now.Add(48*time.Hour))
	touch()
	if got := serial(t, f); got != 2 {
		t.Errorf("after renewal: %d", got)
	}
	if err := os.WriteFile(key, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	touch()
	if got := serial(t, f); got != 2 || !strings.Contains(log.String(), "the one before stays") {
		t.Errorf("with a broken key: %d\n%s", got, log.String())
	}
	if strings.Contains(log.String(), "half") {
		t.Error("the key is in the log")
	}
	certificatetest.Write(t, dir, 3, now.Add(-time.Hour))
	touch()
	if got := serial(t, f); got != 3 || !strings.Contains(log.String(), "is over") {
		t.Errorf("one that is over: %d\n%s", got, log.String())
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	if got := serial(t, f); got != 3 {
		t.Errorf("without a key: %d", got)
	}
	if _, err := FromFiles(cert, key, slog.Default(), time.Now); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("%v", err)
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	dir := t.TempDir()
	cert, key := certificatetest.Write(t, dir, 1, time.Now().Add(time.Hour))
	f, err := FromFiles(cert, key, slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	server.TLS = f.Config()
	server.StartTLS()
	defer server.Close()
	for version, want := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		c, err := tls.Dial("tcp", server.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true, MinVersion: version, MaxVersion: version}) //nolint:gosec // what is refused is the point
		if (err == nil) != want {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			_ = c.Close()
		}
	}
}

func TestPlainSendsToTheServersOwnName(t *testing.T) {
	h := Plain(nil, "https://sportello.comune.example.it/")
	for _, tt := range []struct {
		method, target string
		status         int
		location       string
	}{
		{"GET", "/t/avella/?lang=de", 301, "https://sportello.comune.example.it/t/avella/?lang=de"},
		{"GET", "//evil.example/x", 301, "https://sportello.comune.example.it//evil.example/x"},
		{"POST", "/t/avella/", 400, ""},
	} {
		r := httptest.NewRequest(tt.method, "/", nil)
		r.URL.Path, r.URL.RawQuery, _ = strings.Cut(tt.target, "?")
		r.Host = "evil.example"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != tt.status || w.Header().Get("Location") != tt.location {
			t.Errorf("%s %s: %d %q", tt.method, tt.target, w.Code, w.Header().Get("Location"))
		}
	}
}

func TestWhichNames(t *testing.T) {
	for _, d := range []string{"127.0.0.1", "sportello", "*.example.it", "a.it:443", "https://a.it"} {
		if _, err := FromAuthority(Authority{Domains: []string{d}}); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", d, err)
		}
	}
	if !Names([]string{"a.example.it"}, "https://A.example.it:8443") || Names([]string{"a.example.it"}, "http://a.example.it") || Names([]string{"a.example.it"}, "https://b.example.it") {
		t.Error("names")
	}
}
