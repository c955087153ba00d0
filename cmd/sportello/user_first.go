package main

import (
	"context"
	"time"

	"sportello/assistant/store"
	"sportello/locales"
)

// userFirstCmd is for whoever has just installed: the package prints it, and so may he again.
type userFirstCmd struct{}

func (cmd *userFirstCmd) Run(ctx context.Context, s *session) error {
	l, err := locales.Staff()
	if err != nil {
		return err
	}
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	old, err := st.HasPeople(ctx)
	if err != nil {
		return err
	}
	if old {
		sayln(s.stdout, l.T("first_over"))
		return nil
	}
	secret, err := st.NewLink(ctx, store.ActorCommand, store.Link{Kind: store.LinkSetup, Expires: time.Now().Add(24 * time.Hour)})
	if err != nil {
		return err
	}
	sayln(s.stdout, l.T("first_link", locales.Data{"Link": s.cfg.address() + "/staff/setup/" + secret}))
	return nil
}
