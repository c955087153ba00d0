package desk

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/privacy"
)

// ChatSetting is the key of the setting that lets citizens write with a person at once: "1" or "0"; "1" when a tenant says nothing.
const ChatSetting = "handover.chat"

// CanChat says whether somebody of an office can write with a citizen now: people may, somebody of the tenant said that they answer, and the
// office is open. Hours that cannot be read do not stand in the way of a person who says they are there.
func (d *Desk) CanChat(ctx context.Context, tenant, office string) (bool, error) {
	if d.cfg.Chat != nil {
		if on, err := d.cfg.Chat(ctx, tenant); err != nil || !on {
			return false, err
		}
	}
	n, err := d.cfg.Records.Available(ctx, tenant)
	if err != nil || n == 0 {
		return false, err
	}
	offices, err := d.cfg.Records.Contacts(ctx, tenant)
	if err != nil {
		return false, err
	}
	now := d.cfg.Now()
	for _, o := range offices {
		if o.Office != office {
			continue
		}
		for _, c := range o.Closed {
			if c.On(now.Format(time.DateOnly)) {
				return false, nil
			}
		}
		if d.cfg.Open == nil {
			return true, nil
		}
		open, known := d.cfg.Open(o.Hours, now)
		return open || !known, nil
	}
	return false, nil
}

// AskChat asks for a person on behalf of the citizen of a private link. fault.Conflict when nobody is there any more.
func (d *Desk) AskChat(ctx context.Context, tenant, token string) error {
	h, err := d.Left(ctx, tenant, token)
	if err != nil {
		return err
	}
	can, err := d.CanChat(ctx, tenant, h.Office)
	if err != nil {
		return err
	}
	if !can {
		return fault.New(fault.Conflict, "nobody of %s can write now", h.Office)
	}
	return d.cfg.Records.AskChat(ctx, tenant, h.ID)
}

// Conversation gives a citizen's hand-over with its conversation, nil when there is none, and notes that the citizen is there.
func (d *Desk) Conversation(ctx context.Context, tenant, token string) (*assistant.HandOver, *assistant.Chat, error) {
	h, err := d.Left(ctx, tenant, token)
	if err != nil {
		return nil, nil, err
	}
	c, err := d.cfg.Records.Chat(ctx, h.ID)
	if err != nil || c == nil {
		return h, nil, err
	}
	if c.State != assistant.ChatEnded {
		err = d.cfg.Records.Seen(ctx, h.ID, false)
	}
	return h, c, err
}

// Write keeps what a citizen writes in a conversation, masked as all that citizens leave. fault.Invalid, fault.TooLarge and fault.Conflict
// for what cannot be taken.
func (d *Desk) Write(ctx context.Context, tenant, token, text string) error {
	h, err := d.Left(ctx, tenant, token)
	if err != nil {
		return err
	}
	if text, err = message(text); err != nil {
		return err
	}
	return d.cfg.Records.Say(ctx, tenant, h.ID, false, privacy.Masked(text))
}

// WriteBack keeps what a person of the office writes.
func (d *Desk) WriteBack(ctx context.Context, tenant, id, text string) error {
	text, err := message(text)
	if err != nil {
		return err
	}
	return d.cfg.Records.Say(ctx, tenant, id, true, text)
}

func message(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || !utf8.ValidString(text) {
		return "", fault.New(fault.Invalid, "the message is empty")
	}
	if n := utf8.RuneCountInString(text); n > MostText {
		return "", fault.New(fault.TooLarge, "the message has %d characters, at most %d are taken", n, MostText)
	}
	return text, nil
}
