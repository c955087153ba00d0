package main

import (
	"context"
	"time"

	"sportello/web/site"
	"sportello/web/staff/backups"
)

// backupPage gives the console what is known of the backups.
func (a *app) backupPage(ctx context.Context) (backups.State, error) {
	c := a.cfg.Backup
	s := backups.State{Hours: c.Hours, Keep: c.Keep, Encrypted: len(c.Recipients) > 0, Mail: c.Mail}
	places, err := a.cfg.places()
	if err != nil {
		return s, err
	}
	for _, p := range places {
		s.Places = append(s.Places, p.where())
	}
	k, err := a.keptBackups(ctx)
	if err != nil {
		return s, err
	}
	for _, m := range k.Made {
		s.Made = append(s.Made, backups.Backup(m))
	}
	if k.Failure != nil {
		s.Why, s.Since = k.Failure.Why, k.Failure.Since
	}
	s.Waiting = k.Notice != nil
	return s, nil
}

// backupFigures gives /metrics the last backup of each place, nil when the server makes none.
func (a *app) backupFigures(ctx context.Context) *site.BackupState {
	s, err := a.backupPage(ctx)
	if err != nil || len(s.Places) == 0 {
		return nil
	}
	out := &site.BackupState{Failing: s.Why != "", Last: map[string]time.Time{}}
	for _, p := range s.Places {
		out.Last[p] = time.Time{}
	}
	for _, m := range s.Made {
		if last, ok := out.Last[m.Place]; ok && m.At.After(last) {
			out.Last[m.Place] = m.At
		}
	}
	return out
}
