package main

import (
	"context"
	"net/url"
	"os"
	"strings"

	"sportello/assistant/fault"
	"sportello/locales"
	"sportello/web/leaflet"
	"sportello/web/staff/facilitator"
)

type leafletCmd struct {
	Tenant    string   `required:"" help:"Slug of the tenant." placeholder:"SLUG"`
	Address   string   `help:"Address of the installation as people reach it (default: serve.public_url)." placeholder:"URL"`
	Languages []string `help:"Languages, a page each (default: all ten)." placeholder:"TAG"`
	File      string   `arg:"" help:"Where to write it: an HTML file to print or to save as PDF with any browser."`
}

func (cmd *leafletCmd) Help() string {
	return "Example:\n  sportello leaflet --tenant avella --address https://sportello.comune.example.it volantino.html\n\n" +
		"The QR code leads to the tenant's page in the language of the page. The places of the setting facilitator.points are named as places of help."
}

// Run writes the leaflet.
func (cmd *leafletCmd) Run(ctx context.Context, s *session) (err error) {
	st, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer release(st)
	t, err := st.Tenant(ctx, cmd.Tenant)
	if err != nil {
		return err
	}
	base := cmd.Address
	if base == "" {
		base = s.cfg.publicURL()
	}
	if base == "" {
		return fault.New(fault.Invalid, "say at which address people reach Sportello: --address https://…, or set serve.public_url")
	}
	points, _, err := st.Setting(ctx, cmd.Tenant, facilitator.PointsSetting)
	if err != nil {
		return err
	}
	catalogue, err := locales.New()
	if err != nil {
		return err
	}
	x := leaflet.Leaflet{Comune: t.Name, Address: strings.TrimRight(base, "/") + "/t/" + url.PathEscape(t.Slug) + "/", Languages: cmd.Languages}
	for line := range strings.Lines(points.Value) {
		if line = strings.TrimSpace(line); line != "" {
			x.Points = append(x.Points, line)
		}
	}
	var page strings.Builder
	if err := x.Write(&page, catalogue); err != nil {
		return err
	}
	if err := os.WriteFile(cmd.File, []byte(page.String()), 0o644); err != nil { //nolint:gosec // a leaflet is for everybody
		return fault.Wrap(fault.Invalid, err, "cannot write %s", cmd.File)
	}
	sayf(s.stdout, "%s: written. Open it in a browser and print it.\n", cmd.File)
	return nil
}
