package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"sportello/assistant/backup"
	"sportello/assistant/fault"
)

const (
	backupLooks  = 10 * time.Minute // how often the server looks whether a backup is due, and whether a message waits
	backupBreath = time.Hour        // after a failure, before the next attempt
	backupState  = "backup"         // under which the store remembers keptBackups
	backupShown  = 30               // how many the state names

	sendingFolder = ".sending-*" // where a backup lies that is only for a bucket
)

// keptBackups is what is known of the server's own backups: for the console, the doctor and the figures, and over a restart.
type keptBackups struct {
	Made    []keptBackup `json:"made"`    // the newest first
	Failure *failed      `json:"failure"` // nil: the last attempt went well
	Notice  *notice      `json:"notice"`  // a message that waits for the mail server
}

type keptBackup struct {
	Place string    `json:"place"`
	Name  string    `json:"name"`
	At    time.Time `json:"at"`
	Bytes int64     `json:"bytes"`
}

type failed struct {
	Since time.Time `json:"since"`
	At    time.Time `json:"at"`
	Why   string    `json:"why"`
	Told  time.Time `json:"told"` // when the administrator was last written to
}

func (a *app) keptBackups(ctx context.Context) (keptBackups, error) {
	var k keptBackups
	text, err := a.store.Remembered(ctx, backupState)
	if err != nil || text == "" {
		return k, err
	}
	return k, json.Unmarshal([]byte(text), &k)
}

func (a *app) rememberBackups(ctx context.Context, k keptBackups) {
	b, err := json.Marshal(k)
	if err == nil {
		err = a.store.Remember(ctx, backupState, string(b))
	}
	if err != nil && ctx.Err() == nil {
		slog.Error("what is known of the backups could not be written down", "error", err)
	}
}

// keepBackups makes backups as the configuration says until ctx ends, and has the administrator told of what fails.
func (a *app) keepBackups(ctx context.Context) {
	places, err := a.cfg.places()
	if err != nil || len(places) == 0 {
		return // check has said what is wrong
	}
	k, err := a.keptBackups(ctx)
	if err != nil {
		slog.Warn("what was known of the backups cannot be read", "error", err)
	}
	dropSending(a.store.Dir(), time.Now())
	var next time.Time
	for ctx.Err() == nil {
		if now := time.Now(); !now.Before(next) {
			next = a.backupRound(ctx, places, &k, now)
		}
		a.sendNotice(ctx, &k)
		select {
		case <-ctx.Done():
		case <-time.After(backupLooks):
		}
	}
}

// dropSending removes what a server that was killed was sending, a day later: another one may be at it.
func dropSending(dir string, now time.Time) {
	old, _ := filepath.Glob(filepath.Join(dir, sendingFolder)) // the pattern is right
	for _, folder := range old {
		if info, err := os.Stat(folder); err == nil && now.Sub(info.ModTime()) > 24*time.Hour {
			_ = os.RemoveAll(folder) // the next start tries again
		}
	}
}

// backupRound looks once and gives when to look again.
func (a *app) backupRound(ctx context.Context, places []place, k *keptBackups, now time.Time) time.Time {
	made, err := a.backupDue(ctx, places, now)
	switch {
	case ctx.Err() != nil:
		return now
	case err != nil:
		slog.Error("the backup failed; it is tried again in an hour", "error", err)
		a.noteFailure(k, err, now)
		a.rememberBackups(ctx, *k)
		return now.Add(backupBreath)
	case made || k.Failure != nil || len(k.Made) == 0:
		a.noteSuccess(ctx, places, k, now)
		a.rememberBackups(ctx, *k)
	}
	return now
}

// backupDue makes a backup for each place where the last one is old enough, checks it by reading it when it can, and lets the oldest go. It says
// whether it made one. A place that fails does not keep the others from theirs.
func (a *app) backupDue(ctx context.Context, places []place, now time.Time) (bool, error) {
	file, name := "", now.UTC().Format(backupName)
	work, drop := "", func() error { return nil }
	var errs []error
	made := false
	for _, p := range places {
		have, err := p.list(ctx)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		// One that was made later than now was made by a clock that was wrong: it does not keep others from being made, nor does it count as the last.
		// It is the first to go.
		ahead := func(m madeBackup) bool { return m.at.After(now) }
		past := slices.DeleteFunc(slices.Clone(have), ahead)
		have = append(slices.DeleteFunc(have, func(m madeBackup) bool { return !ahead(m) }), past...)
		if f, ok := p.(folderPlace); ok {
			if err := dropUnfinished(string(f), now); err != nil {
				errs = append(errs, err)
				continue
			}
		}
		if len(past) > 0 && now.Sub(past[len(past)-1].at) < time.Duration(a.cfg.Backup.Hours)*time.Hour {
			if f, ok := p.(folderPlace); ok && file == "" { // good enough for the places after it
				last := past[len(past)-1]
				file, name = filepath.Join(string(f), last.name), last.name
			}
			continue
		}
		if file == "" {
			f, ok := p.(folderPlace)
			if ok {
				file = filepath.Join(string(f), name)
			} else {
				if work, err = os.MkdirTemp(a.store.Dir(), sendingFolder); err != nil {
					return made, err
				}
				drop = func() error { return os.RemoveAll(work) }
				file = filepath.Join(work, name)
			}
			if err := a.makeBackup(ctx, file); err != nil {
				errs = append(errs, err)
				break
			}
		}
		if err := p.put(ctx, file, name); err != nil {
			errs = append(errs, err)
			continue
		}
		made = true
		slog.Info("a backup was made", "place", p.where(), "name", name)
		for _, old := range have[:max(0, len(have)+1-a.cfg.Backup.Keep)] {
			errs = append(errs, p.remove(ctx, old.name))
		}
	}
	return made, errors.Join(append(errs, drop())...)
}

func (a *app) makeBackup(ctx context.Context, file string) error {
	recipients := a.cfg.Backup.Recipients
	if _, err := backup.Write(ctx, backup.Source{Dir: a.store.Dir(), Snapshot: a.store.Snapshot, Program: versionName(), Recipients: recipients}, file); err != nil {
		return err
	}
	if len(recipients) > 0 { // it cannot be read here, which is why it is encrypted
		return nil
	}
	_, err := backup.Read(ctx, file, "", "")
	return err
}

// noteSuccess writes down what there is now, and lets a failure end.
func (a *app) noteSuccess(ctx context.Context, places []place, k *keptBackups, now time.Time) {
	k.Made = k.Made[:0]
	for _, p := range places {
		have, err := p.list(ctx)
		if err != nil {
			continue // the next round says so
		}
		for i := len(have) - 1; i >= 0 && len(have)-i <= backupShown; i-- {
			k.Made = append(k.Made, keptBackup{p.where(), have[i].name, have[i].at, have[i].bytes})
		}
	}
	if f := k.Failure; f != nil && !f.Told.IsZero() {
		a.queueNotice(k, "Sportello: le copie di sicurezza riescono di nuovo", "La copia di sicurezza di Sportello è riuscita di nuovo.\n\nNon riusciva da: "+onPaper(f.Since)+"\nMotivo: "+f.Why+"\n", now)
	}
	k.Failure = nil
}

func (a *app) noteFailure(k *keptBackups, err error, now time.Time) {
	if k.Failure == nil {
		k.Failure = &failed{Since: now}
	}
	k.Failure.At, k.Failure.Why = now, fault.MessageOf(err)
	if now.Sub(k.Failure.Told) < noticeAgain {
		return
	}
	k.Failure.Told = now
	text := "La copia di sicurezza di Sportello non è riuscita.\n\nMotivo: " + k.Failure.Why + "\nNon riesce da: " + onPaper(k.Failure.Since)
	if len(k.Made) > 0 {
		text += "\nL'ultima buona: " + onPaper(k.Made[0].At) + " in " + k.Made[0].Place
	}
	a.queueNotice(k, "Sportello: copia di sicurezza non riuscita", text+"\n\nSi riprova da soli ogni ora. Che cosa fare: sul server, «sudo sportello doctor».\n", now)
}
