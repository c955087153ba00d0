package pdf

import (
	"context"
	"io"
	"log/slog"
	"time"
)

// Config is what a Parser works with. The zero value works: no OCR, default limits, no cache on disk.
type Config struct {
	MaxPages    int           // pages read of a document, the rest is left out with a warning; 0: 2000
	MaxTime     time.Duration // for one document, OCR apart; 0: 60 s
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

// OCR reads the text of a picture of a page.
type OCR interface {
	// Available says whether pages can be read at all, and why not.
	Available() (bool, string)
	// Read gives the words of a PNG picture. Positions are in pixels of the picture, from its top left corner. It honours
	// ctx, and an error is about this picture only.
	Read(ctx context.Context, png io.Reader) ([]OCRWord, error)
}

// OCRWord is a word that was read in a picture.
type OCRWord struct {
	Text           string
	X0, Y0, X1, Y1 float64 // pixels, y grows downwards
	Line           int     // words of one line share it; lines count upwards in reading order
	Confidence     float64 // 0..1
}

func (c Config) withDefaults() Config {
	if c.MaxPages <= 0 {
		c.MaxPages = 2000
	}
	if c.MaxTime <= 0 {
		c.MaxTime = 60 * time.Second
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
