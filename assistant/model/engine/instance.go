package engine

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"sportello/assistant/fault"
)

// instance is a running engine: a child of ours, or that of another process.
type instance struct {
	endpoint Endpoint
	pid      int
	port     int
	started  time.Time

	// of a child only
	cmd     *exec.Cmd
	stdin   io.Closer
	exited  chan struct{} // closed after the process has ended
	exitErr error         // set before exited is closed
	once    sync.Once
}

func (in *instance) owned() bool { return in.cmd != nil }

func endpointAt(port int, key string) Endpoint {
	return Endpoint{URL: "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), Key: key}
}

// spawn runs the program and waits until it has loaded the model.
func (e *Engine) spawn(ctx context.Context) (*instance, error) {
	if err := e.cfg.Program.prepare(); err != nil {
		return nil, err
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "no free port on loopback for the %s engine", e.cfg.Task)
	}
	in := &instance{port: port, endpoint: endpointAt(port, rand.Text()), started: time.Now(), exited: make(chan struct{})}
	log, err := openLog(e.logPath())
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the engine's log cannot be written")
	}
	defer func() { _ = log.Close() }() // the child has its own descriptor
	// The engine serves the questions that come after this one: the end of ctx ends the wait for it, not the engine.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), e.cfg.Program.Path, append(append([]string(nil), e.cfg.Program.Args...), e.flags(port)...)...)
	cmd.Env = environment(in.endpoint.Key)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = childAttributes()
	if in.stdin, err = cmd.StdinPipe(); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the %s engine cannot be started", e.cfg.Task)
	}
	in.cmd = cmd
	if err := in.run(); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "%s cannot be started", e.cfg.Program)
	}
	if err := e.await(ctx, in); err != nil {
		_ = in.terminate(stopGrace)
		return nil, err
	}
	return in, nil
}

// run starts the child from a thread that lives as long as the child: on Linux the signal on the parent's death is sent when
// the starting *thread* ends, and Go ends threads when it likes.
func (in *instance) run() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := in.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		in.exitErr = in.cmd.Wait()
		if in.exitErr == nil {
			in.exitErr = fmt.Errorf("exit status 0")
		}
		close(in.exited)
	}()
	if err := <-started; err != nil {
		return err
	}
	in.pid = in.cmd.Process.Pid
	return nil
}

// await polls the engine until it is healthy, has ended or time is up.
func (e *Engine) await(ctx context.Context, in *instance) error {
	for wait := 20 * time.Millisecond; ; wait = min(wait*3/2, 250*time.Millisecond) {
		if e.healthy(ctx, in.endpoint) == nil {
			return nil
		}
		select {
		case <-in.exited:
			return fault.Wrap(fault.Unavailable, in.exitErr, "the %s engine did not start: %s (log: %s)", e.cfg.Task, lastLine(e.logPath()), e.logPath())
		case <-ctx.Done():
			return fault.Wrap(fault.Unavailable, ctx.Err(), "the %s engine did not become ready (log: %s)", e.cfg.Task, e.logPath())
		case <-time.After(wait):
		}
	}
}

// healthy asks whether the model is loaded and is ours: the engine carries its sha256 as alias.
func (e *Engine) healthy(ctx context.Context, ep Endpoint) error {
	if _, err := get(ctx, ep, "/health"); err != nil {
		return err
	}
	b, err := get(ctx, ep, "/v1/models")
	if err != nil {
		return err
	}
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	for _, m := range list.Data {
		if m.ID == e.alias() {
			return nil
		}
	}
	return fmt.Errorf("another model is served at %s", ep.URL)
}

func (e *Engine) alias() string { return string(e.cfg.Task) + "-" + e.cfg.SHA256 }

func get(ctx context.Context, ep Endpoint, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, ep.URL+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+ep.Key)
	resp, err := loopback.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	return io.ReadAll(io.LimitReader(resp.Body, 1<<20))
}

// loopback reaches our own child and nothing else; no connection is kept.
var loopback = &http.Transport{DisableKeepAlives: true}

// terminate asks the child to end, then makes it.
func (in *instance) terminate(grace time.Duration) error {
	var err error
	in.once.Do(func() {
		_ = in.stdin.Close() // the launcher ends on this
		interrupt(in.cmd.Process)
		select {
		case <-in.exited:
		case <-time.After(grace):
			err = kill(in.cmd.Process)
			<-in.exited
		}
	})
	return err
}

func freePort(ctx context.Context) (int, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

// environment is ours without our settings, which may hold keys. Threads of the engine sleep when they wait: spinning, which
// is OpenMP's default, takes three times the CPU as soon as anything else runs on the machine.
func environment(key string) []string {
	var env []string
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "SPORTELLO_") {
			env = append(env, kv)
		}
	}
	return append(env, "LLAMA_API_KEY="+key, "OMP_WAIT_POLICY=passive")
}

const maxLog = 4 << 20

// openLog appends to the log, or starts it anew when it has grown.
func openLog(path string) (*os.File, error) {
	mode := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if s, err := os.Stat(path); err == nil && s.Size() > maxLog {
		mode |= os.O_TRUNC
	}
	return os.OpenFile(path, mode, 0o640)
}

// lastLine gives the last line of the log that says something.
func lastLine(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return "it wrote no log"
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
