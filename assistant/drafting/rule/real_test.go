package rule

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"sportello/ingest"
	"sportello/ingest/pdf"
)

var propose = flag.Bool("propose", false, "print the findings on the real acts in the form of testdata/real.txt, to be judged by hand")

// realAct reads an act of the shared documents as the ingestion does.
func realAct(t *testing.T, reader *pdf.Parser, name string) *Act {
	t.Helper()
	file := filepath.Join("..", "..", "..", "..", "shared", "data", "documents", name)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := reader.Parse(context.Background(), ingest.Input{Name: file, Bytes: data})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	d := ingest.Structure(name, parsed)
	a := &Act{Text: d.Text, Day: d.Approval.Date}
	if a.Day == "" {
		a.Day = d.Date
	}
	Tell(a)
	a.References = refs(t, a)
	return a
}

// TestRealActs runs every rule over real acts and compares with what a person judged: each finding on a line of testdata/real.txt as "right" or
// "false". A finding that nobody has judged fails the test.
func TestRealActs(t *testing.T) {
	data, err := os.ReadFile("testdata/real.txt")
	if err != nil {
		t.Fatal(err)
	}
	reader, err := pdf.New(pdf.Config{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	judged := map[string]string{}
	var files []string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "@ "); ok {
			files = append(files, name)
			continue
		}
		if fields := strings.Fields(line); len(fields) >= 2 && len(files) > 0 && !strings.HasPrefix(line, "#") {
			judged[files[len(files)-1]+" "+fields[1]] = fields[0]
		}
	}
	s := rules(t)
	counts := map[string]int{}
	for _, name := range files {
		a := realAct(t, reader, name)
		seen := map[string]bool{}
		var lines []string
		for _, f := range s.Check(a) {
			if seen[f.Code] {
				continue
			}
			seen[f.Code] = true
			lines = append(lines, fmt.Sprintf("?     %s  %.110s %s", f.Code, f.Quote, f.Detail))
			verdict := judged[name+" "+f.Code]
			if counts[verdict]++; verdict != "right" && verdict != "false" && !*propose {
				t.Errorf("%s: nobody has judged %s: %q %s", name, f.Code, f.Quote, f.Detail)
			}
		}
		if *propose {
			sort.Strings(lines)
			fmt.Printf("@ %s\n# %s %v %s\n%s\n", name, a.Family, a.Traits, a.Day, strings.Join(lines, "\n"))
		}
	}
	pairs := len(files) * len(s.Rules())
	t.Logf("%d acts x %d rules = %d pairs: %d findings, %d right, %d false alarms (%.2f %%)", len(files), len(s.Rules()), pairs, counts["right"]+counts["false"], counts["right"], counts["false"],
		100*float64(counts["false"])/float64(max(1, pairs)))
	if counts["false"]*20 > pairs {
		t.Errorf("more than 5 %% of rules x acts are false alarms")
	}
}
