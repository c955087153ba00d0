package main

import (
	"context"
	"os"
	"path/filepath"

	"sportello/assistant/eval"
	"sportello/assistant/fault"
)

// evalPrivacyCmd measures how personal data is found in sentences.
type evalPrivacyCmd struct {
	JSON  bool     `help:"Print JSON."`
	Amiss bool     `help:"Print what is missed and what is found wrongly, too."`
	Files []string `arg:"" name:"file" help:"Sentences in which personal data is marked, or cases of presidio (.jsonl)." type:"existingfile"`
}

func (cmd *evalPrivacyCmd) Help() string {
	return "Example:\n  sportello eval privacy assistant/privacy/testdata/held_out.txt ../shared/data/security/pii_it/presidio_cases.jsonl\n\n" +
		"A sentence a line, with what is personal as {kind|text}: \"Mi chiamo {nome|Anna Conti}\"."
}

func (cmd *evalPrivacyCmd) Run(_ context.Context, s *session) error {
	reports := map[string]any{}
	for _, file := range cmd.Files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "%s cannot be read", file)
		}
		table := ""
		if filepath.Ext(file) == ".jsonl" {
			if table, err = eval.PersonalCases(raw); err != nil {
				return err
			}
			reports[file] = table
		} else {
			r := eval.Personal(raw)
			reports[file], table = r, r.Table()
			if cmd.Amiss {
				for _, line := range r.Amiss {
					table += line + "\n"
				}
			}
		}
		if !cmd.JSON {
			sayf(s.stdout, "%s\n%s", file, table)
		}
	}
	if cmd.JSON {
		return printJSON(s.stdout, reports)
	}
	return nil
}
