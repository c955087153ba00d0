package ingest_test

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// FuzzArchive reads what is uploaded as a ZIP: no entry leads out of the folder of the archive, none is larger than the limit, and every
// error says what to do.
func FuzzArchive(f *testing.F) {
	for _, names := range [][]string{{"atti/uno.md", "due.txt"}, {"../../etc/passwd", "/radice.txt", "C:\\x\\y.doc", "a//b/./c.md"}, {"__MACOSX/x", ".DS_Store", "perch\x82.txt"}, {"[Content_Types].xml", "word/document.xml"}} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, name := range names {
			e, err := w.Create(name)
			if err != nil {
				f.Fatal(err)
			}
			_, _ = e.Write([]byte(strings.Repeat("testo ", 40)))
		}
		if err := w.Close(); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	path := filepath.Join(f.TempDir(), "0")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		files, err := ingest.ListArchive(context.Background(), &ingest.JobFile{Name: "a.zip", Source: "caricati/a.zip", Path: path}, ingest.ArchiveLimits{Files: 50, Bytes: 1 << 20})
		if err != nil {
			if fault.CodeOf(err) == fault.Internal {
				t.Errorf("an error without a code: %v", err)
			}
			return
		}
		for _, one := range files {
			if one.State == ingest.FileFailed {
				if one.Message == "" {
					t.Errorf("%q failed and says nothing", one.Name)
				}
				continue
			}
			if !strings.HasPrefix(one.Source, "caricati/a/") || !filepath.IsLocal(filepath.FromSlash(one.Source)) || strings.ContainsAny(one.Source, "\x00\n") {
				t.Errorf("%q becomes the source %q", one.Name, one.Source)
			}
			b, err := ingest.ReadEntry(path, one.Entry, one.Name, 1<<16)
			if err == nil && len(b) > 1<<16 || err != nil && fault.CodeOf(err) == fault.Internal {
				t.Errorf("%q: %d bytes, %v", one.Name, len(b), err)
			}
		}
	})
}
