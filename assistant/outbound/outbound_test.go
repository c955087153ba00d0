package outbound

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
)

func client(t *testing.T, cfg Config) *Client {
	t.Helper()
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func server(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func hello(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }

func TestGet(t *testing.T) {
	var agent string
	s := server(t, func(w http.ResponseWriter, r *http.Request) { agent = r.UserAgent(); hello(w, r) })
	resp, err := client(t, Config{Private: []string{s.URL}, UserAgent: "Test"}).Get(t.Context(), s.URL+"/x")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if b, err := io.ReadAll(resp.Body); string(b) != "hello" || err != nil || agent != "Test" {
		t.Errorf("%q %v, agent %q", b, err, agent)
	}
}

func TestRefused(t *testing.T) {
	s := server(t, hello)
	u, _ := url.Parse(s.URL)
	for name, c := range map[string]struct {
		cfg     Config
		address string
		code    fault.Code
	}{
		"nothing allowed":             {Config{}, s.URL, fault.Invalid},
		"another port":                {Config{Private: []string{"127.0.0.1:1"}}, s.URL, fault.Invalid},
		"loopback, not private":       {Config{Allow: []string{s.URL}}, s.URL, fault.Invalid},
		"name that leads to loopback": {Config{Allow: []string{"intranet.example.org"}}, "http://intranet.example.org:" + u.Port(), fault.Invalid},
		"file":                        {Config{Allow: []string{"x"}}, "file:///etc/passwd", fault.Invalid},
		"no host":                     {Config{Allow: []string{"x"}}, "http:///x", fault.Invalid},
		"no address":                  {Config{}, "http://a b", fault.Invalid},
		"closed port":                 {Config{Private: []string{"127.0.0.1"}}, "http://127.0.0.1:1/", fault.Unavailable},
		"unknown name":                {Config{Allow: []string{"nowhere.example.org"}}, "http://nowhere.example.org/", fault.Unavailable},
		"name without address":        {Config{Allow: []string{"empty.example.org"}}, "http://empty.example.org/", fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			cl := client(t, c.cfg)
			cl.resolve = resolver(map[string]string{"intranet.example.org": "127.0.0.1", "empty.example.org": ""})
			_, err := cl.Get(t.Context(), c.address)
			if fault.CodeOf(err) != c.code {
				t.Errorf("%v", err)
			}
		})
	}
}

func resolver(names map[string]string) func(context.Context, string) ([]net.IPAddr, error) {
	return func(_ context.Context, host string) ([]net.IPAddr, error) {
		ip, ok := names[host]
		if !ok {
			return nil, errors.New("no such host")
		}
		if ip == "" {
			return nil, nil
		}
		return []net.IPAddr{{IP: net.ParseIP(ip)}}, nil
	}
}

// A name whose address changes after it was checked is dialled at the address that was checked: there is one lookup.
func TestNoRebinding(t *testing.T) {
	s := server(t, hello)
	u, _ := url.Parse(s.URL)
	lookups := 0
	c := client(t, Config{Private: []string{"gpu.example.org"}})
	c.resolve = func(context.Context, string) ([]net.IPAddr, error) {
		lookups++
		return []net.IPAddr{{IP: net.ParseIP("127.0.0.1")}}, nil
	}
	resp, err := c.Get(t.Context(), "http://gpu.example.org:"+u.Port())
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if lookups != 1 {
		t.Errorf("%d lookups", lookups)
	}
}

func TestRedirects(t *testing.T) {
	inner := server(t, hello)
	outer := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/loop" {
			http.Redirect(w, r, "/loop", http.StatusFound)
			return
		}
		http.Redirect(w, r, inner.URL, http.StatusFound)
	})
	if _, err := client(t, Config{Private: []string{outer.URL}}).Get(t.Context(), outer.URL); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("to a host that is not allowed: %v", err)
	}
	c := client(t, Config{Private: []string{outer.URL, inner.URL}})
	resp, err := c.Get(t.Context(), outer.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if _, err := c.Get(t.Context(), outer.URL+"/loop"); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("loop: %v", err)
	}
	req := func(u string) *http.Request { r, _ := http.NewRequest(http.MethodGet, u, nil); return r }
	if err := c.redirect(req(inner.URL), []*http.Request{req("https://a.example.org")}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("from https to http: %v", err)
	}
}

func TestLimits(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/slow":
			<-r.Context().Done()
		case "/exact":
			_, _ = w.Write(make([]byte, 100))
		default:
			_, _ = w.Write(make([]byte, 101))
		}
	})
	c := client(t, Config{Private: []string{s.URL}, MaxBytes: 100, HeaderTimeout: 50 * time.Millisecond})
	for path, want := range map[string]fault.Code{"/exact": "", "/over": fault.TooLarge} {
		resp, err := c.Get(t.Context(), s.URL+path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		if fault.CodeOf(err) != want || len(b) != 100 {
			t.Errorf("%s: %d bytes, %v", path, len(b), err)
		}
		if _, again := resp.Body.Read(make([]byte, 1)); again == nil {
			t.Errorf("%s: reading goes on", path)
		}
		_ = resp.Body.Close()
	}
	if _, err := c.Get(t.Context(), s.URL+"/slow"); fault.CodeOf(err) != fault.Timeout {
		t.Errorf("no header: %v", err)
	}
	if _, err := client(t, Config{Private: []string{s.URL}, Timeout: 50 * time.Millisecond}).Get(t.Context(), s.URL+"/slow"); fault.CodeOf(err) != fault.Timeout {
		t.Errorf("over the time: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(30*time.Millisecond, cancel)
	if _, err := client(t, Config{Private: []string{s.URL}}).Get(ctx, s.URL+"/slow"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if size(3<<20) != "3 MiB" || size(5) != "5 bytes" {
		t.Error("sizes")
	}
}

func TestLogHoldsNoSecrets(t *testing.T) {
	s := server(t, hello)
	var log bytes.Buffer
	c := client(t, Config{Private: []string{s.URL}, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	for _, base := range []string{s.URL, "http://127.0.0.1:1"} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/path?key=secret", nil)
		req.Header.Set("Authorization", "Bearer secret")
		resp, err := c.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells: %v", err)
		}
	}
	if got := log.String(); strings.Contains(got, "secret") || !strings.Contains(got, "path=/path") {
		t.Error(got)
	}
}

func TestRules(t *testing.T) {
	r, err := parseRules([]string{"www.example.org", "*.example.net", "api.example.org:8443", "https://models.example.org/v1", "EXAMPLE.com."}, []string{"[::1]:9", "10.0.0.5"})
	if err != nil {
		t.Fatal(err)
	}
	for hostport, want := range map[string]bool{
		"www.example.org 80": true, "WWW.Example.ORG. 443": true, "example.org 80": false, "a.example.net 80": true, "a.b.example.net 80": true,
		"example.net 80": false, "evilexample.net 80": false, "api.example.org 8443": true, "api.example.org 443": false,
		"models.example.org 443": true, "models.example.org 80": false, "example.com 1": true, "::1 9": true, "10.0.0.5 1": true,
	} {
		host, port, _ := strings.Cut(hostport, " ")
		if got := r.allowed(host, port); got != want {
			t.Errorf("%s: %v", hostport, got)
		}
	}
	for _, bad := range []string{"", "*", "*.it", "ftp://x", "a/b", "http://", "a b", "user@host"} {
		if _, err := New(Config{Allow: []string{bad}}); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%q is accepted", bad)
		}
	}
	if _, err := New(Config{Private: []string{"*"}}); err == nil {
		t.Error("a private entry for everything")
	}
}

func TestReachable(t *testing.T) {
	r, err := parseRules([]string{"a"}, []string{"lan", "169.254.169.254"})
	if err != nil {
		t.Fatal(err)
	}
	for c, want := range map[string]bool{
		"a 93.184.216.34": true, "a 127.0.0.1": false, "a ::ffff:127.0.0.1": false, "a 10.1.2.3": false, "a 192.168.1.1": false, "a 100.64.0.1": false,
		"a 169.254.1.1": false, "a fe80::1": false, "a fd00::1": false, "a 64:ff9b::7f00:1": false, "a 2002:7f00:1::": false, "a 0.0.0.0": false,
		"a 224.0.0.1": false, "a 2606:4700::1": true, "lan 10.1.2.3": true, "lan 127.0.0.1": true, "lan 0.0.0.0": false, "lan 169.254.169.254": false,
		"lan fd00:ec2::254": false, "169.254.169.254 169.254.169.254": true, "b 10.1.2.3": false,
	} {
		host, ip, _ := strings.Cut(c, " ")
		if got := r.reachable(host, "80", netip.MustParseAddr(ip)); got != want {
			t.Errorf("%s: %v", c, got)
		}
	}
}

func TestAddresses(t *testing.T) {
	c := client(t, Config{Allow: []string{"*.example.org", "https://a.example.net"}, Private: []string{"127.0.0.1"}})
	want := []Address{{Host: "*.example.org"}, {Host: "a.example.net", Port: "443"}, {Host: "127.0.0.1", Private: true}}
	if d := cmp.Diff(want, c.Addresses()); d != "" {
		t.Error(d)
	}
	if c.HTTP() == nil {
		t.Error("no client")
	}
}
