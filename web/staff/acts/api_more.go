package acts

import (
	"context"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"

	"sportello/assistant/access"
	"sportello/assistant/drafting"
	"sportello/assistant/fault"
	"sportello/web/staff"
)

// moreAPIRoutes are those of references, similar acts, proposals, publication and templates.
func (p *pages) moreAPIRoutes() []staff.Route {
	const read, edit, tpl = access.ReadActs, access.EditActs, access.EditTemplates
	const post = http.MethodPost
	return []staff.Route{
		staff.APIChange(post, "acts/{id}/parts/{part}/propose", edit, p.apiPropose), staff.APIChange(post, "acts/{id}/parts/{part}/accept", edit, p.apiAccept), staff.APIChange(post, "acts/{id}/parts/{part}/refuse", edit, p.apiRefuse),
		staff.APIGet("acts/{id}/references", read, p.apiReferences), staff.APIChange(post, "acts/{id}/refer", edit, p.apiRefer),
		staff.APIGet("acts/{id}/similar", read, p.apiSimilar), staff.APIChange(post, "acts/{id}/reuse", edit, p.apiReuse), staff.APIGet("acts/{id}/publish", read, p.apiPublish),
		staff.APIGet("templates", read, p.apiTemplates), staff.APIGet("templates/{name}", read, p.apiTemplate), staff.APIGet("templates/{name}/file", read, p.apiTemplateFile),
		staff.APIChange(http.MethodPut, "templates/{name}", tpl, p.apiPutTemplate), staff.APIChange(post, "templates/{name}/copy", tpl, p.apiCopyTemplate), staff.APIChange(post, "templates/{name}/restore", tpl, p.apiRestoreTemplate),
		staff.APIChange(post, "templates/{name}/withdraw", tpl, p.apiWithdrawTemplate), staff.APIChange(post, "templates/import", tpl, p.apiImportTemplate),
	}
}

// place is where something is put: after so many paragraphs of a part; without after, at its end.
type place struct {
	Part  string `json:"part"`
	After *int   `json:"after"`
}

func (x place) at() (int, error) {
	switch {
	case x.After == nil:
		return -1, nil
	case *x.After < 0:
		return 0, fault.New(fault.Invalid, "after = %d: paragraphs are counted from 0", *x.After)
	}
	return *x.After, nil
}

func (p *pages) apiPropose(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		After *int `json:"after"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	after, err := place{After: in.After}.at()
	if err != nil {
		return err
	}
	if _, err := p.proposePart(r.Context(), v, r.PathValue("id"), r.PathValue("part"), after); err != nil {
		return err
	}
	return p.apiShow(w, r, v)
}

func (p *pages) apiAccept(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.onRevision(w, r, v, func(ctx context.Context, id string, revision int) error {
		_, err := p.judged(ctx, v, id, r.PathValue("part"), revision, "accepted")
		return err
	})
}

func (p *pages) apiRefuse(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.onRevision(w, r, v, func(ctx context.Context, id string, revision int) error {
		_, err := p.judged(ctx, v, id, r.PathValue("part"), revision, "refused")
		return err
	})
}

// query reads q of a search, which has to be there.
func query(r *http.Request) (string, error) {
	q := r.URL.Query().Get("q")
	if n := utf8.RuneCountInString(q); n == 0 || n > mostQuery {
		return "", fault.New(fault.Invalid, "q has 1 to %d characters", mostQuery)
	}
	return q, nil
}

func (p *pages) apiReferences(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	q, err := query(r)
	if err != nil {
		return err
	}
	b, err := p.open(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	found, err := p.search(r.Context(), v, b, q)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, map[string]any{"references": found})
}

func (p *pages) apiRefer(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		place
		Style string `json:"style"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	after, err := in.at()
	if err != nil {
		return err
	}
	if _, err := p.insertReference(r.Context(), v, r.PathValue("id"), in.Part, in.Style, after); err != nil {
		return err
	}
	return p.apiShow(w, r, v)
}

type passageJSON struct {
	ID       string `json:"id"`
	Document string `json:"document"`
	Title    string `json:"title"`
	Page     int    `json:"page"`
	Text     string `json:"text"`
	Tenant   string `json:"tenant"`
	Comune   string `json:"comune"`
}

func (p *pages) apiSimilar(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	q, err := query(r)
	if err != nil {
		return err
	}
	if _, err := p.Store.Act(r.Context(), v.Tenant.Slug, r.PathValue("id")); err != nil {
		return err
	}
	others, err := staff.OneOf(r, "neighbours", "true", "false")
	if err != nil {
		return err
	}
	found, err := p.alike(r.Context(), v, q, others == "true")
	if err != nil {
		return err
	}
	out := []passageJSON{}
	for _, l := range found {
		for _, x := range l.Passages {
			out = append(out, passageJSON{x.ID, l.ID, l.Title, x.Page, x.Text, l.Tenant, l.Comune})
		}
	}
	return v.JSON(w, http.StatusOK, map[string]any{"passages": out})
}

func (p *pages) apiReuse(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		place
		Passage string `json:"passage"`
		Tenant  string `json:"tenant"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	after, err := in.at()
	if err != nil {
		return err
	}
	if _, err := p.insertPassage(r.Context(), v, r.PathValue("id"), in.Part, in.Tenant, in.Passage, after); err != nil {
		return err
	}
	return p.apiShow(w, r, v)
}

type besideJSON struct {
	Before  string `json:"before"`
	After   string `json:"after"`
	Differs bool   `json:"differs"`
}

func (p *pages) apiPublish(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	b, err := p.open(r.Context(), v, r.PathValue("id"))
	if err != nil {
		return err
	}
	lines, differs := sideBySide(&b.work.Draft)
	out := []besideJSON{}
	for _, l := range lines {
		out = append(out, besideJSON(l))
	}
	return v.JSON(w, http.StatusOK, map[string]any{"lines": out, "differ": differs})
}

type templateJSON struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Family  string `json:"family"`
	About   string `json:"about"`
	Tenant  string `json:"tenant"` // whose it is; empty: the program's
	Version int    `json:"version"`
}

func (p *pages) apiTemplates(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	l, owns, err := p.templatesOf(r.Context(), v.Lineage)
	if err != nil {
		return err
	}
	out := []templateJSON{}
	for _, name := range l.Names() {
		t, err := l.Template(name)
		if err != nil {
			return err
		}
		out = append(out, templateJSON{t.Name, t.Title, t.Family, t.About, owns[name].Tenant, owns[name].Version})
	}
	return v.JSON(w, http.StatusOK, map[string]any{"templates": out})
}

type versionJSON struct {
	Version int    `json:"version"`
	What    string `json:"what"`
	By      string `json:"by"`
	At      string `json:"at"`
}

func (p *pages) apiTemplate(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	ctx, name := r.Context(), r.PathValue("name")
	l, owns, err := p.templatesOf(ctx, v.Lineage)
	if err != nil {
		return err
	}
	t, err := l.Template(name)
	if err != nil {
		return err
	}
	all, err := p.Store.ActTemplateVersions(ctx, v.Tenant.Slug, name)
	if err != nil {
		return err
	}
	out := struct {
		templateJSON
		Model    string              `json:"model"`
		Text     string              `json:"text"`
		Fields   []drafting.Field    `json:"fields"`
		Parts    []drafting.PartName `json:"parts"`
		Versions []versionJSON       `json:"versions"`
	}{templateJSON: templateJSON{t.Name, t.Title, t.Family, t.About, owns[name].Tenant, owns[name].Version}, Fields: append([]drafting.Field{}, t.Fields...), Parts: t.Parts(), Versions: []versionJSON{}}
	out.Model, out.Text = t.Files()
	for _, x := range all {
		out.Versions = append(out.Versions, versionJSON{x.Version, x.What, x.By, staff.Moment(x.At)})
	}
	return v.JSON(w, http.StatusOK, out)
}

func (p *pages) apiTemplateFile(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.tplFile(w, r, v)
}

func (p *pages) apiPutTemplate(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Model string `json:"model"`
		Text  string `json:"text"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	version, err := p.keepTemplate(r.Context(), v, r.PathValue("name"), in.Model, in.Text, "changed")
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, map[string]any{"name": r.PathValue("name"), "version": version})
}

func (p *pages) apiCopyTemplate(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		To string `json:"to"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if err := p.copyTemplate(r.Context(), v, r.PathValue("name"), in.To); err != nil {
		return err
	}
	return v.JSON(w, http.StatusCreated, map[string]any{"name": in.To, "version": 1})
}

func (p *pages) apiRestoreTemplate(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Version int `json:"version"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if err := p.restoreTemplate(r.Context(), v, r.PathValue("name"), in.Version); err != nil {
		return err
	}
	return p.apiTemplate(w, r, v)
}

func (p *pages) apiWithdrawTemplate(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := staff.NoBody(r); err != nil {
		return err
	}
	if err := p.withdrawTemplate(r.Context(), v, r.PathValue("name")); err != nil {
		return err
	}
	return staff.NoContent(w)
}

func (p *pages) apiImportTemplate(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "text/plain" {
		return fault.New(fault.Unsupported, "the body must be the file of a template, with Content-Type: text/plain")
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return fault.Wrap(fault.TooLarge, err, "the file cannot be read whole")
	}
	name, err := p.importTemplate(r.Context(), v, data)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusCreated, map[string]any{"name": name})
}
