package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sportello/assistant/fault"
	"sportello/assistant/privacy"
	"sportello/ingest"
)

type privacyCmd struct {
	Scan   privacyScanCmd   `cmd:"" help:"Look for personal data in documents before they are published."`
	Export privacyExportCmd `cmd:"" help:"Print what is kept of the conversation of a code."`
	Erase  privacyEraseCmd  `cmd:"" help:"Erase what is kept of the conversation of a code, for good."`
}

type privacyScanCmd struct {
	JSON  bool     `help:"Print JSON."`
	Show  bool     `help:"Print what was found as it is, not only where; do not send that anywhere."`
	Paths []string `arg:"" name:"path" help:"Files and folders."`
}

func (cmd *privacyScanCmd) Help() string {
	return "Example:\n  sportello privacy scan da-pubblicare/\n\nReads files as ingest does, with what they hide from their readers, and lists codici fiscali, IBAN, telephones, addresses, names… by page.\n" +
		"Names of people who act for the comune are found too: a person decides. Exit code 0: nothing found; 3: something was; 1: a file could not be read."
}

// personalPlace is a place that holds personal data.
type personalPlace struct {
	Kind   privacy.Kind `json:"kind"`
	Page   int          `json:"page,omitempty"`
	Text   string       `json:"text"` // with its beginning only, unless it was asked for
	Hidden bool         `json:"hidden,omitempty"`
}

type scannedFile struct {
	File   string          `json:"file"`
	Places []personalPlace `json:"places"`
	Error  string          `json:"error,omitempty"`
}

func (cmd *privacyScanCmd) Run(ctx context.Context, s *session) error {
	files, err := cmd.scan(ctx, s)
	if err != nil {
		return err
	}
	found, failed := 0, 0
	for _, f := range files {
		found += len(f.Places)
		if f.Error != "" {
			failed++
		}
	}
	if cmd.JSON {
		err = printJSON(s.stdout, map[string]any{"files": files, "places": found})
	} else {
		for _, f := range files {
			for _, p := range f.Places {
				hidden := ""
				if p.Hidden {
					hidden = "\thidden"
				}
				sayf(s.stdout, "%s\tp. %d\t%s\t%s%s\n", f.File, p.Page, p.Kind, p.Text, hidden)
			}
			if f.Error != "" {
				sayf(s.stdout, "%s\tnot read: %s\n", f.File, f.Error)
			}
		}
		sayf(s.stdout, "%d files, %d places with personal data, %d files not read\n", len(files), found, failed)
	}
	switch {
	case err != nil:
		return err
	case failed > 0:
		return fault.New(fault.Broken, "%d files could not be read: look at them yourself before they are published", failed)
	case found > 0:
		return errPartly
	}
	return nil
}

func (cmd *privacyScanCmd) scan(ctx context.Context, s *session) ([]scannedFile, error) {
	p, err := s.cfg.parsers()
	if err != nil {
		return nil, err
	}
	defer release(p)
	out := []scannedFile{}
	for _, root := range cmd.Paths {
		err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), ".") {
				return err
			}
			b, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			one := scannedFile{File: file, Places: []personalPlace{}}
			if parsed, err := p.Parse(ctx, ingest.Input{Name: filepath.Base(file), Bytes: b}); err != nil {
				one.Error = fault.MessageOf(err)
			} else {
				one.Places = cmd.places(parsed)
			}
			out = append(out, one)
			return ctx.Err()
		})
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", root)
		}
	}
	return out, nil
}

// places looks through the text and through what is hidden, paragraph by paragraph so that a page is known.
func (cmd *privacyScanCmd) places(p *ingest.Parsed) []personalPlace {
	out := []personalPlace{}
	look := func(text string, page int, hidden bool) {
		for _, f := range privacy.Find(text) {
			what := text[f.Start:f.End]
			if !cmd.Show {
				what = beginning(what)
			}
			out = append(out, personalPlace{f.Kind, page, what, hidden})
		}
	}
	text, page := "", 0
	for _, b := range p.Blocks {
		if text != "" && b.Page == page {
			text += " "
		} else {
			look(text, page, false)
			text, page = "", b.Page
		}
		text += b.Text
		if !b.Wraps {
			look(text, page, false)
			text = ""
		}
	}
	look(text, page, false)
	for _, f := range p.Hidden {
		look(f.Text, f.Page, true)
	}
	return out
}

// beginning gives the first letters of what was found: enough to find it, not enough to copy it.
func beginning(s string) string {
	r := []rune(s)
	return string(r[:min(3, len(r))]) + strings.Repeat("·", max(0, min(len(r)-3, 13)))
}
