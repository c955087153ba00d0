package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sportello/assistant/drafting/reference"
	"sportello/assistant/drafting/revision"
	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/check"
)

// reviewCmd looks at a regulation as somebody who has to write it anew.
type reviewCmd struct {
	Path   string   `arg:"" type:"existingfile" help:"Regulation: PDF, DOCX, ODT, HTML, Markdown, text, Akoma Ntoso."`
	Tenant string   `help:"Check references against this tenant's documents too." placeholder:"SLUG"`
	Norms  []string `help:"Laws in Akoma Ntoso to check references against." type:"existingfile" placeholder:"FILE"`
	Day    string   `help:"Day for which it has to hold (default: today)." placeholder:"2026-03-02"`
	Only   []string `help:"Only these kinds of finding." placeholder:"CODE"`
	JSON   bool     `help:"Print JSON."`
}

func (cmd *reviewCmd) Help() string {
	return "Example:\n  sportello review regolamento.pdf\n  sportello review regolamento.pdf --only norma_abrogata,contraddizione"
}

// structured reads a document with its structure.
func (s *session) structured(ctx context.Context, name string) (*ingest.Document, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", name)
	}
	p, err := s.cfg.parsers()
	if err != nil {
		return nil, err
	}
	defer release(p)
	parsed, err := p.Parse(ctx, ingest.Input{Name: name, Bytes: data})
	if err != nil {
		return nil, err
	}
	return ingest.Structure(filepath.Base(name), parsed), nil
}

func (cmd *reviewCmd) Run(ctx context.Context, s *session) error {
	d, err := s.structured(ctx, cmd.Path)
	if err != nil {
		return err
	}
	day := cmd.Day
	if day == "" {
		day = time.Now().Format(time.DateOnly)
	}
	norms, err := reference.LoadNorms()
	if err != nil {
		return err
	}
	shelf, err := s.shelf(ctx, cmd.Tenant, cmd.Norms, day)
	if err != nil {
		return err
	}
	checked, err := reference.Check(ctx, d.Text, day, norms, shelf)
	if err != nil {
		return err
	}
	all := []revision.Finding{}
	for _, f := range revision.Review(d, checked) {
		if len(cmd.Only) == 0 || strings.Contains(","+strings.Join(cmd.Only, ",")+",", ","+string(f.Code)+",") {
			all = append(all, f)
		}
	}
	if cmd.JSON {
		return printJSON(s.stdout, map[string]any{"title": d.Title, "findings": all})
	}
	count := map[revision.Code]int{}
	for _, f := range all {
		count[f.Code]++
		sayf(s.stdout, "%s%s: %s\n", f.Code, articleSuffix(f.Article), f.Message)
		if f.Quote != "" {
			sayf(s.stdout, "  «%s»\n", excerpt(f.Quote, 300))
		}
		if f.Other != "" {
			sayf(s.stdout, "  e %s\n", excerpt(f.Other, 300))
		}
		if f.Proposal != "" {
			sayf(s.stdout, "  proposta: %s\n", f.Proposal)
		}
	}
	sayf(s.stdout, "%s: %d rilievi", d.Title, len(all))
	for _, c := range revision.Codes {
		if count[c] > 0 {
			sayf(s.stdout, ", %s %d", c, count[c])
		}
	}
	sayln(s.stdout)
	return nil
}

// compareCmd lays two regulations side by side.
type compareCmd struct {
	A       string `arg:"" type:"existingfile" help:"The one (the older of two versions)."`
	B       string `arg:"" type:"existingfile" help:"The other."`
	Subject bool   `help:"They are of different comuni, on the same subject: articles are paired by rubric and content, not by number."`
	All     bool   `help:"Show what is the same too."`
	JSON    bool   `help:"Print JSON."`
}

func (cmd *compareCmd) Help() string {
	return "Examples:\n  sportello compare regolamento-2021.pdf regolamento-2026.pdf\n  sportello compare --subject nostro.pdf vicino.pdf"
}

func (cmd *compareCmd) Run(ctx context.Context, s *session) error {
	a, err := s.structured(ctx, cmd.A)
	if err != nil {
		return err
	}
	b, err := s.structured(ctx, cmd.B)
	if err != nil {
		return err
	}
	if cmd.Subject {
		return cmd.subjects(s, a, b)
	}
	type row struct {
		Change string `json:"change"`
		Old    string `json:"old,omitempty"`
		New    string `json:"new,omitempty"`
		OldT   string `json:"old_text,omitempty"`
		NewT   string `json:"new_text,omitempty"`
	}
	rows := []row{}
	count := map[check.Change]int{}
	for _, d := range check.Compare(a, b) {
		count[d.Change]++
		if d.Change != check.Same || cmd.All {
			rows = append(rows, row{string(d.Change), d.Old, d.New, d.OldText, d.NewText})
		}
	}
	if cmd.JSON {
		return printJSON(s.stdout, rows)
	}
	names := map[string]string{"added": "nuovo", "removed": "tolto", "changed": "cambiato", "moved": "spostato", "same": "uguale"}
	for _, r := range rows {
		title := r.New
		if title == "" {
			title = r.Old
		}
		sayf(s.stdout, "%s: %s\n", names[r.Change], title)
		if r.Change == "changed" {
			before, after := check.Words(r.OldT, r.NewT)
			sayf(s.stdout, "  prima: %s\n  dopo:  %s\n", marked(before, "[-", "-]"), marked(after, "[+", "+]"))
		}
	}
	sayf(s.stdout, "cambiati %d, nuovi %d, tolti %d, spostati %d, uguali %d\n", count[check.Changed], count[check.Added], count[check.Removed], count[check.Moved], count[check.Same])
	return nil
}

// marked writes the words of a text with those between marks that the other has not, and leaves long stretches of the same out.
func marked(all []check.Segment, open, shut string) string {
	var b strings.Builder
	for _, x := range all {
		text := strings.Join(strings.Fields(x.Text), " ")
		switch words := strings.Fields(text); {
		case x.Changed:
			b.WriteString(" " + open + text + shut)
		case len(words) > 16:
			b.WriteString(" " + strings.Join(words[:6], " ") + " … " + strings.Join(words[len(words)-6:], " "))
		default:
			b.WriteString(" " + text)
		}
	}
	return strings.TrimSpace(b.String())
}

func (cmd *compareCmd) subjects(s *session, a, b *ingest.Document) error {
	pairs := revision.Match(a, b)
	if cmd.JSON {
		return printJSON(s.stdout, pairs)
	}
	both, only := 0, [2]int{}
	name := func(x *revision.Article) string { return strings.TrimSpace("art. " + x.Number + " " + x.Rubric) }
	for _, p := range pairs {
		switch {
		case p.A != nil && p.B != nil:
			both++
			sayf(s.stdout, "%s = %s (%.2f)\n", name(p.A), name(p.B), p.Score)
			for _, f := range p.Figures {
				sayf(s.stdout, "    %s\n", f)
			}
		case p.A != nil:
			only[0]++
			sayf(s.stdout, "%s: solo nel primo\n", name(p.A))
		default:
			only[1]++
			sayf(s.stdout, "%s: solo nel secondo\n", name(p.B))
		}
	}
	sayf(s.stdout, "%d in comune, %d solo nel primo, %d solo nel secondo\n", both, only[0], only[1])
	return nil
}
