package main

import (
	"context"
	"io"
	"os"

	"sportello/assistant/eval"
	"sportello/assistant/fault"
)

type evalQuestionsCmd struct {
	Tenant string `help:"Ask all of them to this tenant (default: each row's own)." placeholder:"SLUG"`
	Lang   string `help:"Only the questions in this language." placeholder:"it"`
	Limit  int    `help:"Only the first N." placeholder:"N"`
	Misses bool   `help:"List the rows that do not pass."`
	JSON   bool   `help:"Print JSON."`
	File   string `arg:"" help:"JSON lines." type:"existingfile"`
}

func (cmd *evalQuestionsCmd) Help() string {
	return "Example:\n  sportello eval questions domande.jsonl\n\nEach row: id, tenant, lang, kind, needs, question, gold [{doc, article, page, quote}], facts."
}

func (cmd *evalQuestionsCmd) Run(ctx context.Context, s *session) error {
	f, err := os.Open(cmd.File)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be read", cmd.File)
	}
	defer func() { _ = f.Close() }()
	all, err := eval.ReadRows(f)
	if err != nil {
		return err
	}
	var rows []eval.Row
	for _, r := range all {
		if (cmd.Lang == "" || r.Lang == cmd.Lang) && (cmd.Limit == 0 || len(rows) < cmd.Limit) {
			rows = append(rows, r)
		}
	}
	a, err := s.openCurrent(ctx)
	if err != nil {
		return err
	}
	defer release(a)
	progress := bar(s.stderr, int64(len(rows)), "questions", false)
	if cmd.Tenant != "" {
		for i := range rows {
			rows[i].Tenant = cmd.Tenant
		}
	}
	report, err := a.askAll()(ctx, rows, func(done, _ int) { _ = progress.Set(done) })
	_ = progress.Finish()
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, report)
	}
	if cmd.Misses {
		printMisses(s.stdout, report)
	}
	return printReport(s.stdout, report)
}

// documentText gives the text of a document that the tenant sees: its own or an ancestor's.
func (a *app) documentText(ctx context.Context, tenant, id string) (string, error) {
	lineage, err := a.store.Lineage(ctx, tenant)
	if err != nil {
		return "", err
	}
	for _, owner := range lineage {
		d, err := a.store.Content(ctx, owner, id)
		if err == nil {
			return d.Text, nil
		}
		if fault.CodeOf(err) != fault.NotFound {
			return "", err
		}
	}
	return "", fault.New(fault.NotFound, "no document %s", id)
}

func printMisses(w io.Writer, r *eval.Report) {
	for _, o := range r.Outcomes {
		if o.Pass {
			continue
		}
		sayf(w, "%s %s %s hit@%d facts %v cited %d/%d %s %s\n   ? %s\n", o.Row.ID, o.Row.Kind, o.Row.Lang, o.HitAt, o.Facts, o.Gold, o.Cited,
			o.Answer.Status, o.Answer.Reason, o.Row.Question)
		for _, st := range o.Answer.Statements {
			sayf(w, "   > %s\n", excerpt(st.Text, 240))
		}
		for _, g := range o.Row.Gold {
			sayf(w, "   = %s art. %s p. %d: %s\n", g.Doc, g.Article, g.Page, excerpt(g.Quote, 160))
		}
	}
}

func printReport(out io.Writer, r *eval.Report) error {
	for _, t := range r.Tables() {
		sayln(out, t)
	}
	sayf(out, "p50 %.0f ms, p95 %.0f ms\n", r.P50, r.P95)
	return nil
}
