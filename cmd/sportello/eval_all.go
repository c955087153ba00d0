package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sportello/assistant/eval"
	"sportello/assistant/fault"
)

type evalAllCmd struct {
	Shared string   `help:"The shared folder, that holds data/eval and data/documents." default:"../shared" type:"existingdir" placeholder:"DIR"`
	Golden string   `help:"The folder of committed figures." default:"assistant/eval/testdata" type:"existingdir" placeholder:"DIR"`
	Update bool     `help:"Write the figures instead of comparing."`
	Share  float64  `help:"How far a share may move." default:"0.005" placeholder:"0.005"`
	Count  float64  `help:"How far a count may move, as a part of itself." default:"0.01" placeholder:"0.01"`
	Cases  int      `help:"How many cases of its group a figure may move by, where that is more." default:"1" placeholder:"1"`
	Reader string   `help:"Version of what reads documents: those that the same version ingested are not ingested again (default: this build)." placeholder:"TEXT"`
	JSON   bool     `help:"Print what changed as JSON."`
	Sets   []string `arg:"" optional:"" name:"set" help:"faq_comune_it, heading_it, questions, retrieval_it, unanswerable, crosslingual (default: all)."`
}

func (cmd *evalAllCmd) Help() string {
	return "Examples:\n  sportello eval all\n  sportello eval all --update questions\n\n" +
		"Measures each set with the default models and without a chat model, and compares with the committed table of the same name; ends with 1 when a figure moved. " +
		"The documents of the question set are ingested into the cache folder, once for each build of this program; vectors are kept there too, so that " +
		"measuring again takes minutes."
}

// moved is a golden file that is not what it was.
type moved struct {
	Set     string        `json:"set"`
	Changes []eval.Change `json:"changes"`
}

func (cmd *evalAllCmd) Run(ctx context.Context, s *session) error {
	sets, err := cmd.sets()
	if err != nil {
		return err
	}
	own, err := s.measuring(cmd.Reader)
	if err != nil {
		return err
	}
	open := own.open
	if slices.Contains(sets, "questions") { // the others bring their own texts
		open = func(ctx context.Context) (*app, error) { return own.openMeasured(ctx, cmd.Shared) }
	}
	a, err := open(ctx)
	if err != nil {
		return err
	}
	defer release(a)
	progress := newSteps(s.stderr)
	suite := eval.Suite{
		Data: filepath.Join(cmd.Shared, "data"), Embedder: a.embedder, Model: a.modelLabel(), Questions: a.askAll(),
		Progress: func(set, what string, done, all int) { progress.show(set+", "+what, done, all) },
	}
	var changed []moved
	for _, set := range sets {
		text, err := suite.Run(ctx, set)
		progress.end()
		if err != nil {
			return fault.Wrap(fault.CodeOf(err), err, "%s", set)
		}
		changes, err := cmd.compare(set, text)
		if err != nil {
			return err
		}
		changed = append(changed, moved{set, changes})
		if !cmd.JSON {
			printChanges(s, set, text, changes, cmd.Update)
		}
	}
	if cmd.JSON {
		if err := printJSON(s.stdout, changed); err != nil {
			return err
		}
	}
	return cmd.verdict(changed)
}

// sets are those asked for; a name that is none is wrong usage.
func (cmd *evalAllCmd) sets() ([]string, error) {
	known := eval.SetNames()
	for _, set := range cmd.Sets {
		if !slices.Contains(known, set) {
			return nil, fault.New(fault.Invalid, "no set %q: there are %s", set, strings.Join(known, ", "))
		}
	}
	if len(cmd.Sets) > 0 {
		return cmd.Sets, nil
	}
	return known, nil
}

// compare holds a table against the committed one and writes it when that is wanted.
func (cmd *evalAllCmd) compare(set, text string) ([]eval.Change, error) {
	path := filepath.Join(cmd.Golden, set+".txt")
	was, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", path)
	}
	changes := eval.Compare(string(was), text, eval.Tolerance{Share: cmd.Share, Count: cmd.Count, Cases: cmd.Cases})
	if !cmd.Update || string(was) == text {
		return changes, nil
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be written", path)
	}
	return changes, nil
}

func printChanges(s *session, set, text string, changes []eval.Change, updated bool) {
	switch {
	case len(changes) == 0:
		sayf(s.stdout, "%s: as committed\n", set)
	case updated:
		sayf(s.stdout, "%s: written\n\n%s\n", set, text)
	default:
		sayf(s.stdout, "%s: %d lines changed (! marks what moved)\n", set, len(changes))
		for _, c := range changes {
			sayf(s.stdout, "%s", c)
		}
	}
}

// verdict fails when a figure moved and was not to be written.
func (cmd *evalAllCmd) verdict(changed []moved) error {
	n := 0
	for _, m := range changed {
		for _, c := range m.Changes {
			if c.Moved {
				n++
			}
		}
	}
	if n == 0 || cmd.Update {
		return nil
	}
	return fault.New(fault.Conflict, "%d lines moved by more than %g of a share, %g of a count and %d cases: if that is meant, make eval UPDATE=1 writes them, and the commit says why",
		n, cmd.Share, cmd.Count, cmd.Cases)
}

// modelLabel names the embedding model for a golden file.
func (a *app) modelLabel() string {
	for _, st := range a.models.Status() {
		if st.Task == "embedding" && a.embedder != nil {
			return cmp.Or(st.Model, st.Address)
		}
	}
	return ""
}
