package archive_test

import (
	"archive/zip"
	"bytes"
	"testing"

	"sportello/assistant/fault"
	"sportello/ingest/internal/archive"
)

func zipped(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRead(t *testing.T) {
	a, err := archive.Open(zipped(t, `Word\Document.xml`, "uno", "word/document.xml", "due", "b", "12345", "c", "12345"), "f", archive.Limits{Part: 6, Total: 10})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := a.Read("/word/document.xml"); err != nil || string(b) != "uno" || !a.Has("WORD/document.xml") || a.Has("x") {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := a.Read("x"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("missing: %v", err)
	}
	if _, err := a.Read("b"); err != nil {
		t.Error(err)
	}
	if _, err := a.Read("c"); fault.CodeOf(err) != fault.TooLarge {
		t.Errorf("all parts together: %v", err)
	}
}

func TestDamaged(t *testing.T) {
	b := zipped(t, "a", "testo che si comprime abbastanza abbastanza abbastanza")
	if i := bytes.Index(b, []byte("PK\x01\x02")); i > 0 {
		b[i-20] ^= 0xff // in the data, or in its check sum
		b[i-24] ^= 0xff
	}
	a, err := archive.Open(b, "f", archive.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Read("a"); fault.CodeOf(err) != fault.Broken {
		t.Errorf("damaged: %v", err)
	}
	c := zipped(t, "a", "x")
	c[bytes.Index(c, []byte("PK\x01\x02"))+10] = 99 // an unknown compression
	if a, err = archive.Open(c, "f", archive.Limits{}); err == nil {
		_, err = a.Read("a")
	}
	if fault.CodeOf(err) != fault.Broken {
		t.Errorf("unknown compression: %v", err)
	}
	if _, err := archive.Open(zipped(t, "a", "", "b", ""), "f", archive.Limits{Entries: 1}); fault.CodeOf(err) != fault.TooLarge {
		t.Errorf("entries: %v", err)
	}
	if _, err := archive.Open([]byte("PK"), "f", archive.Limits{}); fault.CodeOf(err) != fault.Broken {
		t.Errorf("no zip: %v", err)
	}
}
