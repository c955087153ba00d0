package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// Parser reads PDF files. It may be used by several goroutines; Close it when done.
type Parser struct {
	cfg     Config
	quick   *engine
	guarded *engine
}

var _ ingest.Parser = (*Parser)(nil)

// New makes a parser. It starts nothing: PDFium is compiled when the first file needs it.
func New(cfg Config) (*Parser, error) {
	cfg = cfg.withDefaults()
	return &Parser{
		cfg:     cfg,
		quick:   &engine{cacheDir: cfg.CacheDir, size: cfg.Parallelism},
		guarded: &engine{cacheDir: cfg.CacheDir, size: cfg.Parallelism, guarded: true},
	}, nil
}

// Close ends the instances of PDFium.
func (p *Parser) Close() error {
	return errors.Join(p.quick.close(), p.guarded.close())
}

// Parse reads a document. See ingest.Parser for its errors; besides those, fault.TooLarge for a file over Config.MaxBytes
// and fault.Timeout for one over Config.MaxTime.
func (p *Parser) Parse(ctx context.Context, in ingest.Input) (out *ingest.Parsed, err error) {
	if int64(len(in.Bytes)) > p.cfg.MaxBytes {
		return nil, fault.New(fault.TooLarge, "%s: %d MB is over the limit of %d MB for a PDF: split it, or raise the limit",
			in.Name, len(in.Bytes)>>20, p.cfg.MaxBytes>>20)
	}
	b := trimHead(in.Bytes)
	if b == nil {
		return nil, fault.New(fault.Broken, "%s: not a PDF (no %%PDF- in its first kilobyte): export it again from the program that made it", in.Name)
	}
	job := &job{p: p, name: in.Name, bytes: b}
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, fault.Wrap(fault.Broken, fmt.Errorf("panic: %v", r),
				"%s: page %d could not be read: open it in a PDF viewer and print it to a new PDF", in.Name, job.at)
		}
	}()
	return job.run(ctx)
}

// trimHead cuts what stands before the header, which readers allow, and gives a header to a file that has objects without
// one; nil for anything else.
func trimHead(b []byte) []byte {
	if i := bytes.Index(b[:min(len(b), 1024)], []byte("%PDF-")); i >= 0 {
		return b[i:]
	}
	if bytes.Contains(b[:min(len(b), 4096)], []byte(" 0 obj")) && bytes.Contains(b, []byte("/Pages")) {
		return append([]byte("%PDF-1.4\n"), b...)
	}
	return nil
}
