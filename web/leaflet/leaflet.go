// Package leaflet makes the one-page leaflet for citizens: what Sportello is for, how to ask, and its address as a QR code, a page for each
// language. It is a page to print, or to save as PDF in a browser; it needs nothing from elsewhere when it has its style in it.
package leaflet

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"sportello/assistant/fault"
	"sportello/locales"
	"sportello/web/qr"
)

//go:embed leaflet.html
var text string

//go:embed leaflet.css
var style string

// Leaflet is what it says.
type Leaflet struct {
	Comune    string
	Address   string   // of the tenant's page: "https://sportello.example.it/t/avella/"
	Languages []string // in this order; none: all
	Points    []string // where people help; none: the line is left out
}

type page struct {
	L       *locales.Localizer
	Address string
	QR      template.URL
	Last    bool
}

// Write writes the leaflet as one HTML file with its style in it.
func (x Leaflet) Write(w io.Writer, catalogue *locales.Catalogue) error {
	t, err := template.New("leaflet").Parse(text)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "the leaflet")
	}
	if !strings.HasPrefix(x.Address, "http://") && !strings.HasPrefix(x.Address, "https://") {
		return fault.New(fault.Invalid, "the address of the leaflet has to begin with https://, not %q", x.Address)
	}
	tags := x.Languages
	if len(tags) == 0 {
		for _, l := range catalogue.Languages() {
			tags = append(tags, l.Tag)
		}
	}
	var pages []page
	for i, tag := range tags {
		if !catalogue.Has(tag) {
			return fault.New(fault.Invalid, "there is no language %q: choose among it en fr de es ro sq ar uk zh", tag)
		}
		address := x.Address + "?lang=" + tag
		picture, err := qr.DataURI(address)
		if err != nil {
			return err
		}
		pages = append(pages, page{catalogue.For(tag), address, template.URL(picture), i == len(tags)-1}) //nolint:gosec // a picture that package qr drew
	}
	if err := t.Execute(w, map[string]any{"X": x, "Pages": pages, "Style": template.CSS(style)}); err != nil { //nolint:gosec // our own file
		return fmt.Errorf("leaflet: %w", err)
	}
	return nil
}

// Data fills the placeholders of the messages.
func (x Leaflet) Data() locales.Data { return locales.Data{"Comune": x.Comune} }
