package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"sportello/assistant/drafting/count"
	"sportello/assistant/drafting/reference"
	"sportello/assistant/drafting/rule"
	"sportello/assistant/drafting/workbench"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
)

type draftCheckCmd struct {
	File     string   `arg:"" type:"existingfile" help:"Draft (JSON), or an act: DOCX, ODT, PDF, text."`
	Tenant   string   `help:"Check references against this tenant's documents too." placeholder:"SLUG"`
	Norms    []string `help:"Laws in Akoma Ntoso to check references against." type:"existingfile" placeholder:"FILE"`
	Day      string   `help:"Day for which it has to hold (default: the act's own, else today)." placeholder:"2026-03-02"`
	Patron   string   `help:"Day of the patron saint, for terms." placeholder:"MM-DD"`
	Obscured bool     `help:"Print the text for publication, with what may not be published left out."`
	JSON     bool     `help:"Print JSON."`
}

func (cmd *draftCheckCmd) Help() string {
	return "Exit 0: nothing that blocks. Exit 3: something does.\nExample:\n  sportello draft check --tenant avella determina.docx"
}

// draftReport is what draft check --json prints.
type draftReport struct {
	File       string           `json:"file"`
	Family     string           `json:"family"`
	Traits     []string         `json:"traits"`
	Day        string           `json:"day"`
	Findings   []rule.Finding   `json:"findings"`
	References []draftReference `json:"references"`
	Blocks     int              `json:"blocks"`
	Warns      int              `json:"warns"`
	ToVerify   int              `json:"references_to_verify"`

	found *workbench.Review
}

type draftReference struct {
	Text   string           `json:"text"`
	Style  string           `json:"style"`
	Status reference.Status `json:"status"`
	Why    string           `json:"why,omitempty"`
	Link   string           `json:"link,omitempty"`
	Start  int              `json:"start"`
	End    int              `json:"end"`
}

func (cmd *draftCheckCmd) Run(ctx context.Context, s *session) error {
	a, err := s.readAct(ctx, cmd.File, cmd.Day)
	if err != nil {
		return err
	}
	if cmd.Obscured {
		sayf(s.stdout, "%s", rule.Obscured(a.Text))
		return nil
	}
	if a.Calendar, err = patron(cmd.Patron); err != nil {
		return err
	}
	report, err := s.checkAct(ctx, a, cmd.Tenant, cmd.Norms)
	if err != nil {
		return err
	}
	report.File = cmd.File
	if cmd.JSON {
		if err := printJSON(s.stdout, report); err != nil {
			return err
		}
	} else {
		printFindings(s, report)
	}
	if report.Blocks > 0 {
		return errPartly
	}
	return nil
}

func patron(day string) (count.Calendar, error) {
	if day == "" {
		return count.Calendar{}, nil
	}
	d, err := time.Parse("01-02", day)
	if err != nil {
		return count.Calendar{}, fault.New(fault.Invalid, "--patron %q: write the month and the day, 06-24", day)
	}
	return count.Calendar{PatronMonth: d.Month(), PatronDay: d.Day()}, nil
}

// readAct reads a draft, or an act of another program through the parsers of ingest.
func (s *session) readAct(ctx context.Context, name, day string) (*rule.Act, error) {
	if day != "" {
		if _, ok := count.ParseDay(day); !ok {
			return nil, fault.New(fault.Invalid, "--day %q: write a day as 2026-03-02", day)
		}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", name)
	}
	if d, ok := readDraft(data); ok {
		return workbench.Act(d, day, time.Now()), nil
	}
	p, err := s.cfg.parsers()
	if err != nil {
		return nil, err
	}
	defer release(p)
	parsed, err := p.Parse(ctx, ingest.Input{Name: name, Bytes: data})
	if err != nil {
		return nil, err
	}
	doc := ingest.Structure(filepath.Base(name), parsed)
	a := &rule.Act{Text: doc.Text, Day: day}
	for _, known := range []string{doc.Date, doc.Approval.Date, time.Now().Format(time.DateOnly)} {
		if a.Day == "" && len(known) == 10 {
			a.Day = known
		}
	}
	rule.Tell(a)
	return a, nil
}

// checkAct finds and checks the references, then runs the rules.
func (s *session) checkAct(ctx context.Context, a *rule.Act, tenant string, laws []string) (*draftReport, error) {
	reviewer, err := workbench.NewReviewer()
	if err != nil {
		return nil, err
	}
	shelf, err := s.shelf(ctx, tenant, laws, a.Day)
	if err != nil {
		return nil, err
	}
	found, err := reviewer.Review(ctx, a, shelf)
	if err != nil {
		return nil, err
	}
	r := &draftReport{
		Family: a.Family, Traits: a.Traits, Day: a.Day, Findings: found.Findings, References: []draftReference{}, Blocks: found.Blocks, Warns: found.Warns, ToVerify: found.ToVerify,
		found: found,
	}
	for _, c := range found.References {
		r.References = append(r.References, draftReference{Text: a.Text[c.Start:c.End], Style: c.Style, Status: c.Status, Why: c.Why, Link: c.Link, Start: c.Start, End: c.End})
	}
	if r.Findings == nil {
		r.Findings = []rule.Finding{}
	}
	return r, nil
}

// shelf gathers what references are checked against: the tenant's own documents and laws in Akoma Ntoso.
func (s *session) shelf(ctx context.Context, tenant string, laws []string, day string) (*reference.Shelf, error) {
	var volumes []reference.Volume
	if tenant != "" {
		st, err := s.openStore(ctx)
		if err != nil {
			return nil, err
		}
		defer release(st)
		own, err := tenantVolumes(ctx, st, tenant, day)
		if err != nil {
			return nil, err
		}
		volumes = append(volumes, own...)
	}
	if len(laws) > 0 {
		p, err := s.cfg.parsers()
		if err != nil {
			return nil, err
		}
		defer release(p)
		for _, name := range laws {
			data, err := os.ReadFile(name)
			if err != nil {
				return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", name)
			}
			parsed, err := p.Parse(ctx, ingest.Input{Name: name, Bytes: data})
			if err != nil {
				return nil, err
			}
			volumes = append(volumes, reference.Volume{Document: ingest.Structure(filepath.Base(name), parsed), ID: name, InForce: true})
		}
	}
	return reference.NewShelf(volumes), nil
}

// tenantVolumes gives a tenant's regulations, norms and acts, and those that the tenants above share.
func tenantVolumes(ctx context.Context, st *store.Store, tenant, day string) ([]reference.Volume, error) {
	lineage, err := st.Lineage(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var out []reference.Volume
	for _, slug := range lineage {
		records, err := st.Documents(ctx, slug, store.Filter{})
		if err != nil {
			return nil, err
		}
		titles := map[string]string{}
		for i := range records {
			titles[records[i].ID] = records[i].Title
		}
		for i := range records {
			r := &records[i]
			if slug != tenant && !r.Shared || r.Kind == ingest.Modulo || r.Kind == ingest.Pagina || r.Kind == ingest.Scheda {
				continue
			}
			doc, err := st.Content(ctx, slug, r.ID)
			if err != nil {
				return nil, err
			}
			force := r.ForceOn(day)
			out = append(out, reference.Volume{Document: doc, ID: r.ID, InForce: force == store.InForce, Reason: r.Reason, By: titles[r.SupersededBy]})
		}
	}
	return out, nil
}

var severityNames = map[rule.Severity]string{rule.Blocks: "BLOCCA", rule.Warns: "avvisa"}

func printFindings(s *session, r *draftReport) {
	for _, f := range r.Findings {
		sayf(s.stdout, "%s %s: %s\n", severityNames[f.Severity], f.Code, f.Message)
		if f.Quote != "" {
			sayf(s.stdout, "  «%s»\n", excerpt(f.Quote, 160))
		}
		if f.Detail != "" {
			sayf(s.stdout, "  %s\n", f.Detail)
		}
		sayf(s.stdout, "  perché: %s (%s)\n  rimedio: %s\n", f.Reason, f.Source, f.Fix)
	}
	unread := 0
	for _, c := range r.References {
		switch {
		case c.Status == reference.ActOnly:
			unread++
		case c.Status != reference.Known:
			sayf(s.stdout, "riferimento: %s: %s\n", c.Style, c.Why)
		}
	}
	if unread > 0 {
		sayf(s.stdout, "riferimenti: %d a norme note il cui testo non è caricato: gli articoli vanno controllati (--norms, --tenant)\n", unread)
	}
	kind := r.Family
	if kind == "" {
		kind = "tipo di atto non riconosciuto"
	}
	sayf(s.stdout, "%s, %s: %d che bloccano, %d avvisi, %d riferimenti da verificare su %d\n", kind, reference.Day(r.Day), r.Blocks, r.Warns, r.ToVerify, len(r.References))
}
