// Package pgtest runs a real PostgreSQL server for tests: Debian's programs, in a folder of its own, on a socket that nobody else sees, as
// a user that is not root, gone when the test process is. A database costs a few hundredths of a second: it is a copy of another.
//
// Without PostgreSQL a test is skipped, and says so; in CI it fails.
package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a running server.
type Server struct {
	Dir string // its data folder

	root    string
	bin     string
	extra   []string // settings besides
	process *exec.Cmd
	exited  chan error
	log     *bytes.Buffer

	mu    sync.Mutex
	count int
}

// ErrMissing says that the programs of PostgreSQL are not on this machine.
var ErrMissing = errors.New("PostgreSQL is not installed: apt-get install postgresql")

// TB is what of a *testing.T is needed here: this package is no test and does not import testing.
type TB interface {
	Helper()
	Skip(args ...any)
	Fatal(args ...any)
}

// Need is Start for a test: without PostgreSQL the test is skipped, in CI it fails.
func Need(t TB) *Server {
	t.Helper()
	s, err := Start()
	if errors.Is(err, ErrMissing) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const patience = 60 * time.Second

// Start makes a server with an empty cluster whose language is Italian where the machine has it, so that what depends on the order of
// letters shows. Stop it.
func Start() (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	root, err := os.MkdirTemp("", "pg") // short: the name of a socket is at most 107 bytes
	if err != nil {
		return nil, err
	}
	s := &Server{Dir: filepath.Join(root, "data"), root: root, bin: bin, exited: make(chan error, 1), log: new(bytes.Buffer)}
	if err := s.start(); err != nil {
		return nil, errors.Join(fmt.Errorf("%w\n%s", err, s.log), os.RemoveAll(root))
	}
	return s, nil
}

func (s *Server) start() error {
	attributes, err := s.account()
	if err != nil {
		return err
	}
	for _, locale := range [][]string{{"--locale-provider=icu", "--icu-locale=it-IT", "--locale=C.UTF-8"}, {"--locale=C.UTF-8"}, {"--no-locale"}} {
		args := append([]string{"-D", s.Dir, "-U", "sportello", "-A", "trust", "-E", "UTF8", "--no-sync"}, locale...)
		cmd := exec.CommandContext(context.Background(), filepath.Join(s.bin, "initdb"), args...)
		cmd.SysProcAttr, cmd.Dir = attributes, s.root
		out, failed := cmd.CombinedOutput()
		if err = failed; err == nil {
			break
		}
		s.log.Write(out)
	}
	if err != nil {
		return fmt.Errorf("initdb: %w", err)
	}
	return s.run(attributes)
}

// run starts the server on the cluster that is there and waits until it answers.
func (s *Server) run(attributes *syscall.SysProcAttr) error {
	args := append([]string{"-D", s.Dir, "-k", s.root, "-c", "listen_addresses=", "-c", "fsync=off",
		"-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "autovacuum=off"}, s.extra...)
	s.process = exec.CommandContext(context.Background(), filepath.Join(s.bin, "postgres"), args...) //nolint:gosec // arguments of this file
	s.process.SysProcAttr, s.process.Dir = attributes, s.root
	s.process.Stdout, s.process.Stderr = s.log, s.log
	if err := s.process.Start(); err != nil {
		return err
	}
	go func() { s.exited <- s.process.Wait() }()
	for until := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		select {
		case err := <-s.exited:
			return fmt.Errorf("the server ended: %w", err)
		default:
		}
		err := s.do("SELECT 1")
		if err == nil {
			return nil
		}
		if time.Now().After(until) {
			s.Stop()
			return err
		}
	}
}

// Restart ends the server as an administrator does, who waits for nobody's transaction, and starts it again.
func (s *Server) Restart() error {
	if err := s.process.Process.Signal(syscall.SIGINT); err != nil {
		return err
	}
	select {
	case <-s.exited: //nolint:errcheck // how it ended is of no interest
	case <-time.After(patience):
		return errors.New("the server does not end")
	}
	attributes, err := s.account()
	if err != nil {
		return err
	}
	return s.run(attributes)
}

// Secure restarts the server so that it listens on a port of this machine too, by TLS with a certificate and its key (PEM).
func (s *Server) Secure(certificate, key []byte) (port int, err error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port = listener.Addr().(*net.TCPAddr).Port
	_ = listener.Close() // it has found a free port
	attributes, err := s.account()
	if err != nil {
		return 0, err
	}
	for name, text := range map[string][]byte{"server.crt": certificate, "server.key": key} {
		path := filepath.Join(s.Dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return 0, err
		}
		if c := attributes.Credential; c != nil {
			if err := os.Chown(path, int(c.Uid), int(c.Gid)); err != nil {
				return 0, err
			}
		}
	}
	s.extra = []string{"-c", "ssl=on", "-c", "listen_addresses=127.0.0.1", "-c", "port=" + strconv.Itoa(port)}
	return port, s.Restart()
}

// account says as whom the server runs: root may not, so that it is postgres or nobody then. The server ends with this process.
func (s *Server) account() (*syscall.SysProcAttr, error) {
	attributes := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Geteuid() != 0 {
		return attributes, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, err
	}
	attributes.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)} //nolint:gosec // numbers of an account
	return attributes, os.Chown(s.root, uid, gid)
}

// Stop ends the server and removes its folder.
func (s *Server) Stop() {
	_ = s.process.Process.Signal(syscall.SIGQUIT) // at once: nothing of it is kept
	select {
	case <-s.exited: //nolint:errcheck // how it ended is of no interest
	case <-time.After(patience):
		_ = s.process.Process.Kill()
	}
	_ = os.RemoveAll(s.root)
}

// DSN is the address of a database of the server.
func (s *Server) DSN(database string) string {
	q := url.Values{"host": {s.root}, "user": {"sportello"}}
	if len(s.extra) > 0 {
		q.Set("port", strings.TrimPrefix(s.extra[len(s.extra)-1], "port=")) // the socket is named after it
	}
	return "postgres:///" + database + "?" + q.Encode()
}

// Copy makes a database that is a copy of another, an empty one for "", and gives its address.
func (s *Server) Copy(template string) (string, error) {
	s.mu.Lock() // the server lets nobody else at a template while it is copied
	defer s.mu.Unlock()
	s.count++
	name := fmt.Sprintf("t%d", s.count)
	statement := "CREATE DATABASE " + name
	if template != "" {
		statement += " TEMPLATE " + template
	}
	return s.DSN(name), s.do(statement)
}

// Name gives the name of the database of an address that Copy gave.
func Name(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return ""
	}
	return u.Path[1:]
}

// do does a statement as the owner of the server.
func (s *Server) do(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, err := pgx.Connect(ctx, s.DSN("postgres"))
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, statement)
	return errors.Join(err, c.Close(ctx))
}

// Checkpoint writes everything into the files of Dir.
func (s *Server) Checkpoint() error { return s.do("CHECKPOINT") }

// programs gives the folder of initdb and postgres.
func programs() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is right
	slices.Sort(found)
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", ErrMissing
}
