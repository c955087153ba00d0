package acts

import (
	"context"
	"net/http"
	"slices"

	"sportello/assistant/access"
	"sportello/assistant/drafting/export"
	"sportello/assistant/drafting/reference"
	"sportello/assistant/drafting/rule"
	"sportello/assistant/drafting/workbench"
	"sportello/assistant/store"
	"sportello/web/staff"
)

type showBody struct {
	*store.Act
	Type       string
	MayEdit    bool
	MayApprove bool
	Groups     []group
	Parts      []docPart
	Open       []openItem
	General    []rule.Finding
	Blocks     int
	Warns      int
	References []reference.Checked
	ToVerify   int
	Comments   []store.ActComment // of the whole act
	Unresolved int
	Exports    []store.ActExport
	CanUndo    bool
	Writer     string // name of the model, empty: there is none
	PDF        bool
	Schema     bool // the act holds the regulation that it approves
	Ready      bool // for a final file
	Unaccepted bool
	Newer      int    // version of the template that is in use now, 0: the act has it
	Editing    string // part
	Reason     string // typed, and not taken
	Person     string
}

// show is the editor.
func (p *pages) show(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.draw(w, r, v, "")
}

// draw writes the editor; reason is what was typed for an override.
func (p *pages) draw(w http.ResponseWriter, r *http.Request, v *staff.Visit, reason string) error {
	body, err := p.body(r.Context(), v, r.PathValue("id"), r.URL.Query().Get("part"))
	if err != nil {
		return err
	}
	body.Reason = reason
	return v.Render(w, "editor", body.Title, body)
}

// body gathers what the editor shows.
func (p *pages) body(ctx context.Context, v *staff.Visit, id, editing string) (*showBody, error) {
	b, err := p.open(ctx, v, id)
	if err != nil {
		return nil, err
	}
	review, err := p.review(ctx, v, b.work)
	if err != nil {
		return nil, err
	}
	comments, err := p.Store.ActComments(ctx, v.Tenant.Slug, id)
	if err != nil {
		return nil, err
	}
	exports, err := p.Store.ActExports(ctx, v.Tenant.Slug, id)
	if err != nil {
		return nil, err
	}
	body := &showBody{
		Act: b.act, Type: b.work.Draft.Title, MayEdit: mayEdit(v, b.act), MayApprove: v.May(access.ApproveActs), Groups: groups(b.template, b.work), Blocks: review.Blocks, Warns: review.Warns,
		References: review.References, ToVerify: review.ToVerify, Exports: exports, CanUndo: b.act.Revision > 1, PDF: p.PDF.Available(), Editing: editing,
		Unaccepted: len(b.work.Draft.Unaccepted()) > 0, Ready: workbench.MayBeFinal(&b.work.Draft, review, "") == nil,
	}
	_, err = export.Schema(&b.work.Draft)
	body.Schema = err == nil
	if p.Writer != nil {
		body.Writer = p.Writer.Name()
	}
	if v.Person != nil {
		body.Person = v.Person.ID
	}
	if !body.MayEdit {
		body.Editing = ""
	}
	view := newView(b, review, body.Editing)
	body.Parts, body.Open, body.General = view.parts(comments), view.open(), view.general()
	for _, c := range comments {
		if c.ResolvedAt.IsZero() {
			body.Unresolved++
		}
		if !slices.ContainsFunc(body.Parts, func(d docPart) bool { return d.ID == c.Part }) {
			body.Comments = append(body.Comments, c)
		}
	}
	return body, nil
}

// review checks an act against what the tenant holds.
func (p *pages) review(ctx context.Context, v *staff.Visit, w *workbench.Work) (*workbench.Review, error) {
	act := workbench.Act(&w.Draft, "", p.Now())
	library, err := p.Shelf(ctx, v.Tenant.Slug, act.Day)
	if err != nil {
		return nil, err
	}
	return p.reviewer.Review(ctx, act, library)
}
