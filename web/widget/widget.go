// Package widget serves what a comune's own site needs to put questions to Sportello: one script without dependencies, and the words and
// the colours that the script asks for when somebody opens it.
//
// The script is widget.js with widget.css inside, as they stand here: readable, small, not put together by any tool. It stores nothing and
// sets no cookie, on the server and in the browser. Who may use it from another site is decided by package web, by the tenant's list.
package widget

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/locales"
	"sportello/web/page"
	"sportello/web/site"
)

//go:embed widget.js
var source string

//go:embed widget.css
var style string

// Config is what New needs.
type Config struct {
	Library   site.Library
	Catalogue *locales.Catalogue
	Set       *page.Set
	Starters  func(ctx context.Context, tenant string, l *locales.Localizer) ([]string, error)                 // questions to begin with; may be nil
	Closed    func(ctx context.Context, tenant, question, language string, titles []string) *assistant.Closure // may be nil
	Opinions  bool                                                                                             // thumbs are taken
}

// Widget answers for the script and its words.
type Widget struct {
	cfg    Config
	script []byte
	tag    string
}

// New puts the script together.
func New(cfg Config) (*Widget, error) {
	labels := map[string]string{}
	for _, l := range cfg.Catalogue.Languages() {
		labels[l.Tag] = cfg.Catalogue.For(l.Tag).T("menu_ask")
	}
	script := source
	for mark, value := range map[string]any{"/*STYLE*/\"\"": squeeze(style), "/*LABELS*/{}": labels} {
		text, err := json.Marshal(value)
		if err != nil || strings.Count(script, mark) != 1 {
			return nil, fault.New(fault.Internal, "widget: %s is not in its place", mark)
		}
		script = strings.Replace(script, mark, string(text), 1)
	}
	sum := sha256.Sum256([]byte(script))
	return &Widget{cfg, []byte(script), `"` + hex.EncodeToString(sum[:8]) + `"`}, nil
}

// squeeze leaves out what a style sheet has for people: comments and indentation.
func squeeze(css string) string {
	var out strings.Builder
	for line := range strings.Lines(css) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "/*") {
			out.WriteString(line)
		}
	}
	return out.String()
}

// Script serves /widget.js. The address is the same for good, so browsers look for a new one each hour.
func (g *Widget) Script(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("ETag", g.tag)
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // it is meant for other sites
	h.Set("X-Robots-Tag", "noindex")
	if strings.Contains(r.Header.Get("If-None-Match"), strings.Trim(g.tag, `"`)) { // gzip makes the tag a weak one
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, _ = w.Write(g.script) // a reader that left is no error of ours
	return nil
}

// Words is what the script gets when somebody opens it. Texts keep their placeholders, which the script fills.
type Words struct {
	Name     string            `json:"name"`
	Lang     string            `json:"lang"`
	Dir      string            `json:"dir"`
	Colour   string            `json:"colour,omitempty"`
	Home     string            `json:"home"` // addresses from the root of the server
	Data     string            `json:"data"`
	Notice   string            `json:"notice,omitempty"` // of the comune, in Italian
	Closed   string            `json:"closed,omitempty"` // why nothing is answered now
	Opinions bool              `json:"opinions"`
	Starters []string          `json:"starters"`
	Texts    map[string]string `json:"texts"`
}

// Words serves the words of a tenant in ?lang=, or in what the browser likes.
func (g *Widget) Words(w http.ResponseWriter, r *http.Request, slug string) error {
	t, err := g.cfg.Library.Tenant(r.Context(), slug)
	if err != nil {
		return err
	}
	v := g.cfg.Set.View(r)
	g.cfg.Set.Place(v, t)
	out := Words{
		Name: t.Name, Lang: v.L.Lang(), Dir: v.L.Dir(), Colour: t.Colour, Notice: t.Notice, Opinions: g.cfg.Opinions,
		Home: v.Home(), Data: v.URL("/t/" + slug + "/data"), Starters: []string{}, Texts: map[string]string{},
	}
	if g.cfg.Closed != nil {
		if c := g.cfg.Closed(r.Context(), slug, "", v.L.Lang(), nil); c != nil {
			if out.Closed = c.Notice; out.Closed == "" {
				out.Closed = v.L.T("refused_closed_text")
			}
		}
	}
	if g.cfg.Starters != nil {
		if out.Starters, err = g.cfg.Starters(r.Context(), slug, v.L); err != nil {
			return err
		}
	}
	for _, key := range texts {
		out.Texts[key] = v.L.T(key, holders)
	}
	out.Texts["notice_text"] = v.L.T("notice_text", locales.Data{"Comune": t.Name})
	for _, reason := range reasons {
		for _, part := range []string{"_title", "_text"} {
			key := "refused_" + string(reason) + part
			out.Texts[key] = v.L.T(key)
		}
	}
	body, err := json.Marshal(out)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "encode")
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "private, max-age=60")
	w.Header().Add("Vary", "Accept-Language")
	_, _ = w.Write(append(body, '\n'))
	return nil
}

// holders keep a placeholder in its text: "art. {{.Number}}" stays so.
var holders = locales.Data{"Number": "{{.Number}}", "Office": "{{.Office}}", "Date": "{{.Date}}"}

// reasons are those of a refusal in words; an emergency has texts of its own.
var reasons = []assistant.Reason{
	assistant.NoSource, assistant.OutOfScope, assistant.PersonalDecision, assistant.Unsafe, assistant.OtherComune, assistant.Overloaded, assistant.Closed,
}

// texts are the messages that the script shows.
var texts = []string{
	"ask_label", "ask_label_next", "ask_button", "ask_working", "ask_queue", "you_asked", "conversation_label", "starters_title", "next_title",
	"notice_title", "source_number", "quote_italian", "quoted_note", "answered_note", "approved_note", "translated_note", "translated_mark", "understood",
	"place_article", "place_page", "place_separator", "contacts_answered", "contacts_refused", "contact_hours", "contact_closed", "contact_phone", "contact_email",
	"near_title", "useful_question", "useful_yes", "useful_no", "rate_thanks", "problem_empty", "error_network", "error_stopped", "error_too_many_text", "error_internal_text",
	"emergency_title", "emergency_text", "emergency_112", "emergency_1522", "emergency_114", "emergency_19696", "emergency_gas", "emergency_alone",
	"widget_close", "new_tab", "open_page", "open_source", "start_over", "data_title", "widget_automatic",
	"form_title", "form_purpose", "form_recipient", "form_attachments", "form_download", "terms_title",
	"simpler_title", "simpler_note", "simpler_model", "simpler_who", "simpler_amount", "simpler_when", "simpler_where",
	"simpler_if", "simpler_but", "simpler_also", "simpler_laws", "simpler_law", "simpler_working",
}
