package mail_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/mail"
	"sportello/assistant/mail/mailtest"
)

func TestSend(t *testing.T) {
	s := mailtest.New(t)
	port, err := strconv.Atoi(s.Port())
	if err != nil {
		t.Fatal(err)
	}
	sender, err := mail.New(mail.Config{Host: "127.0.0.1", Port: port, TLS: "none", From: "Comune di Prova <sportello@prova.example.it>", HELO: "localhost", Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if err := sender.Send(t.Context(), "", "anna@example.it", "Risposta\r\nBcc: altri@example.it", "Così è.\n\nCiao"); err != nil {
		t.Fatal(err)
	}
	if len(s.Got()) != 1 {
		t.Fatalf("%d messages", len(s.Got()))
	}
	head, body, _ := strings.Cut(s.Got()[0], "\r\n\r\n")
	for _, want := range []string{"To: <anna@example.it>", "From: \"Comune di Prova\" <sportello@prova.example.it>", "Subject: Risposta Bcc: altri@example.it", "Auto-Submitted: auto-generated", "Message-ID: <"} {
		if !strings.Contains(head, want) {
			t.Errorf("no %q in the head:\n%s", want, head)
		}
	}
	if strings.Contains(head, "\nBcc") || !strings.Contains(body, "Cos=C3=AC") {
		t.Errorf("head or body:\n%s", s.Got()[0])
	}
	for reply, code := range map[string]fault.Code{
		"550 5.1.1 no such mailbox": fault.Invalid, "451 4.3.0 try later": fault.Unavailable,
	} {
		s.Answer(reply)
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
