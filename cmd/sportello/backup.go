package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sportello/assistant/backup"
	"sportello/assistant/fault"
)

type backupCmd struct {
	Recipient []string `help:"Encrypt for this public key of age (age1…); may be given several times. Default: backup.recipients." placeholder:"KEY" sep:"none"`
	JSON      bool     `help:"Print JSON."`
	File      string   `arg:"" help:"The file to write; it must not be there."`
}

func (cmd *backupCmd) Help() string {
	return "Examples:\n  sportello backup /mnt/usb/sportello-2026-12-01.backup\n  sportello backup --recipient age1… comune.backup\n\n" +
		"Works while the server runs. The keys of what citizens wrote are left out: what is forgotten here is forgotten there. With backup.folder in the\n" +
		"configuration the server makes backups by itself."
}

func (cmd *backupCmd) Run(ctx context.Context, s *session) error {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	recipients := cmd.Recipient
	if len(recipients) == 0 {
		recipients = s.cfg.Backup.Recipients
	}
	m, err := backup.Write(ctx, backup.Source{Dir: st.Dir(), Snapshot: st.Snapshot, Program: versionName(), Recipients: recipients}, cmd.File)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, map[string]any{"file": cmd.File, "files": len(m.Files), "made": m.Made, "encrypted": len(recipients) > 0})
	}
	sayf(s.stdout, "%s: %d files\n", cmd.File, len(m.Files))
	if len(recipients) == 0 {
		sayln(s.stdout, "It is not encrypted: keep it where only you can read it, or set backup.recipients.")
	}
	return nil
}

type restoreCmd struct {
	Verify   bool   `help:"Only check that it can be restored: nothing is written that stays."`
	Identity string `help:"File with the private key of age, for an encrypted backup." type:"existingfile" placeholder:"FILE"`
	File     string `arg:"" help:"The backup."`
}

func (cmd *restoreCmd) Help() string {
	return "Examples:\n  sportello restore --verify comune.backup\n  sportello --data /var/lib/sportello-nuovo restore --identity chiave.txt comune.backup\n\n" +
		"Restores into the data folder, which must be new or empty."
}

func (cmd *restoreCmd) Run(ctx context.Context, s *session) (err error) {
	identities := ""
	if cmd.Identity != "" {
		b, err := os.ReadFile(cmd.Identity)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "%s cannot be read", cmd.Identity)
		}
		identities = string(b)
	}
	dir := s.cfg.Data
	if cmd.Verify { // restored for good, looked through, and thrown away
		if dir, err = os.MkdirTemp("", "sportello-verify-*"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	m, err := backup.Read(ctx, cmd.File, identities, dir)
	if err != nil {
		return err
	}
	inner := *s.cfg
	inner.Data, inner.Store = dir, "sqlite"
	st, err := (&session{cfg: &inner, stdout: s.stdout, stderr: s.stderr}).openStore(ctx)
	if err != nil {
		return err
	}
	lost, err := st.Lost(ctx)
	if err = errors.Join(err, st.Close()); err != nil {
		return err
	}
	if len(lost) > 0 {
		return fault.New(fault.Broken, "%d documents have lost their original, the first is %s: ingest them again", len(lost), lost[0])
	}
	if cmd.Verify {
		sayf(s.stdout, "%s can be restored: %d files of %s, made by sportello %s\n", cmd.File, len(m.Files), m.Made.Local().Format("2006-01-02 15:04"), m.Program)
		return nil
	}
	sayf(s.stdout, "%s restored into %s: %d files of %s\n", cmd.File, dir, len(m.Files), m.Made.Local().Format("2006-01-02 15:04"))
	return nil
}

const (
	backupName   = "sportello-20060102-150405.backup"
	backupLooks  = 10 * time.Minute // how often the server looks whether a backup is due
	backupBreath = time.Hour        // after a failure, before the next attempt
)

// keepBackups makes backups as the configuration says until ctx ends. A failure is told by e-mail, once for each.
func (a *app) keepBackups(ctx context.Context) {
	b := a.cfg.Backup
	if b.Folder == "" {
		return
	}
	for {
		wait := backupLooks
		if _, err := a.backupDue(ctx, time.Now()); err != nil && ctx.Err() == nil {
			slog.Error("the backup failed; it is tried again in an hour", "error", err)
			a.tellOfBackup(ctx, err)
			wait = backupBreath
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (a *app) tellOfBackup(ctx context.Context, failure error) {
	if a.sender == nil || a.cfg.Backup.Mail == "" {
		return
	}
	text := "La copia di sicurezza di Sportello non è riuscita.\n\nMotivo: " + fault.MessageOf(failure) + "\n\nCartella: " + a.cfg.Backup.Folder +
		"\n\nSi riprova tra un'ora. Per controllare: sportello doctor\n"
	if err := a.sender.Send(ctx, "", a.cfg.Backup.Mail, "Sportello: copia di sicurezza non riuscita", text); err != nil {
		slog.Error("nobody could be told that the backup failed", "error", err)
	}
}

// backupDue makes a backup when the last one is old enough, checks it by reading it when it can, and lets the oldest go. It says whether it made one.
func (a *app) backupDue(ctx context.Context, now time.Time) (bool, error) {
	b := a.cfg.Backup
	made, err := backupsIn(b.Folder)
	if err != nil {
		return false, err
	}
	// One that was made later than now was made by a clock that was wrong: it does not keep others from being made, nor does it count as the last.
	// It is the first to go.
	ahead := func(m madeBackup) bool { return m.at.After(now) }
	past := slices.DeleteFunc(slices.Clone(made), ahead)
	if len(past) > 0 && now.Sub(past[len(past)-1].at) < time.Duration(b.Hours)*time.Hour {
		return false, nil
	}
	made = append(slices.DeleteFunc(made, func(m madeBackup) bool { return !ahead(m) }), past...)
	if err := dropUnfinished(b.Folder, now); err != nil {
		return false, err
	}
	path := filepath.Join(b.Folder, now.UTC().Format(backupName))
	if _, err := backup.Write(ctx, backup.Source{Dir: a.store.Dir(), Snapshot: a.store.Snapshot, Program: versionName(), Recipients: b.Recipients}, path); err != nil {
		return false, err
	}
	if len(b.Recipients) == 0 { // an encrypted one cannot be read here, which is why it is encrypted
		if _, err := backup.Read(ctx, path, "", ""); err != nil {
			return false, err
		}
	}
	slog.Info("a backup was made", "file", path)
	for _, old := range made[:max(0, len(made)+1-b.Keep)] {
		if err := os.Remove(filepath.Join(b.Folder, old.name)); err != nil {
			return true, err
		}
	}
	return true, nil
}

// dropUnfinished removes what a server that was killed had begun to write, a day later: another one may be at it.
func dropUnfinished(folder string, now time.Time) error {
	all, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, f := range all {
		at, err := time.Parse(backupName+".part", f.Name())
		if err == nil && now.Sub(at).Abs() > 24*time.Hour {
			if err := os.Remove(filepath.Join(folder, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

type madeBackup struct {
	name string
	at   time.Time
}

// backupsIn gives the backups that a server made in a folder, the oldest first; files of other names are somebody's.
func backupsIn(folder string) ([]madeBackup, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "backup.folder: %s cannot be made", folder)
	}
	all, err := os.ReadDir(folder)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "backup.folder: %s cannot be read", folder)
	}
	var out []madeBackup
	for _, f := range all {
		if at, err := time.Parse(backupName, f.Name()); err == nil && !strings.HasSuffix(f.Name(), ".part") {
			out = append(out, madeBackup{f.Name(), at})
		}
	}
	slices.SortFunc(out, func(a, b madeBackup) int { return a.at.Compare(b.at) })
	return out, nil
}
