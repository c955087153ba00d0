package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"sportello/assistant/fault"
)

// UndoFor is how long what was done can be undone.
const UndoFor = 30 * 24 * time.Hour

// Entry is a line of the journal: something a person did, or a visit to a watched address, that can be undone.
type Entry struct {
	ID       int64
	At       time.Time
	Author   string // an actor of the audit log
	Action   string // repeal, restore, supersede, fix, version, upload, address, visit…
	Label    string // the title or address it was done to; how many, when there were several
	Items    int    // how many things it changed
	Subject  string // id of the one, when there is one
	Kind     string // of Subject: document, address, setting, offices
	UndoneAt time.Time
	UndoneBy string
}

// Undone says whether the entry was taken back.
func (e Entry) Undone() bool { return !e.UndoneAt.IsZero() }

// item is one thing that an entry changed, with what it was.
type item struct {
	kind    string
	subject string
	was     any // written as JSON
}

// The kinds of item, as they are stored.
const (
	documentItem = "document"
	addressItem  = "address"
	settingItem  = "setting"
	tenantItem   = "tenant"  // its name and codes; likewise
	officesItem  = "offices" // all of a tenant's, which is their subject too
)

// actionVisit is what a visit to a watched address did. What somebody takes back of it does not come again with the next visit.
const actionVisit = "visit"

// record writes an entry. It belongs in the transaction that does what the entry says.
func (s *Store) record(ctx context.Context, tx *sql.Tx, tenant, author, action, label string, items []item) (entry int64, err error) {
	if err := tx.QueryRowContext(ctx, s.sql["journal_insert"], tenant, s.stamp(), author, action, label).Scan(&entry); err != nil {
		return 0, err
	}
	for _, one := range items {
		was, err := json.Marshal(one.was)
		if err != nil {
			return 0, err
		}
		if _, err := tx.ExecContext(ctx, s.sql["journal_item"], entry, one.kind, one.subject, string(was)); err != nil {
			return 0, err
		}
	}
	return entry, nil
}

// Journal gives what was done at a tenant, the newest first.
func (s *Store) Journal(ctx context.Context, tenant string, limit, offset int) ([]Entry, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["journal_list"], tenant, limit, offset)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (e Entry, err error) {
		var at, undone string
		if err := row.Scan(&e.ID, &at, &e.Author, &e.Action, &e.Label, &undone, &e.UndoneBy, &e.Items, &e.Subject, &e.Kind); err != nil {
			return e, err
		}
		if e.At, err = time.Parse(time.RFC3339Nano, at); err == nil && undone != "" {
			e.UndoneAt, err = time.Parse(time.RFC3339Nano, undone)
		}
		return e, err
	})
	return all, s.fail(err)
}

// JournalEntry gives one entry of a tenant's journal, or fault.NotFound.
func (s *Store) JournalEntry(ctx context.Context, tenant string, entry int64) (*Entry, error) {
	e, err := s.journalEntry(ctx, s.reader, tenant, entry)
	return e, s.fail(err)
}

func (s *Store) journalEntry(ctx context.Context, q querier, tenant string, entry int64) (*Entry, error) {
	var e Entry
	var at, undone string
	err := q.QueryRowContext(ctx, s.sql["journal_get"], tenant, entry).Scan(&e.ID, &at, &e.Author, &e.Action, &e.Label, &undone, &e.UndoneBy)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "there is nothing to undo under %d: what was done is kept for %d days", entry, int(UndoFor.Hours()/24))
	}
	if err != nil {
		return nil, err
	}
	if e.At, err = time.Parse(time.RFC3339Nano, at); err == nil && undone != "" {
		e.UndoneAt, err = time.Parse(time.RFC3339Nano, undone)
	}
	return &e, err
}

// Undo takes back what an entry says was done. Errors: fault.NotFound for an entry that is not there any more,
// fault.Conflict when it was undone already or when something was done later to one of the same things: that comes first.
func (s *Store) Undo(ctx context.Context, tenant, author string, entry int64) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		e, err := s.journalEntry(ctx, tx, tenant, entry)
		if err != nil {
			return err
		}
		if e.Undone() {
			return fault.New(fault.Conflict, "this was undone already")
		}
		rows, err := tx.QueryContext(ctx, s.sql["journal_items_of"], entry)
		if err != nil {
			return err
		}
		items, err := collect(rows, func(row scanner) (i item, err error) {
			var was []byte
			err = row.Scan(&i.kind, &i.subject, &was)
			i.was = json.RawMessage(was)
			return i, err
		})
		if err != nil {
			return err
		}
		for _, one := range items {
			if e.Action == actionVisit {
				if _, err := tx.ExecContext(ctx, s.sql["declined_put"], tenant, one.subject); err != nil {
					return err
				}
			}
			if err := s.takeBack(ctx, tx, tenant, entry, one); err != nil {
				return err
			}
		}
		if _, err = tx.ExecContext(ctx, s.sql["journal_undone"], entry, s.stamp(), author); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: author, Action: "journal.undo", Tenant: tenant, Object: strconv.FormatInt(entry, 10), Note: e.Action})
	})
}

func (s *Store) takeBack(ctx context.Context, tx *sql.Tx, tenant string, entry int64, one item) error {
	var later int
	if err := tx.QueryRowContext(ctx, s.sql["journal_later"], one.kind, one.subject, entry, tenant).Scan(&later); err != nil {
		return err
	}
	if later > 0 {
		return fault.New(fault.Conflict, "something was done to the same thing afterwards: undo that first")
	}
	was, _ := one.was.(json.RawMessage)
	switch one.kind {
	case documentItem:
		var n snapshot
		if err := json.Unmarshal(was, &n); err != nil {
			return err
		}
		return s.restore(ctx, tx, tenant, one.subject, &n)
	case addressItem:
		return s.restoreAddress(ctx, tx, tenant, one.subject, was)
	case settingItem:
		return s.restoreSetting(ctx, tx, tenant, one.subject, was)
	case tenantItem:
		return s.restoreTenant(ctx, tx, tenant, was)
	case officesItem:
		return s.restoreOffices(ctx, tx, tenant, was)
	}
	return fault.New(fault.Unsupported, "what this changed cannot be undone by this version: update the program")
}

// restore makes a document again what a snapshot says. One that was not there is put aside: its bytes stay, so that the
// same file brings it back.
func (s *Store) restore(ctx context.Context, tx *sql.Tx, tenant, id string, n *snapshot) error {
	now, _, err := s.snapshot(ctx, tx, tenant, id)
	if err != nil {
		return err
	}
	if n.Version == 0 {
		now.State, now.Reason, now.SupersededBy = Retired, "upload undone", ""
		if err := s.standing(ctx, tx, tenant, id, now); err != nil {
			return err
		}
		return s.changed(ctx, tx, tenant, id, changeRemoved)
	}
	if n.Version != now.Version {
		if err := s.revert(ctx, tx, tenant, id, n.Version); err != nil {
			return err
		}
		if err := s.forgetParsed(ctx, tx, tenant, id); err != nil {
			return err
		}
	}
	if err := s.standing(ctx, tx, tenant, id, n); err != nil {
		return err
	}
	if err := s.refix(ctx, tx, tenant, id, n.fix()); err != nil {
		return err
	}
	change := changeCorrected
	switch {
	case n.State != now.State || n.SupersededBy != now.SupersededBy:
		change = stateChange(n.State, n.SupersededBy)
	case n.Version != now.Version:
		change = changeReplaced
	}
	return s.changed(ctx, tx, tenant, id, change)
}

// PruneJournal forgets what can no longer be undone, and gives how many entries there were.
func (s *Store) PruneJournal(ctx context.Context) (pruned int64, err error) {
	before := s.now().UTC().Add(-UndoFor).Format(time.RFC3339Nano)
	err = s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql["journal_prune_items"], before); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, s.sql["journal_prune"], before)
		if err != nil {
			return err
		}
		if pruned, err = result.RowsAffected(); err != nil {
			return err
		}
		return s.prunePictures(ctx, tx)
	})
	return pruned, err
}
