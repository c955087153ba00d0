package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"sportello/assistant"
	"sportello/assistant/contest"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
)

// benchIngestCmd measures taking documents in, and then the search through them by several clients at once.
type benchIngestCmd struct {
	Files     int           `default:"5000" help:"Small files of the folder that is taken in twice."`
	Pages     int           `default:"2000" help:"Pages of the one large PDF."`
	Clients   int           `default:"8" help:"Who search at the same time."`
	For       time.Duration `default:"20s" help:"How long they search."`
	Words     bool          `help:"Leave vectors out."`
	Questions string        `help:"JSON lines with questions; default: the demo's." type:"existingfile" placeholder:"FILE"`
	JSON      bool          `help:"Print JSON."`
	Folder    string        `arg:"" help:"Real documents." type:"existingdir"`
}

func (cmd *benchIngestCmd) Help() string {
	return "Example:\n  sportello bench ingest regolamenti/\n\n" +
		"Each step is a process of its own, whose memory and processor time are its own too (those of the engine for vectors are not in them).\n" +
		"Works in a folder of its own that it deletes."
}

// step is a line of the result.
type step struct {
	What    string  `json:"what"`
	Seconds float64 `json:"seconds"`
	CPU     float64 `json:"cpu_seconds,omitempty"`
	Memory  float64 `json:"memory_mb,omitempty"` // at most
	Figure  float64 `json:"figure,omitempty"`
	Unit    string  `json:"unit,omitempty"`
	Aim     string  `json:"aim,omitempty"`
}

func (cmd *benchIngestCmd) Run(ctx context.Context, s *session) error {
	if cmd.Files < 1 || cmd.Pages < 1 || cmd.Clients < 1 || cmd.For <= 0 {
		return fault.New(fault.Invalid, "write --files, --pages and --clients of 1 or more, and --for longer than nothing")
	}
	dir, err := os.MkdirTemp("", "sportello-ingest-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	steps, err := cmd.measure(ctx, s, dir)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, steps)
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	sayln(w, "what\tseconds\tCPU s\tmemory MB\tfigure\tunit\taim")
	some := func(v float64, digits int) string {
		if v == 0 {
			return ""
		}
		return fmt.Sprintf("%.*f", digits, v)
	}
	for _, x := range steps {
		sayf(w, "%s\t%.2f\t%s\t%s\t%s\t%s\t%s\n", x.What, x.Seconds, some(x.CPU, 2), some(x.Memory, 0), some(x.Figure, 1), x.Unit, x.Aim)
	}
	return w.Flush()
}

func (cmd *benchIngestCmd) measure(ctx context.Context, s *session, dir string) ([]step, error) {
	cfg := *s.cfg
	cfg.Data = filepath.Join(dir, "data")
	own := &session{cfg: &cfg, stdout: s.stdout, stderr: s.stderr}
	a, err := own.open(ctx)
	if err != nil {
		return nil, err
	}
	for _, slug := range []string{speedTenant, "many", "large"} {
		if err == nil {
			err = a.store.AddTenant(ctx, store.Tenant{Slug: slug, Name: slug})
		}
	}
	vectors := a.embedder != nil && !cmd.Words
	release(a)
	if err != nil {
		return nil, err
	}
	var steps []step
	add := func(what, aim, tenant, path string, more ...string) (*ingest.Result, error) {
		x, result, err := own.ingestApart(ctx, append([]string{"--tenant", tenant, path}, more...)...)
		x.What, x.Aim = what, aim
		steps = append(steps, x)
		return result, err
	}
	first, err := add("real documents: words", "", speedTenant, cmd.Folder, "--no-wait")
	if err != nil {
		return nil, err
	}
	last := &steps[len(steps)-1]
	last.Figure, last.Unit = float64(first.Pages)/last.Seconds, fmt.Sprintf("pages/s of %d (%d by OCR), %d files", first.Pages, first.OCRPages, first.Documents)
	if vectors {
		second, err := add("real documents: their vectors", "with the line above 75 s for the 98 files of Abbiategrasso", speedTenant, cmd.Folder)
		if err != nil {
			return nil, err
		}
		last := &steps[len(steps)-1]
		last.Figure, last.Unit = float64(second.Embedded)/last.Seconds, "passages/s"
	}
	texts, err := own.textsOf(ctx)
	if err != nil {
		return nil, err
	}
	many, large := filepath.Join(dir, "molti"), filepath.Join(dir, "grande.pdf")
	if err := smallFiles(many, texts, cmd.Files); err != nil {
		return nil, err
	}
	if err := os.WriteFile(large, loadPDF(texts, cmd.Pages), 0o600); err != nil {
		return nil, err
	}
	for _, x := range []struct{ what, aim, tenant, path string }{
		{fmt.Sprintf("a folder of %d files: words", cmd.Files), "", "many", many},
		{"the same again, nothing changed", "5 s", "many", many},
		{fmt.Sprintf("a PDF of %d pages: words", cmd.Pages), "memory that does not grow with pages", "large", large},
	} {
		if _, err := add(x.what, x.aim, x.tenant, x.path, "--no-wait"); err != nil {
			return nil, err
		}
	}
	found, err := cmd.clients(ctx, own, vectors)
	return append(steps, found), err
}

// ingestApart runs ingest as a process.
func (s *session) ingestApart(ctx context.Context, args ...string) (step, *ingest.Result, error) {
	self, err := os.Executable()
	if err != nil {
		return step{}, nil, err
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, self, append([]string{"--data", s.cfg.Data, "--log-level", "error", "ingest", "--json"}, args...)...)
	cmd.Stdout, cmd.Stderr = &out, s.stderr
	start := time.Now()
	err = cmd.Run()
	x := step{Seconds: time.Since(start).Seconds()}
	if cmd.ProcessState != nil {
		x.CPU, x.Memory = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), mostMemory(cmd.ProcessState)
	}
	var result ingest.Result
	if json.Unmarshal(out.Bytes(), &result) != nil {
		return x, nil, fault.Wrap(fault.Unavailable, err, "ingest gave no result")
	}
	return x, &result, nil // what failed of real documents is no matter here
}

func (s *session) textsOf(ctx context.Context) ([]string, error) {
	a, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	defer release(a)
	return a.readTexts(ctx)
}

// smallFiles writes texts as files of Markdown, each with its number.
func smallFiles(dir string, texts []string, n int) error {
	if err := os.Mkdir(dir, 0o750); err != nil {
		return err
	}
	for i := range n {
		body := fmt.Sprintf("# Avviso %d\n\n%s\n", i, texts[i%len(texts)])
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("avviso-%05d.md", i)), []byte(body), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// clients search for a while, never the same text twice: no vector is remembered.
func (cmd *benchIngestCmd) clients(ctx context.Context, s *session, vectors bool) (step, error) {
	questions, err := readQuestions(cmd.Questions)
	if err != nil {
		return step{}, err
	}
	a, err := s.open(ctx)
	if err != nil {
		return step{}, err
	}
	defer release(a)
	var retriever assistant.Retriever = a.retriever
	how := "words and vectors"
	if !vectors {
		how = "words"
		if retriever, err = assistant.NewRetriever(assistant.RetrieverConfig{Index: a.index, Library: a.store}); err != nil {
			return step{}, err
		}
	}
	ask := func(ctx context.Context, text string) error {
		_, _, err := retriever.Retrieve(ctx, assistant.Question{Tenant: speedTenant, Text: text, K: 10})
		return err
	}
	if err := ask(ctx, questions[0]); err != nil { // loads the tenant and starts the engine
		return step{}, err
	}
	var mu sync.Mutex
	var took []time.Duration
	var next atomic.Int64
	start := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for range cmd.Clients {
		group.Go(func() error {
			for time.Since(start) < cmd.For {
				n := int(next.Add(1))
				before := time.Now()
				if err := ask(ctx, fmt.Sprintf("%s (%d)", questions[n%len(questions)], n)); err != nil {
					return err
				}
				mu.Lock()
				took = append(took, time.Since(before))
				mu.Unlock()
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return step{}, err
	}
	seconds := time.Since(start).Seconds()
	slices.Sort(took)
	ms := func(p int) float64 { return float64(took[min(len(took)-1, len(took)*p/100)].Microseconds()) / 1000 }
	return step{
		What: fmt.Sprintf("search by %s, %d clients", how, cmd.Clients), Seconds: seconds, Memory: float64(contest.Resident("self")) / (1 << 20),
		Figure: float64(len(took)) / seconds, Unit: fmt.Sprintf("questions/s, p50 %.0f ms, p95 %.0f ms", ms(50), ms(95)), Aim: "114/s; memory 300 to 400 MB",
	}, nil
}
