package main

import (
	"context"
	"os"

	"sportello/assistant/fault"
	"sportello/assistant/registry"
	"sportello/assistant/store"
)

type tenantImportCmd struct {
	File   string `arg:"" help:"CSV with a header: nome, istat, catastale, ipa, tipo, slug, sopra. For a comune the name or the ISTAT code is enough." type:"existingfile"`
	Parent string `help:"Slug of the unione or provincia for the lines that name none." placeholder:"SLUG"`
	JSON   bool   `help:"Print JSON."`
}

func (cmd *tenantImportCmd) Help() string {
	return "Every code is checked against the register of the comuni of today before anything is added; tenants that are there already stay as they\n" +
		"are.\n\nExample:\n  sportello tenant import --parent unione-baianese comuni.csv"
}

func (cmd *tenantImportCmd) Run(ctx context.Context, s *session) error {
	raw, err := os.ReadFile(cmd.File)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be read", cmd.File)
	}
	g, err := registry.New()
	if err != nil {
		return err
	}
	rows, err := g.ReadCSV(raw)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s", cmd.File)
	}
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	added, known := []string{}, []string{}
	for _, row := range rows {
		t := store.Tenant{Slug: row.Slug, Name: row.Name, Kind: row.Kind, Parent: row.Parent, ISTAT: row.ISTAT, IPA: row.IPA}
		if t.Parent == "" && t.Slug != cmd.Parent {
			t.Parent = cmd.Parent
		}
		switch err := st.AddTenant(ctx, t, store.AuditEntry{Actor: store.ActorCommand, Note: "table"}); fault.CodeOf(err) {
		case "":
			added = append(added, t.Slug)
		case fault.Conflict:
			known = append(known, t.Slug)
		default:
			return fault.Wrap(fault.CodeOf(err), err, "%s, line %d; %d were added before it", cmd.File, row.Line, len(added))
		}
	}
	if cmd.JSON {
		return printJSON(s.stdout, map[string]any{"added": added, "known": known})
	}
	sayf(s.stdout, "%d tenants added, %d were there already\n", len(added), len(known))
	return nil
}
