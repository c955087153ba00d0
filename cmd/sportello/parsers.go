package main

import (
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"sportello/ingest"
	"sportello/ingest/docx"
	"sportello/ingest/html"
	"sportello/ingest/ocr"
	"sportello/ingest/pdf"
	"sportello/ingest/text"
)

// parsers is the registry of every format with what has to be closed after it.
type parsers struct {
	*ingest.Registry
	closers []io.Closer
}

func (p *parsers) Close() error {
	var errs []error
	for _, c := range p.closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// parsers wires every format of the configuration's limits.
func (c *config) parsers() (*parsers, error) {
	pdfConfig := pdf.Config{
		MaxPages: c.Ingest.MaxPages, MaxBytes: int64(c.Ingest.MaxMB) << 20, MaxTime: time.Duration(c.Ingest.MaxSeconds) * time.Second,
		CacheDir: filepath.Join(c.cacheDir(), "pdfium"), OCRPages: c.Ingest.OCRPages, Log: slog.Default(),
	}
	if c.Ingest.OCR {
		pdfConfig.OCR = ocr.New(ocr.Config{})
	}
	reader, err := pdf.New(pdfConfig)
	if err != nil {
		return nil, err
	}
	registry := ingest.NewRegistry(map[ingest.Format]ingest.Parser{
		ingest.FormatPDF:      reader,
		ingest.FormatDOCX:     docx.New(docx.Config{}),
		ingest.FormatHTML:     html.New(html.Config{}),
		ingest.FormatMarkdown: text.NewMarkdown(text.Config{}),
		ingest.FormatRST:      text.NewRST(text.Config{}),
		ingest.FormatText:     text.New(text.Config{}),
	}).WithLimits(ingest.Limits{Bytes: c.Ingest.MaxMB << 20})
	return &parsers{Registry: registry, closers: []io.Closer{reader}}, nil
}
