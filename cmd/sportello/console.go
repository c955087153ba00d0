package main

import (
	"log/slog"

	"sportello/web/staff"
)

// console builds the staff console with the pages of every subject. A new subject is one line in Parts.
func (a *app) console() (*staff.Console, error) {
	return staff.New(staff.Config{
		Store: a.store, Log: slog.Default(), PublicURL: a.cfg.publicURL(),
		Parts: []staff.Part{},
	})
}
