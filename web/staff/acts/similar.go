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
	Tenant    string // the neighbour that it is of, with its name; empty: our own
	Comune    string
	Passages  []assistant.Passage
}

const (
	mostLike     = 8
	mostOfOne    = 3  // acts of one neighbour
	mostPassages = 4  // of one act
	lookedAt     = 80 // passages
)

var archive = []ingest.Kind{ingest.Determina, ingest.Delibera, ingest.Ordinanza}

// alike finds acts by what they are about: of the comune's own archive, and when somebody asks for them the public ones of those that lend theirs.
func (p *pages) alike(ctx context.Context, v *staff.Visit, q string, others bool) ([]like, error) {
	if q == "" {
		return nil, nil
	}
	if utf8.RuneCountInString(q) > mostQuery {
		return nil, fault.New(fault.Invalid, "q has at most %d characters", mostQuery)
	}
	out, err := p.alikeIn(ctx, v.Tenant.Slug, q, ingest.Staff)
	if err != nil || !others {
		return out, err
	}
	lent, err := p.neighbours(ctx, v)
	if err != nil {
		return nil, err
	}
	for _, t := range lent {
		theirs, err := p.alikeIn(ctx, t.Slug, q, ingest.Public)
		if err != nil {
			return nil, err
		}
		for _, l := range theirs[:min(len(theirs), mostOfOne)] {
			l.Tenant, l.Comune = t.Slug, t.Name
			out = append(out, l)
		}
	}
	return out, nil
}

// alikeIn finds acts of one tenant.
func (p *pages) alikeIn(ctx context.Context, tenant, q string, audience ingest.Visibility) ([]like, error) {
	found, _, err := p.Retriever.Retrieve(ctx, assistant.Question{Tenant: tenant, Text: q, Language: "it", Audience: audience, K: lookedAt})
	if err != nil {
		return nil, err
	}
	var out []like
	for _, x := range found {
		if x.Tenant != tenant || !slices.Contains(archive, x.Kind) {
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
	Others  bool           // the neighbours' too
	Lent    []store.Tenant // who lets theirs be read
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
	body.Others = r.URL.Query().Get("neighbours") == "1"
	if body.Lent, err = p.neighbours(r.Context(), v); err != nil {
		return err
	}
	if body.Found, err = p.alike(r.Context(), v, body.Query, body.Others); err != nil {
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
	if _, err := p.insertPassage(r.Context(), v, id, part, r.PostFormValue("of"), r.PostFormValue("passage"), after); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("acts/"+id)+"#p-"+part, "acts_done_reused")
}

// insertPassage takes the words from the store, not from the form: what is said to come from an act comes from it.
func (p *pages) insertPassage(ctx context.Context, v *staff.Visit, id, part, tenant, passage string, after int) (int, error) {
	found, whose, ok, err := p.archiveOf(ctx, v, tenant, passage)
	if err != nil {
		return 0, err
	}
	if !ok {
		return 0, fault.New(fault.NotFound, "there is no passage %q of an act", passage)
	}
	source := found.Title
	if whose != "" {
		source = whose + ": " + source
	}
	if found.Page > 0 {
		source += ", p. " + strconv.Itoa(found.Page)
	}
	var paragraphs []drafting.Paragraph
	for l := range strings.Lines(found.Text) {
		if l = strings.Join(strings.Fields(l), " "); l != "" {
			paragraphs = append(paragraphs, drafting.Paragraph{Pieces: []drafting.Piece{{Text: l, Origin: drafting.FromPassage, Source: source}}})
		}
	}
	return p.edit(ctx, v, id, "reused", func(_ *bench, w *workbench.Work) error { return w.Insert(part, after, paragraphs...) })
}
