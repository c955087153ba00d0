package pdf

import (
	"context"
	"image"
	"log/slog"
	"time"

	"sportello/ingest"
)

// Config is what a Parser works with. The zero value works: no OCR, default limits, no cache on disk.
type Config struct {
	MaxPages    int           // pages read of a document, the rest is left out with a warning; 0: 2000
	MaxTime     time.Duration // for one document, OCR apart; 0: two minutes
	MaxBytes    int64         // of a file; 0: 200 MB
	Parallelism int           // documents read by PDFium at the same time; 0: 2
	CacheDir    string        // where the compiled PDFium is kept, so that the second start takes 0.1 s instead of seconds; empty: in memory

	OCR         OCR           // reads pages without text; nil: they stay without
	OCRPages    int           // pages of one document given to OCR, the rest is left out with a warning; 0: 200
	OCRTime     time.Duration // for the OCR of one document; 0: 10 min
	OCRDPI      int           // of the rendering; 0: 200
	KeepRunning bool          // keep running headers, footers and page numbers: for measuring, not for reading

	Log *slog.Logger // nil: silent
}

// OCR reads the text of a picture of a page; package ingest/ocr has one.
type OCR interface {
	// Ready says why pages cannot be read at all: a *fault.Error whose message says what to install.
	Ready(ctx context.Context) error
	// Read gives the words of a picture. It honours ctx, and an error is about this picture only.
	Read(ctx context.Context, img *image.Gray, dpi int) ([]ingest.OCRWord, error)
}

func (c Config) withDefaults() Config {
	if c.MaxPages <= 0 {
		c.MaxPages = 2000
	}
	if c.MaxTime <= 0 {
		c.MaxTime = 2 * time.Minute
	}
	if c.MaxBytes <= 0 {
		c.MaxBytes = 200 << 20
	}
	if c.Parallelism <= 0 {
		c.Parallelism = 2
	}
	if c.OCRPages <= 0 {
		c.OCRPages = 200
	}
	if c.OCRTime <= 0 {
		c.OCRTime = 10 * time.Minute
	}
	if c.OCRDPI <= 0 {
		c.OCRDPI = 200
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}
