package eval

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// wordParser stands for the parsers: what a file says is what happens.
type wordParser struct{}

func (wordParser) Parse(_ context.Context, in ingest.Input) (*ingest.Parsed, error) {
	switch word, _, _ := strings.Cut(strings.TrimSpace(string(in.Bytes)), " "); word {
	case "crash":
		os.Exit(7)
	case "hang":
		time.Sleep(time.Hour)
	case "grow":
		b := make([]byte, 200<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = byte(i)
		}
		time.Sleep(time.Hour)
		fmt.Fprint(os.Stderr, b[0])
	case "broken":
		return nil, fault.New(fault.Broken, "damaged")
	case "noise":
		fmt.Println("noise")
	}
	return &ingest.Parsed{Blocks: []ingest.Block{{Text: string(in.Bytes)}}}, nil
}

// TestRobustnessChildProcess lets the test program be the child of its own tests; by itself it does nothing.
func TestRobustnessChildProcess(t *testing.T) {
	if os.Getenv("SPORTELLO_ROBUSTNESS_CHILD") == "" {
		return
	}
	if err := RobustnessChild(t.Context(), wordParser{}, bufio.NewReader(os.Stdin), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

var asChild = []string{"-test.run=^TestRobustnessChildProcess$"}

func robustnessDir(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRobustness(t *testing.T) {
	t.Setenv("SPORTELLO_ROBUSTNESS_CHILD", "1")
	dir := robustnessDir(t, map[string]string{
		"a/one.txt": "ciao 12", "a/two.txt": "broken", "b/three.txt": "crash", "b/four.txt": "hang", "c/five.txt": "grow", "c/six.txt": "dopo", "c/seven.txt": "noise",
		"pdf_baseline_poppler.tsv": "file\tpdfinfo_rc\tpdftotext_rc\tpages\tchars\tseconds\tenc\na/one.txt\t0\t0\t1\t5\t0.1\t\na/two.txt\t0\t0\t1\t9\t0.1\t\nc/six.txt\t0\t0\t1\t0\t0.1\t\nx\t1\t1\n",
	})
	calls := 0
	r, err := Robustness(t.Context(), RobustnessConfig{Dir: dir, Args: asChild, Jobs: 2, PerChild: 3, Timeout: 4 * time.Second, MemoryMB: 90, Progress: func(done, total int) { calls++ }})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"a/one.txt": "text", "a/two.txt": "error", "b/three.txt": "crash", "b/four.txt": "timeout", "c/five.txt": "memory", "c/six.txt": "text", "c/seven.txt": "crash"}
	if treeMB(os.Getpid()) == 0 { // no memory is measured here
		want["c/five.txt"] = "timeout"
	}
	for _, f := range r.Files {
		if f.Outcome != want[f.File] {
			t.Errorf("%+v, want %s", f, want[f.File])
		}
	}
	if calls != 7 || len(r.Files) != 7 || r.Poppler != 2 || r.Matched != 1 || r.Share != 0.5 || r.Failures != 4 || len(r.Missed) != 1 {
		t.Errorf("%d calls, %+v", calls, r)
	}
	var table strings.Builder
	if err := r.WriteTable(&table); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"slowest s", "PDFs that poppler opens with text: 2; that give text here: 1 (0.500)", "b/three.txt: crash", "no text: a/two.txt"} {
		if !strings.Contains(table.String(), s) {
			t.Errorf("%q is missing in\n%s", s, table.String())
		}
	}
}

func TestRobustnessWrong(t *testing.T) {
	if _, err := Robustness(t.Context(), RobustnessConfig{Dir: "/no/such/folder"}); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no folder: %v", err)
	}
	if _, err := Robustness(t.Context(), RobustnessConfig{Dir: t.TempDir()}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("no files: %v", err)
	}
	dir := robustnessDir(t, map[string]string{"a/x.txt": "x"})
	if _, err := Robustness(t.Context(), RobustnessConfig{Dir: dir, Baseline: dir}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("baseline: %v", err)
	}
	r, err := Robustness(t.Context(), RobustnessConfig{Dir: dir, Program: "/no/such/program"})
	if err != nil || r.Files[0].Outcome != "crash" {
		t.Errorf("no program: %+v, %v", r, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Robustness(ctx, RobustnessConfig{Dir: dir}); fault.CodeOf(err) != fault.Timeout {
		t.Errorf("cancelled: %v", err)
	}
	if f := RobustnessOne(t.Context(), wordParser{}, filepath.Join(dir, "none")); f.Code != fault.NotFound {
		t.Errorf("%+v", f)
	}
	var out strings.Builder
	if err := RobustnessChild(t.Context(), wordParser{}, strings.NewReader(filepath.Join(dir, "a/x.txt")+"\n"), &out); err != nil || !strings.Contains(out.String(), `"outcome":"text","letters":1`) {
		t.Errorf("%s, %v", out.String(), err)
	}
	if err := RobustnessChild(ctx, wordParser{}, strings.NewReader("x\n"), &out); fault.CodeOf(err) != fault.Timeout {
		t.Errorf("cancelled child: %v", err)
	}
	if err := RobustnessChild(t.Context(), wordParser{}, strings.NewReader(strings.Repeat("x", 2<<20)), &out); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("long name: %v", err)
	}
}
