package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sportello/assistant/fault"
	releases "sportello/assistant/release"
	"sportello/locales"
)

// releaseKey is the makers' public key, set by the build; empty in a program that was built without one.
var releaseKey string

// updateCmd puts a newer program in the place of this one, and the old one back when the new one is not well.
//
// What it runs and whom it trusts is said by the command line, by the environment of who calls, and by the build, never by sportello.toml:
// that file is the service's, and this command is root's.
type updateCmd struct {
	From    string        `help:"The .tar.gz or .deb of a release; SHA256SUMS and SHA256SUMS.minisig lie beside it." type:"existingfile" required:"" placeholder:"FILE"`
	Check   bool          `help:"Only check the file, and try the data's upgrade on a copy."`
	Key     []string      `help:"Public key of minisign to trust besides the one that is built in." placeholder:"RW…" sep:"none" env:"SPORTELLO_UPDATE_KEY"`
	Stop    string        `help:"Command that stops the service." default:"systemctl stop sportello.service" env:"SPORTELLO_UPDATE_STOP"`
	Start   string        `help:"Command that starts it." default:"systemctl restart sportello.service" env:"SPORTELLO_UPDATE_START"`
	Within  time.Duration `help:"How long the new program may take until it is well." default:"3m"`
	Program string        `help:"The program to replace (default: this one)." placeholder:"FILE"`
}

func (cmd *updateCmd) Help() string {
	return "Example, with the folder of the release on a USB stick:\n  sudo sportello update --from /media/usb/sportello_1.2.3_amd64.deb\n\n" +
		"No network is used. The signature is checked, the data are backed up and their upgrade is tried on a copy; then the service stops, the program is\n" +
		"replaced, the service starts. When the new program is not well in time the old one comes back, with the data as they were."
}

// update is one run of the command.
type update struct {
	*updateCmd
	s       *session
	l       *locales.Localizer
	data    string // the data folder, from the root
	owner   *owner // whose it is
	program string // the program that is replaced
	next    string // the new one, beside it
	release *releases.Release
	backup  string
}

func (cmd *updateCmd) Run(ctx context.Context, s *session) (err error) {
	u := &update{updateCmd: cmd, s: s}
	if u.l, err = locales.Staff(); err != nil {
		return err
	}
	if u.data, err = filepath.Abs(s.cfg.Data); err != nil {
		return err
	}
	u.owner = ownerOf(u.data)
	if u.program, err = u.target(); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(u.program), ".update-*")
	if err != nil {
		return u.refuse(fault.Forbidden, "update_no_right", locales.Data{"Folder": filepath.Dir(u.program)}, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if err := os.Chmod(work, 0o755); err != nil { //nolint:gosec // the owner of the data runs the new program from here
		return err
	}
	if err := u.verify(ctx, work); err != nil {
		return err
	}
	if err := u.try(ctx); err != nil {
		return err
	}
	if cmd.Check {
		u.say("update_checked", locales.Data{"Version": u.release.Version})
		return nil
	}
	return u.replace(ctx, work)
}

// target is the program to replace, links followed: that is what the service runs.
func (u *update) target() (string, error) {
	path := u.Program
	if path == "" {
		var err error
		if path, err = os.Executable(); err != nil {
			return "", err
		}
	}
	return filepath.EvalSymlinks(path)
}

// verify copies the release to a place where nobody else writes, checks the copy and takes the program out of it.
func (u *update) verify(ctx context.Context, work string) error {
	file := filepath.Join(work, filepath.Base(u.From))
	for _, name := range []string{u.From, filepath.Join(filepath.Dir(u.From), "SHA256SUMS"), filepath.Join(filepath.Dir(u.From), "SHA256SUMS.minisig")} {
		if err := copyFile(name, filepath.Join(work, filepath.Base(name))); err != nil {
			return u.refuse(fault.NotFound, "update_incomplete", locales.Data{"File": name}, err)
		}
	}
	var err error
	if u.release, err = releases.Verify(file, u.keys()); err != nil {
		return u.refuse(fault.CodeOf(err), "update_not_signed", locales.Data{"File": u.From}, err)
	}
	have := versionName()
	if !releases.Newer(have, u.release.Version) {
		return u.refuse(fault.Conflict, "update_not_newer", locales.Data{"Have": have, "Given": u.release.Version}, nil)
	}
	if managed := ofPackage(ctx, u.program); managed != u.release.Package {
		key := "update_wants_package"
		if !managed {
			key = "update_wants_archive"
		}
		return u.refuse(fault.Invalid, key, nil, nil)
	}
	u.say("update_signed", locales.Data{"Version": u.release.Version, "Have": have})
	u.next = filepath.Join(work, "sportello.next")
	if err := u.release.Program(ctx, u.next); err != nil {
		return u.refuse(fault.CodeOf(err), "update_not_signed", locales.Data{"File": u.From}, err)
	}
	return nil
}

func (u *update) keys() []string {
	keys := u.Key
	if releaseKey != "" {
		keys = append([]string{releaseKey}, keys...)
	}
	return keys
}

// try starts the new program and lets it upgrade a copy of the data, while the old one goes on answering. The copy is the backup.
func (u *update) try(ctx context.Context) error {
	out, err := u.owner.command(ctx, u.next, "version").CombinedOutput()
	if err != nil || !strings.Contains(string(out), u.release.Version) {
		return u.refuse(fault.Broken, "update_does_not_start", nil, errors.Join(err, errors.New(lastLine(out))))
	}
	if u.s.cfg.Store != "sqlite" {
		u.say("update_postgres", nil)
		return nil
	}
	folder := filepath.Join(u.data, "backup")
	u.backup = filepath.Join(folder, fmt.Sprintf("before-%s-%s.backup", u.release.Version, strings.ReplaceAll(time.Now().UTC().Format("20060102-150405.000"), ".", "-")))
	for _, step := range [][]string{{"mkdir", "-p", "-m", "700", folder}, u.with(u.program, "--set", "backup.recipients=", "backup", u.backup)} {
		if out, err := u.owner.command(ctx, step[0], step[1:]...).CombinedOutput(); err != nil {
			return u.refuse(fault.Unavailable, "update_no_backup", nil, errors.New(lastLine(out)))
		}
	}
	u.say("update_backed_up", locales.Data{"File": u.backup})
	if out, err := u.owner.command(ctx, u.next, "restore", "--verify", u.backup).CombinedOutput(); err != nil {
		return u.refuse(fault.Broken, "update_data_refused", nil, errors.New(lastLine(out)))
	}
	u.say("update_tried", nil)
	return nil
}

// with is a command line of a program of ours on this data folder.
func (u *update) with(program string, args ...string) []string {
	return append([]string{program, "--data", u.data, "--log-level", "error"}, args...)
}

func (u *update) say(key string, data locales.Data) {
	if data == nil {
		data = locales.Data{}
	}
	sayln(u.s.stdout, u.l.T(key, data))
}

// refuse is an error that says in Italian what to do; nothing was changed.
func (u *update) refuse(code fault.Code, key string, data locales.Data, cause error) error {
	if data == nil {
		data = locales.Data{}
	}
	text := u.l.T(key, data)
	if cause != nil {
		text += " [" + cause.Error() + "]"
	}
	return fault.New(code, "%s %s", text, u.l.T("update_nothing_changed"))
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
