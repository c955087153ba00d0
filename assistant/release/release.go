package release

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"aead.dev/minisign"
	"golang.org/x/mod/semver"

	"sportello/assistant/fault"
)

const (
	sumsName      = "SHA256SUMS"
	signatureName = "SHA256SUMS.minisig"
	mostOfSums    = 1 << 20
)

// Release is a file whose signature and sum are right.
type Release struct {
	File    string
	Version string // of the signed comment: "v1.2.3"
	Package bool   // a Debian package
}

// Verify reads the sums and the signature beside file, tries them with keys, and compares the file. keys are public keys of minisign,
// the line that begins with RW.
//
// Errors: fault.NotFound for a file that is not there, fault.Forbidden when no key made the signature, fault.Broken for a file that is not as it was signed,
// fault.Invalid for keys that are none or a file of another sort.
func Verify(file string, keys []string) (*Release, error) {
	name := filepath.Base(file)
	if !strings.HasSuffix(name, ".tar.gz") && !strings.HasSuffix(name, ".deb") {
		return nil, fault.New(fault.Invalid, "%s is neither a .tar.gz nor a .deb of a release", file)
	}
	sums, err := small(filepath.Join(filepath.Dir(file), sumsName))
	if err != nil {
		return nil, err
	}
	signature, err := small(filepath.Join(filepath.Dir(file), signatureName))
	if err != nil {
		return nil, err
	}
	version, err := signed(sums, signature, keys)
	if err != nil {
		return nil, err
	}
	want, err := sumOf(sums, name)
	if err != nil {
		return nil, err
	}
	got, err := digest(file)
	if err != nil {
		return nil, err
	}
	if got != want {
		return nil, fault.New(fault.Broken, "%s is not the file that was signed: it was changed, or not copied whole; get it again", file)
	}
	return &Release{File: file, Version: version, Package: strings.HasSuffix(name, ".deb")}, nil
}

func small(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, err, "%s is missing: copy the whole folder of the release, %s and %s too", path, sumsName, signatureName)
	}
	defer func() { _ = f.Close() }() // it was only read
	b, err := io.ReadAll(io.LimitReader(f, mostOfSums))
	if err != nil {
		return nil, fault.Wrap(fault.Broken, err, "%s cannot be read", path)
	}
	return b, nil
}

// signed gives the version of the signed comment.
func signed(sums, signature []byte, keys []string) (string, error) {
	if len(keys) == 0 {
		return "", fault.New(fault.Invalid, "no public key is known: this program was built without one; write the makers' into update.keys")
	}
	good := false
	for _, k := range keys {
		var key minisign.PublicKey
		if err := key.UnmarshalText([]byte(strings.TrimSpace(k))); err != nil {
			return "", fault.Wrap(fault.Invalid, err, "update.keys: %q is no public key of minisign: it begins with RW", k)
		}
		good = good || minisign.Verify(key, sums, signature)
	}
	if !good {
		return "", fault.New(fault.Forbidden, "the signature of %s is not of a key that is trusted: do not install this", sumsName)
	}
	var s minisign.Signature
	if err := s.UnmarshalText(signature); err != nil {
		return "", fault.Wrap(fault.Broken, err, "%s cannot be read", signatureName)
	}
	version, ok := strings.CutPrefix(s.TrustedComment, "sportello ")
	if !ok || !semver.IsValid(version) {
		return "", fault.New(fault.Broken, "the signed comment %q does not say which release it is of", s.TrustedComment)
	}
	return version, nil
}

func sumOf(sums []byte, name string) (string, error) {
	lines := bufio.NewScanner(bytes.NewReader(sums))
	for lines.Scan() {
		if sum, of, ok := strings.Cut(lines.Text(), "  "); ok && of == name {
			return sum, nil
		}
	}
	return "", fault.New(fault.Broken, "%s does not name %s: the file is of another release, or was given another name", sumsName, name)
}

func digest(file string) (sum string, err error) {
	f, err := os.Open(file)
	if err != nil {
		return "", fault.Wrap(fault.NotFound, err, "%s cannot be read", file)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fault.Wrap(fault.Broken, err, "%s cannot be read", file)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Newer tells whether version b comes after a. A program that was built without a version, "devel", comes before all.
func Newer(a, b string) bool {
	if !semver.IsValid(a) {
		return true
	}
	return semver.Compare(b, a) > 0
}
