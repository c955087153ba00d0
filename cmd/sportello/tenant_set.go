package main

import (
	"context"
	"strings"
	"text/tabwriter"

	"sportello/assistant/fault"
	"sportello/assistant/store"
)

type tenantSetCmd struct {
	Slug   string   `arg:"" help:"Slug of the tenant; \"-\" for the whole installation."`
	Values []string `arg:"" optional:"" help:"KEY=VALUE to set, KEY= for an empty value; none: show what holds." sep:"none"`
	Drop   []string `help:"Take the tenant's own value away, so that it inherits again." placeholder:"KEY" sep:","`
}

func (cmd *tenantSetCmd) Help() string {
	return "The keys are those of the page of settings; a tenant below that has no value of its own takes it.\n\nExample:\n" +
		"  sportello tenant set avella page.colour=#7a1f2b \"page.notice=Gli uffici sono chiusi il 24 dicembre.\""
}

func (cmd *tenantSetCmd) Run(ctx context.Context, s *session) error {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	a := &app{cfg: s.cfg, store: st}
	console, err := a.console()
	if err != nil {
		return err
	}
	known := console.Settings()
	tenant := cmd.Slug
	if tenant == "-" {
		tenant = store.Everywhere
	}
	type change struct{ key, value string }
	var changes []change
	for _, one := range cmd.Values {
		key, value, ok := strings.Cut(one, "=")
		if !ok {
			return fault.New(fault.Invalid, "%q: write KEY=VALUE", one)
		}
		found := false
		for _, x := range known {
			if x.Key != key {
				continue
			}
			clean, problem := x.Clean(value)
			if problem != "" {
				return fault.New(fault.Invalid, "%s = %q is not a value that it takes (%s)", key, value, strings.TrimPrefix(problem, "setting_problem_"))
			}
			changes, found = append(changes, change{key, clean}), true
		}
		if !found {
			return fault.New(fault.Invalid, "there is no setting %q: sportello tenant set %s lists them all", key, cmd.Slug)
		}
	}
	for _, c := range changes {
		if err := st.PutSetting(ctx, store.ActorCommand, tenant, c.key, c.value); err != nil {
			return err
		}
	}
	for _, key := range cmd.Drop {
		if err := st.DropSetting(ctx, store.ActorCommand, tenant, key); err != nil {
			return err
		}
	}
	stored, err := st.Settings(ctx, tenant)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	for _, x := range known {
		value, from := x.Default, "default"
		if y, ok := stored[x.Key]; ok {
			value, from = y.Value, "from "+placeName(y.From)
			if y.Own {
				from = "own"
			}
		}
		sayf(w, "%s\t= %q\t# %s\n", x.Key, value, from)
	}
	return w.Flush()
}
