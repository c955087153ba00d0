package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"text/tabwriter"

	"sportello/assistant/eval"
	"sportello/assistant/model"
)

type evalRetrievalCmd struct {
	Passages  string   `required:"" help:"JSON lines: {\"id\",\"text\"}." type:"existingfile" placeholder:"FILE"`
	Questions []string `required:"" help:"JSON lines: {\"id\",\"question\",\"passage_id\"[,\"lang\",\"ambiguous\"]}; may be given several times." type:"existingfile" placeholder:"FILE" sep:"none"`
	Format    string   `enum:"retrieval,faq,unanswerable" default:"retrieval" help:"retrieval, faq (variants of canonical questions) or unanswerable."`
	NoCache   bool     `help:"Make all vectors anew instead of keeping those of earlier runs."`
	JSON      bool     `help:"Print JSON."`
}

func (cmd *evalRetrievalCmd) Help() string {
	return "Example:\n  sportello eval retrieval --passages P.jsonl --questions Q.jsonl --questions Q.en.jsonl\n\n" +
		"The corpus is in memory; the data folder is not touched."
}

func (cmd *evalRetrievalCmd) Run(ctx context.Context, s *session) error {
	format := eval.RetrievalFormat(cmd.Format)
	passages, err := eval.ReadPassages(cmd.Passages, format)
	if err != nil {
		return err
	}
	var sets []eval.RetrievalSet
	for _, path := range cmd.Questions {
		set, err := eval.ReadQuestions(path, format)
		if err != nil {
			return err
		}
		sets = append(sets, set)
	}
	engineDir, err := os.MkdirTemp("", "sportello-eval-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(engineDir) }()
	models, err := model.Open(ctx, s.cfg.modelConfig(engineDir))
	if err != nil {
		return err
	}
	defer release(models)
	if models.Embedder == nil {
		slog.Warn("no embedding model: the words are measured alone")
	}
	config := eval.RetrievalConfig{Embedder: models.Embedder}
	if !cmd.NoCache {
		if config.Cache, err = eval.NewVectorCache(filepath.Join(s.cfg.cacheDir(), "eval")); err != nil {
			return err
		}
	}
	progress := bar(s.stderr, int64(len(passages)), "passages", false)
	config.Progress = func(_ string, done, all int) {
		progress.ChangeMax(all)
		_ = progress.Set(done)
	}
	rows, err := eval.Retrieval(ctx, config, passages, sets)
	_ = progress.Finish()
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, rows)
	}
	return printRetrieval(s.stdout, rows)
}

func printRetrieval(out io.Writer, rows []eval.RetrievalRow) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	sayln(w, "file\tquestions\tr@1\tr@5\tr@10\tMRR\twords r@5\tdense r@5\tp50 ms\tp95 ms")
	for _, r := range rows {
		sayf(w, "%s\t%d\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.1f\t%.1f\n", r.File, r.Questions,
			r.Recall["1"], r.Recall["5"], r.Recall["10"], r.MRR, r.Legs["words"].Recall["5"], r.Legs["dense"].Recall["5"], r.P50, r.P95)
	}
	return w.Flush()
}
