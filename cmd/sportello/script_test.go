package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sportello": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		asRelease()
		os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
	}})
}

// TestScripts runs the command line as a user does, without models: each script has an empty cache of its own.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_CACHE_HOME", e.WorkDir+"/cache")
			e.Setenv("SPORTELLO_DATA", e.WorkDir+"/data")
			addr, err := freeAddress()
			e.Setenv("ADDR", addr)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"ready":    scriptReady,
			"ask":      scriptAsk,
			"answered": scriptAnswered,
			"loop":     scriptLoop,
			"site":     scriptSite,
		},
	})
}

// freeAddress gives a loopback address that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// scriptSite serves a small web site and puts its address in a variable.
func scriptSite(ts *testscript.TestScript, _ bool, args []string) {
	pages := map[string]string{
		"/robots.txt":             "User-agent: *\nDisallow: /riservato\n",
		"/regolamenti/":           `<html><body><h1>Regolamenti</h1><p><a href="tari.html">Regolamento TARI</a></p></body></html>`,
		"/regolamenti/tari.html":  "<html><body><h1>Regolamento TARI</h1><p>La riduzione per il compostaggio domestico è del 20 per cento.</p></body></html>",
		"/riservato/verbale.html": "<html><body><p>Verbale riservato</p></body></html>",
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(body))
	}))
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
}

// tries bounds how long a script waits for a server: a tenth of a second each, a minute on a busy machine.
const tries = 600

// scriptReady waits until an address answers 200.
func scriptReady(ts *testscript.TestScript, _ bool, args []string) {
	for range tries {
		resp, err := http.Get(args[0])
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	ts.Fatalf("%s does not answer", args[0])
}

// post asks the API one question and gives the body of its answer.
func post(ts *testscript.TestScript, address, question string) string {
	body, err := json.Marshal(map[string]string{"question": question})
	ts.Check(err)
	resp, err := http.Post(address, "application/json", bytes.NewReader(body))
	ts.Check(err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	ts.Check(err)
	return string(answer)
}

// scriptAsk asks the API and prints the answer for stdout to look at.
func scriptAsk(ts *testscript.TestScript, _ bool, args []string) {
	fmt.Fprintln(ts.Stdout(), post(ts, args[0], args[1]))
}

// scriptAnswered asks until the answer holds a text: a new version reaches the server's index a moment after it is stored.
func scriptAnswered(ts *testscript.TestScript, _ bool, args []string) {
	answer := ""
	for range tries {
		if answer = post(ts, args[0], args[1]); strings.Contains(answer, args[2]) {
			fmt.Fprintln(ts.Stdout(), answer)
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	ts.Fatalf("the answer never held %q: %s", args[2], answer)
}

// scriptLoop runs a command several times, all of which must succeed.
func scriptLoop(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	for range n {
		ts.Check(ts.Exec(args[1], args[2:]...))
	}
}
