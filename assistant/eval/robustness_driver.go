package eval

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// child is a running child process and the files it is given one by one.
type child struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	lines  chan []byte // answers; closed when the child ends
	stderr tail
}

func (c RobustnessConfig) start(ctx context.Context) (*child, error) {
	// the child is ended by stop, with what it started: a context would only end the child itself
	ch := &child{cmd: exec.CommandContext(context.WithoutCancel(ctx), c.Program, c.Args...), lines: make(chan []byte)}
	ch.cmd.Stderr = &ch.stderr
	ownGroup(ch.cmd)
	var err error
	if ch.in, err = ch.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := ch.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := ch.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		s := bufio.NewScanner(out)
		s.Buffer(nil, 4<<20)
		for s.Scan() {
			ch.lines <- append([]byte(nil), s.Bytes()...)
		}
		close(ch.lines)
	}()
	return ch, nil
}

// stop ends the child: politely when it waits for a name, else with all it started.
func (ch *child) stop(kill bool) {
	_ = ch.in.Close()
	if kill {
		killTree(ch.cmd.Process.Pid)
	}
	for range ch.lines { // until the child has closed its output
	}
	_ = ch.cmd.Wait()
}

// tryBatch gives a batch to one child, and to another from the file on that ends it. A file over the memory is tried again
// alone, since a child may still hold what the files before it left.
func (c RobustnessConfig) tryBatch(ctx context.Context, files []string, batch []int, one func(int, RobustnessFile)) {
	var ch *child
	for n, i := range batch {
		if ctx.Err() != nil {
			break
		}
		f := RobustnessFile{File: files[i]}
		for alone := n == 0; ; alone = true {
			if ch == nil {
				var err error
				if ch, err = c.start(ctx); err != nil {
					f.Outcome, f.Message = "crash", "the child does not start: "+err.Error()
					break
				}
			}
			var ended bool
			f, ended = c.try(ctx, ch, files[i])
			if ended {
				ch.stop(true)
				ch = nil
			}
			if f.Outcome == "memory" && !alone || f.Outcome == "crash" && !alone {
				continue
			}
			break
		}
		if f.Outcome != "" {
			one(i, f)
		}
	}
	if ch != nil {
		ch.stop(false)
	}
}

// try parses one file in a running child and watches its time and memory. ended says that the child is of no use any more.
func (c RobustnessConfig) try(ctx context.Context, ch *child, name string) (f RobustnessFile, ended bool) {
	f = RobustnessFile{File: name}
	started := time.Now()
	if _, err := io.WriteString(ch.in, filepath.Join(c.Dir, filepath.FromSlash(name))+"\n"); err != nil {
		f.Outcome, f.Message = "crash", "the child has ended: "+ch.stderr.String()
		return f, true
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	late := time.NewTimer(c.Timeout)
	defer late.Stop()
	for {
		select {
		case line, ok := <-ch.lines:
			f.Seconds = time.Since(started).Seconds()
			if !ok {
				f.Outcome, f.Message = "crash", ch.stderr.String()
				return f, true
			}
			peak := max(f.PeakMB, treeMB(ch.cmd.Process.Pid))
			if err := json.Unmarshal(line, &f); err != nil {
				f.Outcome, f.Message = "crash", "the child answered something else: "+string(line[:min(len(line), 200)])
				return f, true
			}
			f.File, f.PeakMB = name, peak
			return f, false
		case <-tick.C:
			if f.PeakMB = max(f.PeakMB, treeMB(ch.cmd.Process.Pid)); f.PeakMB > c.MemoryMB {
				f.Outcome, f.Seconds = "memory", time.Since(started).Seconds()
				return f, true
			}
		case <-late.C:
			f.Outcome, f.Seconds = "timeout", time.Since(started).Seconds()
			return f, true
		case <-ctx.Done():
			return f, true // neither this nor that: left out of the report
		}
	}
}

// tail keeps the beginning of what a child says before it crashes.
type tail struct{ strings.Builder }

func (t *tail) Write(p []byte) (int, error) {
	if room := 2000 - t.Len(); room > 0 {
		_, _ = t.Builder.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}

// Resident is the memory of a process with all that it started, in megabytes; 0 where that cannot be told.
func Resident(pid int) int { return treeMB(pid) }
