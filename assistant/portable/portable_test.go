package portable_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/portable"
	"sportello/assistant/store"
)

// What the archive says of itself names every list and every field, and no other list.
func TestReadMe(t *testing.T) {
	text := portable.ReadMe()
	for _, list := range store.PortableLists() {
		if !strings.Contains(text, list+".jsonl") {
			t.Errorf("%s.jsonl is not explained", list)
		}
		for _, name := range store.PortableFields(list) {
			if !strings.Contains(text, "`"+name+"`") {
				t.Errorf("%s: the field %s is not explained", list, name)
			}
		}
	}
	for word := range strings.FieldsSeq(text) {
		if list, ok := strings.CutSuffix(strings.Trim(word, "`:,.()*"), ".jsonl"); ok && list != "" && list != "*" && !slices.Contains(store.PortableLists(), list) {
			t.Errorf("%s.jsonl is explained and does not exist", list)
		}
	}
}

func made(t testing.TB, original string) string {
	t.Helper()
	sum := sha256.Sum256([]byte(original))
	sha := hex.EncodeToString(sum[:])
	path := filepath.Join(t.TempDir(), "a.zip")
	w, err := portable.Create(path, "prova", "avella", time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC), func(context.Context, string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(original)), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Record("tenant", []byte(`{"slug":"avella"}`)), w.Record("documents", []byte(`{"id":"1"}`)), w.Record("documents", []byte(`{"id":"2"}`)), w.Original(t.Context(), sha, "atti/tari.pdf")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestArchive(t *testing.T) {
	path := made(t, "originale")
	a, err := portable.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, list := range []string{"tenant", "documents", "settings"} {
		if err := a.Records(list, func(r []byte) error { got = append(got, list+string(r)); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{`tenant{"slug":"avella"}`, `documents{"id":"1"}`, `documents{"id":"2"}`}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	in, err := a.Original(a.Originals()[0])
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(in); err != nil || string(b) != "originale" {
		t.Errorf("%s %v", b, err)
	}
	if err := errors.Join(in.Close(), a.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := portable.Create(path, "", "", time.Now(), nil); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("%v", err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"cut": whole[:len(whole)/2], "empty": {}, "text": []byte("x"), "changed": changed(t, whole, "documents.jsonl", []byte("{}\n")), "more": changed(t, whole, "altro.txt", []byte("x")), "no list": changed(t, whole, "manifest.json", []byte("{}"))} {
		other := filepath.Join(t.TempDir(), "b.zip")
		if err := os.WriteFile(other, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := portable.Open(t.Context(), other); fault.CodeOf(err) != fault.Broken {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := filepath.Join(t.TempDir(), "c.zip")
	if err := os.WriteFile(other, changed(t, whole, "manifest.json", []byte(`{"format":99}`)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := portable.Open(t.Context(), other); fault.CodeOf(err) != fault.Unsupported {
		t.Errorf("%v", err)
	}
}

// changed gives an archive in which an entry is another, or added.
func changed(t *testing.T, whole []byte, name string, content []byte) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range r.File {
		if e.Name != name {
			if err := w.Copy(e); err != nil {
				t.Fatal(err)
			}
		}
	}
	out, err := w.Create(name)
	if err == nil {
		_, err = out.Write(content)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// FuzzOpen reads files that call themselves exports.
func FuzzOpen(f *testing.F) {
	b, err := os.ReadFile(made(f, "originale"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:len(b)-30])
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	path := filepath.Join(f.TempDir(), "x.zip")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		a, err := portable.Open(context.Background(), path)
		if err != nil {
			if fault.CodeOf(err) == fault.Internal {
				t.Errorf("an error without a code: %v", err)
			}
			return
		}
		for _, list := range store.PortableLists() {
			_ = a.Records(list, func([]byte) error { return nil })
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
