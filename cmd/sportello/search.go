package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/ingest"
)

type searchCmd struct {
	Tenant string `required:"" help:"Slug of the tenant." placeholder:"SLUG"`
	K      int    `short:"k" default:"10" help:"Passages wanted."`
	Staff  bool   `help:"Search staff documents too."`
	JSON   bool   `help:"Print JSON."`
	Words  string `arg:"" name:"question" help:"What to look for."`
}

func (cmd *searchCmd) Help() string {
	return "Example:\n  sportello search --tenant avella -k 5 \"riduzione compostaggio\""
}

func (cmd *searchCmd) Run(ctx context.Context, s *session) error {
	a, err := s.openCurrent(ctx)
	if err != nil {
		return err
	}
	defer release(a)
	start := time.Now()
	passages, timings, err := a.retriever.Retrieve(ctx, assistant.Question{Tenant: cmd.Tenant, Text: cmd.Words, Audience: audience(cmd.Staff), K: cmd.K})
	if err != nil {
		return err
	}
	took := time.Since(start)
	if cmd.JSON {
		return printJSON(s.stdout, foundJSON{assistant.PassagesJSON(passages), assistant.Milliseconds(took), assistant.Milliseconds(timings.Embed)})
	}
	for i, p := range passages {
		sayf(s.stdout, "%d. %s\n   %s%s\n   %s\n\n", i+1, p.Breadcrumb, p.Document, pageSuffix(p.Page), excerpt(p.Text, 300))
	}
	if len(passages) == 0 {
		sayln(s.stdout, "nothing found")
	}
	return nil
}

func audience(staff bool) ingest.Visibility {
	if staff {
		return ingest.Staff
	}
	return ingest.Public
}

type foundJSON struct {
	Passages     []assistant.PassageJSON `json:"passages"`
	Milliseconds float64                 `json:"milliseconds"`
	EmbedMS      float64                 `json:"embed_ms"`
}

func pageSuffix(page int) string {
	if page == 0 {
		return ""
	}
	return fmt.Sprintf(", p. %d", page)
}

// excerpt is the first n bytes of a text on one line, cut at a word.
func excerpt(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= n {
		return text
	}
	cut := strings.LastIndexByte(text[:n], ' ')
	if cut <= 0 {
		cut = n
	}
	return strings.ToValidUTF8(text[:cut], "") + " …"
}
