package main

import (
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"sportello/assistant/backup"
	"sportello/assistant/backup/backuptest"
	"sportello/assistant/mail/mailtest"
	"sportello/assistant/store"
)

func backingUp(t *testing.T, set ...string) (*app, []place) {
	t.Helper()
	cfg, err := loadConfig(cli{Data: t.TempDir(), LogLevel: "error", Set: append([]string{"embedding.address=none", "chat.address=none"}, set...)})
	if err != nil {
		t.Fatal(err)
	}
	a, err := (&session{cfg: cfg, stdout: io.Discard, stderr: io.Discard}).open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { release(a) })
	places, err := cfg.places()
	if err != nil {
		t.Fatal(err)
	}
	return a, places
}

// The server makes a backup when one is due, keeps as many as it is told and leaves what is not its own alone.
func TestBackupsBySchedule(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "copie")
	a, places := backingUp(t, "backup.folder="+folder, "backup.keep=2")
	now := time.Date(2026, 12, 1, 3, 0, 0, 0, time.UTC)
	for i, step := range []struct {
		after time.Duration
		made  bool
		stay  int
	}{{0, true, 1}, {time.Hour, false, 1}, {24 * time.Hour, true, 2}, {48 * time.Hour, true, 2}} {
		made, err := a.backupDue(t.Context(), places, now.Add(step.after))
		if err != nil || made != step.made {
			t.Fatalf("step %d: made %v, %v", i, made, err)
		}
		if i == 0 {
			if err := os.WriteFile(filepath.Join(folder, "mio.backup"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		all, err := backupsIn(folder)
		if err != nil || len(all) != step.stay {
			t.Errorf("step %d: %v %v", i, all, err)
		}
	}
	all, err := backupsIn(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Read(t.Context(), filepath.Join(folder, all[len(all)-1].name), "", ""); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "mio.backup")); err != nil {
		t.Error("a file that is not the server's was taken away")
	}
	if _, err := a.backupDue(t.Context(), []place{folderPlace(filepath.Join(folder, "mio.backup"))}, now); err == nil {
		t.Error("a folder that is none")
	}
}

// Backups go to a bucket too, encrypted and as many as are to stay there; with a folder beside it one file serves both; and the last one comes back from it.
func TestBackupsInABucket(t *testing.T) {
	backend := s3mem.New()
	if err := backend.CreateBucket("copie"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	defer server.Close()
	public, private := backuptest.Keys(t)
	s3 := []string{"backup.s3.address=" + server.URL, "backup.s3.bucket=copie", "backup.s3.prefix=avella", "backup.s3.access_key=a", "backup.s3.secret_key=b"}
	if cfg, err := loadConfig(cli{Data: t.TempDir(), Set: s3}); err != nil {
		t.Fatal(err)
	} else if _, err := cfg.places(); err == nil {
		t.Error("what leaves the machine may be left unencrypted")
	}
	set := append(s3, "backup.recipients="+public, "backup.keep=2")
	for name, folder := range map[string]string{"alone": "", "beside a folder": filepath.Join(t.TempDir(), "copie")} {
		t.Run(name, func(t *testing.T) {
			a, places := backingUp(t, append(set, "backup.folder="+folder, "backup.s3.prefix="+strings.ReplaceAll(name, " ", ""))...)
			if err := a.store.AddTenant(t.Context(), store.Tenant{Slug: "avella", Name: "Avella"}); err != nil {
				t.Fatal(err)
			}
			now := time.Date(2026, 12, 1, 3, 0, 0, 0, time.UTC)
			for i, hours := range []int{0, 1, 25, 50} {
				made, err := a.backupDue(t.Context(), places, now.Add(time.Duration(hours)*time.Hour))
				if err != nil || made != (i != 1) {
					t.Fatalf("after %d hours: made %v, %v", hours, made, err)
				}
			}
			for _, p := range places {
				all, err := p.list(t.Context())
				if err != nil || len(all) != 2 || all[1].name != "sportello-20261203-050000.backup" || all[1].bytes == 0 {
					t.Errorf("%s: %v %v", p.where(), all, err)
				}
			}
			key := filepath.Join(t.TempDir(), "chiave.txt")
			if err := os.WriteFile(key, []byte(private), 0o600); err != nil {
				t.Fatal(err)
			}
			inner := *a.cfg
			inner.Data = filepath.Join(t.TempDir(), "nuova")
			var out strings.Builder
			if err := (&restoreCmd{File: "s3:latest", Identity: key}).Run(t.Context(), &session{cfg: &inner, stdout: &out, stderr: io.Discard}); err != nil {
				t.Fatal(err)
			}
			st, err := (&session{cfg: &inner}).openStore(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer release(st)
			if _, err := st.Tenant(t.Context(), "avella"); err != nil {
				t.Errorf("%v after %s", err, out.String())
			}
			err = (&restoreCmd{File: "s3:", Identity: key}).Run(t.Context(), &session{cfg: &inner, stdout: &out, stderr: io.Discard})
			if err == nil || !strings.Contains(err.Error(), "sportello-20261203-050000.backup") {
				t.Errorf("which there are: %v", err)
			}
		})
	}
}

// The administrator is told once of a failure, again after a day, and when it is over; a message that the mail server does not take waits, over a restart too.
func TestBackupFailureIsTold(t *testing.T) {
	post := mailtest.New(t)
	folder := filepath.Join(t.TempDir(), "copie")
	if err := os.WriteFile(folder, nil, 0o600); err != nil { // a file: no folder
		t.Fatal(err)
	}
	a, places := backingUp(t, "backup.folder="+folder, "backup.mail=ced@comune.example.it", "mail.host=127.0.0.1", "mail.port="+post.Port(), "mail.tls=none", "mail.from=Sportello <sportello@comune.example.it>")
	now := time.Date(2026, 12, 1, 3, 0, 0, 0, time.UTC)
	var k keptBackups
	round := func(after time.Duration) {
		t.Helper()
		a.backupRound(t.Context(), places, &k, now.Add(after))
		a.sendNotice(t.Context(), &k)
	}
	post.Answer("451 later")
	round(0)
	if len(post.Got()) != 0 || k.Notice == nil || k.Notice.Tries != 1 {
		t.Fatalf("%v %+v", post.Got(), k.Notice)
	}
	k, err := a.keptBackups(t.Context()) // as after a restart
	if err != nil || k.Failure == nil || k.Notice == nil {
		t.Fatalf("%+v %v", k, err)
	}
	post.Answer("")
	round(time.Hour)
	if got := post.Got(); len(got) != 1 || !strings.Contains(got[0], "To: <ced@comune.example.it>") || !strings.Contains(got[0], "copia di sicurezza non riuscita") || !strings.Contains(got[0], "01/12/2026 04:00") {
		t.Fatalf("%v", got)
	}
	round(2 * time.Hour)
	if n := len(post.Got()); n != 1 {
		t.Errorf("%d messages within a day", n)
	}
	round(26 * time.Hour)
	if n := len(post.Got()); n != 2 {
		t.Errorf("%d messages after a day", n)
	}
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	round(27 * time.Hour)
	if got := post.Got(); len(got) != 3 || !strings.Contains(got[2], "riescono di nuovo") || k.Failure != nil || len(k.Made) != 1 {
		t.Errorf("%d messages, %+v", len(got), k)
	}
}
