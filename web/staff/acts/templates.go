package acts

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/workbench"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

type tplListBody struct {
	Families []family
	Problem  string // of an import
}

// tplList lists the templates.
func (p *pages) tplList(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.drawTplList(w, r, v, "")
}

func (p *pages) drawTplList(w http.ResponseWriter, r *http.Request, v *staff.Visit, problem string) error {
	l, owns, err := p.templatesOf(r.Context(), v.Lineage)
	if err != nil {
		return err
	}
	return v.Render(w, "templates", v.L.T("acttpl_title"), tplListBody{byFamily(l, owns), problem})
}

type tplBody struct {
	Name, Title string
	Model, Text string // as they are in the form
	Problem     string
	Own         workbench.Own
	Mine        bool // of this tenant
	Versions    []store.ActTemplate
	Preview     []docPart
	Version     int // that is looked at, 0: the present one
	Act         *store.Act
}

// tplShow shows a template with its source, or an earlier version of it.
func (p *pages) tplShow(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	ctx, name := r.Context(), r.PathValue("name")
	l, _, err := p.templatesOf(ctx, v.Lineage)
	if err != nil {
		return err
	}
	t, err := l.Template(name)
	if err != nil {
		return err
	}
	body := tplBody{Name: name, Title: t.Title}
	body.Model, body.Text = t.Files()
	if n, err := strconv.Atoi(r.URL.Query().Get("version")); err == nil && n > 0 {
		old, err := p.Store.ActTemplateVersion(ctx, v.Tenant.Slug, name, n)
		if err != nil {
			return err
		}
		if old.Text != "" {
			if _, body.Model, body.Text, err = drafting.ReadPack([]byte(old.Text)); err != nil {
				return err
			}
			body.Version = n
		}
	}
	return p.drawTemplate(w, r, v, body)
}

// drawTemplate shows the form with the preview of what is in it.
func (p *pages) drawTemplate(w http.ResponseWriter, r *http.Request, v *staff.Visit, body tplBody) error {
	_, owns, err := p.templatesOf(r.Context(), v.Lineage)
	if err != nil {
		return err
	}
	body.Own, body.Mine = owns[body.Name], owns[body.Name].Tenant == v.Tenant.Slug
	if body.Versions, err = p.Store.ActTemplateVersions(r.Context(), v.Tenant.Slug, body.Name); err != nil {
		return err
	}
	if body.Preview, err = p.preview(body.Name, body.Model, body.Text); err != nil {
		body.Problem = fault.MessageOf(err)
	}
	if body.Title == "" {
		body.Title = body.Name
	}
	return v.Render(w, "template", body.Title, body)
}

// preview draws the act that a template gives before anything is known.
func (p *pages) preview(name, model, text string) ([]docPart, error) {
	l := p.shipped.Clone()
	if err := l.Add(name, model, text); err != nil {
		return nil, err
	}
	work, err := workbench.New(l, name, map[string]any{}, workbench.Own{}, p.Now())
	if err != nil {
		return nil, err
	}
	t, err := l.Template(name)
	if err != nil {
		return nil, err
	}
	return newView(&bench{act: &store.Act{}, work: work, library: l, template: t}, &workbench.Review{}, "").parts(nil), nil
}

// mostSource is how long each text of a template may be, in characters.
const mostSource = 100000

// keepTemplate stores a version of a template that is right.
func (p *pages) keepTemplate(ctx context.Context, v *staff.Visit, name, model, text, what string) (int, error) {
	if utf8.RuneCountInString(model) > mostSource || utf8.RuneCountInString(text) > mostSource {
		return 0, fault.New(fault.TooLarge, "each text of a template has at most %d characters", mostSource)
	}
	if _, err := p.preview(name, model, text); err != nil {
		return 0, err
	}
	return p.Store.PutActTemplate(ctx, v.Actor(), v.Tenant.Slug, store.ActTemplate{Name: name, Text: string(drafting.Pack(name, model, text)), What: what, By: by(v)})
}

// tplSave keeps a change, or draws its preview.
func (p *pages) tplSave(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	body := tplBody{Name: r.PathValue("name"), Model: source1(r, "model"), Text: source1(r, "text")}
	if r.PostFormValue("preview") != "" {
		return p.drawTemplate(w, r, v, body)
	}
	_, err := p.keepTemplate(r.Context(), v, body.Name, body.Model, body.Text, "changed")
	if fault.CodeOf(err) == fault.Invalid || fault.CodeOf(err) == fault.TooLarge {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("acttpl_problem")
		body.Problem = fault.MessageOf(err)
		return p.drawTemplate(w, r, v, body)
	}
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("templates/"+body.Name), "acttpl_done_saved")
}

func source1(r *http.Request, name string) string {
	return strings.TrimRight(strings.ReplaceAll(r.PostFormValue(name), "\r\n", "\n"), "\n") + "\n"
}

// tplCopy makes a template of another name from one.
func (p *pages) tplCopy(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	to := strings.TrimSpace(r.PostFormValue("to"))
	err := p.copyTemplate(r.Context(), v, r.PathValue("name"), to)
	if fault.CodeOf(err) == fault.Invalid || fault.CodeOf(err) == fault.Conflict {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("acttpl_problem_name")
		return p.tplShow(w, r, v)
	}
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("templates/"+to), "acttpl_done_copied")
}

func (p *pages) copyTemplate(ctx context.Context, v *staff.Visit, from, to string) error {
	l, _, err := p.templatesOf(ctx, v.Lineage)
	if err != nil {
		return err
	}
	t, err := l.Template(from)
	if err != nil {
		return err
	}
	if _, err := l.Template(to); err == nil {
		return fault.New(fault.Conflict, "there is a template %q already", to)
	}
	model, text := t.Files()
	_, err = p.keepTemplate(ctx, v, to, model, text, "copied")
	return err
}

// tplRestore makes an earlier version the present one again.
func (p *pages) tplRestore(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	name := r.PathValue("name")
	n, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil {
		return fault.New(fault.Invalid, "the form does not say which version")
	}
	if err := p.restoreTemplate(r.Context(), v, name, n); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("templates/"+name), "acttpl_done_restored")
}

func (p *pages) restoreTemplate(ctx context.Context, v *staff.Visit, name string, version int) error {
	old, err := p.Store.ActTemplateVersion(ctx, v.Tenant.Slug, name, version)
	if err != nil {
		return err
	}
	if old.Text == "" {
		return fault.New(fault.Conflict, "version %d says that the template was taken out of use", version)
	}
	_, model, text, err := drafting.ReadPack([]byte(old.Text))
	if err != nil {
		return err
	}
	_, err = p.keepTemplate(ctx, v, name, model, text, "restored")
	return err
}

// tplWithdraw takes the tenant's own template out of use: the one below it holds again.
func (p *pages) tplWithdraw(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := p.withdrawTemplate(r.Context(), v, r.PathValue("name")); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("templates"), "acttpl_done_withdrawn")
}

func (p *pages) withdrawTemplate(ctx context.Context, v *staff.Visit, name string) error {
	versions, err := p.Store.ActTemplateVersions(ctx, v.Tenant.Slug, name)
	if err != nil {
		return err
	}
	if len(versions) == 0 || versions[0].Text == "" {
		return fault.New(fault.NotFound, "the tenant has no template %q of its own", name)
	}
	_, err = p.Store.PutActTemplate(ctx, v.Actor(), v.Tenant.Slug, store.ActTemplate{Name: name, What: "withdrawn", By: by(v)})
	return err
}

// tplFile hands a template over as one file.
func (p *pages) tplFile(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	l, _, err := p.templatesOf(r.Context(), v.Lineage)
	if err != nil {
		return err
	}
	t, err := l.Template(r.PathValue("name"))
	if err != nil {
		return err
	}
	send(w, "text/plain; charset=utf-8", t.Name+".modello.txt", t.Pack())
	return nil
}

// tplImport takes such a file in.
func (p *pages) tplImport(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	file, _, err := r.FormFile("file")
	if err != nil {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("acttpl_problem_file")
		return p.drawTplList(w, r, v, "")
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, 4*mostSource))
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the file cannot be read")
	}
	name, err := p.importTemplate(r.Context(), v, data)
	if fault.CodeOf(err) == fault.Invalid || fault.CodeOf(err) == fault.TooLarge {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("acttpl_problem")
		return p.drawTplList(w, r, v, fault.MessageOf(err))
	}
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("templates/"+name), "acttpl_done_imported")
}

func (p *pages) importTemplate(ctx context.Context, v *staff.Visit, data []byte) (string, error) {
	if !utf8.Valid(data) {
		return "", fault.New(fault.Invalid, "the file is no text")
	}
	name, model, text, err := drafting.ReadPack(data)
	if err != nil {
		return "", err
	}
	_, err = p.keepTemplate(ctx, v, name, model, text, "imported")
	return name, err
}
