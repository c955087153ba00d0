package contest

import (
	"cmp"
	"context"
	"encoding/gob"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"sportello/assistant/fault"
)

// Entrant is an engine that takes part.
type Entrant struct {
	Name    string   // shown
	Engine  string   // told to the program
	Program []string // what to start
	Words   bool     // it is given texts
	Vectors bool     // it is given vectors
}

// Result is what an entrant took and found.
type Result struct {
	Name     string        `json:"name"`
	Leg      string        `json:"leg"` // words | vectors | both
	Passages int           `json:"passages"`
	Filled   float64       `json:"filled_seconds"` // until the last passage is searchable, analysis of words included
	P50      time.Duration `json:"p50_ns"`
	P95      time.Duration `json:"p95_ns"`
	Memory   int64         `json:"memory_bytes"`
	Recall   float64       `json:"recall"` // of the exact best K by vectors; 0 when vectors alone were not asked for
	Error    string        `json:"error,omitempty"`
}

// Leg is what the entrant searches by.
func (e Entrant) Leg() string {
	switch {
	case e.Words && e.Vectors:
		return "both"
	case e.Vectors:
		return "vectors"
	}
	return "words"
}

// Run fills an entrant with n passages and asks it all questions: once to warm up, then measured.
func Run(ctx context.Context, e Entrant, c *Corpus, n, k int, questions []Question, exact [][]string) (Result, error) {
	r := Result{Name: e.Name, Leg: e.Leg(), Passages: n}
	cmd := exec.CommandContext(ctx, e.Program[0], e.Program[1:]...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return r, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return r, err
	}
	if err := cmd.Start(); err != nil {
		return r, fault.Wrap(fault.Unsupported, err, "%s cannot be started", e.Program[0])
	}
	err = r.drive(gob.NewEncoder(in), gob.NewDecoder(out), e, c, n, k, questions, exact)
	_ = in.Close()
	_, _ = io.Copy(io.Discard, out)
	if ended := cmd.Wait(); err == nil {
		err = ended
	}
	return r, err
}

func (r *Result) drive(enc *gob.Encoder, dec *gob.Decoder, e Entrant, c *Corpus, n, k int, questions []Question, exact [][]string) error {
	start := time.Now()
	if err := enc.Encode(Order{Engine: e.Engine, Passages: n, K: k}); err != nil {
		return err
	}
	for p := range c.Passages(n, e.Words, e.Vectors) {
		if err := enc.Encode(p); err != nil {
			return err
		}
	}
	var ready Ready
	if err := dec.Decode(&ready); err != nil {
		return fault.Wrap(fault.Unavailable, err, "%s ended while it was filled", e.Name)
	}
	if ready.Error != "" {
		return fault.New(fault.Unavailable, "%s: %s", e.Name, ready.Error)
	}
	r.Filled, r.Memory = time.Since(start).Seconds(), ready.Memory
	var took []time.Duration
	found := 0
	for round := range 2 {
		for i, q := range questions {
			if !e.Words {
				q.Text = ""
			}
			if !e.Vectors {
				q.Vector = nil
			}
			if err := enc.Encode(q); err != nil {
				return err
			}
			var f Found
			if err := dec.Decode(&f); err != nil {
				return fault.Wrap(fault.Unavailable, err, "%s ended while it was asked", e.Name)
			}
			if f.Error != "" {
				return fault.New(fault.Unavailable, "%s: %s", e.Name, f.Error)
			}
			if round == 0 {
				continue
			}
			took = append(took, f.Took)
			for _, id := range f.IDs {
				if r.Leg == "vectors" && slices.Contains(exact[i], id) {
					found++
				}
			}
		}
	}
	slices.Sort(took)
	r.P50, r.P95 = took[len(took)/2], took[min(len(took)-1, len(took)*95/100)]
	r.Recall = float64(found) / float64(k*len(questions))
	return nil
}

// Exact gives the ids of the k nearest passages of each question, by float32 vectors, all of them looked at.
func Exact(ctx context.Context, c *Corpus, n, k int, questions []Question) ([][]string, error) {
	type near struct {
		id    string
		score float64
	}
	best := make([][]near, len(questions))
	var group errgroup.Group
	workers := runtime.GOMAXPROCS(0)
	feeds := make([]chan []*Passage, workers)
	for w := range workers {
		feeds[w] = make(chan []*Passage, 2)
		group.Go(func() error {
			for batch := range feeds[w] {
				for qi := w; qi < len(questions); qi += workers {
					for _, p := range batch {
						s := 0.0
						for j, x := range p.Vector {
							s += float64(x) * float64(questions[qi].Vector[j])
						}
						if b := best[qi]; len(b) < k || s > b[len(b)-1].score {
							at, _ := slices.BinarySearchFunc(b, s, func(x near, s float64) int { return cmp.Compare(s, x.score) })
							b = slices.Insert(b, at, near{p.ID, s})
							best[qi] = b[:min(len(b), k)]
						}
					}
				}
			}
			return nil
		})
	}
	send := func(batch []*Passage) {
		for _, f := range feeds {
			f <- batch
		}
	}
	var batch []*Passage
	for p := range c.Passages(n, false, true) {
		if ctx.Err() != nil {
			break
		}
		if batch = append(batch, p); len(batch) == 256 {
			send(batch)
			batch = nil
		}
	}
	send(batch)
	for _, f := range feeds {
		close(f)
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	out := make([][]string, len(questions))
	for i, b := range best {
		for _, x := range b {
			out[i] = append(out[i], x.id)
		}
	}
	return out, ctx.Err()
}
