package bucket_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"sportello/assistant/backup/bucket"
	"sportello/assistant/fault"
)

func server(t *testing.T) (*httptest.Server, *s3mem.Backend) {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("copie"); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(s.Close)
	return s, backend
}

// What is sent comes back as it was, in pieces too; others' files and other folders are not seen.
func TestThereAndBack(t *testing.T) {
	s, _ := server(t)
	b, err := bucket.New(bucket.Config{Address: s.URL, Bucket: "copie", Prefix: "/avella", AccessKey: "a", SecretKey: "b"})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string][]byte{"small": []byte("piccola"), "pieces": bytes.Repeat([]byte("0123456789abcdef"), 40<<20/16)} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := b.Put(t.Context(), file, name+".backup"); err != nil {
			t.Fatal(err)
		}
		if err := b.Get(t.Context(), name+".backup", file+".back"); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file + ".back"); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%s: %d bytes of %d, %v", name, len(got), len(text), err)
		}
	}
	other, err := bucket.New(bucket.Config{Address: s.URL, Bucket: "copie", AccessKey: "a", SecretKey: "b"})
	if err != nil {
		t.Fatal(err)
	}
	if all, err := other.List(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("without a prefix: %v %v", all, err)
	}
	if err := b.Remove(t.Context(), "small.backup"); err != nil {
		t.Fatal(err)
	}
	all, err := b.List(t.Context())
	if err != nil || len(all) != 1 || all[0].Name != "pieces.backup" || all[0].Bytes != 40<<20 {
		t.Errorf("%v %v", all, err)
	}
}

// Each way of being unusable has its own words.
func TestFaults(t *testing.T) {
	for _, c := range []bucket.Config{{Address: "s3.example.it", Bucket: "b", AccessKey: "a", SecretKey: "s"}, {Address: "https://s3.example.it/b", Bucket: "b", AccessKey: "a", SecretKey: "s"},
		{Address: "https://s3.example.it", AccessKey: "a", SecretKey: "s"}, {Address: "https://s3.example.it", Bucket: "b"}} {
		if _, err := bucket.New(c); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", c, err)
		}
	}
	s, _ := server(t)
	denied := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>`))
	}))
	defer denied.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for _, tt := range []struct {
		address, bucket string
		want            fault.Code
	}{{s.URL, "altro", fault.NotFound}, {denied.URL, "copie", fault.Forbidden}, {gone.URL, "copie", fault.Unavailable}} {
		b, err := bucket.New(bucket.Config{Address: tt.address, Bucket: tt.bucket, Region: "eu-south-1", AccessKey: "a", SecretKey: "b"})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Put(t.Context(), "/etc/hostname", "x"); fault.CodeOf(err) != tt.want {
			t.Errorf("put at %s/%s: %v, want %s", tt.address, tt.bucket, err, tt.want)
		}
	}
	b, err := bucket.New(bucket.Config{Address: s.URL, Bucket: "copie", AccessKey: "a", SecretKey: "b"})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Get(t.Context(), "niente", filepath.Join(t.TempDir(), "x")); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("a backup that is not there: %v", err)
	}
}
