package main

import (
	"context"
	"path/filepath"
	"strings"

	"sportello/assistant"
	"sportello/assistant/eval"
	"sportello/assistant/fault"
	"sportello/assistant/model"
)

type evalModelsCmd struct {
	Shared   string   `help:"The shared folder, that holds data/eval and data/documents." default:"../shared" type:"existingdir" placeholder:"DIR"`
	Endpoint string   `help:"Address of an OpenAI-compatible server that has the models; default: models of the catalogue, run here." placeholder:"URL"`
	Key      string   `help:"Its key." env:"SPORTELLO_CHAT_API_KEY" placeholder:"KEY"`
	Lang     string   `help:"Only the questions in this language." placeholder:"it"`
	Limit    int      `help:"Only the first N." placeholder:"N"`
	Reader   string   `help:"Version of what reads documents, as in eval all (default: this build)." placeholder:"TEXT"`
	JSON     bool     `help:"Print JSON."`
	Models   []string `arg:"" name:"model" help:"NAME, or NAME@URL for a server of its own."`
}

func (cmd *evalModelsCmd) Help() string {
	return "Examples:\n  sportello eval models smollm2-135m\n  sportello eval models --endpoint http://gpu.example.it:8000/v1 Qwen3-8B\n" +
		"  sportello eval models small@http://a:8000 large@http://b:8000\n\n" +
		"Asks the whole question set to each model and puts them side by side: how many answers it phrased, how many of its sentences stood, what they cost. " +
		"\"unsupported\" counts answers in which a judge that shares no code with the checks found something that their source does not say."
}

func (cmd *evalModelsCmd) Run(ctx context.Context, s *session) error {
	rows, err := cmd.rows()
	if err != nil {
		return err
	}
	if err := cmd.prepare(ctx, s); err != nil {
		return err
	}
	var table []eval.ModelRow
	failed := 0
	for _, spec := range cmd.Models {
		row, err := cmd.measure(ctx, s, spec, rows)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed++
			row = eval.ModelRow{Model: spec, Error: fault.MessageOf(err)}
		}
		table = append(table, row)
	}
	if cmd.JSON {
		err = printJSON(s.stdout, table)
	} else {
		sayln(s.stdout, eval.ModelTable(table))
		for _, row := range table {
			if row.Error != "" {
				sayf(s.stdout, "%s was not measured: %s\n", row.Model, row.Error)
			}
		}
	}
	switch {
	case err != nil:
		return err
	case failed == len(table):
		return fault.New(fault.Unavailable, "no model could be measured: %s", table[0].Error)
	case failed > 0:
		return errPartly
	}
	return nil
}

func (cmd *evalModelsCmd) rows() ([]eval.Row, error) {
	all, err := questionRows(filepath.Join(cmd.Shared, "data"))
	if err != nil {
		return nil, err
	}
	var rows []eval.Row
	for _, r := range all {
		if (cmd.Lang == "" || r.Lang == cmd.Lang) && (cmd.Limit == 0 || len(rows) < cmd.Limit) {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.Invalid, "no question is left: look at --lang")
	}
	return rows, nil
}

// prepare reads the documents in once, before the first model.
func (cmd *evalModelsCmd) prepare(ctx context.Context, s *session) error {
	own, err := s.measuring(cmd.Reader)
	if err != nil {
		return err
	}
	a, err := own.openMeasured(ctx, cmd.Shared)
	if err != nil {
		return err
	}
	return a.Close()
}

func (cmd *evalModelsCmd) measure(ctx context.Context, s *session, spec string, rows []eval.Row) (eval.ModelRow, error) {
	own, err := s.measuring(cmd.Reader)
	if err != nil {
		return eval.ModelRow{}, err
	}
	name, address, _ := strings.Cut(spec, "@")
	if address == "" {
		address = cmd.Endpoint
	}
	own.cfg.Chat.Address, own.cfg.Chat.Model, own.cfg.Chat.APIKey = address, name, cmd.Key
	meter := &eval.Meter{}
	cached := own.cfg.tap
	own.cfg.tap = func(set *model.Set) {
		cached(set)
		if set.Generator != nil {
			meter.Generator, set.Generator = set.Generator, meter
		}
	}
	a, err := own.open(ctx)
	if err != nil {
		return eval.ModelRow{}, err
	}
	defer release(a)
	if meter.Generator == nil {
		return eval.ModelRow{}, fault.New(fault.NotFound, "the chat model %s is not here: sportello models pull %s, or give its --endpoint", name, name)
	}
	if err := probe(ctx, meter.Generator); err != nil {
		return eval.ModelRow{}, err
	}
	counting, tokens := model.CountTokens(ctx)
	progress := newSteps(s.stderr)
	defer progress.end()
	report, err := a.askAll()(counting, rows, func(done, all int) { progress.show(spec, done, all) })
	if err != nil {
		return eval.ModelRow{}, err
	}
	if err := meter.Err(); err != nil {
		return eval.ModelRow{}, err
	}
	in, out, counted := tokens.Sum()
	return eval.ModelFigures(spec, report, meter, in, out, counted), nil
}

// probe asks a model once, so that one that is not there is an error and not a column of quotes; what it says does not matter.
func probe(ctx context.Context, g assistant.Generator) error {
	passage := assistant.Passage{Title: "Avviso", Text: "L'ufficio anagrafe apre alle 9."}
	return g.Generate(ctx, assistant.Question{Text: "A che ora apre l'ufficio anagrafe?", Language: "it"}, []assistant.Passage{passage},
		func(assistant.Draft) error { return nil })
}
