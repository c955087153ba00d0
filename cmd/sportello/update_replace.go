package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"sportello/assistant/fault"
	"sportello/locales"
)

// kept is the folder in the data folder where the database of the old program lies until the new one is well. Its name begins with a point:
// no backup holds it.
const kept = ".update"

// replace stops the service, puts the new program in the place of the old one and starts it; when it is not well in time all goes back.
// What comes to the socket of systemd meanwhile waits.
func (u *update) replace(ctx context.Context, work string) error {
	ctx = context.WithoutCancel(ctx) // half an update is worse than a late one
	old := u.program + ".previous"
	if err := copyFile(u.program, filepath.Join(work, "old")); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(work, "old"), old); err != nil {
		return err
	}
	u.say("update_stopping", nil)
	if err := u.shell(ctx, u.Stop); err != nil {
		return u.refuse(fault.Unavailable, "update_cannot_stop", locales.Data{"Command": u.Stop}, err)
	}
	unlock, err := lockFolder(ctx, u.data, u.owner, stopsWithin)
	if err == nil {
		err = u.keepData(ctx)
		if err == nil {
			err = u.install(ctx)
		}
		unlock()
	}
	if err == nil {
		err = u.startWell(ctx, u.release.Version)
	}
	if err == nil {
		u.say("update_done", locales.Data{"Version": u.release.Version, "Old": old})
		return u.forgetData(ctx)
	}
	u.say("update_failed", locales.Data{"Why": fault.MessageOf(err)})
	if back := u.back(ctx, old); back != nil {
		return fault.Wrap(fault.Broken, errors.Join(err, back), "%s", u.l.T("update_back_failed", locales.Data{"Old": old, "Program": u.program, "Backup": u.backup}))
	}
	return fault.Wrap(fault.Unavailable, err, "%s", u.l.T("update_went_back", locales.Data{"Version": versionName()}))
}

const (
	stopsWithin  = time.Minute
	backsWithin  = 3 * time.Minute
	lookAgain    = 250 * time.Millisecond
	healthPath   = "/readyz"
	versionsPath = "/metrics"
)

// install puts the new program where the old one is.
func (u *update) install(ctx context.Context) error {
	if !u.release.Package {
		return os.Rename(u.next, u.program)
	}
	cmd := exec.CommandContext(ctx, "dpkg", "--install", filepath.Join(filepath.Dir(u.next), filepath.Base(u.From))) //nolint:gosec // the file was verified
	cmd.Env = append(os.Environ(), "SPORTELLO_UPDATE=1", "DEBIAN_FRONTEND=noninteractive")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fault.Wrap(fault.Broken, errors.New(lastLine(out)), "dpkg --install")
	}
	return nil
}

// back undoes install: the old program, the old database when the old program cannot read what the new one made of it, and the service.
func (u *update) back(ctx context.Context, old string) error {
	stopped := u.shell(ctx, u.Stop)
	unlock, err := lockFolder(ctx, u.data, u.owner, stopsWithin)
	if err != nil {
		return errors.Join(stopped, err)
	}
	err = func() error {
		again := filepath.Join(filepath.Dir(u.next), "again")
		if err := copyFile(old, again); err != nil {
			return err
		}
		if err := os.Rename(again, u.program); err != nil {
			return err
		}
		if u.s.cfg.Store != "sqlite" {
			return nil
		}
		list := u.with(u.program, "tenant", "list")
		if u.owner.command(ctx, list[0], list[1:]...).Run() == nil {
			return nil // nothing of the new form is in it: what was written since stays
		}
		u.say("update_data_back", nil)
		return u.dataBack(ctx)
	}()
	unlock()
	if err != nil {
		return err
	}
	if u.release.Package {
		u.say("update_package_back", locales.Data{"Version": u.release.Version})
	}
	return u.startWell(ctx, "")
}

// keepData copies the database of the service that has stopped; files beside it are only ever added. It is done as the owner, who may have put
// anything there.
func (u *update) keepData(ctx context.Context) error {
	if u.s.cfg.Store != "sqlite" {
		return nil
	}
	return u.script(ctx, `rm -rf "$1/$2" && mkdir -m 700 "$1/$2" && for f in "$1"/sportello.db "$1"/sportello.db-wal; do [ ! -e "$f" ] || cp -p "$f" "$1/$2/"; done`)
}

func (u *update) dataBack(ctx context.Context) error {
	return u.script(ctx, `[ -e "$1/$2/sportello.db" ] && rm -f "$1"/sportello.db-wal "$1"/sportello.db-shm && cp -p "$1/$2"/sportello.db* "$1/"`)
}

func (u *update) forgetData(ctx context.Context) error { return u.script(ctx, `rm -rf "$1/$2"`) }

func (u *update) script(ctx context.Context, text string) error {
	if out, err := u.owner.command(ctx, "sh", "-c", text, "sh", u.data, kept).CombinedOutput(); err != nil {
		return fault.Wrap(fault.Unavailable, errors.Join(err, errors.New(lastLine(out))), "%s", u.l.T("update_copy_failed", locales.Data{"Folder": u.data}))
	}
	return nil
}

// shell runs a command of the administrator.
func (u *update) shell(ctx context.Context, command string) error {
	if out, err := exec.CommandContext(ctx, "sh", "-c", command).CombinedOutput(); err != nil { //nolint:gosec // root's own words
		return errors.Join(err, errors.New(lastLine(out)))
	}
	return nil
}

// copyFile copies a file to a new one of the same mode, to the disk.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, info.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
