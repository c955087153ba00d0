package main

import (
	"context"
	"slices"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

type tokenCmd struct {
	Add tokenAddCmd `cmd:"" help:"Make a token for a program and print it, once."`
}

type tokenAddCmd struct {
	Name   string   `arg:"" help:"What it is for."`
	Tenant string   `required:"" help:"Slug of the tenant where it holds." placeholder:"SLUG"`
	Person string   `required:"" help:"E-mail address of the account that answers for it: the token allows nothing that they may not do." placeholder:"E-MAIL"`
	Action []string `required:"" help:"What it may do: documents.read, settings.edit…, or all." placeholder:"ACTION"`
	Days   int      `default:"90" help:"How long it is good, 1 to 366."`
}

func (cmd *tokenAddCmd) Help() string {
	return "Example:\n  sportello token add sito --tenant avella --person maria.rossi@comune.example.it --action documents.read\n\n" +
		"What a token can do is in /api/openapi.yaml. The console makes, lists and revokes tokens, too."
}

func (cmd *tokenAddCmd) Run(ctx context.Context, s *session) error {
	if cmd.Days < 1 || cmd.Days > 366 {
		return fault.New(fault.Invalid, "--days %d: write 1 to 366", cmd.Days)
	}
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	p, err := st.PersonByEmail(ctx, cmd.Person)
	if err != nil {
		return err
	}
	if _, err := st.Tenant(ctx, cmd.Tenant); err != nil {
		return err
	}
	var actions []access.Action
	for _, a := range cmd.Action {
		actions = append(actions, access.Action(a))
	}
	if slices.Contains(cmd.Action, "all") {
		actions = access.Actions()
	}
	secret, err := st.AddToken(ctx, store.ActorCommand, store.Token{
		Name: cmd.Name, Person: p.ID, Tenant: cmd.Tenant, Actions: actions, Expires: time.Now().Add(time.Duration(cmd.Days) * 24 * time.Hour),
	})
	if err != nil {
		return err
	}
	sayln(s.stdout, secret)
	return nil
}
