package eval

import (
	"fmt"
	"io"
	"sort"
	"text/tabwriter"
)

// WriteTable prints one line a format and a column an outcome, then the share of poppler's PDFs that give text and the files to look at.
func (r *RobustnessReport) WriteTable(w io.Writer) error {
	columns := map[string]bool{}
	counts := map[string]map[string]int{}
	total := map[string]int{}
	slowest, largest := map[string]float64{}, map[string]int{}
	for _, f := range r.Files {
		format := f.Format
		if format == "" {
			format = "?"
		}
		what := f.Outcome
		if what == "error" {
			what = string(f.Code)
		}
		columns[what] = true
		if counts[format] == nil {
			counts[format] = map[string]int{}
		}
		counts[format][what]++
		total[format]++
		slowest[format] = max(slowest[format], f.Seconds)
		largest[format] = max(largest[format], f.PeakMB)
	}
	names := keys(columns)
	sort.Slice(names, func(i, j int) bool { // text first, then by name
		if (names[i] == "text") != (names[j] == "text") {
			return names[i] == "text"
		}
		return names[i] < names[j]
	})
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprint(t, "format\tfiles\t")
	for _, n := range names {
		_, _ = fmt.Fprintf(t, "%s\t", n)
	}
	_, _ = fmt.Fprint(t, "slowest s\tpeak MB\t\n")
	for _, format := range keys(counts) {
		_, _ = fmt.Fprintf(t, "%s\t%d\t", format, total[format])
		for _, n := range names {
			_, _ = fmt.Fprintf(t, "%d\t", counts[format][n])
		}
		_, _ = fmt.Fprintf(t, "%.1f\t%d\t\n", slowest[format], largest[format])
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d files in %.0f s; over the time or memory, or crashed: %d\n", len(r.Files), r.Seconds, r.Failures)
	if r.Poppler > 0 && err == nil {
		_, err = fmt.Fprintf(w, "PDFs that poppler opens with text: %d; that give text here: %d (%.3f)\n", r.Poppler, r.Matched, r.Share)
	}
	for _, f := range r.Files {
		if err == nil && (f.Outcome == "timeout" || f.Outcome == "memory" || f.Outcome == "crash") {
			_, err = fmt.Fprintf(w, "%s: %s after %.1f s, %d MB %s\n", f.File, f.Outcome, f.Seconds, f.PeakMB, f.Message)
		}
	}
	for _, name := range r.Missed {
		if err == nil {
			_, err = fmt.Fprintf(w, "no text: %s\n", name)
		}
	}
	return err
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
