package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/export"
	"sportello/assistant/fault"
	"sportello/ingest"
)

// akn writes the regulation of a draft, or of a file that is none, as Akoma Ntoso.
func (cmd *draftExportCmd) akn(ctx context.Context, s *session, d *drafting.Draft) error {
	if cmd.Final {
		return fault.New(fault.Invalid, "--final is for an act: Akoma Ntoso is the text of a regulation, final when the act that approves it is")
	}
	body, schema := cmd.Body, (*ingest.Document)(nil)
	var err error
	if d != nil {
		if schema, err = export.Schema(d); err != nil {
			return err
		}
		if body == "" {
			body = d.Body()
		}
	} else if schema, err = s.structured(ctx, cmd.Draft); err != nil {
		return err
	}
	if body == "" && cmd.Tenant != "" {
		if body, err = s.tenantName(ctx, cmd.Tenant); err != nil {
			return err
		}
	}
	return s.writeAKN(schema, body, cmd.Out, cmd.JSON)
}

func (s *session) tenantName(ctx context.Context, slug string) (string, error) {
	st, err := s.openStore(ctx)
	if err != nil {
		return "", err
	}
	defer release(st)
	t, err := st.Tenant(ctx, slug)
	if err != nil {
		return "", err
	}
	return t.Name, nil
}

// writeAKN writes the file and says what is in it.
func (s *session) writeAKN(d *ingest.Document, body, out string, asJSON bool) error {
	data, err := export.AKN(d, body, time.Now())
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, data, 0o644); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be written", out)
	}
	articles := 0
	for i := range d.Sections {
		if d.Sections[i].Kind == ingest.SecArticle {
			articles++
		}
	}
	if asJSON {
		return printJSON(s.stdout, map[string]any{"file": out, "title": d.Title, "articles": articles})
	}
	sayf(s.stdout, "%s: %s, %d articoli\n", out, d.Title, articles)
	return nil
}

// docExportCmd writes a document of a tenant as Akoma Ntoso.
type docExportCmd struct {
	Tenant   string `required:"" help:"Slug of the tenant." placeholder:"SLUG"`
	Document string `arg:"" help:"Source or id."`
	Version  int    `help:"An earlier version (default: the present one)." placeholder:"N"`
	Out      string `short:"o" required:"" help:"File to write, .xml." placeholder:"FILE"`
	JSON     bool   `help:"Print JSON."`
}

func (cmd *docExportCmd) Help() string {
	return "Example:\n  sportello document export --tenant avella -o tari.xml regolamenti/tari.pdf"
}

func (cmd *docExportCmd) Run(ctx context.Context, s *session) error {
	if filepath.Ext(cmd.Out) != ".xml" {
		return fault.New(fault.Invalid, "%s: the format is Akoma Ntoso, so the name ends in .xml; the file as it came is in the console", cmd.Out)
	}
	return s.withContent(ctx, cmd.Tenant, cmd.Document, cmd.Version, func(name string, d *ingest.Document) error {
		return s.writeAKN(d, name, cmd.Out, cmd.JSON)
	})
}

// withContent reads the text of one document of a tenant and hands it over with the tenant's name.
func (s *session) withContent(ctx context.Context, tenant, name string, version int, do func(tenant string, d *ingest.Document) error) error {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	r, err := findDocument(ctx, st, tenant, name)
	if err != nil {
		return err
	}
	if version == 0 {
		version = r.Version
	}
	d, err := st.ContentAt(ctx, tenant, r.ID, version)
	if err != nil {
		return err
	}
	d.Title, d.Approval, d.Date = r.Title, r.Approval, r.Date // as they were set by hand
	t, err := st.Tenant(ctx, tenant)
	if err != nil {
		return err
	}
	return do(t.Name, d)
}
