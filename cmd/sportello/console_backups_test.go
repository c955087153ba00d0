package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Who looks after the installation sees in the console which backups there are, and why the last one failed.
func TestConsoleBackups(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "copie")
	w := openWindow(t)
	w.open("/staff/t/avella/backups")
	if got := w.text("main"); !strings.Contains(got, "non fa copie da solo") {
		t.Errorf("without a folder: %s", got)
	}
	w.shot("backups-none")
	if err := os.WriteFile(folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SPORTELLO_BACKUP_FOLDER", folder) // a file: it fails
	w.restart()
	w.open("/staff/t/avella/backups")
	w.until(`document.querySelector("main .badge.bad") !== null || (location.reload(), false)`)
	if got := w.text("main"); !strings.Contains(got, "Le copie non riescono dal") || !strings.Contains(got, folder) {
		t.Errorf("it fails: %s", got)
	}
	w.shot("backups-failed")
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	w.restart()
	w.open("/staff/t/avella/backups")
	w.until(`document.querySelector("main table tbody tr") !== null || (location.reload(), false)`)
	if got := w.text("main"); !strings.Contains(got, "L'ultima copia è del") || !strings.Contains(got, ".backup") {
		t.Errorf("it was made: %s", got)
	}
	w.shot("backups")
	w.do(chromedp.EmulateViewport(390, 844))
	w.shot("backups-phone")
}
