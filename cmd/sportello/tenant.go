package main

import (
	"context"
	"text/tabwriter"

	"sportello/assistant/registry"
	"sportello/assistant/store"
)

type tenantCmd struct {
	Add    tenantAddCmd    `cmd:"" help:"Create a comune, an unione or a provincia."`
	Import tenantImportCmd `cmd:"" help:"Create those of a CSV file, with their codes checked."`
	Set    tenantSetCmd    `cmd:"" help:"Set, show or take away settings of a tenant."`
	List   tenantListCmd   `cmd:"" help:"List them."`
}

type tenantAddCmd struct {
	Slug   string `required:"" help:"Short name for addresses: small letters, digits, hyphens." placeholder:"avella"`
	Name   string `required:"" help:"Full name." placeholder:"\"Comune di Avella\""`
	Kind   string `enum:"comune,unione,provincia" default:"comune" help:"comune, unione or provincia."`
	Parent string `help:"Slug of the unione or provincia it belongs to." placeholder:"SLUG"`
	ISTAT  string `name:"istat" help:"ISTAT code." placeholder:"064007"`
	IPA    string `name:"ipa" help:"Code in the index of public administrations." placeholder:"c_a508"`
}

func (cmd *tenantAddCmd) Help() string {
	return "Example:\n  sportello tenant add --slug avella --name \"Comune di Avella\" --istat 064007"
}

func (cmd *tenantAddCmd) Run(ctx context.Context, s *session) error {
	if err := checkCodes(cmd.Kind, cmd.ISTAT, cmd.IPA); err != nil {
		return err
	}
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	err = st.AddTenant(ctx, store.Tenant{Slug: cmd.Slug, Name: cmd.Name, Kind: cmd.Kind, Parent: cmd.Parent, ISTAT: cmd.ISTAT, IPA: cmd.IPA}, store.AuditEntry{Actor: store.ActorCommand})
	if err != nil {
		return err
	}
	sayf(s.stdout, "%s: added. Next: sportello ingest --tenant %s FOLDER\n", cmd.Slug, cmd.Slug)
	return nil
}

// checkCodes compares the codes of a comune with the register.
func checkCodes(kind, istat, ipa string) error {
	if kind != store.Comune {
		return nil
	}
	g, err := registry.New()
	if err != nil {
		return err
	}
	return g.Check(istat, "", ipa)
}

type tenantListCmd struct {
	JSON bool `help:"Print JSON."`
}

func (cmd *tenantListCmd) Run(ctx context.Context, s *session) error {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	all, err := st.Tenants(ctx)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, all)
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	for _, t := range all {
		sayf(w, "%s\t%s\t%s\t%s\n", t.Slug, t.Kind, t.Name, t.Parent)
	}
	return w.Flush()
}
