package p7m_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/p7m"
	"sportello/ingest/text"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The fixtures were made once with "openssl cms -sign" (and -encrypt, -stream, -outform) from ordinanza.md.
func TestOpen(t *testing.T) {
	want := string(read(t, "ordinanza.md"))
	for name, code := range map[string]fault.Code{
		"der.p7m": "", "ber.p7m": "", "pem.p7m": "", "smime.p7m": "", "base64.p7m": "",
		"detached.p7m": fault.NoText, "cut.p7m": fault.Broken, "enveloped.p7m": fault.Broken, "ordinanza.md": fault.Broken,
	} {
		in, err := p7m.New(p7m.Config{}).Open(t.Context(), ingest.Input{Name: "albo/" + name, Bytes: read(t, name)})
		if fault.CodeOf(err) != code {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (string(in.Bytes) != want || in.Name != "albo/"+strings.TrimSuffix(name, ".p7m")) {
			t.Errorf("%s: %q, %q", name, in.Name, in.Bytes)
		}
	}
}

// TestThroughRegistry reads a signature inside a signature, by the format of what is inside.
func TestThroughRegistry(t *testing.T) {
	r := ingest.NewRegistry(map[ingest.Format]ingest.Parser{ingest.FormatMarkdown: text.NewMarkdown(text.Config{})}).
		WithEnvelopes(map[ingest.Format]ingest.Envelope{ingest.FormatP7M: p7m.New(p7m.Config{})})
	p, err := r.Parse(t.Context(), ingest.Input{Name: "ordinanza.md.p7m.p7m", Bytes: read(t, "nested.p7m")})
	if err != nil || p.Format != "markdown" || p.Title != "Ordinanza n. 7" {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := r.Parse(t.Context(), ingest.Input{Name: "x.p7m", Bytes: read(t, "enveloped.p7m")}); fault.CodeOf(err) != fault.Encrypted {
		t.Errorf("enveloped: %v", err)
	}
}

func TestStamped(t *testing.T) {
	// TimeStampedData of the text "ciao" (RFC 5544), in definite and in pieces of indefinite length
	for _, s := range []string{
		"\x30\x1a\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x1f\xa0\x0b\x30\x09\x02\x01\x01\x04\x04ciao",
		"\x30\x80\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x1f\xa0\x80\x30\x80\x02\x01\x01\x24\x80\x04\x02ci\x24\x04\x04\x02ao\x00\x00\x00\x00\x00\x00\x00\x00",
	} {
		in, err := p7m.New(p7m.Config{}).Open(t.Context(), ingest.Input{Name: "x.tsd", Bytes: []byte(s)})
		if err != nil || string(in.Bytes) != "ciao" || in.Name != "x" {
			t.Errorf("%q, %v", in.Bytes, err)
		}
	}
}

func TestHostile(t *testing.T) {
	oid := "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
	data := "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
	for name, s := range map[string]string{
		"length over the end":  "\x30\x7f" + oid,
		"length of length":     "\x30\x89\x01\x01\x01\x01\x01\x01\x01\x01\x01",
		"huge length":          "\x30\x88\x7f\xff\xff\xff\xff\xff\xff\xff",
		"deep":                 strings.Repeat("\x30\x80", 5000),
		"primitive indefinite": "\x30\x80\x04\x80",
		"long tag":             "\x30\x04\x1f\xff\xff\xff",
		"long tag cut":         "\x30\x80\x1f\xff",
		"no content":           "\x30\x0b" + oid,
		"wrong context":        "\x30\x0d" + oid + "\x04\x00",
		"not a sequence":       "\x31\x00",
		"not an oid":           "\x30\x02\x02\x00",
		"other type":           "\x30\x0f" + strings.Replace(oid, "\x07\x02", "\x07\x05", 1) + "\xa0\x02\x30\x00",
		"no sequence inside":   "\x30\x0f" + oid + "\xa0\x02\x04\x00",
		"empty signed data":    "\x30\x0f" + oid + "\xa0\x02\x30\x00",
		"content no sequence":  "\x30\x17" + oid + "\xa0\x0a\x30\x08\x02\x00\x31\x00\x04\x02xx",
		"content no oid":       "\x30\x17" + oid + "\xa0\x0a\x30\x08\x02\x00\x31\x00\x30\x02\x02\x00",
		"content in the wrong": "\x30\x24" + oid + "\xa0\x17\x30\x15\x02\x00\x31\x00\x30\x0f" + data + "\x04\x02xx",
		"piece not octets":     "\x30\x26" + oid + "\xa0\x19\x30\x17\x02\x00\x31\x00\x30\x11" + data + "\xa0\x04\x24\x02\x02\x00",
		"bad base64":           "MII*",
		"odd base64":           "MII",
	} {
		if _, err := p7m.New(p7m.Config{}).Open(t.Context(), ingest.Input{Name: "x", Bytes: []byte(s)}); fault.CodeOf(err) != fault.Broken {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := p7m.New(p7m.Config{MaxBytes: 2}).Open(t.Context(), ingest.Input{Bytes: []byte("\x30\x00\x00")}); fault.CodeOf(err) != fault.TooLarge {
		t.Errorf("limit: %v", err)
	}
	// PKCS #7 1.5 puts the content's own type where CMS has an octet string
	bare := "\x30\x25" + oid + "\xa0\x18\x30\x16\x02\x00\x31\x00\x30\x10" + data + "\xa0\x03\x02\x01\x07"
	if in, err := p7m.New(p7m.Config{}).Open(t.Context(), ingest.Input{Bytes: []byte(bare)}); err != nil || string(in.Bytes) != "\x02\x01\x07" {
		t.Errorf("bare: %q, %v", in.Bytes, err)
	}
	empty := "\x30\x24" + oid + "\xa0\x17\x30\x15\x02\x00\x31\x00\x30\x0f" + data + "\xa0\x02\x04\x00"
	if _, err := p7m.New(p7m.Config{}).Open(t.Context(), ingest.Input{Bytes: []byte(empty)}); fault.CodeOf(err) != fault.NoText {
		t.Errorf("empty: %v", err)
	}
	none := "\x30\x24\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x1f\xa0\x05\x30\x03\x02\x01\x01"
	none = "\x30" + string(rune(len(none)-2)) + none[2:]
	if _, err := p7m.New(p7m.Config{}).Open(t.Context(), ingest.Input{Bytes: []byte(none)}); fault.CodeOf(err) != fault.NoText {
		t.Errorf("stamp without content: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p7m.New(p7m.Config{}).Open(ctx, ingest.Input{}); fault.CodeOf(err) != fault.Timeout {
		t.Errorf("cancelled: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	for _, name := range []string{"der.p7m", "ber.p7m", "pem.p7m", "smime.p7m", "nested.p7m", "base64.p7m"} {
		f.Add(read(f, name))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := p7m.New(p7m.Config{}).Open(context.Background(), ingest.Input{Bytes: b}); fault.CodeOf(err) == fault.Internal {
			t.Error(err)
		}
	})
}
