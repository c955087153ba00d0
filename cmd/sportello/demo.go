package main

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// The documents of Montelieto, a comune that does not exist: as a comune has them, in PDF, DOCX, ODT and HTML, one scanned,
// some no longer in force. demo/build.py makes them from demo/source.
//
//go:embed demo/documents demo/uffici.csv
var demoFiles embed.FS

const demoTenant = "montelieto"

// demoOutdated names the documents that are in the folder though another took their place, as it happens.
var demoOutdated = map[string]string{
	"documenti/regolamento-sale-2015.pdf":      "documenti/regolamento-sale.docx",
	"documenti/delibera-tariffe-nido-2025.pdf": "documenti/delibera-tariffe-nido-2026.pdf",
}

var demoQuestions = []string{
	"Faccio il compostaggio in giardino: c'è uno sconto sulla TARI e quando si chiede?",
	"Quanto costa la Sala civica per una giornata intera?",
	"How long does the Municipality take to confirm my change of residence?",
}

type demoCmd struct {
	Once bool   `help:"Print three answers and end."`
	Addr string `help:"Address to listen on." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Chat string `help:"Chat model of the catalogue that phrases the answers; without one the documents are quoted." placeholder:"NAME"`
}

func (cmd *demoCmd) Help() string {
	return "It works in a folder of its own, data/demo, and leaves your data alone.\n\nExample:\n  sportello demo --once"
}

func (cmd *demoCmd) Run(ctx context.Context, s *session) error {
	demo := *s
	cfg := *s.cfg
	cfg.Data = filepath.Join(s.cfg.Data, "demo")
	if cmd.Chat != "" {
		cfg.Chat.Model = cmd.Chat
	}
	demo.cfg = &cfg
	a, err := demo.open(ctx)
	if err != nil {
		return err
	}
	defer release(a)
	if err := demo.fill(ctx, a); err != nil {
		return err
	}
	if cmd.Once {
		return demo.answerOnce(ctx, a)
	}
	return a.serve(ctx, cmd.Addr, func(addr string) {
		sayf(s.stdout, "\nComune di Montelieto: http://%s/t/%s/\n\nTry:\n", addr, demoTenant)
		for _, q := range demoQuestions {
			sayf(s.stdout, "  %s\n", q)
		}
		sayln(s.stdout)
		demo.sayConsole(ctx, a, addr)
		sayln(s.stdout, "\nCtrl-C ends it.")
	})
}

// fill makes the comune, when it is not there yet, and ingests its documents; what is there already is left as it is.
func (s *session) fill(ctx context.Context, a *app) error {
	err := a.store.AddTenant(ctx, store.Tenant{Slug: demoTenant, Name: "Comune di Montelieto", Kind: store.Comune})
	if err != nil && fault.CodeOf(err) != fault.Conflict {
		return err
	}
	raw, err := demoFiles.ReadFile("demo/uffici.csv")
	if err != nil {
		return err
	}
	offices, err := parseOffices(raw)
	if err != nil {
		return err
	}
	if err := a.store.PutOffices(ctx, demoTenant, offices); err != nil {
		return err
	}
	folder := filepath.Join(a.store.Dir(), "documenti")
	if err := copyOut(folder); err != nil {
		return err
	}
	result, err := s.ingest(ctx, a, ingestOptions{tenant: demoTenant, paths: []string{folder}})
	if err != nil && !errors.Is(err, errPartly) {
		return err
	}
	for old, by := range demoOutdated {
		o, err := findDocument(ctx, a.store, demoTenant, old)
		if err != nil {
			return err
		}
		if o.State != store.Live {
			continue
		}
		b, err := findDocument(ctx, a.store, demoTenant, by)
		if err != nil {
			return err
		}
		if err := a.store.Supersede(ctx, demoTenant, o.ID, b.ID); err != nil {
			return err
		}
	}
	sayf(s.stderr, "Montelieto: %d documents, %d passages, %.1f s\n", result.Documents, result.Chunks, result.Seconds)
	for _, f := range result.Failed {
		sayf(s.stderr, "  %s\n", f.Error)
	}
	if a.embedder == nil {
		sayln(s.stderr, "No embedding model: search goes by words only, and best in Italian. `make models` adds it; `sportello doctor` says more.")
	}
	return nil
}

// copyOut writes the embedded documents to a folder, as if a clerk had put them there.
func copyOut(folder string) error {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return fault.Wrap(fault.Invalid, err, "the folder %s cannot be made", folder)
	}
	return fs.WalkDir(demoFiles, "demo/documents", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := demoFiles.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, d.Name()), raw, 0o640); err != nil {
			return fault.Wrap(fault.Unavailable, err, "the document %s cannot be written", d.Name())
		}
		return nil
	})
}

func (s *session) answerOnce(ctx context.Context, a *app) error {
	for _, q := range demoQuestions {
		answer, err := a.asker.Ask(ctx, assistant.Question{Tenant: demoTenant, Text: q}, nil)
		if err != nil {
			return err
		}
		sayf(s.stdout, "? %s\n\n", q)
		if err := printAnswer(s.stdout, a.locales.For(answer.Language), answer); err != nil {
			return err
		}
		for _, d := range answer.Drafts {
			sayf(s.stdout, "  (not shown, %s: %s)\n", d.Why, excerpt(d.Text, 160))
		}
		sayln(s.stdout)
	}
	return nil
}
