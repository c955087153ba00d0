package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sportello/assistant/portable"
	"sportello/assistant/store"
)

type exportCmd struct {
	Tenant string `required:"" help:"Slug of the tenant." placeholder:"SLUG"`
	JSON   bool   `help:"Print JSON."`
	File   string `arg:"" help:"The ZIP to write; it must not be there."`
}

func (cmd *exportCmd) Help() string {
	return "Example:\n  sportello export --tenant avella avella.zip\n\n" +
		"Documents with all versions and their originals, corrections, settings, offices, approved answers, templates, acts, sessions, people without secrets, in open\n" +
		"formats; LEGGIMI.md in the ZIP says what each field means. It is not encrypted. Citizens' questions stay here. To keep a copy of everything: sportello backup."
}

func (cmd *exportCmd) Run(ctx context.Context, s *session) (err error) {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	if _, err := st.Tenant(ctx, cmd.Tenant); err != nil {
		return err
	}
	w, err := portable.Create(cmd.File, versionName(), cmd.Tenant, time.Now(), st.OriginalBytes)
	if err != nil {
		return err
	}
	if err := st.Export(ctx, cmd.Tenant, w); err != nil {
		return errors.Join(err, w.Discard())
	}
	m, err := w.Close()
	if err != nil {
		return err
	}
	if cmd.JSON {
		return printJSON(s.stdout, map[string]any{"file": cmd.File, "tenant": m.Tenant, "records": m.Records})
	}
	s.sayRecords(cmd.File+":", m.Records)
	return nil
}

// sayRecords prints how many records of each list there are, those that there are.
func (s *session) sayRecords(head string, records map[string]int) {
	sayln(s.stdout, head)
	for _, list := range store.PortableLists() {
		if n := records[list]; n > 0 {
			sayf(s.stdout, "  %-16s %d\n", list, n)
		}
	}
}

type importCmd struct {
	As     string `help:"Slug that the tenant gets here (default: the one it had)." placeholder:"SLUG"`
	Name   string `help:"Name that it gets here."`
	Parent string `help:"Slug of the tenant above it here." placeholder:"SLUG"`
	NoWait bool   `help:"Do not wait for vectors: words find it at once, the server makes the rest."`
	JSON   bool   `help:"Print JSON."`
	File   string `arg:"" help:"A ZIP that sportello export wrote."`
}

func (cmd *importCmd) Help() string {
	return "Examples:\n  sportello import avella.zip\n  sportello import --as avella-prova avella.zip\n\n" +
		"The tenant must not be there yet. All of it comes or nothing. People who are new here get no password: invite them from the console, or by sportello user add."
}

func (cmd *importCmd) Run(ctx context.Context, s *session) (err error) {
	archive, err := portable.Open(ctx, cmd.File)
	if err != nil {
		return err
	}
	defer release(archive)
	a, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer release(a)
	came, err := a.store.Import(ctx, archive, store.ImportOptions{Actor: store.ActorCommand, Slug: cmd.As, Name: cmd.Name, Parent: cmd.Parent})
	if err != nil {
		return err
	}
	if a.embedder != nil && !cmd.NoWait {
		if _, err := s.embed(ctx, a); err != nil {
			sayln(s.stderr, "sportello: the vectors are not all made; the server goes on:", err)
		}
	}
	if cmd.JSON {
		return printJSON(s.stdout, came)
	}
	s.sayRecords(fmt.Sprintf("%s: imported, with %d originals", came.Tenant, came.Originals), came.Records)
	slices.Sort(came.Invited)
	for _, email := range came.Invited {
		sayf(s.stdout, "%s is new here and has no password yet: invite them from the console\n", email)
	}
	return nil
}
