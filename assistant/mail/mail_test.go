package mail_test

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/mail"
)

// server is an SMTP server (RFC 5321) on this machine that keeps what it is given, or answers RCPT with its reply.
type server struct {
	addr  *net.TCPAddr
	mu    sync.Mutex
	reply string
	got   []string
}

func serve(t *testing.T) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{addr: l.Addr().(*net.TCPAddr)}
	var work sync.WaitGroup
	t.Cleanup(func() { l.Close(); work.Wait() })
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

func (s *server) talk(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	say := func(line string) { fmt.Fprintf(c, "%s\r\n", line) }
	say("220 localhost ESMTP")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.Fields(line + " x")[0]); verb {
		case "EHLO":
			say("250-localhost")
			say("250 8BITMIME")
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
			var b strings.Builder
			for {
				line, err := in.ReadString('\n')
				if err != nil || line == ".\r\n" {
					break
				}
				b.WriteString(line)
			}
			s.mu.Lock()
			s.got = append(s.got, b.String())
			s.mu.Unlock()
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func TestSend(t *testing.T) {
	s := serve(t)
	sender, err := mail.New(mail.Config{Host: "127.0.0.1", Port: s.addr.Port, TLS: "none", From: "Comune di Prova <sportello@prova.example.it>", HELO: "localhost", Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if err := sender.Send(t.Context(), "", "anna@example.it", "Risposta\r\nBcc: altri@example.it", "Così è.\n\nCiao"); err != nil {
		t.Fatal(err)
	}
	if len(s.got) != 1 {
		t.Fatalf("%d messages", len(s.got))
	}
	head, body, _ := strings.Cut(s.got[0], "\r\n\r\n")
	for _, want := range []string{"To: <anna@example.it>", "From: \"Comune di Prova\" <sportello@prova.example.it>", "Subject: Risposta Bcc: altri@example.it", "Auto-Submitted: auto-generated", "Message-ID: <"} {
		if !strings.Contains(head, want) {
			t.Errorf("no %q in the head:\n%s", want, head)
		}
	}
	if strings.Contains(head, "\nBcc") || !strings.Contains(body, "Cos=C3=AC") {
		t.Errorf("head or body:\n%s", s.got[0])
	}
	for reply, code := range map[string]fault.Code{
		"550 5.1.1 no such mailbox": fault.Invalid, "451 4.3.0 try later": fault.Unavailable,
	} {
		s.mu.Lock()
		s.reply = reply
		s.mu.Unlock()
		if err := sender.Send(t.Context(), "", "anna@example.it", "s", "t"); fault.CodeOf(err) != code {
			t.Errorf("%s: %v is %s", reply, err, fault.CodeOf(err))
		}
	}
	if err := sender.Send(t.Context(), "", "anna", "s", "t"); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("an address that is none: %v", err)
	}
	nobody, err := mail.New(mail.Config{Host: "127.0.0.1", Port: 1, TLS: "none", From: "a@example.it"})
	if err != nil {
		t.Fatal(err)
	}
	if err := nobody.Send(t.Context(), "", "anna@example.it", "s", "t"); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("nobody there: %v", err)
	}
}

func TestNew(t *testing.T) {
	for name, tc := range map[string]struct {
		c    mail.Config
		want string
	}{
		"no host":           {mail.Config{From: "a@example.it"}, "mail.host"},
		"no sender":         {mail.Config{Host: "h"}, "mail.from"},
		"unknown TLS":       {mail.Config{Host: "h", TLS: "ssl", From: "a@example.it"}, "mail.tls"},
		"readable password": {mail.Config{Host: "h", TLS: "none", Username: "u", From: "a@example.it"}, "mail.password"},
	} {
		if _, err := mail.New(tc.c); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range []mail.Config{
		{Host: "h", From: "a@example.it"}, {Host: "h", TLS: "tls", Username: "u", Password: "p", From: "a@example.it"},
	} {
		if _, err := mail.New(c); err != nil {
			t.Error(err)
		}
	}
}
