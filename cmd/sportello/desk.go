package main

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"sportello/assistant/desk"
	"sportello/assistant/fault"
	"sportello/assistant/mail"
	"sportello/web/hours"
	"sportello/web/site"
)

// newDesk makes what lies behind the counter.
func (a *app) newDesk() (*desk.Desk, error) {
	c := desk.Config{
		Records: a.store, Catalogue: a.locales, Tenants: a.tenantNames, Days: a.keptDays, Chat: a.mayChat, Open: openAt, SourceText: a.sourceText,
		PublicURL: a.cfg.publicURL(), Log: slog.Default(), Now: onTheWall,
	}
	if a.cfg.Mail.Host != "" {
		sender, err := mail.New(mail.Config{
			Host: a.cfg.Mail.Host, Port: a.cfg.Mail.Port, TLS: a.cfg.Mail.TLS, Username: a.cfg.Mail.Username, Password: a.cfg.Mail.Password, From: a.cfg.Mail.From,
		})
		if err != nil {
			return nil, err
		}
		c.Sender, a.sender = sender, sender
	}
	return desk.New(c)
}

// onTheWall is the time where the comuni are: the day and the hour of a question are theirs, whatever the server's clock is set to.
func onTheWall() time.Time {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil { // a machine without the list of zones
		return time.Now()
	}
	return time.Now().In(rome)
}

func (a *app) tenantNames(ctx context.Context) (map[string]string, error) {
	all, err := a.store.Tenants(ctx)
	names := make(map[string]string, len(all))
	for _, t := range all {
		names[t.Slug] = t.Name
	}
	return names, err
}

// openAt says whether the hours of an office hold at a moment; holidays are no opening days.
func openAt(text string, at time.Time) (open, known bool) {
	week, known := hours.Parse(text)
	return known && week.At(at, func(string) bool { return false }).Open, known
}

// mayChat says whether citizens of a tenant may write with a person at once.
func (a *app) mayChat(ctx context.Context, tenant string) (bool, error) {
	x, set, err := a.store.Setting(ctx, tenant, desk.ChatSetting)
	return !set || x.Value == "1", err
}

// keptDays reads how long a tenant keeps questions. A value that is no number keeps nothing: too little is safer than too much.
func (a *app) keptDays(ctx context.Context, tenant string) (int, error) {
	x, set, err := a.store.Setting(ctx, tenant, desk.DaysSetting)
	if err != nil || !set {
		return desk.DefaultDays, err
	}
	n, err := strconv.Atoi(x.Value)
	if err != nil {
		return 0, fault.Wrap(fault.Invalid, err, "the setting %s of %s is %q, not a number", desk.DaysSetting, tenant, x.Value)
	}
	return n, nil
}

// sourceText gives the text of a document that may be cited to the public of a tenant today.
func (a *app) sourceText(ctx context.Context, tenant, document string) (string, error) {
	library := site.FromStore(a.store)
	d, err := library.Document(ctx, tenant, document)
	if err != nil {
		return "", err
	}
	if !d.InForce(time.Now().Format(time.DateOnly)) {
		return "", fault.New(fault.NotFound, "%s is no longer in force", d.Title)
	}
	content, err := library.Content(ctx, tenant, document)
	if err != nil {
		return "", err
	}
	return content.Text, nil
}
