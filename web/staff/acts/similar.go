package acts

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sportello/assistant"
	"sportello/assistant/drafting"
	"sportello/assistant/drafting/workbench"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/web/staff"
)

// like is an act of the archive that is like the one being written.
type like struct {
	ID, Title string
	Passages  []assistant.Passage
}

const (
	mostLike     = 8
	mostPassages = 4  // of one act
	lookedAt     = 80 // passages
)

var archive = []ingest.Kind{ingest.Determina, ingest.Delibera, ingest.Ordinanza}

// alike finds acts of the comune's own archive by what they are about.
func (p *pages) alike(ctx context.Context, v *staff.Visit, q string) ([]like, error) {
	if q == "" {
		return nil, nil
	}
	if utf8.RuneCountInString(q) > mostQuery {
		return nil, fault.New(fault.Invalid, "q has at most %d characters", mostQuery)
	}
	found, _, err := p.Retriever.Retrieve(ctx, assistant.Question{Tenant: v.Tenant.Slug, Text: q, Language: "it", Audience: ingest.Staff, K: lookedAt})
	if err != nil {
		return nil, err
	}
	var out []like
	for _, x := range found {
		if x.Tenant != v.Tenant.Slug || !slices.Contains(archive, x.Kind) {
			continue
		}
		i := slices.IndexFunc(out, func(l like) bool { return l.ID == x.DocumentID })
		if i < 0 {
			if len(out) == mostLike {
				continue
			}
			out = append(out, like{ID: x.DocumentID, Title: x.Title})
			i = len(out) - 1
		}
		if len(out[i].Passages) < mostPassages {
			out[i].Passages = append(out[i].Passages, x)
		}
	}
	return out, nil
}

type similarBody struct {
	*store.Act
	Query   string
	Found   []like
	Parts   []drafting.PartName
	Default string
	MayEdit bool
}

// similar shows acts that are like this one.
func (p *pages) similar(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	b, err := p.open(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	body := similarBody{Act: b.act, Query: strings.TrimSpace(r.URL.Query().Get("q")), Parts: partsOf(b.work), Default: usual(b.work), MayEdit: mayEdit(v, b.act)}
	if body.Query == "" {
		body.Query = subject(b)
	}
	if r := []rune(body.Query); len(r) > mostQuery {
		body.Query = string(r[:mostQuery])
	}
	if body.Found, err = p.alike(r.Context(), v, body.Query); err != nil {
		return err
	}
	return v.Render(w, "similar", v.L.T("acts_like_title"), body)
}

// subject is what an act is about: its field, or its title.
func subject(b *bench) string {
	for _, name := range []string{"oggetto", "istanza.oggetto"} {
		if s := written(b.work.Facts[name]); s != "" {
			return s
		}
	}
	if b.act.Title == b.work.Draft.Title {
		return ""
	}
	return b.act.Title
}

// reuse puts a passage of an act of the archive into a part, with where it comes from.
func (p *pages) reuse(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id, part := r.PathValue("id"), r.PostFormValue("part")
	after, err := strconv.Atoi(r.PostFormValue("after"))
	if err != nil {
		after = -1
	}
	if _, err := p.insertPassage(r.Context(), v, id, part, r.PostFormValue("passage"), after); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("acts/"+id)+"#p-"+part, "acts_done_reused")
}

// insertPassage takes the words from the store, not from the form: what is said to come from an act comes from it.
func (p *pages) insertPassage(ctx context.Context, v *staff.Visit, id, part, passage string, after int) (int, error) {
	found, err := p.Store.Passages(ctx, assistant.IndexQuery{Tenants: []string{v.Tenant.Slug}, Audience: ingest.Staff}, []string{passage})
	if err != nil {
		return 0, err
	}
	if len(found) == 0 || !slices.Contains(archive, found[0].Kind) {
		return 0, fault.New(fault.NotFound, "there is no passage %q of an act", passage)
	}
	source := found[0].Title
	if found[0].Page > 0 {
		source += ", p. " + strconv.Itoa(found[0].Page)
	}
	var paragraphs []drafting.Paragraph
	for l := range strings.Lines(found[0].Text) {
		if l = strings.Join(strings.Fields(l), " "); l != "" {
			paragraphs = append(paragraphs, drafting.Paragraph{Pieces: []drafting.Piece{{Text: l, Origin: drafting.FromPassage, Source: source}}})
		}
	}
	return p.edit(ctx, v, id, "reused", func(_ *bench, w *workbench.Work) error { return w.Insert(part, after, paragraphs...) })
}
