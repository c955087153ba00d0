package main

import (
	"context"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// A citizen does this on the page about data; at the counter, by letter or by telephone somebody does it for them.

type privacyExportCmd struct {
	Tenant string `help:"Slug of the tenant; empty: all are looked through." placeholder:"SLUG"`
	Code   string `arg:"" help:"Of the conversation, as it stands under its answers."`
}

func (cmd *privacyExportCmd) Help() string {
	return "Example:\n  sportello privacy export 7K3F-9QXM-2TVB-HJ4N > conversazione.json\n\nQuestions as they were masked, answers, opinions, and what was left for offices. The audit log says that it was given, not what."
}

func (cmd *privacyExportCmd) Run(ctx context.Context, s *session) error {
	return s.eachTenant(ctx, cmd.Tenant, cmd.Code, func(st *store.Store, tenant string, code assistant.Code) (bool, error) {
		kept, err := st.Kept(ctx, store.ActorCommand, tenant, code)
		if err != nil || len(kept.Questions)+len(kept.Left) == 0 {
			return false, err
		}
		return true, printJSON(s.stdout, kept)
	})
}

type privacyEraseCmd struct {
	Tenant string `help:"Slug of the tenant; empty: all are looked through." placeholder:"SLUG"`
	JSON   bool   `help:"Print JSON."`
	Code   string `arg:"" help:"Of the conversation, as it stands under its answers."`
}

func (cmd *privacyEraseCmd) Help() string {
	return "Example:\n  sportello privacy erase 7K3F-9QXM-2TVB-HJ4N\n\nIt cannot be undone. E-mails that were sent stay where they are; counts without content stay."
}

func (cmd *privacyEraseCmd) Run(ctx context.Context, s *session) error {
	return s.eachTenant(ctx, cmd.Tenant, cmd.Code, func(st *store.Store, tenant string, code assistant.Code) (bool, error) {
		gone, err := st.EraseConversation(ctx, store.ActorCommand, tenant, code)
		if err != nil || gone == (assistant.Erased{}) {
			return false, err
		}
		if err := forgotten(ctx, st); err != nil {
			return true, err
		}
		if cmd.JSON {
			return true, printJSON(s.stdout, gone)
		}
		sayf(s.stdout, "%s: %d questions, %d opinions, %d questions left for offices erased\n", tenant, gone.Questions, gone.Opinions, gone.Left)
		return true, nil
	})
}

// eachTenant does something with a code in one tenant or in all, and says so when none has anything.
func (s *session) eachTenant(ctx context.Context, only, text string, do func(st *store.Store, tenant string, code assistant.Code) (bool, error)) error {
	code, err := assistant.ParseCode(text)
	if err != nil {
		return err
	}
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	slugs := []string{only}
	if only == "" {
		slugs = nil
		tenants, err := st.Tenants(ctx)
		if err != nil {
			return err
		}
		for _, t := range tenants {
			slugs = append(slugs, t.Slug)
		}
	} else if _, err := st.Tenant(ctx, only); err != nil {
		return err
	}
	any := false
	for _, slug := range slugs {
		found, err := do(st, slug, code)
		if err != nil {
			return err
		}
		any = any || found
	}
	if !any {
		return fault.New(fault.NotFound, "nothing is kept under this code, or no longer")
	}
	return nil
}

// forgotten empties the log of the database, which a running server may be reading at this moment.
func forgotten(ctx context.Context, st *store.Store) error {
	for range 100 {
		if done, err := st.Forget(ctx); err != nil || done {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return fault.New(fault.Unavailable, "it is erased from the tables, and still in the log of the database, which is in use: the next deletion of the server takes it out of there")
}
