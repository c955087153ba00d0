package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"sportello/assistant/store"
)

// TestFaults breaks one thing after the other under a running server and writes down what a citizen and an administrator see, and whether it goes on by
// itself when the thing is whole again. The table is in docs/guasti.md; UPDATE=1 writes it anew (make faults).
func TestFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("servers are broken")
	}
	var rows []seen
	for _, one := range []struct {
		name   string
		breaks func(*house) seen
	}{
		{"full disk", faultFullDisk}, {"read-only disk", faultReadOnly}, {"damaged page", faultDamaged}, {"clock", faultClock}, {"engine", faultEngine}, {"chat", faultChat},
		{"PostgreSQL", faultPostgres}, {"Qdrant", faultQdrant}, {"e-mail", faultMail}, {"upload", faultUpload},
	} {
		t.Run(one.name, func(t *testing.T) {
			dir := t.TempDir()
			t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
			row := one.breaks(&house{T: t, dir: dir, data: filepath.Join(dir, "data")})
			t.Logf("%+v", row)
			rows = append(rows, row)
		})
	}
	compareTable(t, "guasti", "| Guasto | Che cosa vede il cittadino | Che cosa vede l'amministratore | Che cosa fare | Quando il guasto finisce |\n|---|---|---|---|---|\n", rows)
}

// seen is a row of the table.
type seen struct{ fault, citizen, administrator, todo, after string }

func (s seen) line() string {
	return "| " + strings.Join([]string{s.fault, s.citizen, s.administrator, s.todo, s.after}, " | ") + " |\n"
}

const guide = "../../docs/guasti.md"

var figure = regexp.MustCompile(`\d+(,\d+)? s\b`)

// compareTable looks for the rows between the marks of the guide; how long something took is no part of it.
func compareTable(t *testing.T, mark, head string, rows []seen) {
	t.Helper()
	b, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+mark+": inizio -->\n", "<!-- "+mark+": fine -->"
	before, rest, ok := strings.Cut(string(b), begin)
	table, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the table %s", guide, mark)
	}
	if os.Getenv("UPDATE") != "" && !t.Failed() {
		var out strings.Builder
		for _, r := range rows {
			out.WriteString(r.line())
		}
		if err := os.WriteFile(guide, []byte(before+begin+head+out.String()+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	plain := figure.ReplaceAllString(table, "N s")
	for _, r := range rows {
		if r.fault != "" && !strings.Contains(plain, figure.ReplaceAllString(r.line(), "N s")) {
			t.Errorf("%s does not say what was seen (UPDATE=1 writes it anew):\n%s", guide, r.line())
		}
	}
}

// updateRow writes the rest of the row that begins with key between the marks of the guide.
func updateRow(t *testing.T, mark, key, rest string) {
	t.Helper()
	b, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(key) + `.*$`)
	before, table, ok := strings.Cut(string(b), "<!-- "+mark+": inizio -->")
	if !ok || !row.MatchString(table) {
		t.Fatalf("%s has no row %s", guide, key)
	}
	if err := os.WriteFile(guide, []byte(before+"<!-- "+mark+": inizio -->"+row.ReplaceAllLiteralString(table, key+rest)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// house is a server that things go wrong with.
type house struct {
	*testing.T
	dir, data string
	set       []string

	*app
	base string
	log  *safeBuffer
	stop func()
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

const askedHouse = "Quando si paga la tassa sui rifiuti?"

// begin makes a comune with a regulation and an office, and serves it.
func (h *house) begin(set ...string) {
	h.Helper()
	h.set = append([]string{"serve.ask_per_minute=1000000", "serve.ask_at_once=64"}, set...)
	if !slices.ContainsFunc(set, func(s string) bool { return strings.HasPrefix(s, "embedding.") }) {
		h.set = append(h.set, "embedding.address=none")
	}
	h.open()
	ctx := h.Context()
	if err := h.store.AddTenant(ctx, store.Tenant{Slug: loadTenant, Name: "Comune di Prova"}); err != nil {
		h.Fatal(err)
	}
	if err := h.store.PutOffices(ctx, loadTenant, []store.Office{{Name: "Tributi", Phone: "081 000", Email: "tributi@example.it"}}); err != nil {
		h.Fatal(err)
	}
	docs := filepath.Join(h.dir, "docs")
	if err := errors.Join(os.MkdirAll(docs, 0o750), os.WriteFile(filepath.Join(docs, "tari.md"), []byte("# Regolamento della tassa sui rifiuti\n\n## Art. 1 Scadenza\n\nLa tassa sui rifiuti si paga entro il 16 giugno di ogni anno.\n"), 0o600)); err != nil {
		h.Fatal(err)
	}
	for _, title := range []string{"della biblioteca", "del cimitero", "della mensa scolastica"} { // one passage alone tells nothing of how near another is
		text := "# Regolamento " + title + "\n"
		for i := range 6 {
			text += fmt.Sprintf("\n## Art. %d Norme\n\nComma %d: il responsabile %s provvede con propria determinazione entro trenta giorni.\n", i+1, i, title)
		}
		if err := os.WriteFile(filepath.Join(docs, title+".md"), []byte(text), 0o600); err != nil {
			h.Fatal(err)
		}
	}
	if _, err := (&session{cfg: h.cfg, stdout: io.Discard, stderr: io.Discard}).ingest(ctx, h.app, ingestOptions{tenant: loadTenant, paths: []string{docs}}); err != nil {
		h.Fatal(err)
	}
	h.serve()
}

func (h *house) open() {
	h.Helper()
	cfg, err := loadConfig(cli{Data: h.data, LogLevel: "warn", Set: h.set})
	if err != nil {
		h.Fatal(err)
	}
	h.log = &safeBuffer{}
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelWarn, ReplaceAttr: masked})))
	h.Cleanup(func() { slog.SetDefault(before) })
	if h.app, err = (&session{cfg: cfg, stdout: io.Discard, stderr: io.Discard}).open(h.Context()); err != nil {
		h.Fatal(err)
	}
}

func (h *house) serve() {
	h.Helper()
	l, err := (&net.ListenConfig{}).Listen(h.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		h.Fatal(err)
	}
	h.base = "http://" + l.Addr().String()
	ctx, cancel := context.WithCancel(context.WithoutCancel(h.Context()))
	done := make(chan error, 1)
	ready := make(chan struct{})
	go func() { done <- h.serveOn(ctx, l, func(string) { close(ready) }) }()
	<-ready
	h.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			h.Error(err)
		}
		_ = h.Close() // what is broken cannot be closed well
	})
	h.Cleanup(h.stop)
}

// asks gives the status of an answer as the API says it, or what it says instead.
func (h *house) asks() string {
	body, _ := json.Marshal(map[string]string{"question": askedHouse})
	resp, err := http.Post(h.base+"/api/v1/t/"+loadTenant+"/ask", "application/json", bytes.NewReader(body)) //nolint:noctx // the server bounds it
	if err != nil {
		return err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Status     string
		Reason     string
		Statements []struct{ Text string }
		Error      struct{ Code string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err.Error()
	}
	if answer.Status == "refused" {
		return "refused " + answer.Reason
	}
	if answer.Status == "" {
		return fmt.Sprintf("%d %s", resp.StatusCode, answer.Error.Code)
	}
	if len(answer.Statements) > 0 && !strings.Contains(answer.Statements[0].Text, "16 giugno") {
		h.Errorf("the answer is beside the point: %+v", answer)
	}
	return answer.Status
}

// answered says for the table what a citizen gets who asks.
func (h *house) answered() string {
	h.Helper()
	switch status := h.asks(); status {
	case "quoted":
		return "La risposta, con le parole dei documenti"
	case "answered":
		return "La risposta, come sempre"
	case "refused overloaded":
		return h.refused("overloaded")
	default:
		return h.told(http.MethodPost, "/t/"+loadTenant+"/", url.Values{"question": {askedHouse}})
	}
}

// refused gives the Italian words of a refusal, which every language has of its own and in which nothing of the inside is said.
func (h *house) refused(reason string) string {
	h.Helper()
	words := func(lang string) string {
		l := h.locales.For(lang)
		return "«" + l.T("refused_"+reason+"_title") + "» " + l.T("refused_"+reason+"_text")
	}
	texts := map[string]bool{}
	for _, lang := range tags(h.locales.Languages()) {
		texts[words(lang)] = true
		if internal.MatchString(words(lang)) {
			h.Errorf("in %s: %s", lang, words(lang))
		}
	}
	if len(texts) != len(h.locales.Languages()) {
		h.Errorf("%d languages say %d things", len(h.locales.Languages()), len(texts))
	}
	return words("it") + " Con gli orari e i recapiti dell'ufficio"
}

// internal is what no citizen is to read.
var internal = regexp.MustCompile(`(?i)sqlite|postgres|qdrant|panic|goroutine|/tmp/|\.go:|connection refused|127\.0\.0\.1|SQLSTATE|smtp|\bembedding|no space|read-only|unavailable:|database`)

// told opens a page that cannot be had in every language, looks that nothing of the inside is on it and that each language has words of its own, and gives
// the Italian ones.
func (h *house) told(method, path string, form url.Values) (italian string) {
	h.Helper()
	texts := map[string]string{}
	for _, lang := range tags(h.locales.Languages()) {
		req, err := http.NewRequestWithContext(h.Context(), method, h.base+path+"?lang="+lang, strings.NewReader(form.Encode()))
		if err != nil {
			h.Fatal(err)
		}
		req.Header.Set("Accept-Language", lang)
		if form != nil {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			h.Fatal(err)
		}
		page, err := goquery.NewDocumentFromReader(resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil {
			h.Fatal(err)
		}
		text := strings.Join(strings.Fields(page.Find("main h1, main p").Not("footer *").Text()), " ")
		if resp.StatusCode < 500 || text == "" || internal.MatchString(page.Text()) {
			h.Errorf("%s in %s answers %d: %s", path, lang, resp.StatusCode, text)
		}
		texts[text] = lang
		if lang == "it" {
			italian = "«" + strings.TrimSpace(page.Find("main h1").Text()) + "» " + strings.TrimSpace(page.Find("main h1 + p, main p").First().Text())
		}
	}
	if len(texts) != len(h.locales.Languages()) {
		h.Errorf("%s: %d languages say %d things", path, len(h.locales.Languages()), len(texts))
	}
	return italian
}

// ready gives what /readyz says of a part to those who run the server.
func (h *house) ready(part string) string {
	h.Helper()
	resp, err := http.Get(h.base + "/readyz") //nolint:noctx // the server bounds it
	if err != nil {
		h.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var body struct {
		Status string
		Parts  []struct{ Name, State, Detail string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		h.Fatal(err)
	}
	for _, p := range body.Parts {
		if p.Name == part {
			return p.State + " " + p.Detail
		}
	}
	return body.Status
}

// doctor gives the line of the doctor about a part.
func (h *house) doctor(part string) string {
	h.Helper()
	var out bytes.Buffer
	args := []string{"--data", h.data, "--log-level", "error"}
	for _, one := range h.set {
		args = append(args, "--set", one)
	}
	before := slog.Default() // the command has a log of its own
	run(h.Context(), append(args, "doctor"), &out, io.Discard)
	slog.SetDefault(before)
	lines := strings.Split(out.String(), "\n")
	for _, line := range lines {
		if f := strings.Fields(line); len(f) > 1 && strings.HasPrefix(strings.Join(f[1:], " "), part) {
			return h.said(strings.Join(f, " "))
		}
	}
	h.Errorf("the doctor says nothing of %s:\n%s", part, out.String())
	return ""
}

// said makes a line of this test one that anybody may read.
func (h *house) said(text string) string {
	text = strings.ReplaceAll(text, h.data, "/var/lib/sportello")
	text = regexp.MustCompile(`127\.0\.0\.1:\d+`).ReplaceAllString(text, "SERVER")
	text = regexp.MustCompile(`/tmp/pg[^ :,]*`).ReplaceAllString(text, "BANCA-DATI")
	return "`" + strings.ReplaceAll(text, "|", "/") + "`"
}

// logs waits until the log holds something, and gives the message of its line.
func (h *house) logs(what string) string {
	h.Helper()
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		for line := range strings.Lines(h.log.String()) {
			if strings.Contains(line, what) {
				message := regexp.MustCompile(`msg="([^"]*)"`).FindStringSubmatch(line)
				if message == nil {
					return what
				}
				return "`" + message[1] + "`"
			}
		}
		if time.Since(began) > 2*time.Minute {
			h.Fatalf("the log never says %q:\n%s", what, h.log.String())
		}
	}
}

// again waits until something works, without anybody doing anything, and says for the table how long that was.
func (h *house) again(works func() bool) string {
	h.Helper()
	began := time.Now()
	for !works() {
		if time.Since(began) > 3*time.Minute {
			h.Fatalf("it does not go on by itself:\n%s", h.log.String())
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Sprintf("Riprende da solo (qui dopo %s s)", strings.ReplaceAll(fmt.Sprintf("%.1f", time.Since(began).Seconds()), ".", ","))
}

// gate lies between Sportello and a server: shut, nobody gets through; mute, they get through and hear nothing.
type gate struct {
	addr string
	mu   sync.Mutex
	shut bool
	mute bool
	all  []net.Conn
}

func newGate(t *testing.T, network, target string) *gate {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	g := &gate{addr: l.Addr().String()}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			g.mu.Lock()
			shut, mute := g.shut, g.mute
			g.all = append(g.all, c)
			g.mu.Unlock()
			if shut {
				_ = c.Close()
				continue
			}
			if mute {
				continue
			}
			to, err := (&net.Dialer{}).DialContext(context.Background(), network, target)
			if err != nil {
				_ = c.Close()
				continue
			}
			g.mu.Lock()
			g.all = append(g.all, to)
			g.mu.Unlock()
			go func() { _, _ = io.Copy(to, c); _ = to.Close() }()
			go func() { _, _ = io.Copy(c, to); _ = c.Close() }()
		}
	}()
	return g
}

// set shuts the gate or makes it mute, and breaks what goes through it.
func (g *gate) set(shut, mute bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut, g.mute = shut, mute
	for _, c := range g.all {
		_ = c.Close()
	}
	g.all = nil
}
