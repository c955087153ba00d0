package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"sportello/assistant/fault"
	"sportello/ingest"
)

var _ ingest.Watchlist = (*Store)(nil)

// addressLease is how long a process may be silent before another visits the address.
const addressLease = 90 * time.Second

// Address is a watched address with what its last visit found.
type Address struct {
	ingest.Watched
	Hours     int // between two visits; 0: only when asked
	Active    bool
	Author    string
	AddedAt   time.Time
	NextAt    time.Time // zero: not by itself
	Visiting  bool
	VisitedAt time.Time // zero: never
	Report    ingest.WatchReport
}

// addressOptions is what is kept of an address as JSON.
type addressOptions struct {
	Prefix string `json:"prefix,omitempty"`
	Depth  int    `json:"depth,omitempty"`
	Pages  int    `json:"pages,omitempty"`
	Bytes  int64  `json:"bytes,omitempty"`
	ingest.JobOptions
}

// PutAddress adds an address to watch, or changes what is known by the same address, and writes it in the journal. It is
// visited as soon as somebody can. It gives its id.
func (s *Store) PutAddress(ctx context.Context, tenant, author string, a Address) (string, error) {
	if a.Hours < 0 || a.Hours > 24*366 {
		return "", fault.New(fault.Invalid, "%d hours between two visits: write 0 to 8784", a.Hours)
	}
	if a.Address.Kind != ingest.AddressPage && a.Address.Kind != ingest.AddressSection && a.Address.Kind != ingest.AddressFeed {
		return "", fault.New(fault.Invalid, "%q is not a kind of address: page, section or feed", a.Address.Kind)
	}
	id := derive("address", tenant, a.Address.URL)
	err := s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.tenant(ctx, tx, tenant); err != nil {
			return err
		}
		was, err := s.address(ctx, tx, tenant, id)
		if err != nil && fault.CodeOf(err) != fault.NotFound {
			return err
		}
		if _, err := s.record(ctx, tx, tenant, author, "address", a.Address.URL, []item{{addressItem, id, was}}); err != nil {
			return err
		}
		a.ID, a.Active, a.Author = id, true, author
		if err := s.note(ctx, tx, AuditEntry{Actor: author, Action: "address.watch", Tenant: tenant, Object: id}); err != nil {
			return err
		}
		return s.putAddress(ctx, tx, tenant, &a, s.now())
	})
	return id, err
}

func (s *Store) putAddress(ctx context.Context, tx *sql.Tx, tenant string, a *Address, next time.Time) error {
	options, err := json.Marshal(addressOptions{a.Address.Prefix, a.Address.Depth, a.Address.Pages, a.Address.Bytes, a.Options})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, s.sql["address_put"], a.ID, tenant, a.Address.URL, a.Address.Kind, string(options), a.Hours, a.Active, a.Author,
		s.stamp(), millis(next))
	return err
}

// DropAddress stops watching an address. The documents found there stay; the address can be brought back.
func (s *Store) DropAddress(ctx context.Context, tenant, author, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		was, err := s.address(ctx, tx, tenant, id)
		if err != nil {
			return err
		}
		if !was.Active {
			return noAddress(tenant, id)
		}
		if _, err := s.record(ctx, tx, tenant, author, "address_drop", was.Address.URL, []item{{addressItem, id, was}}); err != nil {
			return err
		}
		if err := s.note(ctx, tx, AuditEntry{Actor: author, Action: "address.drop", Tenant: tenant, Object: id}); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, s.sql["address_active"], tenant, id, false)
		return err
	})
}

// restoreAddress makes an address again what it was; one that was not there is watched no more.
func (s *Store) restoreAddress(ctx context.Context, tx *sql.Tx, tenant, id string, was json.RawMessage) error {
	var a *Address
	if err := json.Unmarshal(was, &a); err != nil {
		return err
	}
	if a == nil {
		_, err := tx.ExecContext(ctx, s.sql["address_active"], tenant, id, false)
		return err
	}
	return s.putAddress(ctx, tx, tenant, a, a.NextAt)
}

// VisitNow has an address visited as soon as somebody can.
func (s *Store) VisitNow(ctx context.Context, tenant, author, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql["address_now"], tenant, id, s.now().UnixMilli())
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		if n == 0 {
			return noAddress(tenant, id)
		}
		return s.note(ctx, tx, AuditEntry{Actor: author, Action: "address.visit", Tenant: tenant, Object: id})
	})
}

func noAddress(tenant, id string) error {
	return fault.New(fault.NotFound, "%s does not watch an address %s", tenant, id)
}

// Addresses gives the addresses that a tenant watches.
func (s *Store) Addresses(ctx context.Context, tenant string) ([]Address, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["address_columns"]+"WHERE a.tenant = ?1 AND a.active = 1 ORDER BY a.address", tenant)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, s.scanAddress)
	return all, s.fail(err)
}

// Gone gives the pages of an address that were there once and are no longer, with when they were first missed.
func (s *Store) Gone(ctx context.Context, tenant, id string) (map[string]time.Time, error) {
	if _, err := s.address(ctx, s.reader, tenant, id); err != nil {
		return nil, s.fail(err)
	}
	rows, err := s.reader.QueryContext(ctx, s.sql["address_gone"], id)
	if err != nil {
		return nil, s.fail(err)
	}
	gone := map[string]time.Time{}
	_, err = collect(rows, func(row scanner) (struct{}, error) {
		var url, at string
		if err := row.Scan(&url, &at); err != nil {
			return struct{}{}, err
		}
		when, err := time.Parse(time.RFC3339Nano, at)
		gone[url] = when
		return struct{}{}, err
	})
	return gone, s.fail(err)
}

func (s *Store) address(ctx context.Context, q querier, tenant, id string) (*Address, error) {
	a, err := s.scanAddress(q.QueryRowContext(ctx, s.sql["address_columns"]+"WHERE a.tenant = ?1 AND a.id = ?2", tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noAddress(tenant, id)
	}
	if err != nil {
		return nil, err
	}
	return &a, nil
}

func (s *Store) scanAddress(row scanner) (a Address, err error) {
	var options, report []byte
	var added, visited string
	var next, lease int64
	if err := row.Scan(&a.ID, &a.Tenant, &a.Address.URL, &a.Address.Kind, &options, &a.Hours, &a.Active, &a.Author, &added, &next, &lease,
		&visited, &report); err != nil {
		return a, err
	}
	var o addressOptions
	if err := json.Unmarshal(options, &o); err != nil {
		return a, err
	}
	a.Address.Prefix, a.Address.Depth, a.Address.Pages, a.Address.Bytes, a.Options = o.Prefix, o.Depth, o.Pages, o.Bytes, o.JobOptions
	a.NextAt, a.Visiting = moment(next), lease > s.now().UnixMilli()
	if a.AddedAt, err = time.Parse(time.RFC3339Nano, added); err != nil {
		return a, err
	}
	if visited != "" {
		if a.VisitedAt, err = time.Parse(time.RFC3339Nano, visited); err != nil {
			return a, err
		}
	}
	if len(report) > 0 {
		err = json.Unmarshal(report, &a.Report)
	}
	return a, err
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// LeaseAddress is part of ingest.Watchlist.
func (s *Store) LeaseAddress(ctx context.Context) (watched *ingest.Watched, err error) {
	next := s.sql["address_columns"] + s.sql["address_next"]
	if _, err := s.scanAddress(s.reader.QueryRowContext(ctx, next, s.now().UnixMilli())); err != nil {
		if errors.Is(err, sql.ErrNoRows) { // look before locking: mostly there is nothing
			err = nil
		}
		return nil, s.fail(err)
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		a, err := s.scanAddress(tx.QueryRowContext(ctx, next, s.now().UnixMilli()))
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		watched = &a.Watched
		hosts, err := s.settingsIn(ctx, tx, a.Tenant, s.sql["setting_key"], SettingHosts)
		if err != nil {
			return err
		}
		watched.Address.Hosts = strings.Fields(hosts[SettingHosts].Value)
		_, err = tx.ExecContext(ctx, s.sql["address_lease"], a.ID, s.now().Add(addressLease).UnixMilli())
		return err
	})
	return watched, err
}

// RenewAddress is part of ingest.Watchlist.
func (s *Store) RenewAddress(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, s.sql["address_lease"], id, s.now().Add(addressLease).UnixMilli())
		return err
	})
}

// Taking is part of ingest.Watchlist. What was before stays as first noted: a visit that broke off may have taken it in already.
func (s *Store) Taking(ctx context.Context, a *ingest.Watched, source string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		id := derive("document", a.Tenant, source)
		was, err := s.before(ctx, tx, a.Tenant, id)
		if err == nil {
			_, err = tx.ExecContext(ctx, s.sql["address_taken_put"], a.ID, id, was)
		}
		return err
	})
}

// recordVisit writes what a visit did in the journal.
func (s *Store) recordVisit(ctx context.Context, tx *sql.Tx, a *Address) error {
	rows, err := tx.QueryContext(ctx, s.sql["address_taken_list"], a.ID)
	if err != nil {
		return err
	}
	taken, err := collect(rows, func(row scanner) (i item, err error) {
		i.kind = documentItem
		var was []byte
		err = row.Scan(&i.subject, &was)
		i.was = json.RawMessage(was)
		return i, err
	})
	if err != nil {
		return err
	}
	var items []item
	for _, one := range taken {
		now, err := s.before(ctx, tx, a.Tenant, one.subject)
		if err != nil {
			return err
		}
		if was, _ := one.was.(json.RawMessage); now != string(was) { // else it was as it is
			items = append(items, one)
		}
	}
	if _, err := tx.ExecContext(ctx, s.sql["address_taken_drop"], a.ID); err != nil || len(items) == 0 {
		return err
	}
	label := a.Address.URL
	if len(items) == 1 {
		if _, label, err = s.snapshot(ctx, tx, a.Tenant, items[0].subject); err != nil {
			return err
		}
	}
	_, err = s.record(ctx, tx, a.Tenant, ActorSystem, actionVisit, label, items)
	return err
}

// Took is part of ingest.Watchlist.
func (s *Store) Took(ctx context.Context, a *ingest.Watched, document string) error {
	if a.Options.Office == "" {
		return nil
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		now, _, err := s.snapshot(ctx, tx, a.Tenant, document)
		if err != nil || now.Office != "" { // a person's choice stands
			return err
		}
		now.Office = a.Options.Office
		return s.standing(ctx, tx, a.Tenant, document, now)
	})
}

// Visited is part of ingest.Watchlist. A visit that failed is tried again within an hour, or at the next time if that is sooner.
func (s *Store) Visited(ctx context.Context, id string, began time.Time, r ingest.WatchReport, complete bool) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		var tenant string
		if err := tx.QueryRowContext(ctx, s.sql["address_tenant"], id).Scan(&tenant); err != nil {
			return err
		}
		a, err := s.address(ctx, tx, tenant, id)
		if err != nil {
			return err
		}
		if complete {
			if _, err := tx.ExecContext(ctx, s.sql["address_page_gone"], id, began.UTC().Format(ordered9), s.stamp()); err != nil {
				return err
			}
		}
		if err := s.recordVisit(ctx, tx, a); err != nil {
			return err
		}
		next := time.Time{}
		if a.Hours > 0 {
			wait := time.Duration(a.Hours) * time.Hour
			if r.Error != "" {
				wait = min(wait, time.Hour)
			}
			next = s.now().Add(wait)
		}
		slices.Sort(r.Gone)
		report, err := json.Marshal(r)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, s.sql["address_visited"], id, s.stamp(), string(report), millis(next))
		return err
	})
}

// AddressMemory is part of ingest.Watchlist.
func (s *Store) AddressMemory(id string) ingest.Memory { return addressMemory{s, id} }

// ordered9 writes moments so that they can be compared as text.
const ordered9 = "2006-01-02T15:04:05.000000000Z07:00"

type addressMemory struct {
	s  *Store
	id string
}

func (m addressMemory) Recall(ctx context.Context, url string) (v ingest.Validators, err error) {
	var links []byte
	err = m.s.reader.QueryRowContext(ctx, m.s.sql["address_page_get"], m.id, url).Scan(&v.ETag, &v.Modified, &links)
	if errors.Is(err, sql.ErrNoRows) {
		return v, nil
	}
	if err != nil {
		return v, m.s.fail(err)
	}
	return v, m.s.fail(json.Unmarshal(links, &v.Links))
}

func (m addressMemory) Remember(ctx context.Context, url string, v ingest.Validators) error {
	links, err := json.Marshal(v.Links)
	if err != nil {
		return m.s.fail(err)
	}
	return m.s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, m.s.sql["address_page_put"], m.id, url, v.ETag, v.Modified, string(links), m.s.now().UTC().Format(ordered9))
		return err
	})
}

func (m addressMemory) Seen(ctx context.Context, url string) error {
	return m.s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, m.s.sql["address_page_seen"], m.id, url, m.s.now().UTC().Format(ordered9))
		return err
	})
}
