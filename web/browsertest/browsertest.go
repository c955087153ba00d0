// Package browsertest opens a real browser for tests that show what only a browser shows.
package browsertest

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Open starts headless Chromium with a profile of its own and gives the context of its first page; it ends with the test. CHROME names
// another program. Without a browser the test is skipped on a developer's machine and fails where CI is set; -short leaves it out.
func Open(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("browser tests are left out of -short")
	}
	program := os.Getenv("CHROME")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && program == "" {
			program = path
		}
	}
	if program == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("no chromium: install it, the pages must be tested in a browser")
		}
		t.Skip("no chromium on this machine")
	}
	flags := []chromedp.ExecAllocatorOption{chromedp.ExecPath(program), chromedp.UserDataDir(t.TempDir()), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.WindowSize(1280, 900), chromedp.WSURLReadTimeout(60 * time.Second)}
	for _, flag := range []string{"headless", "no-sandbox", "disable-gpu", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage", "hide-scrollbars"} {
		flags = append(flags, chromedp.Flag(flag, true))
	}
	allocator, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), flags...)
	t.Cleanup(stop)
	ctx, leave := chromedp.NewContext(allocator)
	t.Cleanup(leave)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	return ctx
}

// patience is how long a page may take for one step.
const patience = time.Minute

// Do runs actions on the page, or fails the test.
func Do(ctx context.Context, t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// Until waits for a JavaScript condition, across navigations too. When it does not come true the test fails with what the page says.
func Until(ctx context.Context, t *testing.T, condition string) {
	t.Helper()
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		ok, err := chromedp.Run(waiting, chromedp.Evaluate[bool](condition)) // an error in between is a page that is going
		if err == nil && ok {
			return
		}
		if waiting.Err() != nil {
			says, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
			t.Fatalf("waiting for %s: %v; the page says: %s", condition, err, says)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
