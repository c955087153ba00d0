package backup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"sportello/assistant/backup"
	"sportello/assistant/fault"
)

// folder makes a data folder with something of every sort.
func folder(t *testing.T) backup.Source {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"files/ab/abcd": "originale", "inbox/1/0": "caricato", "sportello.toml": "index = \"embedded\"\n", "keys/day": "segreta",
		"sportello.db": "in uso", "sportello.db-wal": "in uso", ".new-1": "a metà", "cache/x": "si rifà"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return backup.Source{Dir: dir, Program: "v1", Snapshot: func(_ context.Context, path string) error { return os.WriteFile(path, []byte("un momento"), 0o600) }}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// What is backed up comes back, without keys; encrypted only with the right key; and what was cut off or changed is known for it.
func TestThereAndBack(t *testing.T) {
	ctx := context.Background()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, recipients := range map[string][]string{"open": nil, "encrypted": {id.Recipient().String()}} {
		t.Run(name, func(t *testing.T) {
			s := folder(t)
			s.Recipients = recipients
			path := filepath.Join(t.TempDir(), "a.backup")
			if _, err := backup.Write(ctx, s, path); err != nil {
				t.Fatal(err)
			}
			if _, err := backup.Write(ctx, s, path); fault.CodeOf(err) != fault.Conflict {
				t.Errorf("over another one: %v", err)
			}
			dir := filepath.Join(t.TempDir(), "new")
			m, err := backup.Read(ctx, path, id.String(), dir)
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"files/ab/abcd", "inbox/1/0", "sportello.db", "sportello.toml"}
			if got := files(t, dir); !slices.Equal(got, want) || len(m.Files) != len(want) {
				t.Errorf("restored %v", got)
			}
			if b, err := os.ReadFile(filepath.Join(dir, "sportello.db")); err != nil || string(b) != "un momento" {
				t.Errorf("database: %q %v", b, err)
			}
			if _, err := backup.Read(ctx, path, id.String(), dir); fault.CodeOf(err) != fault.Conflict {
				t.Errorf("into a full folder: %v", err)
			}
			if left := files(t, s.Dir); slices.ContainsFunc(left, func(f string) bool { return strings.Contains(f, ".backup-") }) {
				t.Errorf("left behind: %v", left)
			}
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if recipients != nil {
				if strings.Contains(string(whole), "originale") {
					t.Error("it can be read")
				}
				for _, keys := range []string{"", other.String()} {
					if _, err := backup.Read(ctx, path, keys, ""); fault.CodeOf(err) != fault.Encrypted {
						t.Errorf("with %.10q: %v", keys, err)
					}
				}
			}
			for cut := range len(whole) {
				if cut%37 != 0 && cut != len(whole)-1 {
					continue
				}
				damaged(t, whole[:cut], id.String())
				changed := slices.Clone(whole)
				changed[cut] ^= 0x10
				if cut < 4 || cut > 9 { // the time and system in the header of gzip mean nothing
					damaged(t, changed, id.String())
				}
			}
		})
	}
}

func damaged(t *testing.T, b []byte, keys string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Read(context.Background(), path, keys, ""); err == nil {
		t.Errorf("%d bytes pass for a whole backup", len(b))
	}
}

// A snapshot that fails leaves no file, and a recipient that is none is said.
func TestNothingHalf(t *testing.T) {
	s := folder(t)
	path := filepath.Join(t.TempDir(), "a.backup")
	s.Snapshot = func(context.Context, string) error { return errors.New("disk full") }
	if _, err := backup.Write(context.Background(), s, path); err == nil {
		t.Error("no error")
	}
	s.Recipients = []string{"pippo"}
	if _, err := backup.Write(context.Background(), s, path); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a recipient that is none: %v", err)
	}
	if got := files(t, filepath.Dir(path)); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}
