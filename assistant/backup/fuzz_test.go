package backup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"sportello/assistant/backup"
	"sportello/assistant/fault"
)

// FuzzRead reads files that call themselves backups: nothing is written outside of the folder, and one that is not whole leaves nothing in it.
func FuzzRead(f *testing.F) {
	source := f.TempDir()
	for name, text := range map[string]string{"files/ab/abcd": "originale", "sportello.toml": "x = 1"} {
		path := filepath.Join(source, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o750), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			f.Fatal(err)
		}
	}
	good := filepath.Join(f.TempDir(), "buona")
	if _, err := backup.Write(f.Context(), backup.Source{Dir: source, Program: "x", Snapshot: func(_ context.Context, path string) error {
		return os.WriteFile(path, []byte("banca dati"), 0o600)
	}}, good); err != nil {
		f.Fatal(err)
	}
	b, err := os.ReadFile(good)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:len(b)/2])
	f.Add([]byte("age-encryption.org/v1\n-> X25519 x\n"))
	f.Add([]byte{0x1f, 0x8b, 8, 0})
	around := f.TempDir()
	path, dir := filepath.Join(around, "copia"), filepath.Join(around, "in")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := errors.Join(os.WriteFile(path, b, 0o600), os.RemoveAll(dir)); err != nil {
			t.Fatal(err)
		}
		_, err := backup.Read(context.Background(), path, "", dir)
		if err != nil {
			if fault.CodeOf(err) == fault.Internal {
				t.Errorf("an error without a code: %v", err)
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("it left %v", left)
			}
		}
		if all, _ := os.ReadDir(around); len(all) > 2 {
			t.Errorf("it wrote beside: %v", all)
		}
	})
}
