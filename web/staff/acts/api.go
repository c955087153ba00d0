package acts

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/drafting/export"
	"sportello/assistant/drafting/workbench"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// apiRoutes is what the pages do, for programs: described in web/api/openapi.yaml.
func (p *pages) apiRoutes() []staff.Route {
	const read, edit, approve = access.ReadActs, access.EditActs, access.ApproveActs
	const post = http.MethodPost
	routes := []staff.Route{
		staff.APIGet("acts", read, p.apiList), staff.APIChange(post, "acts", edit, p.apiAdd), staff.APIGet("acts/{id}", read, p.apiShow),
		staff.APIChange(http.MethodPatch, "acts/{id}", edit, p.apiFields), staff.APIChange(http.MethodDelete, "acts/{id}", edit, p.apiDrop),
		staff.APIChange(http.MethodPut, "acts/{id}/parts/{part}", edit, p.apiPart), staff.APIChange(post, "acts/{id}/parts/{part}/reset", edit, p.apiReset),
		staff.APIChange(post, "acts/{id}/undo", edit, p.apiUndo), staff.APIGet("acts/{id}/revisions", read, p.apiRevisions), staff.APIChange(post, "acts/{id}/restore", edit, p.apiRestore),
		staff.APIGet("acts/{id}/comments", read, p.apiComments), staff.APIChange(post, "acts/{id}/comments", edit, p.apiComment), staff.APIChange(post, "acts/{id}/comments/{comment}/resolve", edit, p.apiResolve),
		staff.APIChange(post, "acts/{id}/state", edit, p.apiState), staff.APIChange(post, "acts/{id}/approve", approve, p.apiApprove),
		staff.APIChange(post, "acts/{id}/export", edit, p.apiExport), staff.APIChange(post, "acts/{id}/final", approve, p.apiFinal),
		staff.APIGet("acts/{id}/exports", read, p.apiExports), staff.APIGet("acts/{id}/exports/{export}/manifest", read, p.apiManifest), staff.APIGet("acts/{id}/exports/{export}/metadata", read, p.metadata),
	}
	routes = append(routes, p.moreAPIRoutes()...)
	for i := range routes {
		if routes[i].Method != http.MethodGet {
			routes[i].MaxBody = mostForm
			if strings.HasSuffix(routes[i].Path, "/propose") {
				routes[i].Timeout = p.Within + 10*time.Second
			}
		}
	}
	return routes
}

type actJSON struct {
	ID         string         `json:"id"`
	Template   string         `json:"template"`
	Family     string         `json:"family"`
	Title      string         `json:"title"`
	State      store.ActState `json:"state"`
	Revision   int            `json:"revision"`
	Author     string         `json:"author"`
	Added      string         `json:"added"`
	Changed    string         `json:"changed"`
	ChangedBy  string         `json:"changed_by"`
	ReviewBy   string         `json:"review_by"`
	Review     string         `json:"review"`
	ApprovedBy string         `json:"approved_by"`
	Approved   string         `json:"approved"`
}

func fromAct(a *store.Act) actJSON {
	return actJSON{
		a.ID, a.Template, a.Family, a.Title, a.State, a.Revision, a.AuthorName, staff.Moment(a.AddedAt), staff.Moment(a.ChangedAt), a.ChangedBy,
		a.ReviewBy, staff.Moment(a.ReviewAt), a.ApprovedBy, staff.Moment(a.ApprovedAt),
	}
}

func (p *pages) apiList(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var f store.ActFilter
	var err error
	if f.Limit, f.Offset, err = staff.Window(r); err != nil {
		return err
	}
	if f.State, err = staff.OneOf(r, "state", states...); err != nil {
		return err
	}
	f.Text, f.Family = r.URL.Query().Get("q"), r.URL.Query().Get("family")
	list, total, err := p.Store.Acts(r.Context(), v.Tenant.Slug, f)
	if err != nil {
		return err
	}
	out := []actJSON{}
	for i := range list {
		out = append(out, fromAct(&list[i]))
	}
	return v.JSON(w, http.StatusOK, map[string]any{"acts": out, "total": total})
}

func (p *pages) apiAdd(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Template string         `json:"template"`
		Facts    map[string]any `json:"facts"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	l, _, err := p.templatesOf(r.Context(), v.Lineage)
	if err != nil {
		return err
	}
	t, err := l.Template(in.Template)
	if err != nil {
		return fault.New(fault.Invalid, "template = %q: there is none of that name, GET templates lists them", in.Template)
	}
	facts, err := t.Flat(in.Facts)
	if err != nil {
		return err
	}
	id, err := p.begin(r.Context(), v, in.Template, facts, false)
	if err != nil {
		return err
	}
	return p.answer(w, r, v, id, http.StatusCreated)
}

func (p *pages) apiShow(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.answer(w, r, v, r.PathValue("id"), http.StatusOK)
}

type pieceJSON struct {
	Text   string `json:"text"`
	Origin string `json:"origin"`
	Source string `json:"source"`
}

type paragraphJSON struct {
	Layout string      `json:"layout"`
	Pieces []pieceJSON `json:"pieces"`
}

type partJSON struct {
	ID         string          `json:"id"`
	Title      string          `json:"title"`
	Changed    bool            `json:"changed"`
	Late       bool            `json:"late"`
	Text       string          `json:"text"`
	Paragraphs []paragraphJSON `json:"paragraphs"`
}

type findingJSON struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Detail   string `json:"detail"`
	Reason   string `json:"reason"`
	Source   string `json:"source"`
	Fix      string `json:"fix"`
	Part     string `json:"part"`
	Quote    string `json:"quote"`
}

type referenceJSON struct {
	Text   string `json:"text"`
	Style  string `json:"style"`
	Status string `json:"status"`
	Why    string `json:"why"`
	Link   string `json:"link"`
	URN    string `json:"urn"`
}

type openJSON struct {
	Part string `json:"part"`
	What string `json:"what"`
}

// wholeJSON is an act with its text and what the checks say.
type wholeJSON struct {
	actJSON
	Facts      map[string]any      `json:"facts"`
	Problems   []workbench.Problem `json:"problems"`
	Parts      []partJSON          `json:"parts"`
	Text       string              `json:"text"`
	Open       []openJSON          `json:"open"`
	Unaccepted []string            `json:"unaccepted"`
	Findings   []findingJSON       `json:"findings"`
	Blocks     int                 `json:"blocks"`
	References []referenceJSON     `json:"references"`
	Final      bool                `json:"may_be_final"`
}

// answer gives an act as it is now.
func (p *pages) answer(w http.ResponseWriter, r *http.Request, v *staff.Visit, id string, status int) error {
	b, err := p.open(r.Context(), v, id)
	if err != nil {
		return err
	}
	review, err := p.review(r.Context(), v, b.work)
	if err != nil {
		return err
	}
	out := wholeJSON{
		actJSON: fromAct(b.act), Facts: b.work.Facts, Problems: append([]workbench.Problem{}, workbench.Problems(b.template, b.work.Facts)...), Parts: []partJSON{}, Text: b.work.Draft.Text(),
		Open: []openJSON{}, Unaccepted: append([]string{}, b.work.Draft.Unaccepted()...), Findings: []findingJSON{}, Blocks: review.Blocks, References: []referenceJSON{},
		Final: b.act.State == store.ActApproved && workbench.MayBeFinal(&b.work.Draft, review, "") == nil,
	}
	if out.Facts == nil {
		out.Facts = map[string]any{}
	}
	for i := range b.work.Draft.Parts {
		part := &b.work.Draft.Parts[i]
		x := partJSON{ID: part.ID, Title: part.Title, Changed: b.work.Changed(part.ID), Late: b.work.Late[part.ID], Text: workbench.Text(part), Paragraphs: []paragraphJSON{}}
		for _, para := range part.Paragraphs {
			y := paragraphJSON{Layout: string(para.Layout), Pieces: []pieceJSON{}}
			for _, piece := range para.Pieces {
				y.Pieces = append(y.Pieces, pieceJSON{piece.Text, string(piece.Origin), piece.Source})
			}
			x.Paragraphs = append(x.Paragraphs, y)
		}
		out.Parts = append(out.Parts, x)
	}
	for _, o := range b.work.Draft.Open() {
		out.Open = append(out.Open, openJSON{o.Part, o.What})
	}
	for _, f := range review.Findings {
		out.Findings = append(out.Findings, findingJSON{f.Code, string(f.Severity), f.Message, f.Detail, f.Reason, f.Source, f.Fix, f.Part, f.Quote})
	}
	text := out.Text
	for _, c := range review.References {
		out.References = append(out.References, referenceJSON{text[c.Start:c.End], c.Style, string(c.Status), c.Why, c.Link, c.URN})
	}
	return v.JSON(w, status, out)
}

// apiFields changes facts; an empty text takes one away.
func (p *pages) apiFields(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	ctx, id := r.Context(), r.PathValue("id")
	b, err := p.open(ctx, v, id)
	if err != nil {
		return err
	}
	var in struct {
		Revision int            `json:"revision"`
		Facts    map[string]any `json:"facts"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if in.Facts == nil {
		return fault.New(fault.Invalid, "facts are missing")
	}
	given, err := b.template.Flat(in.Facts)
	if err != nil {
		return err
	}
	base, err := p.at(ctx, v, id, in.Revision)
	if err != nil {
		return err
	}
	if base == nil {
		return fault.New(fault.Conflict, "revision %d is not kept: read the act again", in.Revision)
	}
	facts := map[string]any{}
	for k, x := range base.Facts {
		facts[k] = x
	}
	for k, x := range given {
		facts[k] = x
		if s, ok := x.(string); ok && s == "" {
			delete(facts, k)
		}
	}
	return p.apiApply(w, r, v, in.Revision, workbench.Change{Facts: facts, By: by(v)})
}

// apiPart gives a part another text.
func (p *pages) apiPart(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Revision int     `json:"revision"`
		Text     *string `json:"text"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if in.Text == nil {
		return fault.New(fault.Invalid, "text is missing")
	}
	return p.apiApply(w, r, v, in.Revision, workbench.Change{Part: r.PathValue("part"), Text: *in.Text, By: by(v)})
}

// apiApply makes a change; where another one was made to the same, a program reads the act again.
func (p *pages) apiApply(w http.ResponseWriter, r *http.Request, v *staff.Visit, revision int, c workbench.Change) error {
	id := r.PathValue("id")
	done, err := p.apply(r.Context(), v, id, revision, c)
	if err != nil {
		return err
	}
	if n := len(done.conflicts); n > 0 {
		first := done.conflicts[0]
		return fault.New(fault.Conflict, "%s changed %s%s since revision %d: read the act again", done.present.act.ChangedBy, first.Field, first.Part, revision)
	}
	return p.answer(w, r, v, id, http.StatusOK)
}

// onRevision is a body that says which revision it is of.
type onRevision struct {
	Revision int `json:"revision"`
}

func (p *pages) apiDrop(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := p.Store.DropAct(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id")); err != nil {
		return err
	}
	return staff.NoContent(w)
}

func (p *pages) apiReset(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := staff.NoBody(r); err != nil {
		return err
	}
	if _, err := p.resetPart(r.Context(), v, r.PathValue("id"), r.PathValue("part")); err != nil {
		return err
	}
	return p.apiShow(w, r, v)
}

func (p *pages) apiUndo(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.onRevision(w, r, v, func(ctx context.Context, id string, revision int) error {
		_, err := p.undoOne(ctx, v, id, revision)
		return err
	})
}

// onRevision reads a revision, does something with it and answers with the act.
func (p *pages) onRevision(w http.ResponseWriter, r *http.Request, v *staff.Visit, f func(ctx context.Context, id string, revision int) error) error {
	var in onRevision
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if err := f(r.Context(), r.PathValue("id"), in.Revision); err != nil {
		return err
	}
	return p.apiShow(w, r, v)
}

func (p *pages) apiRestore(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Revision int `json:"revision"`
		To       int `json:"to"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if _, err := p.bringBack(r.Context(), v, r.PathValue("id"), in.Revision, in.To, "restored"); err != nil {
		return err
	}
	return p.apiShow(w, r, v)
}

type revisionJSON struct {
	Revision int    `json:"revision"`
	What     string `json:"what"`
	Restores int    `json:"restores"`
	By       string `json:"by"`
	At       string `json:"at"`
}

func (p *pages) apiRevisions(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	all, err := p.Store.ActRevisions(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return err
	}
	out := []revisionJSON{}
	for _, x := range all {
		out = append(out, revisionJSON{x.Revision, x.What, x.Restores, x.By, staff.Moment(x.At)})
	}
	return v.JSON(w, http.StatusOK, map[string]any{"revisions": out})
}

type commentJSON struct {
	ID         string `json:"id"`
	Part       string `json:"part"`
	Text       string `json:"text"`
	By         string `json:"by"`
	At         string `json:"at"`
	ResolvedBy string `json:"resolved_by"`
	Resolved   string `json:"resolved"`
}

func (p *pages) apiComments(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	all, err := p.Store.ActComments(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return err
	}
	out := []commentJSON{}
	for _, c := range all {
		out = append(out, commentJSON{c.ID, c.Part, c.Text, c.By, staff.Moment(c.At), c.ResolvedBy, staff.Moment(c.ResolvedAt)})
	}
	return v.JSON(w, http.StatusOK, map[string]any{"comments": out})
}

func (p *pages) apiComment(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Part string `json:"part"`
		Text string `json:"text"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	id, err := p.addComment(r.Context(), v, r.PathValue("id"), in.Part, in.Text)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusCreated, map[string]string{"id": id})
}

func (p *pages) apiResolve(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := staff.NoBody(r); err != nil {
		return err
	}
	if err := p.Store.ResolveActComment(r.Context(), v.Tenant.Slug, r.PathValue("id"), r.PathValue("comment"), by(v)); err != nil {
		return err
	}
	return staff.NoContent(w)
}

func (p *pages) apiState(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Revision int            `json:"revision"`
		State    store.ActState `json:"state"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if in.State != store.ActDraft && in.State != store.ActInReview {
		return fault.New(fault.Invalid, "state = %q: one of draft, in_review", in.State)
	}
	if err := p.setState(r.Context(), v, r.PathValue("id"), in.Revision, in.State); err != nil {
		return err
	}
	return p.apiShow(w, r, v)
}

func (p *pages) apiApprove(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.onRevision(w, r, v, func(ctx context.Context, id string, revision int) error {
		return p.setState(ctx, v, id, revision, store.ActApproved)
	})
}

func (p *pages) apiExport(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Format   export.Format `json:"format"`
		Final    bool          `json:"final"`
		Obscured bool          `json:"obscured"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	return p.apiFile(w, r, v, wanted{Format: in.Format, Final: in.Final, Obscured: in.Obscured})
}

func (p *pages) apiFinal(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Format export.Format `json:"format"`
		Reason string        `json:"reason"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if in.Reason == "" {
		return fault.New(fault.Invalid, "reason has 1 to %d characters", mostReason)
	}
	return p.apiFile(w, r, v, wanted{Format: in.Format, Final: true, Reason: in.Reason})
}

func (p *pages) apiFile(w http.ResponseWriter, r *http.Request, v *staff.Visit, want wanted) error {
	file, err := p.make(r.Context(), v, r.PathValue("id"), want)
	if err != nil {
		return err
	}
	send(w, "application/octet-stream", file.Name, file.File)
	return nil
}

type exportJSON struct {
	ID       string `json:"id"`
	Revision int    `json:"revision"`
	Format   string `json:"format"`
	Final    bool   `json:"final"`
	Reason   string `json:"reason"`
	By       string `json:"by"`
	At       string `json:"at"`
}

func (p *pages) apiExports(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	all, err := p.Store.ActExports(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return err
	}
	out := []exportJSON{}
	for _, x := range all {
		out = append(out, exportJSON{x.ID, x.Revision, x.Format, x.Final, x.Reason, x.By, staff.Moment(x.At)})
	}
	return v.JSON(w, http.StatusOK, map[string]any{"exports": out})
}

func (p *pages) apiManifest(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	x, _, err := p.exported(r.Context(), v, r.PathValue("id"), r.PathValue("export"))
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, json.RawMessage(x.Manifest))
}
