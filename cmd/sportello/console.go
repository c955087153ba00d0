package main

import (
	"context"
	"log/slog"
	"net/url"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/outbound"
	"sportello/assistant/webhook"
	"sportello/web/site"
	"sportello/web/staff"
	"sportello/web/staff/backups"
	"sportello/web/staff/documents"
	"sportello/web/staff/facilitator"
	"sportello/web/staff/questions"
	"sportello/web/staff/webhooks"
)

// console builds the staff console with the pages of every subject.
func (a *app) console() (*staff.Console, error) {
	parts, err := a.parts()
	if err != nil {
		return nil, err
	}
	provider, err := a.oidc()
	if err != nil {
		return nil, err
	}
	var send func(ctx context.Context, to, subject, text string) error
	if a.sender != nil {
		send = func(ctx context.Context, to, subject, text string) error {
			return a.sender.Send(ctx, "", to, subject, text)
		}
	}
	a.staff, err = staff.New(staff.Config{
		Mail: send, Store: a.store, Parts: parts, Log: slog.Default(), PublicURL: a.cfg.publicURL(), OIDC: provider,
		Second: staff.Second(a.cfg.Staff.SecondFactor), Idle: time.Duration(a.cfg.Staff.IdleMinutes) * time.Minute, Absolute: time.Duration(a.cfg.Staff.Hours) * time.Hour, WrongTokens: a.cfg.Staff.WrongTokens,
	})
	return a.staff, err
}

// parts are the subjects of the console. A new one is a line here.
func (a *app) parts() ([]staff.Part, error) {
	sites, err := a.cfg.crawler(nil)
	if err != nil {
		return nil, err
	}
	asked, err := questions.New(questions.Config{Store: a.store, Library: site.FromStore(a.store), Desk: a.desk, EuroPerKWh: a.cfg.Energy.Price})
	if err != nil {
		return nil, err
	}
	hooks, err := a.webhooks()
	if err != nil {
		return nil, err
	}
	helping, err := facilitator.New(facilitator.Config{
		Store: a.store, Asker: &a.answering, Library: site.FromStore(a.store), Retriever: &a.answering, Desk: a.desk, Catalogue: a.locales, PublicURL: a.cfg.publicURL(), Log: slog.Default(),
	})
	if err != nil {
		return nil, err
	}
	writing, err := a.acts()
	if err != nil {
		return nil, err
	}
	sessions, err := a.minutes()
	if err != nil {
		return nil, err
	}
	return []staff.Part{
		sessions,
		a.revision(),
		documents.New(documents.Config{Store: a.store, Try: a.try, Allowed: sites.Allowed, MaxFile: int64(a.cfg.Ingest.MaxMB) << 20}),
		asked,
		helping,
		writing,
		{Settings: []staff.Setting{newWords(a.store).setting()}},
		backups.New(backups.Config{State: a.backupPage}),
		webhooks.New(webhooks.Config{Store: a.store, Check: hooks.Check}),
	}, nil
}

// webhooks makes what tells other programs of events.
func (a *app) webhooks() (*webhook.Sender, error) {
	return webhook.New(webhook.Config{Queue: a.store, Private: a.cfg.Webhooks.Private, Log: slog.Default()})
}

// oidc gives the identity provider of the configuration, nil when there is none. An administration's own is often on its own network.
func (a *app) oidc() (*staff.OIDC, error) {
	c := a.cfg.OIDC
	if c.Issuer == "" {
		return nil, nil
	}
	issuer, err := url.Parse(c.Issuer)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "oidc.issuer = %q is no address", c.Issuer)
	}
	client, err := outbound.New(outbound.Config{Private: append([]string{issuer.Host}, c.Hosts...), MaxBytes: 1 << 20, Logger: slog.Default()})
	if err != nil {
		return nil, err
	}
	return &staff.OIDC{Issuer: c.Issuer, ClientID: c.ClientID, Secret: c.ClientSecret, Name: c.Name, Client: client.HTTP()}, nil
}
