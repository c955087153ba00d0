package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"

	"sportello/assistant/fault"
)

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
	secret, err := s.keyring.read(key)
	if errors.Is(err, fs.ErrNotExist) {
		if !make {
			return nil, errGone
		}
		if err = s.keyring.make(key); err == nil {
			secret, err = s.keyring.read(key)
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

// shred destroys a key. A key that is not there is shredded already.
func (s *Store) shred(key string) error { return s.keyring.shred(key) }

// keys gives the names of the keys that begin with a prefix.
func (s *Store) keys(prefix string) ([]string, error) { return s.keyring.names(prefix) }
