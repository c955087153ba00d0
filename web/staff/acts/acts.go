// Package acts is the part of the staff console in which acts are written: the list of acts, the editor with the guided form on the left
// and the document on the right, references, similar acts, states, comments, files, and the templates of the comune.
//
// Every page is whole without JavaScript. With it, web/static/acts.js sends what is typed by itself and puts the pieces of the
// document that changed in their place. What an act is and how changes meet is in assistant/drafting/workbench; the store keeps it.
package acts

import (
	"context"
	"crypto/ed25519"
	"embed"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/drafting"
	"sportello/assistant/drafting/export"
	"sportello/assistant/drafting/reference"
	"sportello/assistant/drafting/workbench"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/locales"
	"sportello/prompts"
	"sportello/web/staff"
)

//go:embed templates/*.html
var templates embed.FS

// Writer is a language model that phrases.
type Writer interface {
	Name() string
	// Phrase gives what the model wrote, and whether it came to its end by itself.
	Phrase(ctx context.Context, messages []prompts.Message) (text string, whole bool, err error)
}

// Config is what New needs. Store, Shelf, Retriever and Key are required.
type Config struct {
	Store     *store.Store
	Shelf     func(ctx context.Context, tenant, day string) (reference.Library, error) // what references are checked against
	Retriever assistant.Retriever                                                      // finds similar acts
	Writer    Writer                                                                   // nil: no chat model is configured
	// WriterSHA256 is of the file of the model, for manifests; empty when it is not known.
	WriterSHA256 string
	Within       time.Duration // for a proposal of the model; default one minute
	PDF          export.Converter
	Key          func() (ed25519.PrivateKey, error) // signs manifests
	Tool         string                             // program and version, for manifests
	Now          func() time.Time
	Log          *slog.Logger
}

type pages struct {
	Config
	shipped  *drafting.Library
	reviewer *workbench.Reviewer
}

// mostForm is how large a form of an act may be: a long part, percent-encoded.
const mostForm = 1 << 20

// New gives the part.
func New(c Config) (staff.Part, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Within <= 0 {
		c.Within = time.Minute
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	p := &pages{Config: c}
	var err error
	if p.shipped, err = drafting.Shipped(); err != nil {
		return staff.Part{}, err
	}
	if p.reviewer, err = workbench.NewReviewer(); err != nil {
		return staff.Part{}, err
	}
	l, err := locales.Staff()
	if err != nil {
		return staff.Part{}, err
	}
	return staff.Part{
		Templates: templates, Funcs: funcs(l),
		Menu: []staff.MenuItem{
			{Label: "acts_menu", Path: "acts", Icon: "it-pencil", Action: access.ReadActs, Order: 24},
			{Label: "acttpl_menu", Path: "templates", Icon: "it-copy", Action: access.ReadActs, Order: 25},
		},
		Routes:   append(p.apiRoutes(), p.routes()...),
		Tiles:    p.tiles,
		Settings: []staff.Setting{{Key: LendSetting, Group: "acts", Kind: staff.Switch, Default: "0"}},
	}, nil
}

func (p *pages) routes() []staff.Route {
	const read, edit, approve, tpl = access.ReadActs, access.EditActs, access.ApproveActs, access.EditTemplates
	routes := []staff.Route{
		staff.Page("acts", read, p.list), staff.Page("acts/new", edit, p.choose), staff.Change("acts", edit, p.add),
		staff.Page("acts/{id}", read, p.show), staff.Change("acts/{id}/fields", edit, p.saveFields), staff.Change("acts/{id}/parts/{part}", edit, p.savePart),
		staff.Change("acts/{id}/merge", edit, p.merge), staff.Change("acts/{id}/parts/{part}/reset", edit, p.reset),
		staff.Change("acts/{id}/undo", edit, p.undo), staff.Page("acts/{id}/revisions", read, p.revisions), staff.Change("acts/{id}/restore", edit, p.restore),
		staff.Change("acts/{id}/comments", edit, p.comment), staff.Change("acts/{id}/comments/{comment}/resolve", edit, p.resolve),
		staff.Change("acts/{id}/state", edit, p.toState), staff.Change("acts/{id}/approve", approve, p.approve), staff.Change("acts/{id}/delete", edit, p.drop),
		staff.Change("acts/{id}/export", edit, p.export), staff.Change("acts/{id}/final", approve, p.exportOverriding), staff.Page("acts/{id}/exports/{export}/manifest", read, p.manifest), staff.Page("acts/{id}/exports/{export}/metadata", read, p.metadata),
		staff.Change("acts/{id}/parts/{part}/propose", edit, p.propose), staff.Change("acts/{id}/parts/{part}/accept", edit, p.accept), staff.Change("acts/{id}/parts/{part}/refuse", edit, p.refuse),
		staff.Page("acts/{id}/references", read, p.references), staff.Change("acts/{id}/refer", edit, p.refer),
		staff.Page("acts/{id}/similar", read, p.similar), staff.Change("acts/{id}/reuse", edit, p.reuse), staff.Page("acts/{id}/publish", read, p.publish),
		staff.Page("templates", read, p.tplList), staff.Page("templates/{name}", read, p.tplShow), staff.Page("templates/{name}/file", read, p.tplFile),
		staff.Change("templates/{name}", tpl, p.tplSave), staff.Change("templates/{name}/copy", tpl, p.tplCopy), staff.Change("templates/{name}/restore", tpl, p.tplRestore),
		staff.Change("templates/{name}/withdraw", tpl, p.tplWithdraw), staff.Change("templates/import", tpl, p.tplImport),
	}
	for i := range routes {
		if routes[i].Method == http.MethodPost {
			routes[i].MaxBody = mostForm
			if strings.HasSuffix(routes[i].Path, "/propose") {
				routes[i].Timeout = p.Within + 10*time.Second
			}
		}
	}
	return routes
}

// tiles are the acts that wait for somebody who may approve them.
func (p *pages) tiles(ctx context.Context, v *staff.Visit) ([]staff.Tile, error) {
	if !v.May(access.ApproveActs) {
		return nil, nil
	}
	_, n, err := p.Store.Acts(ctx, v.Tenant.Slug, store.ActFilter{State: store.ActInReview, Limit: 1})
	return []staff.Tile{{Label: "acts_tile_review", Count: n, Path: "acts?state=in_review", Alert: true}}, err
}

// by is who does something, in words that colleagues read.
func by(v *staff.Visit) string {
	if v.Person != nil {
		return v.Person.Name
	}
	return v.L.T("acts_by_program", map[string]any{"Name": v.Token.Name})
}

// bench is an act with all that is needed to work on it.
type bench struct {
	act      *store.Act
	work     *workbench.Work
	library  *drafting.Library
	template *drafting.Template
}

// open gives an act of the tenant.
func (p *pages) open(ctx context.Context, v *staff.Visit, id string) (*bench, error) {
	act, err := p.Store.Act(ctx, v.Tenant.Slug, id)
	if err != nil {
		return nil, err
	}
	b := &bench{act: act}
	if b.work, err = workbench.Read(act.Content); err != nil {
		return nil, err
	}
	if b.library, err = p.libraryOf(ctx, b.work); err != nil {
		return nil, err
	}
	b.template, err = b.library.Template(b.work.Draft.Type)
	return b, err
}

// libraryOf gives the templates as they were when the act was begun.
func (p *pages) libraryOf(ctx context.Context, w *workbench.Work) (*drafting.Library, error) {
	if w.Own.Version == 0 {
		return p.shipped, nil
	}
	own, err := p.Store.ActTemplateVersion(ctx, w.Own.Tenant, w.Draft.Type, w.Own.Version)
	if err != nil {
		return nil, err
	}
	l := p.shipped.Clone()
	name, model, text, err := drafting.ReadPack([]byte(own.Text))
	if err != nil {
		return nil, err
	}
	return l, l.Add(name, model, text)
}

// templatesOf gives the templates that a tenant uses now: those of the program, those that the tenants above made their own, and its own.
func (p *pages) templatesOf(ctx context.Context, lineage []string) (*drafting.Library, map[string]workbench.Own, error) {
	l, owns := p.shipped.Clone(), map[string]workbench.Own{}
	for _, tenant := range slices.Backward(lineage) {
		all, err := p.Store.ActTemplates(ctx, tenant)
		if err != nil {
			return nil, nil, err
		}
		for _, t := range all {
			if t.Text == "" {
				continue
			}
			name, model, text, err := drafting.ReadPack([]byte(t.Text))
			if err == nil {
				err = l.Add(name, model, text)
			}
			if err != nil { // what was right when it was kept may be wrong for a newer program: the one below it holds
				p.Log.Warn("a template of a tenant cannot be used", "tenant", tenant, "template", t.Name, "error", err)
				continue
			}
			owns[t.Name] = workbench.Own{Tenant: tenant, Version: t.Version}
		}
	}
	return l, owns, nil
}

// keep stores what an act has become. what says what was done.
func (p *pages) keep(ctx context.Context, v *staff.Visit, b *bench, w *workbench.Work, what string, restores int) (revision int, err error) {
	content, err := w.JSON()
	if err != nil {
		return 0, err
	}
	if string(content) == string(b.act.Content) {
		if b.act.State == store.ActApproved {
			return 0, errApproved
		}
		return b.act.Revision, nil // nothing has changed
	}
	return p.Store.SaveAct(ctx, store.ActChange{
		Tenant: v.Tenant.Slug, ID: b.act.ID, Revision: b.act.Revision, Title: w.Title(), Content: content, What: what, Restores: restores, ByName: by(v),
	})
}

var errApproved = fault.New(fault.Conflict, "the act is approved: take it back to draft before changing it")

// edit changes an act as it is now, whatever revision the person saw: for what is added, and is right in any of them.
func (p *pages) edit(ctx context.Context, v *staff.Visit, id, what string, f func(b *bench, w *workbench.Work) error) (revision int, err error) {
	for range tries {
		b, err := p.open(ctx, v, id)
		if err != nil {
			return 0, err
		}
		w, err := b.work.Clone()
		if err != nil {
			return 0, err
		}
		if err := f(b, w); err != nil {
			return 0, err
		}
		revision, err = p.keep(ctx, v, b, w, what, 0)
		if fault.CodeOf(err) == fault.Conflict && b.act.State != store.ActApproved {
			continue // somebody was faster
		}
		return revision, err
	}
	return 0, fault.New(fault.Conflict, "the act is being changed by others again and again: try once more")
}

const tries = 5
