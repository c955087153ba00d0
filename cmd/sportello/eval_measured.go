package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/assistant/eval"
	"sportello/assistant/fault"
	"sportello/assistant/lexicon"
	"sportello/assistant/model"
	"sportello/assistant/store"
)

// measuring gives a session that figures are measured with: default index, no chat model, no reranker, vectors kept in the
// cache folder, and documents in a data folder there. The folder belongs to a version of what reads documents, because another may read them
// otherwise: the version that is named, or this very build of the program.
func (s *session) measuring(version string) (*session, error) {
	if version == "" {
		var err error
		if version, err = buildSum(); err != nil {
			return nil, err
		}
	}
	root := filepath.Join(s.cfg.cacheDir(), "eval")
	cache, err := eval.NewVectorCache(root)
	if err != nil {
		return nil, err
	}
	cfg := *s.cfg
	cfg.Data, cfg.Index = filepath.Join(root, "data-"+version), "embedded"
	cfg.Chat.Address, cfg.Rerank.Address = model.None, model.None
	cfg.tap = func(set *model.Set) {
		if set.Embedder != nil {
			set.Embedder = cache.Around(set.Embedder)
		}
	}
	forget(root, cfg.Data)
	return &session{cfg: &cfg, stdout: s.stdout, stderr: s.stderr}, nil
}

// buildSum tells this build of the program from others.
func buildSum() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "the program cannot find itself")
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "the program cannot read itself")
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fault.Wrap(fault.Internal, err, "the program cannot read itself")
	}
	return hex.EncodeToString(h.Sum(nil)[:6]), nil
}

// forgetAfter is when the documents of a build that was not measured any more are deleted.
const forgetAfter = 48 * time.Hour

func forget(root, keep string) {
	folders, err := filepath.Glob(filepath.Join(root, "data-*"))
	if err != nil {
		return
	}
	for _, f := range folders {
		if info, err := os.Stat(f); err == nil && f != keep && time.Since(info.ModTime()) > forgetAfter {
			_ = os.RemoveAll(f) // what cannot be deleted is tried again next time
		}
	}
}

// openMeasured opens the folder and ingests what is not there yet: the documents of each tenant of the question set.
func (s *session) openMeasured(ctx context.Context, shared string) (*app, error) {
	a, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	if a.embedder == nil {
		slog.Warn("no embedding model: words are measured alone, which no committed figure is of; make models fetches it")
	}
	if err := s.ingestMeasured(ctx, a, filepath.Join(shared, "data")); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, a.follower.CatchUp(ctx)
}

func (s *session) ingestMeasured(ctx context.Context, a *app, data string) error {
	rows, err := questionRows(data)
	if err != nil {
		return err
	}
	var tenants []string
	for _, r := range rows {
		tenants = append(tenants, r.Tenant)
	}
	slices.Sort(tenants)
	for _, slug := range slices.Compact(tenants) {
		folders, err := foldersOf(filepath.Join(data, "documents"), slug)
		if err != nil {
			return err
		}
		err = a.store.AddTenant(ctx, store.Tenant{Slug: slug, Name: "Comune di " + comuneName(slug), Kind: store.Comune})
		if err != nil && fault.CodeOf(err) != fault.Conflict {
			return err
		}
		sayf(s.stderr, "%s: reading %s\n", slug, strings.Join(folders, ", "))
		result, err := s.ingest(ctx, a, ingestOptions{tenant: slug, paths: folders, jobs: s.cfg.Ingest.Jobs, noWait: true})
		if err != nil && !errors.Is(err, errPartly) {
			return err
		}
		for _, f := range result.Failed {
			sayf(s.stderr, "  %s\n", f.Error)
		}
	}
	if a.embedder == nil {
		return nil
	}
	progress := newSteps(s.stderr)
	defer progress.end()
	_, err = assistant.EmbedPending(ctx, a.store, a.embedder, func(done, waiting int) { progress.show("vectors of passages", done, done+waiting) })
	return err
}

func questionRows(data string) ([]eval.Row, error) {
	path := filepath.Join(data, "eval", "questions", "questions.jsonl")
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, err, "%s cannot be read", path)
	}
	defer func() { _ = f.Close() }()
	return eval.ReadRows(f)
}

// foldersOf gives a tenant's folders of documents: the one named like it, and those whose name goes on after a hyphen.
func foldersOf(documents, slug string) ([]string, error) {
	entries, err := os.ReadDir(documents)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, err, "%s cannot be read", documents)
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() && (e.Name() == slug || strings.HasPrefix(e.Name(), slug+"-")) {
			out = append(out, filepath.Join(documents, e.Name()))
		}
	}
	if len(out) == 0 {
		return nil, fault.New(fault.NotFound, "no folder in %s is named like the tenant %s", documents, slug)
	}
	return out, nil
}

// comuneName gives the name of the comune that a slug is made of: its letters without spaces and marks.
func comuneName(slug string) string {
	if name := lexicon.Comuni().Spelled(slug); name != "" {
		return name
	}
	return slug
}

// askAll gives what asks questions and scores the answers.
func (a *app) askAll() func(context.Context, []eval.Row, func(done, all int)) (*eval.Report, error) {
	return func(ctx context.Context, rows []eval.Row, each func(done, all int)) (*eval.Report, error) {
		if err := a.asker.Learn(ctx); err != nil {
			return nil, err
		}
		return eval.Runner{
			Ask: func(ctx context.Context, q assistant.Question) (*assistant.Answer, error) {
				return a.asker.Ask(ctx, q, nil)
			},
			Text: a.documentText,
			Each: each,
		}.Run(ctx, rows)
	}
}
