package main

import (
	"context"
	"text/tabwriter"

	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// docCmd looks after documents from the command line; the source, as `ingest` gave it, or the id names one.
type docCmd struct {
	List      docListCmd      `cmd:"" help:"List the documents of a tenant."`
	Repeal    docRepealCmd    `cmd:"" help:"Take a document out of all answers: it is no longer in force."`
	Supersede docSupersedeCmd `cmd:"" help:"Say that another document took its place."`
	Restore   docRestoreCmd   `cmd:"" help:"Undo repeal and supersede."`
	Export    docExportCmd    `cmd:"" help:"Write a regulation as Akoma Ntoso."`
}

type docListCmd struct {
	Tenant string `required:"" help:"Slug of the tenant." placeholder:"SLUG"`
	JSON   bool   `help:"Print JSON."`
}

func (cmd *docListCmd) Run(ctx context.Context, s *session) error {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	all, err := st.Documents(ctx, cmd.Tenant, store.Filter{})
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, all)
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	for i := range all {
		r := &all[i]
		sayf(w, "%s\t%s\t%s\t%d\t%s\n", r.State, r.Kind, excerpt(r.Title, 70), r.Chunks, r.Source)
	}
	return w.Flush()
}

type docRepealCmd struct {
	Tenant   string `required:"" help:"Slug of the tenant." placeholder:"SLUG"`
	Reason   string `help:"Why, for those who look later." placeholder:"\"abrogato con C.C. n. 30/2024\""`
	Document string `arg:"" help:"Source or id."`
}

func (cmd *docRepealCmd) Help() string {
	return "Example:\n  sportello document repeal --tenant avella --reason \"C.C. n. 30/2024\" regolamenti/sale-2015.pdf"
}

func (cmd *docRepealCmd) Run(ctx context.Context, s *session) error {
	return s.withDocument(ctx, cmd.Tenant, cmd.Document, func(st *store.Store, r *store.Record) error {
		return st.Repeal(ctx, cmd.Tenant, r.ID, cmd.Reason)
	})
}

type docSupersedeCmd struct {
	Tenant string `required:"" help:"Slug of the tenant." placeholder:"SLUG"`
	Old    string `arg:"" help:"Source or id of the document that is out."`
	New    string `arg:"" help:"Source or id of the one that took its place."`
}

func (cmd *docSupersedeCmd) Run(ctx context.Context, s *session) error {
	return s.withDocument(ctx, cmd.Tenant, cmd.Old, func(st *store.Store, old *store.Record) error {
		by, err := findDocument(ctx, st, cmd.Tenant, cmd.New)
		if err != nil {
			return err
		}
		return st.Supersede(ctx, cmd.Tenant, old.ID, by.ID)
	})
}

type docRestoreCmd struct {
	Tenant   string `required:"" help:"Slug of the tenant." placeholder:"SLUG"`
	Document string `arg:"" help:"Source or id."`
}

func (cmd *docRestoreCmd) Run(ctx context.Context, s *session) error {
	return s.withDocument(ctx, cmd.Tenant, cmd.Document, func(st *store.Store, r *store.Record) error {
		return st.Restore(ctx, cmd.Tenant, r.ID)
	})
}

// withDocument does one thing to one document and says what became of it.
func (s *session) withDocument(ctx context.Context, tenant, name string, do func(*store.Store, *store.Record) error) error {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	r, err := findDocument(ctx, st, tenant, name)
	if err != nil {
		return err
	}
	if err := do(st, r); err != nil {
		return err
	}
	if r, err = st.Document(ctx, tenant, r.ID); err != nil {
		return err
	}
	sayf(s.stdout, "%s: %s\n", r.Source, r.State)
	return nil
}

func findDocument(ctx context.Context, st *store.Store, tenant, name string) (*store.Record, error) {
	all, err := st.Documents(ctx, tenant, store.Filter{})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Source == name || all[i].ID == name {
			return &all[i], nil
		}
	}
	return nil, fault.New(fault.NotFound, "%s has no document %q: sportello document list --tenant %s shows them", tenant, name, tenant)
}
