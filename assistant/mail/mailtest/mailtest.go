// Package mailtest is an SMTP server (RFC 5321) on this machine for tests: it keeps what it is given, or answers RCPT as it is told.
package mailtest

import (
	"bufio"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Server is the server. It ends with the test.
type Server struct {
	addr  *net.TCPAddr
	mu    sync.Mutex
	reply string
	got   []string
}

// New starts one.
func New(t testing.TB) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a test's
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{addr: l.Addr().(*net.TCPAddr)}
	var work sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); work.Wait() })
	work.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() { s.talk(c) })
		}
	})
	return s
}

// Port is where it listens, on 127.0.0.1.
func (s *Server) Port() string { return strconv.Itoa(s.addr.Port) }

// Answer is what RCPT is answered from now on; empty: ok.
func (s *Server) Answer(reply string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reply = reply
}

// Got gives the messages that were taken.
func (s *Server) Got() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

func (s *Server) talk(c net.Conn) {
	defer func() { _ = c.Close() }()
	in := bufio.NewReader(c)
	say := func(line string) { _, _ = fmt.Fprintf(c, "%s\r\n", line) }
	say("220 localhost ESMTP")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " "); verb {
		case "RCPT":
			s.mu.Lock()
			reply := s.reply
			s.mu.Unlock()
			if reply == "" {
				reply = "250 ok"
			}
			say(reply)
		case "DATA":
			say("354 go on")
			s.take(in)
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *Server) take(in *bufio.Reader) {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		b.WriteString(line)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, b.String())
}
