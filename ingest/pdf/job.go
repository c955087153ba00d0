package pdf

import (
	"context"
	"errors"
	"fmt"
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
}

func (j *job) warn(format string, args ...any) {
	j.warnings = append(j.warnings, fmt.Sprintf(format, args...))
}

func (j *job) run(ctx context.Context) (*ingest.Parsed, error) {
	ctx, cancel := context.WithTimeout(ctx, j.p.cfg.MaxTime+warmUp)
	defer cancel()
	out := &ingest.Parsed{Format: "pdf"}
	var pages []*page
	err := j.p.quick.use(ctx, func(m *module) error {
		d, err := openDocument(m, j.bytes)
		if err != nil {
			return err
		}
		defer d.close()
		out.Pages = d.pages
		out.Title = strings.TrimSpace(d.meta("Title"))
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
			pages = append(pages, layout(r))
		}
		return nil
	})
	if err != nil {
		return nil, j.fault(err)
	}
	if out.Pages > j.p.cfg.MaxPages {
		j.warn("only the first %d of %d pages were read", j.p.cfg.MaxPages, out.Pages)
	}
	assemble(out, pages, j.p.cfg.KeepRunning)
	if len(out.Blocks) == 0 {
		return nil, fault.New(fault.NoText, "%s: no text on its %d pages: it is a scan, install tesseract-ocr with Italian to read it", j.name, out.Pages)
	}
	out.Warnings = j.warnings
	return out, nil
}

// fault turns a failure of a reader into an error that says what to do.
func (j *job) fault(err error) error {
	switch {
	case errors.Is(err, errPassword):
		return fault.Wrap(fault.Encrypted, err, "%s: protected by a password: save a copy without it", j.name)
	case errors.Is(err, context.DeadlineExceeded):
		return fault.Wrap(fault.Timeout, err, "%s: page %d took too long (limit %s for a document): print it to a new PDF, or raise the limit", j.name, j.at, j.p.cfg.MaxTime)
	case errors.Is(err, context.Canceled):
		return err
	}
	return fault.Wrap(fault.Broken, err, "%s: could not be opened as a PDF: open it in a PDF viewer and print it to a new PDF", j.name)
}
