package web_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"sportello/web"
	"sportello/web/sitetest"
)

// listening puts a harness behind the server and the doors that the program has, and gives its address. The time limits are those of a test.
func listening(t *testing.T, h *harness, change func(*http.Server), doors web.Doors) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := web.Server(l.Addr().String(), h.handler, slog.New(slog.DiscardHandler))
	if change != nil {
		change(server)
	}
	go func() { _ = server.Serve(web.Guard(l, doors)) }()
	t.Cleanup(func() { _ = server.Close() })
	return l.Addr().String()
}

// raw sends bytes as they are and gives the status lines of what comes back until the server closes or is silent for a second.
func raw(t *testing.T, addr, request string) (statuses []string, all string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	buffer := make([]byte, 32<<10)
	for {
		_ = conn.SetReadDeadline(time.Now().Add(time.Second))
		n, err := conn.Read(buffer)
		b.Write(buffer[:n])
		if err != nil {
			break
		}
	}
	for line := range strings.SplitSeq(b.String(), "\r\n") {
		if strings.HasPrefix(line, "HTTP/1.") {
			statuses = append(statuses, strings.Fields(line)[1])
		}
	}
	return statuses, b.String()
}

// What two programs may read differently is either refused or answered once: nothing behind it is taken for another request.
func TestNoRequestIsSmuggled(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	addr := listening(t, h, nil, web.Doors{})
	head := "POST " + askPath + " HTTP/1.1\r\nHost: sportello\r\nContent-Type: application/json\r\n"
	hidden := "GET /t/borgoprova/documents HTTP/1.1\r\nHost: sportello\r\n\r\n"
	for name, tt := range map[string]struct {
		request string
		want    string
	}{
		"length and pieces":        {head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, "400"}, // the body is empty, the connection ends
		"pieces and length":        {head + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + hidden, "400"},
		"pieces, honest":           {head + "Transfer-Encoding: chunked\r\n\r\nf\r\n{\"question\":\"a\"\r\n1\r\n}\r\n0\r\n\r\n" + hidden, "200"},
		"two lengths":              {head + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + hidden, "400"},
		"two lengths in one":       {head + "Content-Length: 0, 44\r\n\r\n" + hidden, "400"},
		"a length with a sign":     {head + "Content-Length: +0\r\n\r\n" + hidden, "400"},
		"a length below zero":      {head + "Content-Length: -1\r\n\r\n" + hidden, "400"},
		"another encoding":         {head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + hidden, "501"},
		"an encoding in disguise":  {head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden, "501"},
		"two encodings":            {head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + hidden, "501"},
		"space before the colon":   {head + "Content-Length : 0\r\n\r\n" + hidden, "400"},
		"a name that is none":      {head + "Transfer\x0b-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, "400"},
		"a null in a value":        {head + "X: a\x00b\r\nContent-Length: 0\r\n\r\n" + hidden, "400"},
		"a size that is none":      {head + "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + hidden, "400"},
		"a size with 17 digits":    {head + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n" + hidden, "400"},
		"no host":                  {"GET / HTTP/1.1\r\n\r\n", "400"},
		"two hosts":                {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
		"a host that is none":      {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400"},
		"no version":               {"GET /\r\n\r\n", "400"},
		"version two in the clear": {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "404"},
		"a tunnel":                 {"CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254:80\r\n\r\n", "404"},
	} {
		got, all := raw(t, addr, tt.request)
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v, want %s\n%.300s", name, got, tt.want, all)
		}
		if strings.Contains(all, "Disciplina TARI") {
			t.Errorf("%s: the hidden request was answered", name)
		}
	}
	// A header over two lines is one with a space in it; an address with a scheme is a path of ours, and its host decides nothing.
	if got, all := raw(t, addr, "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Fold: a\r\n b\r\nConnection: close\r\n\r\n"); strings.Join(got, " ") != "200" {
		t.Errorf("folded: %v\n%s", got, all)
	}
	got, all := raw(t, addr, "GET http://evil.example/t/borgoprova HTTP/1.1\r\nHost: sportello\r\nConnection: close\r\n\r\n")
	if strings.Join(got, " ") != "301" || strings.Contains(all, "evil.example") {
		t.Errorf("absolute: %v\n%s", got, all)
	}
}

func TestLargeHeadersAreRefused(t *testing.T) {
	addr := listening(t, newHarness(t, sitetest.Quoted()), nil, web.Doors{})
	for name, request := range map[string]string{
		"one header":   "GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("a", 64<<10) + "\r\n\r\n",
		"many headers": "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X: aaaaaaaaaaaaaaaa\r\n", 4000) + "\r\n",
		"the address":  "GET /" + strings.Repeat("a", 64<<10) + " HTTP/1.1\r\nHost: a\r\n\r\n",
	} {
		if got, all := raw(t, addr, request); strings.Join(got, " ") != "431" {
			t.Errorf("%s: %v %.200s", name, got, all)
		}
	}
	body := "POST " + askPath + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
	if got, _ := raw(t, addr, body+"Content-Length: 9999999999\r\n\r\n"); strings.Join(got, " ") != "413" {
		t.Errorf("a large body: %v", got)
	}
	if got, _ := raw(t, addr, body+"Transfer-Encoding: chunked\r\n\r\n"+strings.Repeat("400\r\n"+strings.Repeat("a", 1024)+"\r\n", 100)+"0\r\n\r\n"); strings.Join(got, " ") != "413" {
		t.Errorf("a large body in pieces: %v", got)
	}
}

// Who sends a header, or a body, a letter at a time is cut off; others are served meanwhile.
func TestSlowClientsAreCutOff(t *testing.T) {
	addr := listening(t, newHarness(t, sitetest.Quoted()), func(s *http.Server) { s.ReadHeaderTimeout, s.ReadTimeout = 300*time.Millisecond, 300*time.Millisecond }, web.Doors{})
	for name, begin := range map[string]string{
		"header": "GET / HTTP/1.1\r\nHost: a\r\nX: ",
		"body":   "POST " + askPath + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{",
	} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, begin); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			_, _ = io.Copy(io.Discard, conn)
			close(ended)
		}()
		if r, err := http.Get("http://" + addr + "/healthz"); err != nil || r.StatusCode != 200 {
			t.Errorf("%s: others are not served: %v", name, err)
		} else {
			_ = r.Body.Close()
		}
		drop := time.NewTicker(50 * time.Millisecond)
		limit := time.After(time.Minute)
		for open := true; open; {
			select {
			case <-ended:
				open = false
			case <-drop.C:
				_, _ = io.WriteString(conn, "a")
			case <-limit:
				t.Errorf("%s: still open", name)
				open = false
			}
		}
		drop.Stop()
		_ = conn.Close()
	}
}

// The last open connection is the server's own wall: an address has only so many, this machine and proxies as many as there are.
func TestOneAddressHasSoManyConnections(t *testing.T) {
	for name, tt := range map[string]struct {
		doors web.Doors
		from  []string
		want  int
	}{
		"one address":        {web.Doors{Each: 2}, []string{"192.0.2.1:1", "192.0.2.1:2", "192.0.2.1:3", "192.0.2.2:1"}, 3},
		"one IPv6 network":   {web.Doors{Each: 2}, []string{"[2001:db8::1]:1", "[2001:db8::2]:2", "[2001:db8::3]:3", "[2001:db8:0:1::1]:1"}, 3},
		"this machine":       {web.Doors{Each: 1}, []string{"127.0.0.1:1", "127.0.0.1:2", "[::1]:3"}, 3},
		"a proxy":            {web.Doors{Each: 1, Proxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}, []string{"192.0.2.1:1", "192.0.2.1:2"}, 2},
		"all together":       {web.Doors{Most: 2}, []string{"127.0.0.1:1", "192.0.2.1:1", "192.0.2.2:1"}, 2},
		"mapped into IPv6":   {web.Doors{Each: 1}, []string{"[::ffff:192.0.2.1]:1", "192.0.2.1:2"}, 1},
		"a socket of a file": {web.Doors{Each: 1}, []string{"@", "@"}, 2},
	} {
		arrivals := make(arriving, len(tt.from))
		for _, a := range tt.from {
			arrivals <- a
		}
		l := web.Guard(arrivals, tt.doors)
		var open []net.Conn
		for {
			c, err := l.Accept()
			if err != nil {
				break
			}
			open = append(open, c)
		}
		if len(open) != tt.want {
			t.Errorf("%s: %d of %d, want %d", name, len(open), len(tt.from), tt.want)
		}
		for _, c := range open {
			_, _ = c.Close(), c.Close() // the second counts for nothing
		}
		arrivals <- tt.from[0]
		if _, err := l.Accept(); err != nil {
			t.Errorf("%s: those who left still count: %v", name, err)
		}
	}
}

// arriving is a listener for connections from addresses; it fails when nobody comes.
type arriving chan string

func (a arriving) Accept() (net.Conn, error) {
	select {
	case from := <-a:
		return &caller{from: from}, nil
	default:
		return nil, io.EOF
	}
}
func (arriving) Close() error   { return nil }
func (arriving) Addr() net.Addr { return nil }

type caller struct {
	net.Conn
	from string
}

func (c *caller) RemoteAddr() net.Addr { return address(c.from) }
func (*caller) Close() error           { return nil }

type address string

func (address) Network() string  { return "tcp" }
func (a address) String() string { return string(a) }

// Who asks for much and reads nothing loses the connection, and the handler goes on to its end. A stream that only waits stays.
func TestWhoDoesNotReadIsCutOff(t *testing.T) {
	failed := make(chan error, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) {
		piece := make([]byte, 1<<20)
		for {
			if _, err := w.Write(piece); err != nil {
				failed <- err
				return
			}
		}
	})
	mux.HandleFunc("/waits", func(w http.ResponseWriter, r *http.Request) {
		for range 2 {
			_, _ = io.WriteString(w, "event\n")
			_ = http.NewResponseController(w).Flush()
			select {
			case <-time.After(500 * time.Millisecond):
			case <-r.Context().Done():
			}
		}
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: web.Patient(mux, 200*time.Millisecond), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-failed:
		if !strings.Contains(err.Error(), "timeout") {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("still writing")
	}
	r, err := http.Get("http://" + l.Addr().String() + "/waits")
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r.Body); err != nil || string(b) != "event\nevent\n" {
		t.Errorf("%q %v", b, err)
	}
	_ = r.Body.Close()
}

// One comune whose counter is overrun keeps no other waiting: with all places taken and others in the line, who asks another comune is next.
func TestANoisyTenantStarvesNobody(t *testing.T) {
	h, started, let := crowded(t)
	go h.post(askPath, `{"question":"la prima"}`)
	<-started
	defer func() { let <- struct{}{} }()
	server := httptest.NewServer(h.handler)
	defer server.Close()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	place := func(path string) (place string) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+path, strings.NewReader(`{"question":"una"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "text/event-stream")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() }) // it stays in the line until then
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		return ""
	}
	for i := range 4 {
		if got, want := place(askPath), fmt.Sprintf(`{"place":%d}`, i+1); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := place(strings.Replace(askPath, sitetest.Comune, sitetest.Other, 1)); got != `{"place":1}` {
		t.Errorf("behind the noisy comune: %s", got)
	}
}

// Who goes on in spite of refusals waits longer and longer, and is answered late; who waits comes in.
func TestHammeringDoesNotPay(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	h := newHarness(t, sitetest.Quoted(), func(c *web.Config) {
		c.AskPerMinute, c.HoldBack, c.Now = 2, 20*time.Millisecond, func() time.Time { return now }
	})
	ask := func() (int, int) {
		r := h.post(askPath, `{"question":"a"}`)
		after := 0
		_, _ = fmt.Sscan(r.Header.Get("Retry-After"), &after)
		return r.StatusCode, after
	}
	for range 2 {
		ask()
	}
	waits := []int{}
	for range 40 {
		status, after := ask()
		if status != 429 {
			t.Fatalf("status %d", status)
		}
		waits = append(waits, after)
	}
	if waits[0] > 31 || waits[4] > 31 || waits[9] < 150 || waits[39] > 601 || waits[39] < 590 {
		t.Errorf("seconds to wait: %v", waits)
	}
	now = now.Add(time.Duration(waits[39]) * time.Second)
	if status, _ := ask(); status != 200 {
		t.Errorf("after waiting: %d", status)
	}
	status, after := ask()
	if status != 429 || after > 31 {
		t.Errorf("forgiven, %d with %d s to wait", status, after)
	}
}

// Pages are limited too, by address; the files they are made of, and this machine, are not.
func TestPagesHaveALimit(t *testing.T) {
	h := newHarness(t, sitetest.Quoted(), func(c *web.Config) { c.PagesPerMinute, c.HoldBack = 3, -1 })
	from := func(addr, path string) int {
		r := request(http.MethodGet, path, "")
		r.RemoteAddr = addr
		return h.do(r).StatusCode
	}
	for range 3 {
		from("192.0.2.1:1", "/t/borgoprova/documents")
	}
	for _, tt := range []struct {
		addr, path string
		want       int
	}{
		{"192.0.2.1:1", "/t/borgoprova/documents", 429}, {"192.0.2.1:1", "/static/x/sportello.css", 200}, {"192.0.2.2:1", "/t/borgoprova/documents", 200},
		{"192.0.2.1:1", "/staff/login", 429}, {"192.0.2.1:1", "/nowhere", 429},
	} {
		if got := from(tt.addr, tt.path); got != tt.want {
			t.Errorf("%s from %s: %d", tt.path, tt.addr, got)
		}
	}
	for range 10 {
		if got := from("127.0.0.1:1", "/healthz"); got != 200 {
			t.Errorf("this machine: %d", got)
		}
	}
}

// The server's own log holds no address of a person, and not every stranger who speaks no TLS.
func TestNoAddressIsLogged(t *testing.T) {
	var b bytes.Buffer
	server := web.Server("", http.NotFoundHandler(), slog.New(slog.NewTextHandler(&b, nil)))
	for _, line := range []string{
		"http: TLS handshake error from 192.0.2.7:4711: EOF", "http: panic serving from [2001:db8::7]:4711: x", "http: Accept error from 192.0.2.7:80: x; retrying in 5ms",
	} {
		server.ErrorLog.Print(line)
	}
	if got := b.String(); strings.Contains(got, "192.0.2") || strings.Contains(got, "2001:db8") || strings.Contains(got, "handshake") || strings.Count(got, "level=WARN") != 2 {
		t.Error(got)
	}
}
