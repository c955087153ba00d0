package main

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"sportello/assistant/drafting/export"
	"sportello/assistant/drafting/reference"
	"sportello/assistant/store"
	"sportello/web/staff"
	"sportello/web/staff/acts"
)

// acts makes the console's pages about acts.
func (a *app) acts() (staff.Part, error) {
	c := acts.Config{
		Store: a.store, Shelf: newShelves(a.store).of, Retriever: &a.answering, Within: time.Duration(a.cfg.Chat.Seconds) * time.Second, Tool: "sportello " + version, Log: slog.Default(),
		Key: func() (ed25519.PrivateKey, error) { return export.Key(filepath.Join(a.store.Dir(), draftKeyName)) },
	}
	if a.models != nil {
		if writer, ok := a.models.Generator.(acts.Writer); ok {
			c.Writer = writer
		}
		for _, st := range a.models.Status() {
			if st.Task == "chat" && st.Address == "" {
				c.WriterSHA256 = st.ID
			}
		}
	}
	return acts.New(c)
}

// shelves are what references of each tenant are checked against, kept while no document changes: acts are checked at every pause in typing.
type shelves struct {
	store *store.Store
	mu    sync.Mutex
	kept  map[string]shelved
}

type shelved struct {
	seq   int64
	shelf *reference.Shelf
}

// mostShelves bounds how many are kept.
const mostShelves = 64

func newShelves(st *store.Store) *shelves { return &shelves{store: st, kept: map[string]shelved{}} }

// of gives what a tenant holds, as it is in force on a day.
func (s *shelves) of(ctx context.Context, tenant, day string) (reference.Library, error) {
	seq, err := s.store.Seq(ctx)
	if err != nil {
		return nil, err
	}
	name := tenant + " " + day
	s.mu.Lock()
	kept, ok := s.kept[name]
	s.mu.Unlock()
	if ok && kept.seq == seq {
		return kept.shelf, nil
	}
	volumes, err := tenantVolumes(ctx, s.store, tenant, day)
	if err != nil {
		return nil, err
	}
	kept = shelved{seq, reference.NewShelf(volumes)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) >= mostShelves {
		clear(s.kept)
	}
	s.kept[name] = kept
	return kept.shelf, nil
}
