// Package mail sends messages of plain text through one SMTP server. It is the only importer of go-mail.
//
// It queues nothing and tries nothing twice: that is for who calls it. It stores nothing and logs nothing.
package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"sportello/assistant/fault"
)

// Config says which server takes the messages.
type Config struct {
	Host     string
	Port     int    // 0: 587, 465 with TLS "tls", 25 with "none"
	TLS      string // "starttls" (the default), "tls" from the first byte, "none" for a server on this machine
	Username string // empty: no login
	Password string
	From     string // "Comune di Esempio <sportello@comune.example.it>"
	HELO     string // how this machine calls itself; empty: its name
	Timeout  time.Duration
}

// Sender sends. It is safe for concurrent use: each message has its own connection.
type Sender struct {
	client *mail.Client
	from   string
	domain string // of the address in from
}

// New checks the configuration; it connects to nothing.
func New(c Config) (*Sender, error) {
	if c.Host == "" {
		return nil, fault.New(fault.Invalid, "mail.host is empty: write the name of the SMTP server")
	}
	if c.Timeout == 0 {
		c.Timeout = 30 * time.Second
	}
	options := []mail.Option{mail.WithTimeout(c.Timeout)}
	port := 0
	switch c.TLS {
	case "", "starttls":
		options, port = append(options, mail.WithTLSPolicy(mail.TLSMandatory)), 587
	case "tls":
		options, port = append(options, mail.WithSSL()), 465
	case "none":
		if c.Username != "" {
			return nil, fault.New(fault.Invalid, "mail.tls = \"none\" would send mail.password readable: write starttls or tls, or leave mail.username empty")
		}
		options, port = append(options, mail.WithTLSPolicy(mail.NoTLS)), 25
	default:
		return nil, fault.New(fault.Invalid, "mail.tls = %q: write starttls, tls or none", c.TLS)
	}
	if c.Port != 0 {
		port = c.Port
	}
	options = append(options, mail.WithPort(port))
	if c.Username != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(c.Username), mail.WithPassword(c.Password))
	}
	if c.HELO != "" {
		options = append(options, mail.WithHELO(c.HELO))
	}
	from := mail.NewMsg()
	if err := from.From(c.From); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "mail.from = %q is not an address: write Name <name@comune.example.it>", c.From)
	}
	client, err := mail.NewClient(c.Host, options...)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the settings of mail are not usable")
	}
	address, _ := from.GetSender(false)
	_, domain, _ := strings.Cut(strings.Trim(address, "<>"), "@")
	return &Sender{client: client, from: c.From, domain: domain}, nil
}

// Send sends one message. key is the same each time the same message is tried, and becomes its Message-ID: who gets it twice, because the process
// died before it noted that the message had left, can tell. Empty: a message of its own. Errors: fault.Invalid when the address or the message is refused for good, fault.Unavailable when
// another try may do.
func (s *Sender) Send(ctx context.Context, key, to, subject, text string) error {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent()) // nobody's business
	if err := errors.Join(m.From(s.from), m.To(to)); err != nil {
		return fault.Wrap(fault.Invalid, err, "an address cannot be written to")
	}
	m.Subject(strings.Join(strings.Fields(subject), " ")) // no line end reaches a header
	m.SetDate()
	if key == "" {
		m.SetMessageID()
	} else {
		sum := sha256.Sum256([]byte(key)) // tells nobody what the key is made of
		m.SetMessageIDWithValue(hex.EncodeToString(sum[:16]) + "@" + s.domain)
	}
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence notice answers it
	m.SetBodyString(mail.TypeTextPlain, text)
	err := s.client.DialAndSendWithContext(ctx, m)
	if err == nil {
		return nil
	}
	var refused *mail.SendError
	var network net.Error
	if errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500 && !errors.As(err, &network) {
		return fault.Wrap(fault.Invalid, err, "the mail server refuses the message")
	}
	return fault.Wrap(fault.Unavailable, err, "the mail server does not take the message")
}
