package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sportello/assistant/backup"
)

// The server makes a backup when one is due, keeps as many as it is told and leaves what is not its own alone.
func TestBackupsBySchedule(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "copie")
	cfg, err := loadConfig(cli{Data: t.TempDir(), LogLevel: "error", Set: []string{"backup.folder=" + folder, "backup.keep=2", "embedding.address=none", "chat.address=none"}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := (&session{cfg: cfg, stdout: io.Discard, stderr: io.Discard}).open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { release(a) })
	now := time.Date(2026, 12, 1, 3, 0, 0, 0, time.UTC)
	for i, step := range []struct {
		after time.Duration
		made  bool
		stay  int
	}{{0, true, 1}, {time.Hour, false, 1}, {24 * time.Hour, true, 2}, {48 * time.Hour, true, 2}} {
		made, err := a.backupDue(t.Context(), now.Add(step.after))
		if err != nil || made != step.made {
			t.Fatalf("step %d: made %v, %v", i, made, err)
		}
		if i == 0 {
			if err := os.WriteFile(filepath.Join(folder, "mio.backup"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		all, err := backupsIn(folder)
		if err != nil || len(all) != step.stay {
			t.Errorf("step %d: %v %v", i, all, err)
		}
	}
	all, err := backupsIn(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Read(t.Context(), filepath.Join(folder, all[len(all)-1].name), "", ""); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "mio.backup")); err != nil {
		t.Error("a file that is not the server's was taken away")
	}
	cfg.Backup.Folder = filepath.Join(folder, "mio.backup") // a file: no folder
	if _, err := a.backupDue(t.Context(), now); err == nil {
		t.Error("a folder that is none")
	}
}
