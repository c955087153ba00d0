package acts

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/reference"
	"sportello/assistant/drafting/workbench"
	"sportello/assistant/fault"
	"sportello/assistant/lexicon"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/web/staff"
)

// cited is a norm or an act that can be put into an act.
type cited struct {
	Style  string           `json:"style"` // as it is written here
	Title  string           `json:"title"`
	Status reference.Status `json:"status"`
	Why    string           `json:"why"`
	Link   string           `json:"link"`
	URN    string           `json:"urn"`
	Own    bool             `json:"own"` // of what the comune holds
}

const (
	mostCited = 12
	mostQuery = 300
)

// search finds norms and own acts by what somebody writes: "art. 7 d.lgs. 267/2000", "tracciabilità", "regolamento contabilità".
func (p *pages) search(ctx context.Context, v *staff.Visit, b *bench, q string) ([]cited, error) {
	out := []cited{}
	if q == "" {
		return out, nil
	}
	if utf8.RuneCountInString(q) > mostQuery {
		return nil, fault.New(fault.Invalid, "q has at most %d characters", mostQuery)
	}
	act := workbench.Act(&b.work.Draft, "", p.Now())
	library, err := p.Shelf(ctx, v.Tenant.Slug, act.Day)
	if err != nil {
		return nil, err
	}
	add := func(text, title string, own bool) error {
		found, err := reference.Check(ctx, text, act.Day, p.reviewer.Norms, library)
		if err != nil {
			return err
		}
		for _, c := range found {
			x := cited{Style: reference.Cite(c.Reference, p.first(b, c.Reference), p.reviewer.Norms), Title: title, Status: c.Status, Why: c.Why, Link: c.Link, URN: c.URN, Own: own || c.Holding != nil}
			if x.Style == "" || c.Status == reference.Internal {
				continue
			}
			if c.Name != "" && c.Number == "" {
				x.Style = c.Style
			}
			if x.Title == "" && c.Norm != nil {
				x.Title = c.Norm.Title
			}
			if x.Title == "" && c.Holding != nil {
				x.Title = c.Holding.Title
			}
			if !slices.ContainsFunc(out, func(o cited) bool { return o.Style == x.Style }) && len(out) < mostCited {
				out = append(out, x)
			}
		}
		return nil
	}
	if err := add(q, "", false); err != nil {
		return nil, err
	}
	words := lexicon.Analyze(q)
	for _, n := range p.reviewer.Norms.All() {
		r := lexicon.Reference{Act: n.Act, Number: n.Number, Date: n.Date, Year: n.Year()}
		style := reference.Cite(r, true, p.reviewer.Norms)
		if len(words) == 0 || !all(words, lexicon.Analyze(n.Title+" "+style)) {
			continue
		}
		if err := add(style, n.Title, false); err != nil {
			return nil, err
		}
	}
	records, err := p.Store.Documents(ctx, v.Tenant.Slug, store.Filter{Text: q, Limit: 30})
	if err != nil {
		return nil, err
	}
	for i := range records {
		d := &records[i]
		style := styleOf(d)
		if style == "" || len(out) >= mostCited {
			continue
		}
		x := cited{Style: style, Title: d.Title, Status: reference.Known, Own: true, Link: v.URL("documents/" + d.ID)}
		if d.ForceOn(act.Day) != store.InForce {
			x.Status, x.Why = reference.Repealed, v.L.T("acts_cite_not_in_force")
		}
		if !slices.ContainsFunc(out, func(o cited) bool { return o.Style == x.Style }) {
			out = append(out, x)
		}
	}
	return out, nil
}

// all says whether all words are among others.
func all(words, among []string) bool {
	for _, w := range words {
		if !slices.Contains(among, w) {
			return false
		}
	}
	return true
}

// styleOf writes how an own document is cited; "" when it does not say its number and date.
func styleOf(d *store.Record) string {
	a := d.Approval
	if a.Number == "" || len(a.Date) < 10 {
		return ""
	}
	kind := strings.ToLower(a.Type)
	if kind == "" {
		kind = "delibera"
	}
	body := strings.ToLower(strings.NewReplacer(".", "", " ", "").Replace(a.Body))
	style := reference.Cite(lexicon.Reference{Act: kind, Number: a.Number, Date: a.Date, Year: a.Date[:4], Body: body}, true, nil)
	if d.Kind == ingest.Regolamento {
		return d.Title + ", approvato con " + style
	}
	return style
}

// first says whether the act does not cite a norm yet: then it is written in full.
func (p *pages) first(b *bench, r lexicon.Reference) bool {
	return !slices.ContainsFunc(lexicon.Citations(b.work.Draft.Text()), func(c lexicon.Citation) bool {
		return c.Act == r.Act && c.Number == r.Number && c.Year == r.Year && r.Number != ""
	})
}

// seen writes the words that a premise begins with: "Vista la legge", "Visto l'art. 7".
func seen(style string) string {
	first, _, _ := strings.Cut(strings.ToLower(style), " ")
	switch {
	case strings.HasPrefix(first, "artt"):
		return "Visti gli " + style + ";"
	case strings.HasPrefix(first, "art"):
		return "Visto l'" + style + ";"
	case first == "ordinanza":
		return "Vista l'" + style + ";"
	case slices.Contains([]string{"legge", "deliberazione", "determinazione", "circolare", "sentenza", "costituzione", "direttiva", "decisione", "l.", "l.r."}, first):
		return "Vista la " + style + ";"
	}
	return "Visto il " + style + ";"
}

type referencesBody struct {
	*store.Act
	Query   string
	Found   []cited
	Parts   []drafting.PartName
	Default string // part to put it in
	MayEdit bool
}

// references is the search of norms and own acts.
func (p *pages) references(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	b, err := p.open(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	body := referencesBody{Act: b.act, Query: strings.TrimSpace(r.URL.Query().Get("q")), Parts: partsOf(b.work), Default: usual(b.work), MayEdit: mayEdit(v, b.act)}
	if r := []rune(body.Query); len(r) > mostQuery {
		body.Query = string(r[:mostQuery])
	}
	if body.Found, err = p.search(r.Context(), v, b, body.Query); err != nil {
		return err
	}
	return v.Render(w, "references", v.L.T("acts_cite_title"), body)
}

func partsOf(w *workbench.Work) []drafting.PartName {
	var out []drafting.PartName
	for _, part := range w.Draft.Parts {
		out = append(out, drafting.PartName{ID: part.ID, Title: part.Title})
	}
	return out
}

// usual is the part that references and reasons stand in.
func usual(w *workbench.Work) string {
	for _, id := range []string{"premesse", "testo"} {
		if w.Part(id) != nil {
			return id
		}
	}
	return ""
}

// refer puts a reference into a part, as a premise of its own.
func (p *pages) refer(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id, part := r.PathValue("id"), r.PostFormValue("part")
	after, err := strconv.Atoi(r.PostFormValue("after"))
	if err != nil {
		after = -1
	}
	if _, err := p.insertReference(r.Context(), v, id, part, typed(r.PostForm, "style"), after); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("acts/"+id)+"#p-"+part, "acts_done_inserted")
}

func (p *pages) insertReference(ctx context.Context, v *staff.Visit, id, part, style string, after int) (int, error) {
	style = strings.Join(strings.Fields(style), " ")
	if style == "" || utf8.RuneCountInString(style) > mostQuery {
		return 0, fault.New(fault.Invalid, "style has 1 to %d characters", mostQuery)
	}
	return p.edit(ctx, v, id, "inserted", func(_ *bench, w *workbench.Work) error {
		return w.Insert(part, after, drafting.Paragraph{Pieces: []drafting.Piece{{Text: seen(style), Origin: drafting.FromPerson, Source: by(v)}}})
	})
}
