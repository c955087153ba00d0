package main

import (
	"context"
	"errors"
	"os"

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
	File     string `arg:"" help:"The backup; s3:NAME for one of the bucket of backup.s3, s3:latest for the last, s3: to see which there are."`
}

func (cmd *restoreCmd) Help() string {
	return "Examples:\n  sportello restore --verify comune.backup\n  sportello --data /var/lib/sportello-nuovo restore --identity chiave.txt comune.backup\n\n" +
		"Restores into the data folder, which must be new or empty. From the bucket:\n" +
		"  sportello --config /root/sportello.toml --data /var/lib/sportello-nuovo restore --identity chiave.txt s3:latest"
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
	file, drop, err := s.fetched(ctx, cmd.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop()) }()
	m, err := backup.Read(ctx, file, identities, dir)
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
