// Package releasetest makes releases for tests: a folder with an archive, its sums and their signature.
package releasetest

import (
	"archive/tar"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aead.dev/minisign"
)

// Maker has a pair of keys.
type Maker struct {
	Public  string
	private minisign.PrivateKey
}

// New makes a maker with keys of its own.
func New(t testing.TB) *Maker {
	t.Helper()
	public, private, err := minisign.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &Maker{Public: public.String(), private: private}
}

// Release makes a folder in dir with a release whose program is the text given, and gives the path of its archive.
func (m *Maker) Release(t testing.TB, dir, version, program string) string {
	t.Helper()
	folder, err := os.MkdirTemp(dir, "release-*")
	if err != nil {
		t.Fatal(err)
	}
	name := "sportello_" + strings.TrimPrefix(version, "v") + "_linux_amd64"
	file := filepath.Join(folder, name+".tar.gz")
	if err := archive(file, name+"/sportello", program); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sums := fmt.Appendf(nil, "%x  %s\n", sha256.Sum256(b), filepath.Base(file))
	signature := minisign.SignWithComments(m.private, sums, "sportello "+version, "")
	err = errors.Join(os.WriteFile(filepath.Join(folder, "SHA256SUMS"), sums, 0o600), os.WriteFile(filepath.Join(folder, "SHA256SUMS.minisig"), signature, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func archive(file, name, text string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	z := gzip.NewWriter(f)
	w := tar.NewWriter(z)
	if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(text))}); err != nil {
		return err
	}
	_, err = w.Write([]byte(text))
	return errors.Join(err, w.Close(), z.Close(), f.Close())
}
