package pdf

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// job is the reading of one document.
type job struct {
	p        *Parser
	name     string
	bytes    []byte
	at       int // page being read, 1-based, for messages
	warnings []string
	noOCR    error // why pages could not be given to an OCR
	codes    fontCodes
	waiting  []*raw // pages whose lines depend on what later ones say of their fonts
}

func (j *job) warn(format string, args ...any) {
	j.warnings = append(j.warnings, fmt.Sprintf(format, args...))
}

func (j *job) run(ctx context.Context) (*ingest.Parsed, error) {
	out := &ingest.Parsed{Format: "pdf"}
	pages, err := j.text(ctx, out)
	if err != nil {
		return nil, j.fault(ctx, err)
	}
	if out.Pages > j.p.cfg.MaxPages {
		j.warn("only the first %d of %d pages were read", j.p.cfg.MaxPages, out.Pages)
	}
	out.DecodedPages = j.codes.decode(pages)
	if err := j.scan(ctx, pages); err != nil {
		return nil, j.fault(ctx, err)
	}
	laid := make([]*page, len(pages))
	for i, r := range pages {
		j.at = r.number
		laid[i] = r.lines()
	}
	assemble(out, laid, j.p.cfg.KeepRunning)
	if len(out.Blocks) == 0 {
		return nil, j.noText(out.Pages)
	}
	out.Warnings = j.warnings
	return out, nil
}

// engine gives the engine that may have the document.
func (j *job) engine() *engine {
	if sane(j.bytes) {
		return j.p.quick
	}
	return j.p.guarded
}

// text reads the text that the pages hold.
func (j *job) text(ctx context.Context, out *ingest.Parsed) ([]*raw, error) {
	e := j.engine()
	if err := e.start(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, j.p.cfg.MaxTime)
	defer cancel()
	var pages []*raw
	err := e.use(ctx, func(m *module) error {
		d, err := openDocument(m, j.bytes)
		if err != nil {
			return err
		}
		defer d.close()
		out.Pages = d.pages
		d.form = d.openForm()
		out.Title = strings.TrimSpace(d.meta("Title"))
		for _, tag := range []string{"Subject", "Keywords", "Author"} {
			out.Hide(ingest.FoundMetadata, d.meta(tag), 0)
		}
		for n := 1; n <= min(d.pages, j.p.cfg.MaxPages); n++ {
			j.at = n
			r, err := d.page(ctx, n)
			if err != nil {
				if ctx.Err() != nil {
					return err
				}
				j.warn("page %d: could not be read", n)
				continue
			}
			pages = append(pages, r)
			j.settle(r)
		}
		if d.form != nil {
			out.Fields = d.form.fields
		}
		return nil
	})
	return pages, err
}

// settle makes the lines of pages as soon as it can, and lets go of their glyphs, which take fifty times as much.
func (j *job) settle(next *raw) {
	j.codes.take(next)
	j.waiting = slices.DeleteFunc(append(j.waiting, next), func(r *raw) bool {
		if !j.codes.settled(r) {
			return false
		}
		if r.need() == "" {
			r.laid = layout(r)
			r.glyphs, r.ready, r.rules, r.inks, r.fills, r.values = nil, nil, nil, nil, nil, nil
		}
		return true
	})
}

// lines gives a page as lines.
func (p *raw) lines() *page {
	if p.laid != nil {
		return p.laid
	}
	return layout(p)
}

// noText says why nothing was found.
func (j *job) noText(pages int) error {
	if j.noOCR != nil {
		return fault.Wrap(fault.NoText, j.noOCR, "%s: no text on its %d pages, they are pictures: %s", j.name, pages, fault.MessageOf(j.noOCR))
	}
	return fault.New(fault.NoText, "%s: no text on its %d pages", j.name, pages)
}

// fault turns a failure of a reader into an error that says what to do.
func (j *job) fault(ctx context.Context, err error) error {
	var f *fault.Error
	switch {
	case ctx.Err() != nil: // the caller's own: stopped, not failed
		return ctx.Err()
	case errors.As(err, &f):
		return err
	case errors.Is(err, errPassword):
		return fault.Wrap(fault.Encrypted, err, "%s: protected by a password: save a copy without it", j.name)
	case errors.Is(err, context.DeadlineExceeded):
		return fault.Wrap(fault.Timeout, err, "%s: page %d took too long (limit %s for a document): print it to a new PDF, or raise the limit", j.name, j.at, j.p.cfg.MaxTime)
	case errors.Is(err, errFormat):
		return fault.Wrap(fault.Broken, err, "%s: could not be opened as a PDF: open it in a PDF viewer and print it to a new PDF", j.name)
	case errors.Is(err, errMemory):
		return fault.Wrap(fault.TooLarge, err, "%s: page %d needs too much memory: print it to a new PDF", j.name, j.at)
	}
	return fault.Wrap(fault.Broken, err, "%s: page %d could not be read: open it in a PDF viewer and print it to a new PDF", j.name, j.at)
}
