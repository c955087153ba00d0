package eval

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"sportello/assistant/fault"
)

// RobustnessConfig says which files are tried, and in which child process.
//
// Each file is parsed in a child, so that a crash is counted and not shared, and memory can be measured. The child runs RobustnessChild: it
// reads names on its standard input and answers a line of JSON for each.
type RobustnessConfig struct {
	Dir      string        // every file below it is tried
	Program  string        // default os.Executable()
	Args     []string      // that make the program a child
	PerChild int           // files a child parses before a new one is started; default 40, 1 for a process a file
	Jobs     int           // children at a time; default 1
	Timeout  time.Duration // for one file, then the child is killed; default 60 s
	MemoryMB int           // resident memory of the child and what it started; a file that passes it is tried again alone; default 1024
	Baseline string        // table of what poppler does with each PDF; default Dir/pdf_baseline_poppler.tsv, left out when it is not there
	Progress func(done, total int)
}

// RobustnessFile is what became of one file.
type RobustnessFile struct {
	File    string     `json:"file"`              // below Dir, with slashes
	Format  string     `json:"format"`            // as its content says
	Outcome string     `json:"outcome"`           // text, error, timeout, memory, crash
	Code    fault.Code `json:"code,omitempty"`    // of an error
	Message string     `json:"message,omitempty"` // of an error, or how the child ended
	Letters int        `json:"letters"`           // letters and digits of the text
	Seconds float64    `json:"seconds"`
	PeakMB  int        `json:"peak_mb"`
}

// RobustnessReport holds the files in order of name, and the sums.
type RobustnessReport struct {
	Files    []RobustnessFile `json:"files"`
	Poppler  int              `json:"poppler"`  // PDFs that poppler opens and finds text in
	Matched  int              `json:"matched"`  // of them, those that give text
	Share    float64          `json:"share"`    // Matched / Poppler
	Missed   []string         `json:"missed"`   // the rest
	Failures int              `json:"failures"` // timeouts, crashes, files over the memory
	Seconds  float64          `json:"seconds"`
}

func (c RobustnessConfig) withDefaults() (RobustnessConfig, error) {
	if c.Program == "" {
		p, err := os.Executable()
		if err != nil {
			return c, fault.Wrap(fault.Internal, err, "the program does not find itself")
		}
		c.Program = p
	}
	if c.PerChild <= 0 {
		c.PerChild = 40
	}
	if c.Jobs <= 0 {
		c.Jobs = 1
	}
	if c.Timeout <= 0 {
		c.Timeout = time.Minute
	}
	if c.MemoryMB <= 0 {
		c.MemoryMB = 1024
	}
	if c.Baseline == "" {
		c.Baseline = filepath.Join(c.Dir, "pdf_baseline_poppler.tsv")
	}
	return c, nil
}

// Robustness parses every file below cfg.Dir in child processes and reports what became of each. When ctx ends it gives the
// files tried until then, with an error.
func Robustness(ctx context.Context, cfg RobustnessConfig) (*RobustnessReport, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	baseline, err := readBaseline(cfg.Baseline)
	if err != nil {
		return nil, err
	}
	files, err := robustnessFiles(cfg.Dir)
	if err != nil {
		return nil, err
	}
	started := time.Now()
	report := &RobustnessReport{Files: make([]RobustnessFile, len(files))}
	batches := make(chan []int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	one := func(i int, f RobustnessFile) {
		mu.Lock()
		defer mu.Unlock()
		report.Files[i] = f
		if done++; cfg.Progress != nil {
			cfg.Progress(done, len(files))
		}
	}
	for range cfg.Jobs {
		wg.Go(func() {
			for batch := range batches {
				cfg.tryBatch(ctx, files, batch, one)
			}
		})
	}
	for _, batch := range slices.Collect(slices.Chunk(indexes(len(files)), cfg.PerChild)) {
		batches <- batch
	}
	close(batches)
	wg.Wait()
	report.Files = slices.DeleteFunc(report.Files, func(f RobustnessFile) bool { return f.Outcome == "" })
	report.sum(baseline)
	report.Seconds = time.Since(started).Seconds()
	if err := ctx.Err(); err != nil {
		return report, fault.Wrap(fault.Timeout, err, "stopped after %d of %d files", len(report.Files), len(files))
	}
	return report, nil
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// robustnessFiles lists the files below dir, tables and read-me files at its top left out.
func robustnessFiles(dir string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err == nil && d.Type().IsRegular() && (strings.ContainsRune(rel, filepath.Separator) || filepath.Ext(rel) != ".tsv") {
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, err, "the folder %s cannot be read", dir)
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "the folder %s holds no files", dir)
	}
	sort.Strings(out)
	return out, nil
}

// readBaseline reads the PDFs that poppler opens with text; a table that is not there gives none.
func readBaseline(path string) (map[string]bool, error) {
	b, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the table %s cannot be read", path)
	}
	out := map[string]bool{}
	for i, line := range strings.Split(string(b), "\n") {
		f := strings.Split(strings.TrimRight(line, "\r"), "\t") // file, pdfinfo_rc, pdftotext_rc, pages, chars, seconds, enc
		if i == 0 || len(f) < 5 {
			continue
		}
		if f[2] == "0" && f[4] != "" && f[4] != "0" {
			out[f[0]] = true
		}
	}
	return out, nil
}

func (r *RobustnessReport) sum(baseline map[string]bool) {
	for _, f := range r.Files {
		switch f.Outcome {
		case "timeout", "crash", "memory":
			r.Failures++
		}
		if !baseline[f.File] {
			continue
		}
		r.Poppler++
		if f.Outcome == "text" {
			r.Matched++
		} else {
			r.Missed = append(r.Missed, f.File)
		}
	}
	if r.Poppler > 0 {
		r.Share = float64(r.Matched) / float64(r.Poppler)
	}
}
