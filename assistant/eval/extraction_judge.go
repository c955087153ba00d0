package eval

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"time"

	"sportello/assistant/fault"
)

// judgeTime bounds pdftotext on one file.
const judgeTime = 2 * time.Minute

func findJudge(program string) (string, error) {
	if program == "" {
		program = "pdftotext"
	}
	p, err := exec.LookPath(program)
	if err != nil {
		return "", fault.Wrap(fault.Unsupported, err, "%s is not installed: it judges the extraction; install poppler-utils", program)
	}
	return p, nil
}

// runJudge gives the text of each page as pdftotext reads it, and the processor time that it took.
func runJudge(ctx context.Context, program, file string) ([]string, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, judgeTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-enc", "UTF-8", file, "-")
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	err := cmd.Run()
	var cpu time.Duration
	if cmd.ProcessState != nil {
		cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	if err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		return nil, cpu, errors.New(strings.TrimSpace(err.Error() + " " + line))
	}
	pages := strings.Split(out.String(), "\f")
	if n := len(pages); n > 0 && strings.TrimSpace(pages[n-1]) == "" {
		pages = pages[:n-1]
	}
	return pages, cpu, nil
}
