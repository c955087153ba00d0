package desk

import (
	"context"
	"strconv"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/privacy"
	"sportello/locales"
)

const (
	mailEvery = 30 * time.Second // how often the queue is looked at when nothing wakes it
	mailLease = 2 * time.Minute  // how long one message may take before another process tries it
	mailLimit = time.Minute      // to send one
)

// mailAgain is when a message that did not leave is tried again; after the last it is given up and the console says so. Two days in all: a
// mail server that is down over a weekend loses nothing.
var mailAgain = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

func (d *Desk) mailAlways(ctx context.Context) {
	if d.cfg.Sender == nil {
		return
	}
	for ctx.Err() == nil {
		if _, err := d.SendMail(ctx); err != nil && ctx.Err() == nil {
			d.cfg.Log.WarnContext(ctx, "the queue of messages could not be read; trying again", "error", err)
		}
		timer := time.NewTimer(mailEvery)
		select {
		case <-ctx.Done():
		case <-d.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// SendMail sends all messages that are due and says how many left.
func (d *Desk) SendMail(ctx context.Context) (int, error) {
	sent := 0
	for ctx.Err() == nil {
		m, err := d.cfg.Records.ClaimMail(ctx, d.cfg.Now().Add(mailLease))
		if err != nil || m == nil {
			return sent, err
		}
		left, err := d.sendOne(ctx, m)
		if err != nil {
			return sent, err
		}
		if left {
			sent++
		}
	}
	return sent, ctx.Err()
}

func (d *Desk) sendOne(ctx context.Context, m *assistant.Mail) (bool, error) {
	to, subject, text, err := d.compose(ctx, m)
	if err == nil && to == "" {
		err = fault.New(fault.Invalid, "no address")
	}
	if err == nil {
		sending, cancel := context.WithTimeout(ctx, mailLimit)
		err = d.cfg.Sender.Send(sending, m.Tenant+" "+m.HandOver+" "+m.To+" "+strconv.FormatInt(m.ID, 10), to, subject, text)
		cancel()
	}
	if err == nil {
		if err := d.cfg.Records.MailSent(ctx, m.ID); err != nil {
			return false, err
		}
		if m.To == assistant.ToCitizen {
			return true, d.cfg.Records.ForgetEmail(ctx, m.Tenant, m.HandOver)
		}
		return true, nil
	}
	var next time.Time
	if code := fault.CodeOf(err); code != fault.Invalid && code != fault.NotFound && m.Tries <= len(mailAgain) {
		next = d.cfg.Now().Add(mailAgain[m.Tries-1])
	}
	// What a mail server answers often holds the address.
	why := privacy.Masked(cut(err.Error(), 300))
	d.cfg.Log.WarnContext(ctx, "a message did not leave", "tenant", m.Tenant, "to", m.To, "tries", m.Tries, "given_up", next.IsZero(), "error", why)
	return false, d.cfg.Records.MailLater(ctx, m.ID, next, why)
}

// compose makes a message at the moment in which it leaves: the queue holds no address and no word of it.
func (d *Desk) compose(ctx context.Context, m *assistant.Mail) (to, subject, text string, err error) {
	h, err := d.cfg.Records.HandOver(ctx, m.Tenant, m.HandOver)
	if err != nil {
		return "", "", "", err
	}
	names, err := d.cfg.Tenants(ctx)
	if err != nil {
		return "", "", "", err
	}
	base := strings.TrimRight(d.cfg.PublicURL, "/")
	data := locales.Data{"Comune": names[m.Tenant], "Office": h.Office, "Number": h.ID}
	if m.To == assistant.ToCitizen {
		l := d.cfg.Catalogue.For(h.Language)
		parts := []string{l.T("mail_reply_intro", data), quoted(h.Text), l.T("mail_reply_from", data), h.Reply}
		if base != "" {
			parts = append(parts, l.T("mail_reply_link"), base+"/t/"+h.Tenant+"/reply/"+h.Token)
		}
		return h.Email, l.T("mail_reply_subject", data), strings.Join(append(parts, l.T("mail_reply_end", data)), "\n\n"), nil
	}
	offices, err := d.cfg.Records.Contacts(ctx, m.Tenant)
	if err != nil {
		return "", "", "", err
	}
	for _, o := range offices {
		if o.Office == h.Office {
			to = o.Email
		}
	}
	l := d.cfg.Catalogue.For("it")
	parts := []string{l.T("mail_office_intro", data), quoted(h.Text)}
	if h.WithEmail {
		parts = append(parts, l.T("mail_office_email"))
	} else {
		parts = append(parts, l.T("mail_office_link"))
	}
	if where := l.T("mail_office_where"); base == "" {
		parts = append(parts, strings.TrimRight(where, ": ")+".")
	} else {
		parts = append(parts, where, base+"/staff/t/"+h.Tenant+"/handovers/"+h.ID)
	}
	return to, l.T("mail_office_subject", data), strings.Join(parts, "\n\n"), nil
}

func quoted(text string) string { return "> " + strings.ReplaceAll(text, "\n", "\n> ") }
