package main

import (
	"context"
	"text/tabwriter"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

type switchCmd struct {
	Off    switchOffCmd    `cmd:"" help:"Stop the automatic answers of a tenant, all or of one subject."`
	On     switchOnCmd     `cmd:"" help:"Let it answer again."`
	Status switchStatusCmd `cmd:"" help:"Say what is switched off."`
}

type switchOffCmd struct {
	Tenant  string `help:"Slug of the tenant." placeholder:"SLUG" xor:"which" required:""`
	All     bool   `help:"All tenants." xor:"which" required:""`
	Subject string `help:"Only this subject." placeholder:"\"TARI\""`
	Notice  string `help:"What citizens read in the place of an answer." placeholder:"TEXT"`
}

func (cmd *switchOffCmd) Help() string {
	return "Examples:\n  sportello switch off --tenant avella --notice \"Torniamo lunedì\"\n  sportello switch off --tenant avella --subject TARI\n\n" +
		"Running servers stop within a second, answers that are on their way too. Emergencies still get the numbers to call."
}

func (cmd *switchOffCmd) Run(ctx context.Context, s *session) error {
	return s.switches(ctx, cmd.Tenant, cmd.All, "assistant.off", cmd.Subject, func(st *store.Store, tenant string, note store.AuditEntry) error {
		return st.SwitchOff(ctx, assistant.Closure{Tenant: tenant, Subject: cmd.Subject, Notice: cmd.Notice, By: "comando"}, note)
	})
}

type switchOnCmd struct {
	Tenant  string `help:"Slug of the tenant." placeholder:"SLUG" xor:"which" required:""`
	All     bool   `help:"All tenants." xor:"which" required:""`
	Subject string `help:"Only this subject." placeholder:"\"TARI\""`
}

func (cmd *switchOnCmd) Run(ctx context.Context, s *session) error {
	return s.switches(ctx, cmd.Tenant, cmd.All, "assistant.on", cmd.Subject, func(st *store.Store, tenant string, note store.AuditEntry) error {
		err := st.SwitchOn(ctx, tenant, cmd.Subject, note)
		if cmd.All && fault.CodeOf(err) == fault.NotFound {
			return nil // it was on
		}
		return err
	})
}

// switches does one thing for a tenant or for all, writes it into the audit log and says so.
func (s *session) switches(ctx context.Context, tenant string, all bool, action, subject string, do func(*store.Store, string, store.AuditEntry) error) error {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	slugs := []string{tenant}
	if all {
		tenants, err := st.Tenants(ctx)
		if err != nil {
			return err
		}
		slugs = nil
		for _, t := range tenants {
			slugs = append(slugs, t.Slug)
		}
	}
	for _, slug := range slugs {
		if err := do(st, slug, store.AuditEntry{Actor: store.ActorCommand, Action: action, Tenant: slug, Object: subject}); err != nil {
			return err
		}
		sayf(s.stdout, "%s: %s\n", slug, action[len("assistant."):])
	}
	return nil
}

type switchStatusCmd struct {
	JSON bool `help:"Print JSON."`
}

func (cmd *switchStatusCmd) Run(ctx context.Context, s *session) error {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	all, err := st.Closures(ctx)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, append([]assistant.Closure{}, all...))
	}
	if len(all) == 0 {
		sayln(s.stdout, "nothing is switched off")
		return nil
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	for _, c := range all {
		subject := c.Subject
		if subject == "" {
			subject = "(all)"
		}
		sayf(w, "%s\t%s\t%s\t%s\t%s\n", c.Tenant, subject, c.At.Local().Format(time.DateTime), c.By, c.Notice)
	}
	return w.Flush()
}
