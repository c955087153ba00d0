package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sportello/web/browsertest"
)

// window is a browser on a server of the whole program, without models.
type window struct {
	t    *testing.T
	ctx  context.Context
	base string
	dir  string
	said *transcript

	restart func() // stops the server and starts it on the same folder and address
}

// serveWindow serves a new installation, which prepare may fill by commands first, and opens a browser.
func serveWindow(t *testing.T, prepare func(sportello func(args ...string) string)) *window {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	return serveIn(t, dir, prepare, "--set", "embedding.address=none")
}

// serveIn is serveWindow in a folder, with settings.
func serveIn(t *testing.T, dir string, prepare func(sportello func(args ...string) string), settings ...string) *window {
	t.Helper()
	browser := browsertest.Open(t)
	common := append([]string{"--data", filepath.Join(dir, "data")}, settings...)
	sportello := func(args ...string) string {
		t.Helper()
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), append(common, args...), &stdout, &stderr); code != exitDone {
			t.Fatalf("%v ended with %d: %s", args, code, stderr.String())
		}
		return stdout.String()
	}
	if prepare != nil {
		prepare(sportello)
	}
	addr, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	said := new(transcript)
	start := func() (stop func()) {
		ctx, end := context.WithCancel(t.Context())
		served := make(chan int, 1)
		go func() {
			served <- run(ctx, append(common, "--log-level", "error", "--set", "serve.ask_per_minute=1000", "serve", "--addr", addr), said, os.Stderr)
		}()
		for range tries {
			if c, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr); err == nil {
				_ = c.Close() // somebody listens, that is all that was asked
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		return func() { end(); <-served }
	}
	stop := start()
	t.Cleanup(func() { stop() })
	return &window{t, browser, "http://" + addr, dir, said, func() { stop(); stop = start() }}
}

// transcript is what the server prints, read while it runs.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (x *transcript) Write(p []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.text.Write(p)
}

func (x *transcript) String() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.text.String()
}

// openWindow is serveWindow with one comune, whose administrator is signed in: by the link that `sportello user add` prints, and then
// by the page to sign in.
func openWindow(t *testing.T) *window { return openComune(t, "avella", "Comune di Avella", nil) }

// openComune is openWindow with another comune, which prepare may fill by commands.
func openComune(t *testing.T, slug, name string, prepare func(sportello func(args ...string) string)) *window {
	t.Helper()
	link := ""
	w := serveWindow(t, func(sportello func(args ...string) string) {
		sportello("tenant", "add", "--slug", slug, "--name", name)
		if prepare != nil {
			prepare(sportello)
		}
		link = regexp.MustCompile(`/staff/link/\S+`).FindString(sportello("user", "add", "anna.conti@example.it", "--name", "Anna Conti"))
	})
	const password = "quattro gatti sul tetto"
	w.open(link)
	w.fill("new", password)
	w.fill("again", password)
	w.click("main button[type=submit]")
	w.until(`location.pathname === "/staff/login"`)
	w.fill("email", "anna.conti@example.it")
	w.fill("password", password)
	w.click("main button[type=submit]")
	w.until(`location.pathname === "/staff/t/` + slug + `/"`)
	return w
}

func (w *window) do(actions ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	browsertest.Do(w.ctx, w.t, actions...)
}

func (w *window) open(path string) {
	w.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = w.base + path
	}
	w.do(chromedp.Navigate(path))
}

func (w *window) fill(name, value string) {
	w.t.Helper()
	w.do(chromedp.SetValue(`main [name="`+name+`"]`, value))
}

// click presses what a selector finds first. Not at a place on the screen: pages that are told of something move while they are clicked.
func (w *window) click(selector string) {
	w.t.Helper()
	w.do(chromedp.WaitVisible(selector))
	w.until(fmt.Sprintf(`(() => { const one = document.querySelector(%q); one?.click(); return !!one; })()`, selector))
}

// until waits for a JavaScript condition.
func (w *window) until(condition string) {
	w.t.Helper()
	browsertest.Until(w.ctx, w.t, condition)
}

func (w *window) text(selector string) string {
	w.t.Helper()
	text, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](`document.querySelector(`+"`"+selector+"`"+`)?.innerText ?? ""`))
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

// shot keeps a picture of the page in the folder SCREENSHOTS: what the guides show.
func (w *window) shot(name string) {
	w.t.Helper()
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(w.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// upload gives a file to the page of uploads and waits until it was taken in.
func (w *window) upload(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.open("/staff/t/avella/upload")
	w.do(chromedp.SetUploadFiles("#files", []string{path}))
	w.click("#upload button[type=submit]")
	w.until(`location.pathname.includes("/uploads/") && !!document.querySelector("#progress:not([data-again])")`)
	if got := w.text("#progress"); !strings.Contains(got, "1 nuovo") && !strings.Contains(got, "1 aggiornato") {
		w.t.Fatalf("uploaded: %s", got)
	}
}

// ask asks as a citizen does, on the page for everybody, again until the answer holds a text: an upload is in the answers a moment
// after it was taken in. It gives the last answer.
func (w *window) ask(question, want string) (answer string) {
	w.t.Helper()
	for range 50 {
		w.open("/t/avella/")
		w.do(chromedp.SendKeys("#question", question), chromedp.KeyEvent("\r"))
		w.until(`!!document.querySelector("#log .rest")`)
		if answer = w.text("#log"); strings.Contains(answer, want) {
			return answer
		}
		time.Sleep(200 * time.Millisecond)
	}
	w.t.Fatalf("%s: the answer never holds %q: %s", question, want, answer)
	return ""
}

const regulation = `# Regolamento comunale per i mercati

Approvato con deliberazione del Consiglio comunale n. 5 del 10/02/2020

## Art. 1 - Oggetto

1. Il presente regolamento disciplina i mercati comunali e i posteggi.

## Art. 2 - Canone del posteggio

1. Il canone del posteggio al mercato settimanale è di 30 euro al giorno.
`

// A clerk uploads a regulation and a citizen is answered with it; a newer one takes its place, and the old fee is answered no more;
// that is undone, and the old one counts again.
func TestUploadAnswerSupersede(t *testing.T) {
	w := openWindow(t)
	const question = "quanto costa il canone del posteggio al mercato settimanale?"
	w.upload("mercati-2020.md", regulation)
	w.shot("documenti-caricamento")
	w.ask(question, "30 euro")

	newer := strings.NewReplacer("30 euro", "45 euro", "n. 5 del 10/02/2020", "n. 9 del 12/03/2026", "mercati\n", "mercati e le fiere\n").Replace(regulation)
	w.upload("mercati-2026.md", newer)
	w.ask(question, "45 euro")
	w.open("/staff/t/avella/documents?q=mercati-2020")
	w.click("a.doc-title")
	w.until(`!!document.querySelector("#by")`)
	w.shot("documenti-documento")
	w.do(chromedp.SetValue("#by", ""))
	w.until(`(() => { const by = document.querySelector("#by"); by.selectedIndex = 1; return by.value !== ""; })()`)
	w.click(`form[action$="/supersede"] button`)
	w.until(`document.querySelector(".alert-warning")?.innerText.includes("sostituito")`)
	if answer := w.ask(question, "45 euro"); strings.Contains(answer, "30 euro") {
		t.Errorf("the old fee is answered: %s", answer)
	}

	w.open("/staff/t/avella/changes")
	w.click("tbody tr:first-child button")
	w.until(`document.querySelector(".alert-success")?.innerText.includes("annullata")`)
	w.ask(question, "30 euro")

	w.upload("mercati-2020.md", strings.Replace(regulation, "30 euro al giorno", "32 euro per ogni giorno di mercato", 1))
	w.open("/staff/t/avella/documents?q=mercati-2020")
	w.click("a.doc-title")
	w.until(`!!document.querySelector("#by")`)
	w.click(`.doc-tabs a[href$="/versions"]`)
	w.until(`document.querySelector(".compare ins")?.innerText.includes("32")`)
	w.shot("documenti-versioni")
}
