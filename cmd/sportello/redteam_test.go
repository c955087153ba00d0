package main

import (
	"os"
	"path/filepath"
	"testing"
)

// Every fifth attack of each set, without any model: the same on every machine. `make red-team` runs all of them.
func TestRedTeam(t *testing.T) {
	dir := t.TempDir()
	args := []string{"--data", filepath.Join(dir, "data"), "--log-level", "error", "eval", "red-team", "--words", "--every", "5",
		"--shared", filepath.Join("..", "..", "..", "shared"), "--golden", filepath.Join("..", "..", "assistant", "eval", "testdata", "redteam_ci.txt")}
	if os.Getenv("UPDATE_REDTEAM") != "" {
		args = append(args, "--update")
	}
	if code, stdout, stderr := command(t, args...); code != exitDone {
		t.Fatalf("exit %d\n%s%s", code, stdout, stderr)
	}
}
