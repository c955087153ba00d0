package main

import (
	"context"
	"path/filepath"

	"sportello/assistant/eval"
	"sportello/ingest/ocr"
	"sportello/ingest/pdf"
)

type evalExtractionCmd struct {
	JSON   bool   `help:"Print JSON."`
	Folder string `arg:"" help:"Folder with PDF files." type:"existingdir"`
}

func (cmd *evalExtractionCmd) Help() string {
	return "Example:\n  sportello eval extraction regolamenti/\n\nThe judge is pdftotext; CPU time of both is printed, OCR apart."
}

func (cmd *evalExtractionCmd) Run(ctx context.Context, s *session) error {
	reader, err := pdf.New(pdf.Config{KeepRunning: true, OCR: ocr.New(ocr.Config{}), CacheDir: filepath.Join(s.cfg.cacheDir(), "pdfium")})
	if err != nil {
		return err
	}
	defer release(reader)
	progress := bar(s.stderr, -1, "files", false)
	report, err := eval.MeasureExtraction(ctx, eval.ExtractionConfig{Dir: cmd.Folder, Parser: reader, Each: func(done, all int) {
		progress.ChangeMax(all)
		_ = progress.Set(done)
	}})
	_ = progress.Finish()
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, report)
	}
	sayln(s.stdout, report.Markdown())
	return nil
}
