package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sort"
	"text/tabwriter"

	"sportello/assistant"
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
	a, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer release(a)
	if err := a.follower.CatchUp(ctx); err != nil {
		return err
	}
	progress := bar(s.stderr, int64(len(rows)), "questions", false)
	report, err := eval.Runner{
		Ask: func(ctx context.Context, q assistant.Question) (*assistant.Answer, error) {
			return a.asker.Ask(ctx, q, nil)
		},
		Text: func(ctx context.Context, tenant, id string) (string, error) {
			return a.documentText(ctx, tenant, id)
		},
		Each: func(done, _ int) { _ = progress.Set(done) },
	}.Run(ctx, rows, cmd.Tenant)
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
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	sayf(w, "group\tn\tany@1\tany@5\tany@10\tall@10\tfacts\tcited gold\trefused\tlanguage\tpass\n")
	for _, group := range []map[string]eval.Figures{r.ByKind, r.ByLanguage, r.ByNeed, r.ByTenant} {
		names := make([]string, 0, len(group))
		for name := range group {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			f := group[name]
			sayf(w, "%s\t%d\t%s\t%s\t%s\t%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\n", name, f.N, share(f.Recall, "1"), share(f.Recall, "5"), share(f.Recall, "10"),
				share(f.RecallAll, "10"), f.Facts, f.CitedGold, f.Refused, f.Language, f.Pass)
		}
		sayln(w, "\t\t\t\t\t\t\t\t\t\t")
	}
	sayf(w, "quotes shown %d, literal %d; statements with something unsupported %d; drafts accepted %d, rejected %d %v; p50 %.0f ms, p95 %.0f ms\n",
		r.Citations.Shown, r.Citations.Literal, r.Unsupported, r.Accepted, r.Rejected, r.RejectedBy, r.P50, r.P95)
	return w.Flush()
}

func share(of map[string]float64, k string) string {
	if of == nil {
		return "-"
	}
	return fmt.Sprintf("%.3f", of[k])
}
