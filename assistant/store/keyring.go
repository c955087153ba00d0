package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// keyring holds the keys of what lies sealed, 32 random bytes each.
type keyring interface {
	read(key string) ([]byte, error) // fs.ErrNotExist when there is none
	make(key string) error           // one that is there stays
	put(key string, secret []byte) error
	shred(key string) error // one that is not there is shredded already
	names(prefix string) ([]string, error)
}

// keysDir holds one file a key. A backup leaves it out: what it holds of citizens' words dies with the key.
const keysDir = "keys"

// keyFiles are keys as files of the data folder.
type keyFiles struct{ s *Store }

func (k keyFiles) file(key string) string { return filepath.Join(k.s.dir, keysDir, key) }

func (k keyFiles) read(key string) ([]byte, error) { return os.ReadFile(k.file(key)) }

func (k keyFiles) make(key string) error { return k.put(key, newKey()) }

func newKey() []byte {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails, by its documentation
	return secret
}

// put writes a new key under a name of its own and then gives it its name, so that of two processes that make the same key the
// second one takes the first one's, and a crash leaves no half key.
func (k keyFiles) put(key string, secret []byte) (err error) {
	dir := filepath.Join(k.s.dir, keysDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, unfinished+"*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	if _, err := f.Write(secret); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), k.file(key)); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(dir)
}

// shred overwrites a key and removes it.
func (k keyFiles) shred(key string) error {
	name := k.file(key)
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

func (k keyFiles) names(prefix string) ([]string, error) {
	all, err := os.ReadDir(filepath.Join(k.s.dir, keysDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var out []string
	for _, e := range all {
		if strings.HasPrefix(e.Name(), prefix) && !strings.HasPrefix(e.Name(), unfinished) {
			out = append(out, e.Name())
		}
	}
	return out, err
}

// keyRows are keys as rows of PostgreSQL, for several nodes. A list of questions of one day asks for the same key again and again: a node
// remembers a key for as long as remembers says, and so does one that another node shredded meanwhile. The rows it opened are gone by then.
type keyRows struct {
	s    *Store
	mu   sync.Mutex
	kept map[string]keptKey
}

type keptKey struct {
	secret []byte
	until  time.Time
}

const (
	remembers   = 2 * time.Second
	keysAtOnce  = 1000 // remembered, at most
	keyPatience = 30 * time.Second
)

func (k *keyRows) read(key string) ([]byte, error) {
	k.mu.Lock()
	known, ok := k.kept[key]
	k.mu.Unlock()
	if ok && time.Now().Before(known.until) {
		return known.secret, nil
	}
	s := k.s
	ctx, cancel := context.WithTimeout(context.Background(), keyPatience)
	defer cancel()
	var secret []byte
	err := s.side.QueryRowContext(ctx, s.sql["key_get"], key).Scan(&secret)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.kept) >= keysAtOnce || k.kept == nil {
		k.kept = map[string]keptKey{}
	}
	k.kept[key] = keptKey{secret, time.Now().Add(remembers)}
	return secret, nil
}

func (k *keyRows) make(key string) error { return k.put(key, newKey()) }

func (k *keyRows) put(key string, secret []byte) error {
	s := k.s
	ctx, cancel := context.WithTimeout(context.Background(), keyPatience)
	defer cancel()
	_, err := s.side.ExecContext(ctx, s.sql["key_put"], key, secret)
	return err
}

// shred deletes the row; Forget takes it out of the table's file.
func (k *keyRows) shred(key string) error {
	s := k.s
	ctx, cancel := context.WithTimeout(context.Background(), keyPatience)
	defer cancel()
	_, err := s.side.ExecContext(ctx, s.sql["key_delete"], key)
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.kept, key)
	return err
}

func (k *keyRows) names(prefix string) ([]string, error) {
	s := k.s
	ctx, cancel := context.WithTimeout(context.Background(), keyPatience)
	defer cancel()
	rows, err := s.side.QueryContext(ctx, s.sql["key_names"], prefix, len([]rune(prefix)))
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (name string, err error) { return name, row.Scan(&name) })
}
