package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// evalSpeedCmd measures each step next to its limit, in one run: the machines are shared, only ratios mean something.
type evalSpeedCmd struct {
	Embed     int    `default:"192" help:"Passages embedded by both sides."`
	Queries   int    `default:"100" help:"Questions searched at each size."`
	Sizes     []int  `default:"2000,20000" help:"Sizes of the index, in passages."`
	Questions string `help:"JSON lines with questions; default: the demo's." type:"existingfile" placeholder:"FILE"`
	Qdrant    string `help:"Measure the search on this Qdrant server too, in a collection that is deleted afterwards." placeholder:"HOST:PORT"`
	JSON      bool   `help:"Print JSON."`
	Folder    string `arg:"" help:"Documents to ingest." type:"existingdir"`
}

func (cmd *evalSpeedCmd) Help() string {
	return "Example:\n  sportello eval speed regolamenti/\n\n" +
		"Works in a folder of its own that it deletes. Passages beyond those of the documents repeat their text with changes and have made-up vectors."
}

// measured is one line: what we take, what the limit takes, their ratio and the aim for it.
type measured struct {
	What  string  `json:"what"`
	Ours  float64 `json:"ours"`
	Limit float64 `json:"limit,omitempty"`
	Ratio float64 `json:"ratio,omitempty"`
	Unit  string  `json:"unit"`
	Aim   string  `json:"aim,omitempty"`
}

func (cmd *evalSpeedCmd) Run(ctx context.Context, s *session) error {
	dir, err := os.MkdirTemp("", "sportello-speed-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cfg := *s.cfg
	cfg.Data = dir
	own := &session{cfg: &cfg, stdout: s.stdout, stderr: s.stderr}
	rows, err := own.measureSpeed(ctx, cmd)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, rows)
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	sayln(w, "what\tours\tlimit\tunit\tratio\taim")
	for _, r := range rows {
		limit, ratio := "", ""
		if r.Limit > 0 {
			limit, ratio = fmt.Sprintf("%.1f", r.Limit), fmt.Sprintf("%.2f", r.Ratio)
		}
		sayf(w, "%s\t%.1f\t%s\t%s\t%s\t%s\n", r.What, r.Ours, limit, r.Unit, ratio, r.Aim)
	}
	return w.Flush()
}

const speedTenant = "speed"

func (s *session) measureSpeed(ctx context.Context, cmd *evalSpeedCmd) ([]measured, error) {
	a, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	defer release(a)
	if a.embedder == nil {
		return nil, fault.New(fault.Unavailable, "there is no embedding model to measure: sportello doctor says how to add it")
	}
	if err := a.store.AddTenant(ctx, store.Tenant{Slug: speedTenant, Name: "Speed"}); err != nil {
		return nil, err
	}
	result, err := s.ingest(ctx, a, ingestOptions{tenant: speedTenant, paths: []string{cmd.Folder}, noWait: true})
	if err != nil && len(result.Failed) == 0 {
		return nil, err
	}
	rows := []measured{{What: "pages ingested, words searchable", Ours: float64(result.Pages) / result.Seconds, Unit: "pages/s"}}

	texts, err := a.someTexts(ctx, cmd.Embed)
	if err != nil {
		return nil, err
	}
	direct, err := directEngine(ctx, filepath.Join(a.store.Dir(), "run", "engine-embedding.json"), a.embedder)
	if err != nil {
		return nil, err
	}
	embedding, err := embeddingSpeed(ctx, a.embedder, direct, texts)
	if err != nil {
		return nil, err
	}
	rows = append(rows, embedding)
	questions, err := readQuestions(cmd.Questions)
	if err != nil {
		return nil, err
	}
	for _, size := range cmd.Sizes {
		tenant := fmt.Sprintf("speed-%d", size)
		slog.Info("making passages", "tenant", tenant)
		if err := a.fillWith(ctx, tenant, texts, size); err != nil {
			return nil, err
		}
		if err := a.follower.CatchUp(ctx); err != nil {
			return nil, err
		}
		r, err := a.searchSpeed(ctx, tenant, size, questions, cmd.Queries, direct)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r...)
	}
	if cmd.Qdrant != "" {
		r, err := s.qdrantSpeed(ctx, cmd, questions, direct)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r...)
	}
	asked, err := a.askSpeed(ctx, questions, cmd.Queries)
	if err != nil {
		return nil, err
	}
	rows = append(rows, asked)
	served, err := s.serveSpeed(ctx, fmt.Sprintf("speed-%d", slices.Max(cmd.Sizes)), questions[0])
	return append(rows, served...), err
}

func ratio(what string, ours, limit float64, unit, aim string) measured {
	return measured{What: what, Ours: ours, Limit: limit, Ratio: ours / limit, Unit: unit, Aim: aim}
}

// searchSpeed searches and asks the engine for the same question's vector, in turns.
func (a *app) searchSpeed(ctx context.Context, tenant string, size int, questions []string, n int, direct *engineClient) ([]measured, error) {
	var ours, engine []time.Duration
	for i := range n + 1 {
		q := fmt.Sprintf("%s (%d, %d)", questions[i%len(questions)], size, i) // never the same text twice: no cache helps
		start := time.Now()
		if _, _, err := a.retriever.Retrieve(ctx, assistant.Question{Tenant: tenant, Text: q, K: 10}); err != nil {
			return nil, err
		}
		if i > 0 { // the first one loads the tenant
			ours = append(ours, time.Since(start))
		}
		start = time.Now()
		if err := direct.embed(ctx, []string{"query: " + q}); err != nil {
			return nil, err
		}
		if i > 0 {
			engine = append(engine, time.Since(start))
		}
	}
	slices.Sort(ours)
	slices.Sort(engine)
	at := func(d []time.Duration, p int) float64 {
		return float64(d[min(len(d)-1, len(d)*p/100)].Microseconds()) / 1000
	}
	name := fmt.Sprintf("search, %d passages, %s index", size, a.cfg.Index)
	return []measured{
		ratio(name+", p50", at(ours, 50), at(engine, 50), "ms", "<= 1.5 x the engine's query"),
		ratio(name+", p95", at(ours, 95), at(engine, 95), "ms", ""),
	}, nil
}

func (a *app) askSpeed(ctx context.Context, questions []string, n int) (measured, error) {
	var took []time.Duration
	for i := range n {
		start := time.Now()
		if _, err := a.asker.Ask(ctx, assistant.Question{Tenant: speedTenant, Text: fmt.Sprintf("%s (ask %d)", questions[i%len(questions)], i)}, nil); err != nil {
			return measured{}, err
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	return measured{What: "ask, p50", Ours: float64(took[len(took)/2].Microseconds()) / 1000, Unit: "ms"}, nil
}
