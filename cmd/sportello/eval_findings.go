package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"

	"sportello/assistant/fault"
	"sportello/ingest"
)

type evalFindingsCmd struct {
	JSON  bool     `help:"Print JSON."`
	Paths []string `arg:"" name:"path" help:"Files and folders."`
}

func (cmd *evalFindingsCmd) Help() string {
	return "Reads files as ingest does and lists what a reader of them does not see and what speaks to an assistant. On documents that are known\n" +
		"to be honest every line is a false alarm, to be judged by hand.\n\nExample:\n  sportello eval findings ../shared/data/documents"
}

// fileFindings is what one file hides.
type fileFindings struct {
	File     string           `json:"file"`
	Findings []ingest.Finding `json:"findings,omitempty"`
	Error    string           `json:"error,omitempty"`
}

// foundIn is the whole of a measurement.
type foundIn struct {
	Files    int                        `json:"files"`
	Read     int                        `json:"read"`
	With     int                        `json:"with_findings"`
	ByKind   map[ingest.FindingKind]int `json:"by_kind"`
	Findings []fileFindings             `json:"findings"`
}

func (cmd *evalFindingsCmd) Run(ctx context.Context, s *session) error {
	all, err := s.findings(ctx, cmd.Paths)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, all)
	}
	for _, f := range all.Findings {
		for _, one := range f.Findings {
			orders := ""
			if one.Orders {
				orders = " ORDERS"
			}
			sayf(s.stdout, "%s p.%d %s%s: %.160q\n", f.File, one.Page, one.Kind, orders, one.Text)
		}
		if f.Error != "" {
			sayf(s.stdout, "%s: not read: %s\n", f.File, f.Error)
		}
	}
	sayf(s.stdout, "%d files, %d read, %d with findings %v\n", all.Files, all.Read, all.With, all.ByKind)
	return nil
}

// findings reads every file below paths.
func (s *session) findings(ctx context.Context, paths []string) (*foundIn, error) {
	p, err := s.cfg.parsers()
	if err != nil {
		return nil, err
	}
	defer release(p)
	var files []string
	for _, path := range paths {
		err := filepath.WalkDir(path, func(file string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && !strings.HasPrefix(d.Name(), ".") {
				files = append(files, file)
			}
			return err
		})
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", path)
		}
	}
	out := make([]fileFindings, len(files))
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i, file := range files {
		group.Go(func() error {
			out[i].File = file
			b, err := os.ReadFile(file)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			parsed, err := p.Parse(inner, ingest.Input{Name: filepath.Base(file), Bytes: b})
			if err != nil {
				out[i].Error = fault.MessageOf(err)
				return inner.Err()
			}
			out[i].Findings = ingest.Structure(file, parsed).Findings
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	total := &foundIn{Files: len(files), ByKind: map[ingest.FindingKind]int{}}
	for _, f := range out {
		if f.Error == "" {
			total.Read++
		}
		if len(f.Findings) > 0 {
			total.With++
		}
		for _, one := range f.Findings {
			total.ByKind[one.Kind]++
		}
		if len(f.Findings) > 0 || f.Error != "" {
			total.Findings = append(total.Findings, f)
		}
	}
	return total, nil
}
