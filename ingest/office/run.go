package office

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"time"
)

// run starts the program in dir, in a group of its own, and gives what it printed. When ctx ends the whole group is killed.
func run(ctx context.Context, program, dir string, args []string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.Env = []string{
		"HOME=" + dir, "TMPDIR=" + dir, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "SAL_USE_VCLPLUGIN=svp",
		"http_proxy=http://127.0.0.1:9", "https_proxy=http://127.0.0.1:9", // nothing listens there: a document fetches nothing
	}
	var log limited
	cmd.Stdout, cmd.Stderr = &log, &log
	ownGroup(cmd)
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	return log.String(), err
}

// limited keeps the first 8 KB that are written.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if room := 8<<10 - l.Len(); room > 0 {
		l.Buffer.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}
