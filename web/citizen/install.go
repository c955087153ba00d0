package citizen

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"strings"

	"sportello/assistant/fault"
	"sportello/web/page"
)

//go:embed worker.js
var worker string

// manifest is that of the W3C, as far as phones read it.
type manifest struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Short      string         `json:"short_name"`
	About      string         `json:"description"`
	Lang       string         `json:"lang"`
	Dir        string         `json:"dir"`
	Start      string         `json:"start_url"`
	Scope      string         `json:"scope"`
	Display    string         `json:"display"`
	Theme      string         `json:"theme_color"`
	Background string         `json:"background_color"`
	Icons      []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// ownColour is that of tenants without one.
const ownColour = "#0059b3"

// Manifest lets a phone install the tenant's page.
func (p *Pages) Manifest(w http.ResponseWriter, r *http.Request, slug string) error {
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	base := "/t/" + slug + "/"
	m := manifest{
		ID: base, Name: v.L.T("product_name") + " · " + v.Tenant.Name, Short: v.L.T("product_name"), About: v.L.T("ask_lead"), Lang: v.L.Lang(), Dir: v.L.Dir(),
		Start: v.Home(), Scope: base, Display: "standalone", Theme: ownColour, Background: "#ffffff",
	}
	if v.Tenant.Colour != "" {
		m.Theme = v.Tenant.Colour
	}
	for _, size := range []string{"192", "512"} {
		m.Icons = append(m.Icons, manifestIcon{base + "icon-" + size + ".png", size + "x" + size, "image/png", "any maskable"})
	}
	body, err := json.Marshal(m)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "encode")
	}
	w.Header().Set("Content-Type", "application/manifest+json")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Add("Vary", "Accept-Language")
	_, _ = w.Write(body) // a reader that left is no error of ours
	return nil
}

// Worker is the script that an installed page keeps: it knows the page to show without a network and what that page loads, nothing else.
func (p *Pages) Worker(w http.ResponseWriter, r *http.Request, slug string) error {
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	html, err := p.offlinePage(r, v, slug)
	if err != nil {
		return err
	}
	shell, err := json.Marshal(map[string]any{"name": "sportello-" + slug, "offline": "/t/" + slug + "/offline?lang=" + v.L.Lang(), "files": loads(html)})
	if err != nil {
		return fault.Wrap(fault.Internal, err, "encode")
	}
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write([]byte(strings.Replace(worker, "/*SHELL*/{}", string(shell), 1)))
	return nil
}

func (p *Pages) offlinePage(r *http.Request, v *page.View, slug string) (string, error) {
	contacts, err := p.cfg.Library.Contacts(r.Context(), slug)
	if err != nil {
		return "", err
	}
	v.Title, v.Body = v.L.T("offline_title"), contacts
	html, err := p.set.Page("offline", v)
	return string(html), err
}

// loads gives the style sheets and scripts that a page of ours names.
func loads(html string) []string {
	var out []string
	for _, mark := range []string{`<link rel="stylesheet" href="`, `<script src="`} {
		for rest := html; ; {
			_, after, ok := strings.Cut(rest, mark)
			if !ok {
				break
			}
			address, tail, _ := strings.Cut(after, `"`)
			out, rest = append(out, address), tail
		}
	}
	return out
}
