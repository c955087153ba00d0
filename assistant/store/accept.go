package store

import (
	"context"
	"io"
	"path"
	"slices"

	"sportello/ingest"
)

// Accepted gives the keys of what an editor let stand in the document of a source, for whoever reads its file; none for an unknown one.
func (s *Store) Accepted(ctx context.Context, tenant, source string) ([]string, error) {
	fields, _, _, err := s.fix(ctx, s.reader, derive("document", tenant, source))
	if err != nil || fields.Accepted == nil {
		return nil, s.fail(err)
	}
	return *fields.Accepted, nil
}

// Accept notes that an editor lets what a document hides stand, and nothing else of it, and has its file read anew: what was hidden becomes
// part of the text, what is no longer accepted leaves it. It gives the id of the job. Errors: those of Edit and Original.
func (s *Store) Accept(ctx context.Context, tenant, author, id string, keys []string) (job string, err error) {
	file, r, err := s.Original(ctx, tenant, id)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }() // it was only read
	slices.Sort(keys)
	keys = append([]string{}, slices.Compact(keys)...)
	if _, err := s.Edit(ctx, tenant, author, []string{id}, Edit{Fix: Fix{Accepted: &keys}}); err != nil {
		return "", err
	}
	return s.reread(ctx, tenant, author, &r, file)
}

func (s *Store) reread(ctx context.Context, tenant, author string, r *Record, file io.Reader) (string, error) {
	u, err := s.NewUpload(ctx, tenant, author, ingest.JobOptions{Again: true, Reread: true})
	if err != nil {
		return "", err
	}
	err = u.Add(path.Base(r.Source), r.Source, file, r.Size)
	if err != nil {
		_ = u.Discard() // the error that matters is the first
		return "", err
	}
	return u.Commit(ctx)
}
