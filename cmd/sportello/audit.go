package main

import (
	"context"
	"text/tabwriter"
	"time"

	"sportello/assistant/store"
)

type auditCmd struct {
	List   auditListCmd   `cmd:"" help:"List what was done, the newest first."`
	Verify auditVerifyCmd `cmd:"" help:"Prove that nothing in the log was changed or taken out."`
}

type auditListCmd struct {
	Tenant string `help:"Only of this tenant." placeholder:"SLUG"`
	Action string `help:"Only this action." placeholder:"document.repeal"`
	Limit  int    `default:"50" help:"At most so many."`
	JSON   bool   `help:"Print JSON."`
}

type entryJSON struct {
	Seq    int64  `json:"seq"`
	At     string `json:"at"`
	Actor  string `json:"actor"`
	Action string `json:"action"`
	Tenant string `json:"tenant"`
	Object string `json:"object"`
	Note   string `json:"note"`
	Hash   string `json:"hash"`
}

func (cmd *auditListCmd) Run(ctx context.Context, s *session) error {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	f := store.AuditFilter{Action: cmd.Action, Limit: cmd.Limit}
	if cmd.Tenant != "" {
		f.Tenants = []string{cmd.Tenant}
	}
	entries, err := st.Audit(ctx, f)
	if err != nil {
		return err
	}
	list := make([]entryJSON, 0, len(entries))
	for _, e := range entries {
		list = append(list, entryJSON{e.Seq, e.At.UTC().Format(time.RFC3339), e.Actor, e.Action, e.Tenant, e.Object, e.Note, e.Hash})
	}
	if cmd.JSON {
		return printJSON(s.stdout, list)
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	for _, e := range list {
		sayf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", e.Seq, e.At, e.Actor, e.Action, e.Tenant, e.Object, e.Note)
	}
	return w.Flush()
}

type auditVerifyCmd struct {
	JSON bool `help:"Print JSON."`
}

func (cmd *auditVerifyCmd) Help() string {
	return "Each entry holds the hash of the one before: it finds an entry that was changed or taken out. Keep the last hash somewhere else now and\n" +
		"then: compared with it, entries cut off at the end are found too."
}

func (cmd *auditVerifyCmd) Run(ctx context.Context, s *session) error {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	n, last, err := st.VerifyAudit(ctx)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, map[string]any{"entries": n, "last": last})
	}
	sayf(s.stdout, "%d entries, the chain is whole. Last hash: %s\n", n, last)
	return nil
}
