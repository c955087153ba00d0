package store

import (
	"context"

	"sportello/ingest"
)

var _ ingest.Shelf = (*Store)(nil)

// Known gives the documents of a folder as ingest.Syncer compares them with files. It is part of ingest.Shelf.
func (s *Store) Known(ctx context.Context, tenant, prefix string) ([]ingest.Known, error) {
	records, err := s.Sources(ctx, tenant, prefix)
	if err != nil {
		return nil, err
	}
	known := make([]ingest.Known, len(records))
	for i, r := range records {
		known[i] = ingest.Known{ID: r.ID, Source: r.Source, SHA256: r.SHA256, Kind: r.Kind, Visibility: r.Visibility,
			Standing: r.State, Chunks: r.Chunks, Pages: r.Pages}
	}
	return known, nil
}
