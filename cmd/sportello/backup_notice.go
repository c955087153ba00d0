package main

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"sportello/assistant/fault"
)

// noticeAgain is how long a failure that goes on is left in peace before the administrator is written to again.
const noticeAgain = 24 * time.Hour

// notice is a message to the administrator. It waits in the store until the mail server takes it; a newer one takes its place, because it says more.
type notice struct {
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
	Tries   int       `json:"tries"`
	Why     string    `json:"why"` // it did not leave the last time
}

func (a *app) queueNotice(k *keptBackups, subject, text string, now time.Time) {
	if a.sender == nil || a.cfg.Backup.Mail == "" {
		return
	}
	k.Notice = &notice{To: a.cfg.Backup.Mail, Subject: subject, Text: text, At: now}
}

// sendNotice tries the message that waits. One that is refused for good is given up, and the log says so.
func (a *app) sendNotice(ctx context.Context, k *keptBackups) {
	n := k.Notice
	if n == nil || a.sender == nil {
		return
	}
	err := a.sender.Send(ctx, "backup-"+strconv.FormatInt(n.At.UnixNano(), 36), n.To, n.Subject, n.Text)
	switch {
	case err == nil:
		slog.Info("the administrator was told of the backups")
		k.Notice = nil
	case ctx.Err() != nil:
		return
	case fault.CodeOf(err) == fault.Invalid:
		slog.Error("the administrator cannot be told of the backups: see backup.mail", "error", err)
		k.Notice = nil
	default:
		slog.Warn("the administrator could not be told of the backups yet", "error", err)
		n.Tries++
		n.Why = fault.MessageOf(err)
	}
	a.rememberBackups(ctx, *k)
}

// onPaper writes a moment as people of the comuni read it.
func onPaper(t time.Time) string {
	if rome, err := time.LoadLocation("Europe/Rome"); err == nil {
		t = t.In(rome)
	}
	return t.Format("02/01/2006 15:04")
}
