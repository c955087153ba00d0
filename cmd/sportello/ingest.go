package main

import (
	"context"
	"io"
	"log/slog"
	"math"
	"time"

	"sportello/assistant"
	"sportello/ingest"
)

type ingestCmd struct {
	Tenant     string   `required:"" help:"Slug of the tenant." placeholder:"SLUG"`
	Visibility string   `enum:"public,staff," default:"" help:"public or staff; as it was when left out, public for new documents."`
	Kind       string   `default:"auto" help:"Kind of the documents; auto recognises it." placeholder:"KIND"`
	Jobs       int      `help:"Files parsed at once (default: one a core)." placeholder:"N"`
	Prune      bool     `help:"Retire documents whose file vanished from a given folder."`
	Force      bool     `help:"Parse files that did not change, too."`
	NoWait     bool     `help:"Do not wait for the vectors: words can be searched at once, the server or the next command goes on."`
	Depth      int      `help:"Of addresses, follow links so far below them; 0: the page alone, or the documents of a feed." placeholder:"N"`
	JSON       bool     `help:"Print JSON."`
	Paths      []string `arg:"" name:"path" help:"Files, folders, addresses (https://…)."`
}

func (cmd *ingestCmd) Help() string {
	return "Examples:\n  sportello ingest --tenant avella regolamenti/\n  sportello ingest --tenant avella --visibility staff --prune verbali/\n" +
		"  sportello ingest --tenant avella --depth 2 https://www.comune.example.it/regolamenti/\n\n" +
		"PDF, DOCX, ODT, HTML, Akoma Ntoso, Markdown, text, CSV, XLSX, signed .p7m; DOC and RTF with LibreOffice installed; scans with tesseract."
}

func (cmd *ingestCmd) Run(ctx context.Context, s *session) error {
	a, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer release(a)
	o := ingestOptions{
		tenant: cmd.Tenant, paths: cmd.Paths, visibility: ingest.Visibility(cmd.Visibility), jobs: s.cfg.Ingest.Jobs,
		prune: cmd.Prune, force: cmd.Force, noWait: cmd.NoWait, depth: cmd.Depth,
	}
	if cmd.Kind != "auto" {
		o.kind = ingest.Kind(cmd.Kind)
	}
	result, err := s.ingest(ctx, a, o)
	if result != nil && result.Embedded > 0 {
		learn(ctx, a.asker) // once for a model: whoever ingests waits for vectors anyway, the first who asks should not
	}
	if result != nil && cmd.JSON {
		if err := printJSON(s.stdout, result); err != nil {
			return err
		}
	} else if result != nil {
		printIngested(s.stdout, result)
	}
	return err
}

type ingestOptions struct {
	tenant               string
	paths                []string
	visibility           ingest.Visibility
	kind                 ingest.Kind
	jobs, depth          int
	prune, force, noWait bool
}

// ingest reads documents in and waits for their vectors, unless told otherwise. Files that fail give errPartly with the result.
func (s *session) ingest(ctx context.Context, a *app, o ingestOptions) (*ingest.Result, error) {
	p, err := s.cfg.parsers()
	if err != nil {
		return nil, err
	}
	defer release(p)
	began := time.Now()
	files := bar(s.stderr, -1, "documents", false)
	sites, err := s.cfg.crawler(o.paths)
	if err != nil {
		return nil, err
	}
	var fetcher ingest.Fetcher = sites
	if o.depth > 0 {
		fetcher = sites.Section(o.depth, s.cfg.Crawl.Pages)
	}
	syncer := ingest.NewSyncer(ingest.SyncConfig{Parser: p, Shelf: a.store, Fetcher: fetcher})
	result, err := syncer.Sync(ctx, ingest.Request{
		Tenant: o.tenant, Paths: o.paths, Visibility: o.visibility, Kind: o.kind, Jobs: o.jobs, Prune: o.prune, Force: o.force,
		Progress: func(step ingest.Step) {
			files.ChangeMax(step.Total)
			_ = files.Set(step.Done)
			for _, w := range step.Warnings {
				slog.Debug("read with a warning", "document", step.Source, "warning", w)
			}
		},
	})
	_ = files.Finish()
	if err != nil {
		return result, err
	}
	if !o.noWait && a.embedder != nil {
		result.Embedded, err = s.embed(ctx, a)
		result.Seconds = math.Round(time.Since(began).Seconds()*100) / 100
		if err != nil {
			slog.Warn("vectors are missing: the documents can be found by words, the next ingest or the server goes on", "error", err)
			return result, errPartly
		}
	}
	if err := a.follower.CatchUp(ctx); err != nil { // an index of its own, such as Qdrant's, has it now too
		return result, err
	}
	if len(result.Failed) > 0 {
		return result, errPartly
	}
	return result, nil
}

// embed makes the vectors that are missing, whichever tenant they are of.
func (s *session) embed(ctx context.Context, a *app) (int, error) {
	pending, err := a.store.PendingCount(ctx, a.embedder.Model())
	if err != nil || pending == 0 {
		return 0, err
	}
	vectors := bar(s.stderr, int64(pending), "vectors", false)
	defer func() { _ = vectors.Finish() }()
	return assistant.EmbedPending(ctx, a.store, a.embedder, func(done, waiting int) {
		vectors.ChangeMax(done + waiting)
		_ = vectors.Set(done)
	})
}

func printIngested(w io.Writer, r *ingest.Result) {
	sayf(w, "%d documents (%d unchanged, %d replaced, %d removed), %d passages, %d pages, %d vectors made, %.1f s\n",
		r.Documents, r.Unchanged, r.Replaced, r.Removed, r.Chunks, r.Pages, r.Embedded, r.Seconds)
	for _, source := range r.Vanished {
		sayf(w, "  vanished: %s (ingest with --prune to retire it)\n", source)
	}
	for _, source := range r.Repealed {
		sayf(w, "  repealed: %s (it stays so: sportello document restore brings it back)\n", source)
	}
	for _, h := range r.Hidden {
		for _, f := range h.Findings {
			if f.Waits() {
				sayf(w, "  hidden: %s p.%d, %s: %.100q\n", h.File, f.Page, f.Kind, f.Text)
			}
		}
	}
	if len(r.Hidden) > 0 {
		sayf(w, "  what is hidden does not count until somebody accepts it on the document's page of the console\n")
	}
	for _, f := range r.Failed {
		sayf(w, "  %s\n", f.Error) // the message begins with the file
	}
}
