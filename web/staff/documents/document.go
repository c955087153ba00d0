package documents

import (
	"context"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/ingest/check"
	"sportello/web/staff"
)

type showBody struct {
	store.Record
	Force     store.Force
	Fixed     store.Fix // by hand
	Parsed    store.Fix // what the file says in the same fields
	Successor *store.Record
	placed
	Findings []finding
	Checked  bool // the check list is for this kind of document
	Outline  []outline
	Articles bool // it can be written as Akoma Ntoso
	Cited    []citing
	CitedAll bool // false: there are more
	Kinds    []ingest.Kind
	Offices  []string
	Others   []store.Record // that may take its place
	CanTry   bool
	Question string
	Answer   *assistant.Answer
	Versions int
	Form     form
}

// outline is a heading of the structure that was found.
type outline struct {
	Kind   ingest.SectionKind
	Number string
	Rubric string
	EID    string
	Depth  int
	Page   int
}

// citing is a document whose text cites this one.
type citing struct {
	ID, Title string
	Places    []place
}

type place struct {
	Article string // of this document that is cited
	Excerpt string
}

// form is what the fields of the form hold: what was sent when it was wrong, else what is.
type form struct {
	Title, Kind, Visibility, Office, Date, ValidFrom, ValidTo, Year string
	ActType, ActBody, ActNumber, ActDate                            string
	Reason                                                          string
}

func formOf(r *store.Record) form {
	return form{Title: r.Title, Kind: string(r.Kind), Visibility: string(r.Visibility), Office: r.Office, Date: r.Date, ValidFrom: r.ValidFrom,
		ValidTo: r.ValidTo, Year: r.Year, ActType: r.Approval.Type, ActBody: r.Approval.Body, ActNumber: r.Approval.Number, ActDate: r.Approval.Date}
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.draw(w, r, v, nil)
}

// draw writes the page of a document; change puts in what a form was about.
func (p *pages) draw(w http.ResponseWriter, r *http.Request, v *staff.Visit, change func(*showBody)) error {
	body, err := p.whole(r, v)
	if err != nil {
		return err
	}
	if change != nil {
		change(body)
	}
	return v.Render(w, "document", body.Title, *body)
}

// whole gathers what is known of the document of the path.
func (p *pages) whole(r *http.Request, v *staff.Visit) (*showBody, error) {
	ctx, slug := r.Context(), v.Tenant.Slug
	d, err := p.document(r, v)
	if err != nil {
		return nil, err
	}
	body := &showBody{Record: *d, Force: d.ForceOn(p.today()), Kinds: kinds, Form: formOf(d), CanTry: p.cfg.Try != nil && d.State == store.Live}
	if body.Fixed, body.Parsed, err = p.store.Fixed(ctx, slug, d.ID); err != nil {
		return nil, err
	}
	placed, err := p.placed(r, v)
	if err != nil {
		return nil, err
	}
	body.placed = placed[d.ID]
	if body.Offices, err = p.offices(r, v); err != nil {
		return nil, err
	}
	versions, err := p.store.Versions(ctx, slug, d.ID)
	if err != nil {
		return nil, err
	}
	body.Versions = len(versions)
	others, err := p.store.Documents(ctx, slug, store.Filter{})
	if err != nil {
		return nil, err
	}
	titles := map[string]string{}
	var held []check.Held
	for i := range others {
		o := &others[i]
		titles[o.ID] = o.Title
		if o.ID == d.SupersededBy {
			body.Successor = o
		}
		if o.ID == d.ID {
			continue
		}
		held = append(held, check.Held{ID: o.ID, Title: o.Title, Act: o.Approval, Out: o.State == store.Repealed})
		if o.State == store.Live && v.May(access.RepealDocuments) {
			body.Others = append(body.Others, *o)
		}
	}
	content, err := p.store.Content(ctx, slug, d.ID)
	if err != nil {
		return nil, err
	}
	body.Outline = outlineOf(content)
	body.Articles = slices.ContainsFunc(body.Outline, func(o outline) bool { return o.Kind == ingest.SecArticle })
	body.Checked = d.Kind == ingest.Regolamento || body.Articles
	for _, f := range check.Check(content, held, p.today()) {
		body.Findings = append(body.Findings, found(v.L, f))
	}
	body.Checked = body.Checked || len(body.Findings) > 0
	body.Cited, body.CitedAll, err = p.cited(ctx, slug, d, titles)
	return body, err
}

// maxOutline bounds the structure that a page shows.
const maxOutline = 600

func outlineOf(d *ingest.Document) (out []outline) {
	depth := make([]int, len(d.Sections))
	for i, s := range d.Sections {
		if s.Parent >= 0 && s.Parent < i {
			depth[i] = depth[s.Parent] + 1
		}
		switch s.Kind {
		case ingest.SecPart, ingest.SecTitolo, ingest.SecCapo, ingest.SecSezione, ingest.SecArticle, ingest.SecAllegato, ingest.SecHeading:
		default:
			continue
		}
		out = append(out, outline{s.Kind, s.Number, s.Rubric, s.EID, depth[i], d.Page(s.Start)})
		if len(out) == maxOutline {
			break
		}
	}
	return out
}

// maxCiting bounds the documents that a page names as citing it.
const maxCiting = 30

// cited looks through the tenant's documents for those that cite this one.
func (p *pages) cited(ctx context.Context, tenant string, d *store.Record, titles map[string]string) (out []citing, all bool, err error) {
	all = true
	err = p.store.EachText(ctx, tenant, func(id string, text []byte) error {
		if id == d.ID || len(out) > maxCiting {
			return ctx.Err()
		}
		body := string(text)
		places := check.Citations(body, d.Approval, d.Title)
		if len(places) == 0 {
			return ctx.Err()
		}
		one := citing{ID: id, Title: titles[id]}
		for _, c := range places[:min(len(places), 3)] {
			one.Places = append(one.Places, place{c.Article, excerpt(body, c.Start, c.End)})
		}
		out = append(out, one)
		return ctx.Err()
	})
	if len(out) > maxCiting {
		out, all = out[:maxCiting], false
	}
	return out, all, err
}

// excerpt gives a place of a text with some words around it.
func excerpt(text string, start, end int) string {
	const reach = 70
	from, to := max(0, start-reach), min(len(text), end+reach)
	before, after := strings.ToValidUTF8(text[from:start], ""), strings.ToValidUTF8(text[end:to], "")
	return strings.Join(strings.Fields("… "+before+text[start:end]+after+" …"), " ")
}

// passagesBody shows a document as the assistant has it.
type passagesBody struct {
	store.Record
	Passages []passage
	Text     []string // paragraphs that are in no passage: what the assistant does not see
}

type passage struct {
	store.Block
	Text string
}

func (p *pages) passages(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	body, err := p.split(r, v)
	if err != nil {
		return err
	}
	return v.Render(w, "passages", body.Title, body)
}

// split gives the document of the path in its passages.
func (p *pages) split(r *http.Request, v *staff.Visit) (body passagesBody, err error) {
	d, err := p.document(r, v)
	if err != nil {
		return body, err
	}
	content, err := p.store.Content(r.Context(), v.Tenant.Slug, d.ID)
	if err != nil {
		return body, err
	}
	blocks, err := p.store.Blocks(r.Context(), v.Tenant.Slug, d.ID)
	if err != nil {
		return body, err
	}
	body.Record = *d
	for _, b := range blocks {
		if b.Start < 0 || b.End > len(content.Text) || b.Start > b.End {
			return body, fault.New(fault.Broken, "a passage of %s lies outside its text: ingest it again", d.Source)
		}
		body.Passages = append(body.Passages, passage{b, content.Text[b.Start:b.End]})
	}
	body.Text = outside(content.Text, blocks)
	return body, nil
}

// outside gives what of a text is in no passage, without what is only spaces.
func outside(text string, blocks []store.Block) (out []string) {
	at := 0
	add := func(to int) {
		if to <= at {
			return
		}
		if rest := strings.TrimSpace(text[at:to]); len(rest) > 2 {
			out = append(out, rest)
		}
	}
	for _, b := range blocks {
		add(b.Start)
		at = max(at, b.End)
	}
	add(len(text))
	return out
}

// original sends the file as it was ingested, always as a download: what lies in it runs nothing here.
func (p *pages) original(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	file, d, err := p.store.Original(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it is only read
	name := path.Base(strings.TrimRight(d.Source, "/"))
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, _ = io.Copy(w, file) // a reader that left is no error of ours
	return nil
}
