package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"slices"
	"strconv"
	"strings"

	"sportello/assistant/fault"
	"sportello/assistant/store/postgres"
)

// table is a table as Move knows it.
type table struct {
	name    string
	columns []column
	self    *column // the one that refers to another row of the same table, see copyTable
	rows    int64
}

type column struct {
	name   string
	kind   string // TEXT, INTEGER, BLOB, REAL
	refers string // the column that self refers to
}

func quoted(name string) string { return `"` + name + `"` }

// schema reads the tables from whichever store is SQLite: they are the same in both, and SQLite says more of them. Those that refer to
// others come after them.
func (m *mover) schema(ctx context.Context) ([]table, error) {
	s := m.from
	if s.dialect != sqliteDialect {
		s = m.to
	}
	if s.dialect != sqliteDialect {
		return nil, fault.New(fault.Unsupported, "from PostgreSQL to PostgreSQL use pg_dump and pg_restore")
	}
	rows, err := s.reader.QueryContext(ctx, s.dialect.tables)
	if err != nil {
		return nil, err
	}
	names, err := collect(rows, func(row scanner) (name string, err error) { return name, row.Scan(&name) })
	if err != nil {
		return nil, err
	}
	var waiting []table
	needs := map[string][]string{}
	for _, name := range names {
		if name == "goose_db_version" {
			continue
		}
		t := table{name: name}
		if t.columns, err = columnsOf(ctx, s, name); err != nil {
			return nil, err
		}
		if needs[name], err = t.references(ctx, s); err != nil {
			return nil, err
		}
		waiting = append(waiting, t)
	}
	var ordered []table
	placed := map[string]bool{}
	for len(waiting) > 0 {
		i := slices.IndexFunc(waiting, func(t table) bool {
			return !slices.ContainsFunc(needs[t.name], func(other string) bool { return !placed[other] })
		})
		if i < 0 {
			return nil, fault.New(fault.Internal, "the tables refer to each other in a circle: %s", waiting[0].name)
		}
		placed[waiting[i].name] = true
		ordered = append(ordered, waiting[i])
		waiting = slices.Delete(waiting, i, i+1)
	}
	return ordered, nil
}

func columnsOf(ctx context.Context, s *Store, name string) ([]column, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT name, type FROM pragma_table_info(?1) ORDER BY cid`, name)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (c column, err error) { return c, row.Scan(&c.name, &c.kind) })
}

// references gives the other tables that t refers to, and notes the column by which it refers to itself.
func (t *table) references(ctx context.Context, s *Store) ([]string, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT "table", "from", "to" FROM pragma_foreign_key_list(?1)`, t.name)
	if err != nil {
		return nil, err
	}
	type key struct{ table, from, to string }
	keys, err := collect(rows, func(row scanner) (k key, err error) { return k, row.Scan(&k.table, &k.from, &k.to) })
	if err != nil {
		return nil, err
	}
	var others []string
	for _, k := range keys {
		if k.table != t.name {
			others = append(others, k.table)
			continue
		}
		t.self = &column{name: k.from, refers: k.to}
	}
	return others, nil
}

// copyTables copies all rows and compares them.
func (m *mover) copyTables(ctx context.Context, source, target *sql.Tx) error {
	for _, name := range given {
		if name != "goose_db_version" {
			if _, err := target.ExecContext(ctx, `DELETE FROM `+quoted(name)); err != nil {
				return err
			}
		}
	}
	for i := range m.tables {
		t := &m.tables[i]
		m.c.Say(t.name)
		want, err := m.copyTable(ctx, source, target, t)
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		have, n, err := t.sum(ctx, target)
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		if n != t.rows || have != want {
			return fault.New(fault.Broken, "the table %s has %d rows and was written as %d, or as others: nothing was moved", t.name, t.rows, n)
		}
		m.out.Tables = append(m.out.Tables, MovedTable{t.name, n, have.String()})
		m.out.Rows += n
		if m.to.dialect == postgresDialect {
			if err := t.goOn(ctx, target); err != nil {
				return err
			}
		}
	}
	return nil
}

// goOn lets the numbers of new rows begin after those that are there. SQLite does so by itself.
func (t *table) goOn(ctx context.Context, target *sql.Tx) error {
	if t.columns[0].name != "id" || t.columns[0].kind != "INTEGER" {
		return nil
	}
	_, err := target.ExecContext(ctx, `SELECT setval(pg_get_serial_sequence(?1, 'id'), (SELECT max(id) FROM `+quoted(t.name)+`)) WHERE EXISTS (SELECT 1 FROM `+quoted(t.name)+`)`, t.name)
	return err
}

// How much one INSERT takes: both databases bound the number of parameters, and memory bounds the bytes.
const (
	moveRows   = 500
	moveParams = 30_000
	moveBytes  = 4 << 20
)

// copyTable copies the rows of a table and gives their sum. A row may refer to one of the same table that comes later: what it refers to is
// written when all are there.
func (m *mover) copyTable(ctx context.Context, source, target *sql.Tx, t *table) (total checksum, err error) {
	rows, err := source.QueryContext(ctx, t.query())
	if err != nil {
		return total, err
	}
	defer func() {
		if closed := rows.Close(); err == nil {
			err = closed
		}
	}()
	b := batch{table: t, target: target}
	for rows.Next() {
		values, size, err := t.read(rows)
		if err != nil {
			return total, err
		}
		m.out.Changed += fit(values)
		total.add(values)
		if err := b.add(ctx, values, size); err != nil {
			return total, err
		}
		m.step(1)
	}
	if err := rows.Err(); err != nil {
		return total, err
	}
	return total, b.end(ctx)
}

func (t *table) query() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = quoted(c.name)
	}
	return `SELECT ` + strings.Join(names, ", ") + ` FROM ` + quoted(t.name)
}

// read gives the values of a row as the columns want them: SQLite keeps bytes in a column for text when it was given bytes.
func (t *table) read(row scanner) (values []any, size int, err error) {
	values = make([]any, len(t.columns))
	to := make([]any, len(t.columns))
	for i := range to {
		to[i] = &values[i]
	}
	if err := row.Scan(to...); err != nil {
		return nil, 0, err
	}
	for i, c := range t.columns {
		switch v := values[i].(type) {
		case []byte:
			size += len(v)
			if c.kind == "TEXT" {
				values[i] = string(v)
			}
		case string:
			size += len(v)
			if c.kind == "BLOB" {
				values[i] = []byte(v)
			}
		case int64:
			if c.kind == "REAL" {
				values[i] = float64(v)
			}
		}
	}
	return values, size, nil
}

// fit makes texts what every database holds, and says how many it changed.
func fit(values []any) (changed int64) {
	for i, v := range values {
		if text, ok := v.(string); ok {
			if f := postgres.Text(text); f != text {
				values[i] = f
				changed++
			}
		}
	}
	return changed
}

// sum gives the checksum and the number of the rows that are there.
func (t *table) sum(ctx context.Context, tx *sql.Tx) (total checksum, n int64, err error) {
	rows, err := tx.QueryContext(ctx, t.query())
	if err != nil {
		return total, 0, err
	}
	defer func() {
		if closed := rows.Close(); err == nil {
			err = closed
		}
	}()
	for rows.Next() {
		values, _, err := t.read(rows)
		if err != nil {
			return total, n, err
		}
		total.add(values)
		n++
	}
	return total, n, rows.Err()
}

// checksum is the sum of the sha256 of rows. Rows have no order, and none is there twice: each has a key.
type checksum [sha256.Size]byte

func (c *checksum) add(values []any) {
	h := sha256.New()
	for _, v := range values {
		write(h, v)
	}
	for i, b := range h.Sum(nil) {
		c[i] ^= b
	}
}

func (c checksum) String() string { return hex.EncodeToString(c[:]) }

// write gives a value to h so that no two rows look alike.
func write(h hash.Hash, v any) {
	var head [9]byte
	switch x := v.(type) {
	case nil:
		head[0] = 'n'
	case int64:
		head[0] = 'i'
		binary.BigEndian.PutUint64(head[1:], uint64(x)) //nolint:gosec // the bits count
	case float64:
		head[0] = 'f'
		binary.BigEndian.PutUint64(head[1:], math.Float64bits(x))
	case string:
		head[0] = 's'
		binary.BigEndian.PutUint64(head[1:], uint64(len(x)))
	case []byte:
		head[0] = 'b'
		binary.BigEndian.PutUint64(head[1:], uint64(len(x)))
	default:
		head[0] = '?'
	}
	_, _ = h.Write(head[:]) // never fails, by its documentation
	switch x := v.(type) {
	case string:
		_, _ = h.Write([]byte(x))
	case []byte:
		_, _ = h.Write(x)
	}
}

// batch is rows that one INSERT writes.
type batch struct {
	table  *table
	target *sql.Tx
	args   []any
	rows   int
	size   int
	full   string // the statement for moveRows rows, which is nearly always the one
	later  []reference
}

// reference is what a row of the same table refers to.
type reference struct{ row, value any }

func (b *batch) add(ctx context.Context, values []any, size int) error {
	if self := b.table.self; self != nil {
		at := slices.IndexFunc(b.table.columns, func(c column) bool { return c.name == self.name })
		key := slices.IndexFunc(b.table.columns, func(c column) bool { return c.name == self.refers })
		if values[at] != nil {
			b.later = append(b.later, reference{values[key], values[at]})
			values = slices.Clone(values)
			values[at] = nil
		}
	}
	b.args = append(b.args, values...)
	b.rows++
	b.size += size
	if b.rows >= b.most() || b.size >= moveBytes {
		return b.flush(ctx)
	}
	return nil
}

func (b *batch) most() int { return min(moveRows, moveParams/len(b.table.columns)) }

func (b *batch) flush(ctx context.Context) error {
	if b.rows == 0 {
		return nil
	}
	statement := b.full
	if b.rows != b.most() || statement == "" {
		statement = b.statement()
	}
	if b.rows == b.most() {
		b.full = statement
	}
	_, err := b.target.ExecContext(ctx, statement, b.args...)
	b.args, b.rows, b.size = b.args[:0], 0, 0
	return err
}

func (b *batch) statement() string {
	var s strings.Builder
	s.WriteString(`INSERT INTO ` + quoted(b.table.name) + ` (`)
	for i, c := range b.table.columns {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(quoted(c.name))
	}
	s.WriteString(") VALUES ")
	for n := range b.rows {
		if n > 0 {
			s.WriteByte(',')
		}
		s.WriteByte('(')
		for i := range b.table.columns {
			if i > 0 {
				s.WriteByte(',')
			}
			s.WriteString("?" + strconv.Itoa(n*len(b.table.columns)+i+1))
		}
		s.WriteByte(')')
	}
	return s.String()
}

// end writes what is left, and what rows refer to.
func (b *batch) end(ctx context.Context) error {
	if err := b.flush(ctx); err != nil {
		return err
	}
	if b.table.self == nil {
		return nil
	}
	statement := `UPDATE ` + quoted(b.table.name) + ` SET ` + quoted(b.table.self.name) + ` = ?1 WHERE ` + quoted(b.table.self.refers) + ` = ?2`
	for _, r := range b.later {
		if _, err := b.target.ExecContext(ctx, statement, r.value, r.row); err != nil {
			return err
		}
	}
	return nil
}
