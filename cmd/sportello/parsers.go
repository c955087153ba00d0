package main

import (
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"sportello/ingest"
	"sportello/ingest/akn"
	"sportello/ingest/docx"
	"sportello/ingest/html"
	"sportello/ingest/ocr"
	"sportello/ingest/odt"
	"sportello/ingest/office"
	"sportello/ingest/p7m"
	"sportello/ingest/pdf"
	"sportello/ingest/sheet"
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
	old := office.New(office.Config{})
	registry := ingest.NewRegistry(map[ingest.Format]ingest.Parser{
		ingest.FormatPDF:      reader,
		ingest.FormatDOCX:     docx.New(docx.Config{}),
		ingest.FormatODT:      odt.New(odt.Config{}),
		ingest.FormatODP:      odt.New(odt.Config{}),
		ingest.FormatHTML:     html.New(html.Config{}),
		ingest.FormatAKN:      akn.New(akn.Config{}),
		ingest.FormatMarkdown: text.NewMarkdown(text.Config{}),
		ingest.FormatRST:      text.NewRST(text.Config{}),
		ingest.FormatText:     text.New(text.Config{}),
		ingest.FormatCSV:      sheet.NewCSV(sheet.Config{}),
		ingest.FormatXLSX:     sheet.NewXLSX(sheet.Config{}),
		ingest.FormatODS:      sheet.NewODS(sheet.Config{}),
	}).WithEnvelopes(map[ingest.Format]ingest.Envelope{
		ingest.FormatDOC:  old,
		ingest.FormatRTF:  old,
		ingest.FormatXLS:  old,
		ingest.FormatPPT:  old,
		ingest.FormatPPTX: old,
		ingest.FormatP7M:  p7m.New(p7m.Config{}),
	}).WithLimits(ingest.Limits{Bytes: c.Ingest.MaxMB << 20, Time: time.Duration(c.Ingest.MaxSeconds) * time.Second})
	return &parsers{Registry: registry, closers: []io.Closer{reader}}, nil
}
