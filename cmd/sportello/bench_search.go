package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"sportello/assistant/contest"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// benchSearchCmd puts the embedded index and other engines before the same passages.
type benchSearchCmd struct {
	Passages  []int    `default:"20000,200000" help:"Sizes; 1000000 wants 3 GB of memory and about ten minutes."`
	Ask       int      `default:"50" help:"Questions asked of each engine, twice."`
	K         int      `default:"10" help:"Hits of an answer."`
	Embed     int      `default:"192" help:"Real passages that get their vector from the model; the others lie near these."`
	Seed      uint64   `default:"1" help:"Of the passages and vectors that are made."`
	Questions string   `help:"JSON lines with questions; default: the demo's." type:"existingfile" placeholder:"FILE"`
	Peers     string   `help:"The program of the other engines; default: bench-peers beside this one (make bin/bench-peers)." placeholder:"FILE"`
	JSON      bool     `help:"Print JSON."`
	Folders   []string `arg:"" help:"Documents whose text is repeated with changes." type:"existingdir"`
}

func (cmd *benchSearchCmd) Help() string {
	return "Example:\n  sportello bench search --passages 20000,200000 regolamenti/\n\n" +
		"Each engine runs in a process of its own on the same passages, vectors and questions, one after the other; recall is against a search through all\n" +
		"float32 vectors. Without an embedding model directions are drawn by chance. Works in a folder of its own that it deletes."
}

func (cmd *benchSearchCmd) Run(ctx context.Context, s *session) error {
	for _, n := range cmd.Passages {
		if n < 1 || n > 1<<24 {
			return fault.New(fault.Invalid, "write --passages between 1 and %d", 1<<24)
		}
	}
	if cmd.Ask < 1 || cmd.K < 1 || cmd.Embed < 1 {
		return fault.New(fault.Invalid, "write --ask, --k and --embed of 1 or more")
	}
	entrants, err := cmd.entrants(s)
	if err != nil {
		return err
	}
	corpus, questions, err := cmd.corpus(ctx, s)
	if err != nil {
		return err
	}
	var all []contest.Result
	for _, n := range cmd.Passages {
		exact, err := contest.Exact(ctx, corpus, n, cmd.K, questions)
		if err != nil {
			return err
		}
		for _, e := range entrants {
			slog.Info("searching", "engine", e.Name, "leg", e.Leg(), "passages", n)
			r, err := contest.Run(ctx, e, corpus, n, cmd.K, questions, exact)
			if err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				r.Error = err.Error()
			}
			all = append(all, r)
		}
	}
	if cmd.JSON {
		err = printJSON(s.stdout, all)
	} else {
		err = saySearch(s.stdout, all)
	}
	for _, r := range all {
		if r.Error != "" {
			err = errors.Join(err, fault.New(fault.Unavailable, "%s with %d passages: %s", r.Name, r.Passages, r.Error))
		}
	}
	return err
}

// entrants are the embedded index and, when their program is there, the peers.
func (cmd *benchSearchCmd) entrants(s *session) ([]contest.Entrant, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	own := []string{self, "bench", "engine"}
	entrants := []contest.Entrant{
		{Name: "sportello", Program: own, Words: true},
		{Name: "sportello", Program: own, Vectors: true},
		{Name: "sportello", Program: own, Words: true, Vectors: true},
	}
	peers := cmd.Peers
	if peers == "" {
		peers = filepath.Join(filepath.Dir(self), "bench-peers")
	}
	if _, err := os.Stat(peers); err != nil {
		if cmd.Peers != "" {
			return nil, fault.Wrap(fault.Invalid, err, "%s cannot be started", peers)
		}
		sayln(s.stderr, "Other engines are not here: make bin/bench-peers builds them.")
		return entrants, nil
	}
	return append(entrants,
		contest.Entrant{Name: "bleve", Engine: "bleve", Program: []string{peers}, Words: true},
		contest.Entrant{Name: "chromem-go", Engine: "chromem", Program: []string{peers}, Vectors: true},
	), nil
}

// corpus reads the folders and gives some of their passages, and the questions, a vector.
func (cmd *benchSearchCmd) corpus(ctx context.Context, s *session) (*contest.Corpus, []contest.Question, error) {
	dir, err := os.MkdirTemp("", "sportello-contest-")
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cfg := *s.cfg
	cfg.Data = dir
	own := &session{cfg: &cfg, stdout: s.stdout, stderr: s.stderr}
	a, err := own.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer release(a)
	if err := a.store.AddTenant(ctx, store.Tenant{Slug: speedTenant, Name: "Contest"}); err != nil {
		return nil, nil, err
	}
	if result, err := own.ingest(ctx, a, ingestOptions{tenant: speedTenant, paths: cmd.Folders, noWait: true}); err != nil && len(result.Failed) == 0 {
		return nil, nil, err
	}
	c := &contest.Corpus{Seed: cmd.Seed}
	if c.Texts, err = a.readTexts(ctx); err != nil {
		return nil, nil, err
	}
	asked, err := readQuestions(cmd.Questions)
	if err != nil {
		return nil, nil, err
	}
	questions := make([]contest.Question, cmd.Ask)
	for i := range questions {
		questions[i].Text = asked[i*max(len(asked)/cmd.Ask, 1)%len(asked)]
	}
	if a.embedder == nil {
		sayln(s.stderr, "There is no embedding model: vectors are directions drawn by chance.")
		c.Vectors = contest.MadeVectors(cmd.Embed, 384, cmd.Seed)
		for i, v := range contest.MadeVectors(len(questions), 384, cmd.Seed+1) {
			questions[i].Vector = v
		}
		return c, questions, nil
	}
	var sample []string
	for i := range min(cmd.Embed, len(c.Texts)) {
		sample = append(sample, c.Texts[i*len(c.Texts)/min(cmd.Embed, len(c.Texts))])
	}
	if c.Vectors, err = a.embedder.EmbedPassages(ctx, sample); err != nil {
		return nil, nil, err
	}
	for i := range questions {
		if questions[i].Vector, err = a.embedder.EmbedQuery(ctx, questions[i].Text); err != nil {
			return nil, nil, err
		}
	}
	return c, questions, nil
}

func saySearch(to io.Writer, all []contest.Result) error {
	best := map[string]time.Duration{} // of the peers, by leg and size
	key := func(r contest.Result) string { return fmt.Sprint(r.Leg, r.Passages) }
	for _, r := range all {
		if b := best[key(r)]; r.Name != "sportello" && r.Error == "" && (b == 0 || r.P50 < b) {
			best[key(r)] = r.P50
		}
	}
	w := tabwriter.NewWriter(to, 0, 4, 2, ' ', 0)
	sayln(w, "passages\tleg\tengine\tp50 ms\tp95 ms\tmemory MB\tfilled in s\trecall@k\tfaster than the other")
	for _, r := range all {
		if r.Error != "" {
			sayf(w, "%d\t%s\t%s\t%s\n", r.Passages, r.Leg, r.Name, r.Error)
			continue
		}
		recall, faster := "", ""
		if r.Leg == "vectors" {
			recall = fmt.Sprintf("%.3f", r.Recall)
		}
		if b := best[key(r)]; r.Name == "sportello" && b > 0 {
			faster = fmt.Sprintf("%.1f times", float64(b)/float64(r.P50))
		}
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		sayf(w, "%d\t%s\t%s\t%.2f\t%.2f\t%.0f\t%.1f\t%s\t%s\n", r.Passages, r.Leg, r.Name, ms(r.P50), ms(r.P95), float64(r.Memory)/(1<<20), r.Filled, recall, faster)
	}
	return w.Flush()
}

// benchEngineCmd is the embedded index on the other end of a pipe.
type benchEngineCmd struct{}

func (*benchEngineCmd) Run(_ context.Context, s *session) error {
	return contest.Serve(os.Stdin, s.stdout, func(string) (contest.Engine, error) { return contest.Embedded(), nil })
}
