package desk

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"net/mail"
	"strings"
	"unicode/utf8"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/privacy"
)

// Limits of what may be written to an office and back.
const (
	MostText  = 2000 // characters of a question that is left
	MostReply = 8000
	mostEmail = 254 // RFC 5321
)

// CanMail says whether e-mail is sent at all: without it no address is asked for.
func (d *Desk) CanMail() bool { return d.cfg.Sender != nil }

// Leave takes a question to an office. The text is masked; the e-mail address, which is optional, goes nowhere but to the reply. It gives
// the hand-over with its number and the token of the private link on which the reply can be read.
//
// Errors: fault.Invalid for an empty or malformed text, address or office, fault.TooLarge for a text that is too long.
func (d *Desk) Leave(ctx context.Context, h assistant.HandOver) (*assistant.HandOver, error) {
	h.Text = strings.TrimSpace(h.Text)
	if h.Text == "" || !utf8.ValidString(h.Text) {
		return nil, fault.New(fault.Invalid, "the question is empty")
	}
	if n := utf8.RuneCountInString(h.Text); n > MostText {
		return nil, fault.New(fault.TooLarge, "the question has %d characters, at most %d are taken", n, MostText)
	}
	var err error
	if h.Email, err = d.address(h.Email); err != nil {
		return nil, err
	}
	offices, err := d.cfg.Records.Contacts(ctx, h.Tenant)
	if err != nil {
		return nil, err
	}
	office, mailable := find(offices, h.Office)
	if !office {
		if len(offices) == 0 {
			return nil, fault.New(fault.Invalid, "no office takes questions here")
		}
		return nil, fault.New(fault.Invalid, "there is no office %q", h.Office)
	}
	h.Text = privacy.Masked(h.Text)
	h.ID, h.Token, h.State, h.At = newNumber(), rand.Text(), assistant.HandOverOpen, d.cfg.Now()
	if len(h.Asked) > 64 {
		h.Asked = ""
	}
	if err := d.cfg.Records.AddHandOver(ctx, h, d.CanMail() && mailable); err != nil {
		return nil, err
	}
	d.nudge()
	return &h, nil
}

// Left gives the question of a private link, without the address that was left, or fault.NotFound.
func (d *Desk) Left(ctx context.Context, tenant, token string) (*assistant.HandOver, error) {
	h, err := d.cfg.Records.HandOverByToken(ctx, tenant, token)
	if err != nil {
		return nil, err
	}
	h.Email = ""
	return h, nil
}

func (d *Desk) address(email string) (string, error) {
	email = strings.TrimSpace(email)
	if email == "" || !d.CanMail() {
		return "", nil
	}
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > mostEmail || !strings.Contains(email[strings.LastIndexByte(email, '@'):], ".") {
		return "", fault.New(fault.Invalid, "this is not an e-mail address")
	}
	return email, nil
}

// find says whether an office is there and whether it can be written to.
func find(offices []assistant.Contact, name string) (there, mailable bool) {
	for _, o := range offices {
		if o.Office == name {
			return true, o.Email != ""
		}
	}
	return false, false
}

// newNumber gives the number that a hand-over is called by, at the counter and on the telephone: eight letters and digits, no 0 or 1.
func newNumber() string {
	b := make([]byte, 5)
	_, _ = rand.Read(b) // never fails, by its documentation
	return base32.StdEncoding.EncodeToString(b)
}

// Answer keeps the reply of a person to a question that was left, and sends it when an address was left. fault.Conflict when somebody
// else answered first. by is their name for colleagues, actor who it is in the audit log.
func (d *Desk) Answer(ctx context.Context, tenant, id, reply, by, actor string) error {
	reply = strings.TrimSpace(reply)
	if reply == "" {
		return fault.New(fault.Invalid, "the reply is empty")
	}
	if n := utf8.RuneCountInString(reply); n > MostReply {
		return fault.New(fault.TooLarge, "the reply has %d characters, at most %d are sent", n, MostReply)
	}
	if err := d.cfg.Records.AnswerHandOver(ctx, tenant, id, reply, by, actor, d.CanMail()); err != nil {
		return err
	}
	d.nudge()
	return nil
}

// Move gives an open question to another office of the tenant.
func (d *Desk) Move(ctx context.Context, tenant, id, office, actor string) error {
	offices, err := d.cfg.Records.Contacts(ctx, tenant)
	if err != nil {
		return err
	}
	there, mailable := find(offices, office)
	if !there {
		return fault.New(fault.Invalid, "there is no office %q", office)
	}
	if err := d.cfg.Records.MoveHandOver(ctx, tenant, id, office, actor, d.CanMail() && mailable); err != nil {
		return err
	}
	d.nudge()
	return nil
}

func (d *Desk) nudge() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}
