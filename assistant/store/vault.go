package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sportello/assistant/fault"
)

// keysDir holds one file of 32 random bytes a key. A backup leaves it out: what it holds of citizens' words dies with the key.
const keysDir = "keys"

// errGone says that what was sealed can no longer be read: its key was destroyed, in the meantime or by restoring a backup.
var errGone = errors.New("the key is gone")

// seal makes the column sealed of a row: v as JSON under the key of a name, bound to the row. The key is made when it is not there.
func (s *Store) seal(key, row string, v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	box, err := s.box(key, true)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, box.NonceSize())
	_, _ = rand.Read(nonce) // never fails, by its documentation
	return box.Seal(nonce, nonce, plain, []byte(key+"/"+row)), nil
}

// unseal reads a column sealed. errGone when the key is not there.
func (s *Store) unseal(key, row string, sealed []byte, v any) error {
	box, err := s.box(key, false)
	if err != nil {
		return err
	}
	if len(sealed) < box.NonceSize() {
		return fault.New(fault.Broken, "a sealed row is cut short")
	}
	plain, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], []byte(key+"/"+row))
	if err != nil {
		return fault.Wrap(fault.Broken, err, "a sealed row does not fit its key")
	}
	return json.Unmarshal(plain, v)
}

func (s *Store) box(key string, make bool) (cipher.AEAD, error) {
	secret, err := os.ReadFile(s.keyFile(key))
	if errors.Is(err, fs.ErrNotExist) {
		if !make {
			return nil, errGone
		}
		if err = s.makeKey(key); err == nil {
			secret, err = os.ReadFile(s.keyFile(key))
		}
	}
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, fault.Wrap(fault.Broken, err, "the key %s is damaged", key)
	}
	return cipher.NewGCM(block)
}

func (s *Store) keyFile(key string) string { return filepath.Join(s.dir, keysDir, key) }

// makeKey writes a new key under a name of its own and then gives it its name, so that of two processes that make the same key the
// second one takes the first one's, and a crash leaves no half key.
func (s *Store) makeKey(key string) (err error) {
	dir := filepath.Join(s.dir, keysDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	if _, err := f.Write(secret); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), s.keyFile(key)); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(dir)
}

// shred overwrites a key and removes it. A key that is not there is shredded already.
func (s *Store) shred(key string) error {
	name := s.keyFile(key)
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 32))
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(name))
}

// keys gives the names of the keys that begin with a prefix.
func (s *Store) keys(prefix string) ([]string, error) {
	all, err := os.ReadDir(filepath.Join(s.dir, keysDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var out []string
	for _, e := range all {
		if strings.HasPrefix(e.Name(), prefix) {
			out = append(out, e.Name())
		}
	}
	return out, err
}
