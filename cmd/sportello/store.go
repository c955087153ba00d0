package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// storeCmd is about where everything is kept.
type storeCmd struct {
	Move   storeMoveCmd   `cmd:"" help:"Copy everything from SQLite to PostgreSQL or back."`
	Backup storeBackupCmd `cmd:"" help:"Copy everything into a new folder, as SQLite, without the keys."`
}

type storeMoveCmd struct {
	To     string `required:"" enum:"postgres,sqlite" help:"postgres or sqlite."`
	Folder string `help:"Folder of the SQLite store, when it is not the data folder." placeholder:"DIR"`
	JSON   bool   `help:"Print JSON."`
}

func (cmd *storeMoveCmd) Help() string {
	return "Stop the servers first: what they write meanwhile waits, and what they write afterwards stays behind.\n\n" +
		"The target has to be empty and the source stays as it is. Everything is compared by number and checksum before it counts.\n\n" +
		"Example:\n  SPORTELLO_POSTGRES_ADDRESS=postgres://sportello:…@db/sportello sportello store move --to postgres"
}

func (cmd *storeMoveCmd) Run(ctx context.Context, s *session) error {
	address, err := s.cfg.postgresAddress()
	if err != nil {
		return err
	}
	if cmd.To == "postgres" {
		if _, err := os.Stat(filepath.Join(cmd.folder(s), "sportello.db")); errors.Is(err, os.ErrNotExist) {
			return fault.New(fault.Invalid, "%s holds no SQLite store: name its folder with --data or --folder", cmd.folder(s))
		}
	}
	sqlite, postgres := s.cfg.storeConfig(), s.cfg.storeConfig()
	sqlite.Postgres, sqlite.Dir = "", cmd.folder(s)
	postgres.Postgres = address
	from, to := sqlite, postgres
	if cmd.To == "sqlite" {
		from, to = postgres, sqlite
	}
	moved, err := s.copyStore(ctx, from, to, store.MoveConfig{})
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, moved)
	}
	s.sayMoved(moved)
	if cmd.To == "postgres" {
		sayln(s.stdout, "\nNow write into the configuration of every node:\n  store = \"postgres\"\n\n  [postgres]\n  address_file = \"/etc/sportello/postgres\"   # the file holds the address, and only sportello may read it")
		sayf(s.stdout, "\n%s stays as it was. When all is well, remove sportello.db, files/, inbox/ and keys/ there: keys/ opens what citizens wrote.\n", cmd.folder(s))
		return nil
	}
	sayln(s.stdout, "\nNow write into the configuration of the one server that goes on:\n  store = \"sqlite\"\n\nThe database stays as it was. When all is well, drop it: it holds the keys of what citizens wrote.")
	return nil
}

func (cmd *storeMoveCmd) folder(s *session) string {
	if cmd.Folder != "" {
		return cmd.Folder
	}
	return s.cfg.Data
}

type storeBackupCmd struct {
	Folder string `arg:"" help:"A folder that is new or empty." placeholder:"DIR"`
	JSON   bool   `help:"Print JSON."`
}

func (cmd *storeBackupCmd) Help() string {
	return "The copy is a data folder: name it with --data to look into it, or bring it back with sportello store move.\n" +
		"Servers go on meanwhile. The keys of what citizens wrote stay here, so that it is forgotten in the copy when it is here."
}

func (cmd *storeBackupCmd) Run(ctx context.Context, s *session) error {
	entries, err := os.ReadDir(cmd.Folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fault.Wrap(fault.Invalid, err, "%s cannot be read", cmd.Folder)
	}
	if len(entries) > 0 {
		return fault.New(fault.Conflict, "%s is not empty: name a new folder", cmd.Folder)
	}
	to := s.cfg.storeConfig()
	to.Postgres, to.Dir = "", cmd.Folder
	moved, err := s.copyStore(ctx, s.cfg.storeConfig(), to, store.MoveConfig{Copy: true})
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, moved)
	}
	s.sayMoved(moved)
	return nil
}

// copyStore opens both stores and copies one into the other, with a bar on a terminal.
func (s *session) copyStore(ctx context.Context, from, to store.Config, c store.MoveConfig) (moved *store.Moved, err error) {
	source, err := store.Open(ctx, from)
	if err != nil {
		return nil, err
	}
	defer release(source)
	target, err := store.Open(ctx, to)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	progress := bar(s.stderr, 1, "copying", false)
	c.Say = func(what string) { progress.Describe(what) }
	c.Progress = func(done, total int64) {
		progress.ChangeMax64(max(total, 1))
		_ = progress.Set64(done) // a bar that cannot be drawn stops nothing
	}
	moved, err = store.Move(ctx, source, target, c)
	_ = progress.Finish()
	return moved, err
}

func (s *session) sayMoved(m *store.Moved) {
	sayf(s.stdout, "%d rows of %d tables, %d files (%.1f MB), %d keys: copied and compared.\n", m.Rows, len(m.Tables), m.Files, float64(m.Bytes)/1e6, m.Keys)
	if m.Changed > 0 {
		sayf(s.stdout, "%d texts held bytes that PostgreSQL cannot keep; the sign \uFFFD stands for each.\n", m.Changed)
	}
	for _, sha := range m.Damaged {
		sayf(s.stdout, "The original %s was damaged already: ingest its document again.\n", sha)
	}
}
