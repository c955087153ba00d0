package main

import (
	"context"
	"os"

	"sportello/assistant/eval"
)

type evalRobustnessCmd struct {
	JSON   bool   `help:"Print JSON."`
	Child  bool   `hidden:"" help:"Parse the files named on standard input: what the command runs for each file."`
	Folder string `arg:"" optional:"" help:"Folder with files of all kinds, broken ones too." type:"existingdir"`
}

func (cmd *evalRobustnessCmd) Help() string {
	return "Example:\n  sportello eval robustness samples/\n\n" +
		"Every file is read in a child process, so that time, memory and crashes are those of that file."
}

func (cmd *evalRobustnessCmd) Run(ctx context.Context, s *session) error {
	if cmd.Child {
		p, err := s.cfg.parsers()
		if err != nil {
			return err
		}
		defer release(p)
		return eval.RobustnessChild(ctx, p, os.Stdin, s.stdout)
	}
	progress := bar(s.stderr, -1, "files", false)
	report, err := eval.Robustness(ctx, eval.RobustnessConfig{
		Dir: cmd.Folder, Args: []string{"--data", s.cfg.Data, "--log-level", "error", "eval", "robustness", "--child"},
		Progress: func(done, total int) {
			progress.ChangeMax(total)
			_ = progress.Set(done)
		},
	})
	_ = progress.Finish()
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, report)
	}
	sayln(s.stdout)
	return report.WriteTable(s.stdout)
}
