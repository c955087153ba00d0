package main

import (
	"log/slog"

	"sportello/web/site"
	"sportello/web/staff"
	"sportello/web/staff/documents"
	"sportello/web/staff/questions"
)

// console builds the staff console with the pages of every subject. A new subject is one line in Parts.
func (a *app) console() (*staff.Console, error) {
	sites, err := a.cfg.crawler(nil)
	if err != nil {
		return nil, err
	}
	asked, err := questions.New(questions.Config{Store: a.store, Library: site.FromStore(a.store), Desk: a.desk})
	if err != nil {
		return nil, err
	}
	a.staff, err = staff.New(staff.Config{
		Store: a.store, Log: slog.Default(), PublicURL: a.cfg.publicURL(),
		Parts: []staff.Part{
			documents.New(documents.Config{Store: a.store, Try: a.try, Allowed: sites.Allowed, MaxFile: int64(a.cfg.Ingest.MaxMB) << 20}),
			asked,
		},
	})
	return a.staff, err
}
