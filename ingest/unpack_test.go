package ingest_test

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// archived writes an archive of name, content pairs and gives it as an uploaded file.
func archived(t *testing.T, pairs ...string) *ingest.JobFile {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: pairs[i], Method: zip.Deflate, NonUTF8: strings.ContainsRune(pairs[i], 0x85)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(pairs[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return given(t, b.Bytes())
}

func given(t *testing.T, b []byte) *ingest.JobFile {
	t.Helper()
	path := filepath.Join(t.TempDir(), "0")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return &ingest.JobFile{Name: "atti.zip", Source: "caricati/atti.zip", Path: path, Entry: -1, Size: int64(len(b))}
}

func TestListArchive(t *testing.T) {
	f := archived(t, "a.txt", "uno", "cartella/", "", "cartella/b.txt", "due", "../../etc/passwd", "x", "/assoluto", "x", `C:\windows\x`, "x", "a/\x00b", "x",
		strings.Repeat("n", 500), "x", "bomba.txt", strings.Repeat("\x00", 3<<20), ".DS_Store", "x", "__MACOSX/a", "x", "sub/~$aperto.docx", "x", "Thumbs.db", "x",
		"citt\x85.txt", "x", `sub\win.txt`, "x")
	files, err := ingest.ListArchive(t.Context(), f, ingest.ArchiveLimits{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, one := range files {
		got = append(got, one.Source+" "+string(one.State)+" "+string(one.Code))
	}
	want := []string{"caricati/atti/a.txt waiting ", "caricati/atti/cartella/b.txt waiting ", " failed invalid", " failed invalid", " failed invalid",
		" failed invalid", " failed invalid", " failed too_large", "caricati/atti/città.txt waiting ", "caricati/atti/sub/win.txt waiting "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	b, err := ingest.ReadEntry(f.Path, files[1].Entry, files[1].Name, 10)
	if string(b) != "due" || err != nil {
		t.Errorf("%q %v", b, err)
	}
	for name, code := range map[int]fault.Code{files[7].Entry: fault.TooLarge, 99: fault.Broken} {
		if _, err := ingest.ReadEntry(f.Path, name, "x", 1<<10); fault.CodeOf(err) != code {
			t.Errorf("entry %d: %v", name, err)
		}
	}
}

func TestListArchiveWrong(t *testing.T) {
	many := []string{"1.txt", "a", "2.txt", "b", "3.txt", "c"}
	for name, tt := range map[string]struct {
		f      *ingest.JobFile
		limits ingest.ArchiveLimits
		code   fault.Code
	}{
		"damaged":   {given(t, []byte("PK\x03\x04 non è un archivio")), ingest.ArchiveLimits{}, fault.Broken},
		"empty":     {archived(t), ingest.ArchiveLimits{}, fault.NoText},
		"clutter":   {archived(t, ".x", "y"), ingest.ArchiveLimits{}, fault.NoText},
		"many":      {archived(t, many...), ingest.ArchiveLimits{Files: 2}, fault.TooLarge},
		"very many": {archived(t, append(many, "4", "", "5", "")...), ingest.ArchiveLimits{Files: 1}, fault.TooLarge},
		"large":     {archived(t, many...), ingest.ArchiveLimits{Bytes: 2}, fault.TooLarge},
	} {
		if files, err := ingest.ListArchive(t.Context(), tt.f, tt.limits); fault.CodeOf(err) != tt.code || files != nil {
			t.Errorf("%s: %v %v", name, files, err)
		}
	}
	for name, f := range map[string]*ingest.JobFile{"docx": archived(t, "_rels/.rels", "x", "[Content_Types].xml", "x"), "odt": archived(t, "mimetype", "application/vnd.oasis.opendocument.text")} {
		if files, err := ingest.ListArchive(t.Context(), f, ingest.ArchiveLimits{}); files != nil || err != nil {
			t.Errorf("%s: %v %v", name, files, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ingest.ListArchive(ctx, archived(t, many...), ingest.ArchiveLimits{}); err == nil {
		t.Error("goes on after the end")
	}
}
