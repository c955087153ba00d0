package ingest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden structures and splits the small acts in testdata/structure, each a txtar file with the act (one line a block, see blocksOf)
// and what must come out.
func TestGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/structure/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var in, want string
			for _, f := range a.Files {
				switch f.Name {
				case "act":
					in = string(f.Data)
				case "want":
					want = string(f.Data)
				}
			}
			d := Structure("folder/act.pdf", blocksOf(in))
			limit := 0
			if _, err := fmt.Sscanf(string(a.Comment), "limit %d", &limit); err != nil {
				limit = 0
			}
			chunks := Split(d, Tokens, limit)
			checkSpans(t, d)
			checkChunks(t, d, chunks, Tokens, limit)
			got := dump(d, chunks)
			if *update {
				a.Files = []txtar.File{{Name: "act", Data: []byte(in)}, {Name: "want", Data: []byte(got)}}
				if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// blocksOf reads the notation of the golden files: "# " opens a heading, "* " an item, "| " a row whose header is the first row
// of its run, "! " a bold line, "=== page" a new page, "[kind number rubric]" a declared part, "@field name" a fillable
// field, "@title …" the file's own title; a backslash at the end says that the paragraph goes on.
func blocksOf(in string) *Parsed {
	p := &Parsed{Format: "text"}
	header := ""
	for _, t := range strings.Split(strings.TrimRight(in, "\n"), "\n") {
		b := Block{Text: t, Page: p.Pages}
		if !strings.HasPrefix(t, "| ") {
			header = ""
		}
		switch {
		case t == "":
			continue
		case t == "=== page":
			p.Pages++
			p.Format = "pdf"
			continue
		case strings.HasPrefix(t, "@title "):
			p.Title = t[7:]
			continue
		case strings.HasPrefix(t, "@format "):
			p.Format = t[8:]
			continue
		case strings.HasPrefix(t, "@field "):
			p.Fields = append(p.Fields, Field{Name: t[7:], Type: "text"})
			continue
		case strings.HasPrefix(t, "#"):
			b.Kind, b.Level = Heading, len(t)-len(strings.TrimLeft(t, "#"))
			b.Text = strings.TrimLeft(t, "# ")
		case strings.HasPrefix(t, "* "):
			b.Kind, b.Text = Item, t[2:]
		case strings.HasPrefix(t, "! "):
			b.Bold, b.Text = true, t[2:]
		case strings.HasPrefix(t, "| "):
			b.Kind, b.Text, b.Header = Row, t[2:], header
			if header == "" {
				header = b.Text
			}
		case strings.HasPrefix(t, "[") && strings.Contains(t, "]"):
			inside, rest, _ := strings.Cut(t[1:], "]")
			words := strings.SplitN(inside, " ", 3)
			words = append(words, "", "")
			b.Kind, b.Part = Mark, &Part{Kind: SectionKind(words[0]), Number: words[1], Rubric: words[2]}
			b.Text = strings.TrimSpace(rest)
		}
		b.Text, b.Wraps = strings.CutSuffix(b.Text, "\\")
		p.Blocks = append(p.Blocks, b)
	}
	return p
}

// dump writes what was found, one line a section and a chunk.
func dump(d *Document, chunks []Chunk) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", d.Kind, d.Title)
	for _, f := range []struct{ name, value string }{
		{"act", strings.TrimSpace(d.Approval.Type + " " + d.Approval.Body + " " + d.Approval.Number + " " + d.Approval.Date)},
		{"date", d.Date}, {"from", d.ValidFrom}, {"to", d.ValidTo}, {"year", d.Year},
	} {
		if f.value != "" {
			fmt.Fprintf(&b, "%s: %s\n", f.name, f.value)
		}
	}
	if f := d.Form; f != nil {
		fmt.Fprintf(&b, "purpose: %s\nwho: %s\nrecipient: %s\nattachments: %s\nfields: %s\n",
			f.Purpose, f.Who, f.Recipient, strings.Join(f.Attachments, " | "), strings.Join(f.Fields, " | "))
	}
	b.WriteString("\n")
	depth := make([]int, len(d.Sections))
	for i, s := range d.Sections {
		if s.Parent >= 0 {
			depth[i] = depth[s.Parent] + 1
		}
		name := strings.TrimSpace(string(s.Kind) + " " + s.Number)
		if s.Rubric != "" {
			name += fmt.Sprintf(" (%s)", s.Rubric)
		}
		page := ""
		if d.Pages > 0 {
			page = fmt.Sprintf(" p%d", d.Page(s.Start))
		}
		fmt.Fprintf(&b, "%s%s  %s%s  %s\n", strings.Repeat("  ", depth[i]), name, s.EID, page, excerpt(d.Text[s.Start:s.End]))
	}
	b.WriteString("\n")
	for _, c := range chunks {
		fmt.Fprintf(&b, "%d", c.Ordinal)
		if c.Article != "" {
			fmt.Fprintf(&b, " [%s]", c.Article)
		}
		if c.PageFirst > 0 {
			fmt.Fprintf(&b, " p%d-%d", c.PageFirst, c.PageLast)
		}
		fmt.Fprintf(&b, " %s\n", c.Breadcrumb)
		if c.Lead != "" {
			fmt.Fprintf(&b, "    lead %s\n", strings.ReplaceAll(c.Lead, "\n", " / "))
		}
		fmt.Fprintf(&b, "    %s\n", excerpt(d.Text[c.Start:c.End]))
	}
	return b.String()
}

// excerpt is the beginning and the end of a text on one line.
func excerpt(t string) string {
	t = strings.ReplaceAll(t, "\n", " / ")
	r := []rune(t)
	if len(r) <= 76 {
		return t
	}
	return string(r[:40]) + " … " + string(r[len(r)-30:])
}
