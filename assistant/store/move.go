package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"slices"

	"sportello/assistant/fault"
)

// Moved says what Move copied.
type Moved struct {
	Tables  []MovedTable `json:"tables"`
	Rows    int64        `json:"rows"`
	Files   int          `json:"files"`   // originals, and uploads that wait
	Bytes   int64        `json:"bytes"`   // of these
	Keys    int          `json:"keys"`    // 0 when they were left out
	Changed int64        `json:"changed"` // texts with bytes that PostgreSQL cannot hold: U+FFFD stands for each
	Damaged []string     `json:"damaged"` // originals that are not what their name says, in the source already
}

// MovedTable is one table, the same on both sides.
type MovedTable struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"` // of all rows, in any order
}

// MoveConfig is what Move needs beside the two stores.
type MoveConfig struct {
	Copy     bool                    // a backup: others write meanwhile, and keys stay, so that what citizens wrote is forgotten with us
	Progress func(done, total int64) // rows and files; may be nil
	Say      func(what string)       // what is copied now; may be nil
}

// Move copies everything from one store to another that is empty: rows table by table in one transaction, compared by number and checksum
// before it counts, bytes by their sha256, and keys. The source stays as it is; nobody else writes to it meanwhile,
// unless it is a copy.
//
// Errors: fault.Conflict when the target is not empty, fault.Broken when what was written is not what was read.
func Move(ctx context.Context, from, to *Store, c MoveConfig) (*Moved, error) {
	if c.Progress == nil {
		c.Progress = func(int64, int64) {}
	}
	if c.Say == nil {
		c.Say = func(string) {}
	}
	m := &mover{from: from, to: to, c: c, out: &Moved{Damaged: []string{}}}
	if err := m.empty(ctx); err != nil {
		return nil, err
	}
	err := m.hold(ctx, func(source *sql.Tx) error {
		if err := m.plan(ctx, source); err != nil {
			return err
		}
		if err := m.copyBytes(ctx); err != nil {
			return err
		}
		if !c.Copy {
			if err := m.copyKeys(); err != nil {
				return err
			}
		}
		return to.write(ctx, func(target *sql.Tx) error { return m.copyTables(ctx, source, target) })
	})
	if err != nil {
		return nil, from.fail(err)
	}
	return m.out, nil
}

// hold runs f on one moment of the source; nobody writes there meanwhile unless it is copied only.
func (m *mover) hold(ctx context.Context, f func(source *sql.Tx) error) error {
	if m.c.Copy {
		return m.from.read(ctx, f)
	}
	return m.from.transaction(ctx, m.from.writer, m.from.dialect.lock, f)
}

// mover is a Move under way.
type mover struct {
	from, to *Store
	c        MoveConfig
	out      *Moved

	tables      []table
	files       []string
	done, total int64
}

// step counts what was copied.
func (m *mover) step(n int64) {
	m.done += n
	m.c.Progress(m.done, m.total)
}

// given are tables that a new store has rows in.
var given = []string{"counters", "goose_db_version"}

// empty makes sure that nothing is in the target that would be lost or mixed.
func (m *mover) empty(ctx context.Context) error {
	rows, err := m.to.reader.QueryContext(ctx, m.to.dialect.tables)
	if err != nil {
		return m.to.fail(err)
	}
	names, err := collect(rows, func(row scanner) (name string, err error) { return name, row.Scan(&name) })
	if err != nil {
		return m.to.fail(err)
	}
	for _, name := range names {
		if slices.Contains(given, name) || name == "blobs" || name == "blob_pieces" || name == "keys" {
			continue // bytes and keys of a move that was broken off are the same again
		}
		var full bool
		if err := m.to.reader.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM `+quoted(name)+`)`).Scan(&full); err != nil {
			return m.to.fail(err)
		}
		if full {
			return fault.New(fault.Conflict, "%s is not empty (table %s): nothing was moved; name an empty one", m.to.where, name)
		}
	}
	return nil
}

// plan reads the tables of the source, those that others refer to first, and what else there is to copy.
func (m *mover) plan(ctx context.Context, source *sql.Tx) (err error) {
	if m.tables, err = m.schema(ctx); err != nil {
		return err
	}
	for i := range m.tables {
		t := &m.tables[i]
		if err := source.QueryRowContext(ctx, `SELECT count(*) FROM `+quoted(t.name)).Scan(&t.rows); err != nil {
			return err
		}
		m.total += t.rows
	}
	for _, folder := range []string{filesDir + "/", inboxDir + "/"} {
		names, err := m.from.bytes.names(ctx, folder)
		if err != nil {
			return err
		}
		m.files = append(m.files, names...)
	}
	m.total += int64(len(m.files))
	return nil
}

// copyBytes copies originals and what waits to be taken in.
func (m *mover) copyBytes(ctx context.Context) error {
	m.c.Say("originals")
	for _, name := range m.files {
		n, sum, err := m.copyFile(ctx, name)
		if err != nil {
			return err
		}
		if sha, original := originalOf(name); original && sum != "" && sum != sha {
			m.out.Damaged = append(m.out.Damaged, sha)
		}
		m.out.Files++
		m.out.Bytes += n
		m.step(1)
	}
	return nil
}

// copyFile gives the size and the sha256 of a file, empty when the target had it already.
func (m *mover) copyFile(ctx context.Context, name string) (size int64, sum string, err error) {
	in, err := m.from.bytes.read(ctx, name)
	if err != nil {
		return 0, "", err
	}
	h := sha256.New()
	counted := &counting{in: in, also: h}
	if err := errors.Join(m.to.bytes.put(ctx, name, counted), in.Close()); err != nil {
		return 0, "", m.to.fail(err)
	}
	if size, err = m.to.bytes.size(ctx, name); err != nil {
		return 0, "", m.to.fail(err)
	}
	if counted.n == 0 && size > 0 {
		return size, "", nil
	}
	if size != counted.n {
		return 0, "", fault.New(fault.Broken, "%s has %d bytes and was written with %d: nothing was moved", name, counted.n, size)
	}
	return size, hex.EncodeToString(h.Sum(nil)), nil
}

// copyKeys copies the keys of what is sealed.
func (m *mover) copyKeys() error {
	names, err := m.from.keys("")
	if err != nil {
		return err
	}
	for _, name := range names {
		key, err := m.from.keyring.read(name)
		if err != nil {
			return err
		}
		if err := m.to.keyring.put(name, key); err != nil {
			return err
		}
		if there, err := m.to.keyring.read(name); err != nil || !slices.Equal(there, key) {
			return errors.Join(err, fault.New(fault.Conflict, "%s has another key %s: nothing was moved; name an empty one", m.to.where, name))
		}
		m.out.Keys++
	}
	return nil
}
