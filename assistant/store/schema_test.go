package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// onlyThere are the tables that one of the two databases has and the other does not need.
var onlyThere = map[string]bool{"blobs": true, "blob_pieces": true, "keys": true, "goose_db_version": true}

// family says which kind of value a column holds, whatever the database calls it.
func family(kind string) string {
	switch kind = strings.ToUpper(kind); kind {
	case "INTEGER", "BIGINT":
		return "number"
	case "BLOB", "BYTEA":
		return "bytes"
	case "REAL", "DOUBLE PRECISION":
		return "real"
	case "TEXT":
		return "text"
	}
	return kind
}

// columns gives "table.column kind null" of all tables of a store.
func columns(t *testing.T, s *Store, query string) []string {
	t.Helper()
	rows, err := s.reader.QueryContext(context.Background(), query)
	ok(t, err)
	all := map[string]bool{}
	must[[]struct{}](t)(collect(rows, func(row scanner) (none struct{}, err error) {
		var table, column, kind string
		var null bool
		if err := row.Scan(&table, &column, &kind, &null); err != nil || onlyThere[table] {
			return none, err
		}
		all[fmt.Sprintf("%s.%s %s null=%v", table, column, family(kind), null)] = true
		return none, nil
	}))
	return slices.Sorted(maps.Keys(all))
}

const (
	sqliteColumns = `SELECT m.name, c.name, c.type, CASE WHEN c."notnull" = 0 AND c.pk = 0 THEN 1 ELSE 0 END
FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\'`
	postgresColumns = `SELECT table_name, column_name, data_type, CASE WHEN is_nullable = 'YES' THEN 1 ELSE 0 END
FROM information_schema.columns WHERE table_schema = current_schema()`
)

// TestSameSchema compares the tables of both databases. Who adds one writes it once, in sql/sqlite: PostgreSQL reads the same file with its
// own types. Only what it cannot read, a trigger or a function of SQLite, wants a file of the same name in sql/postgres.
func TestSameSchema(t *testing.T) {
	if !onPostgres {
		t.Skip("runs with TestPostgres")
	}
	here := opened(t, Config{Dir: t.TempDir()})
	there := must[*Store](t)(Open(t.Context(), Config{Dir: t.TempDir()}))
	t.Cleanup(func() { ok(t, there.Close()) })
	have, want := columns(t, here, postgresColumns), columns(t, there, sqliteColumns)
	if len(want) < 200 {
		t.Errorf("only %d columns were compared", len(want))
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("tables of SQLite (-) and PostgreSQL (+) differ: see sql/postgres\n%s", diff)
	}
	// Text is compared byte by byte, as in SQLite, whatever the language of the server.
	rows, err := here.reader.QueryContext(t.Context(), `SELECT table_name || '.' || column_name FROM information_schema.columns
WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`)
	ok(t, err)
	for _, name := range must[[]string](t)(collect(rows, func(row scanner) (name string, err error) { return name, row.Scan(&name) })) {
		t.Errorf("%s sorts by the language of the server: write TEXT in capitals", name)
	}
}

// A file of sql/postgres stands for one of sql/sqlite, or is about PostgreSQL alone. No number is taken twice.
func TestMigrationsFit(t *testing.T) {
	names := map[string]string{}
	for _, folder := range []string{"sql/sqlite", "sql/postgres"} {
		for _, e := range must[[]fs.DirEntry](t)(fs.ReadDir(files, folder)) {
			number, _, _ := strings.Cut(e.Name(), "_")
			if before := names[number]; before != "" && before != e.Name() {
				t.Errorf("%s/%s has the number of %s", folder, e.Name(), before)
			}
			names[number] = e.Name()
		}
	}
}

// Every statement that SQLite understands is understood by PostgreSQL too: also those that no test of this package asks.
func TestSameStatements(t *testing.T) {
	if !onPostgres {
		t.Skip("runs with TestPostgres")
	}
	here := opened(t, Config{Dir: t.TempDir()})
	there := must[*Store](t)(Open(t.Context(), Config{Dir: t.TempDir()}))
	t.Cleanup(func() { ok(t, there.Close()) })
	understood := 0
	for name, statement := range here.sql {
		first := 1 // of the list, after the parameters with a number
		for strings.Contains(statement, fmt.Sprintf("?%d", first)) {
			first++
		}
		statement = list(statement, first, 2)
		if prepares(t, there.reader, statement) != nil {
			continue // a piece of one, or about what SQLite has as files
		}
		understood++
		if err := prepares(t, here.reader, statement); err != nil {
			t.Errorf("%s: PostgreSQL does not understand it: %v\n%s", name, err, statement)
		}
	}
	if understood < 200 {
		t.Errorf("only %d statements were compared", understood)
	}
}

func prepares(t *testing.T, db *sql.DB, statement string) error {
	t.Helper()
	prepared, err := db.PrepareContext(t.Context(), statement)
	if err == nil {
		defer prepared.Close()
	}
	return err
}
