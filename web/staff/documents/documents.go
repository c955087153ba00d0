// Package documents is the part of the staff console that looks after documents: what there is and what is in force, uploads,
// addresses to watch, one document with its structure, passages, versions and check list, and what was done and can be undone.
//
// Every change goes through assistant/store, which writes the audit log and the journal in the same transaction. The package
// reads no file and fetches nothing: uploads are written to the disk as they come and taken in by the server's own worker
// (ingest.Worker), addresses are visited by ingest.Watcher.
package documents

import (
	"context"
	"embed"
	"net/http"
	"time"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/store"
	"sportello/web/staff"
)

//go:embed templates/*.html
var templates embed.FS

// Config is what New needs; zero values take the defaults.
type Config struct {
	Store *store.Store
	// Try answers a question with the passages of one document and no other; nil: the page does not offer it.
	Try func(ctx context.Context, tenant, document, question string) (*assistant.Answer, error)
	// Allowed says whether an address may be visited by this installation, or is of one of the hosts; nil: none may.
	Allowed func(address string, hosts []string) error

	MaxFile   int64 // bytes of one document; default 100 MiB
	MaxUpload int64 // bytes of one upload; default 2 GiB
	Now       func() time.Time
}

const (
	defaultFile   = 100 << 20
	defaultUpload = 2 << 30
	uploadTime    = 2 * time.Hour // a folder on the line of a small comune
	undoLimit     = 200           // entries on the page of changes
)

type pages struct {
	cfg   Config
	store *store.Store
}

// New gives the part of the console.
func New(cfg Config) staff.Part {
	if cfg.MaxFile <= 0 {
		cfg.MaxFile = defaultFile
	}
	if cfg.MaxUpload <= 0 {
		cfg.MaxUpload = defaultUpload
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	p := &pages{cfg: cfg, store: cfg.Store}
	large := staff.Change("upload", access.EditDocuments, p.upload).WithBody(cfg.MaxUpload)
	large.Timeout = uploadTime
	version := staff.Change("documents/{id}/upload", access.EditDocuments, p.uploadVersion).WithBody(cfg.MaxFile + 1<<20)
	return staff.Part{
		Templates: templates,
		Funcs:     funcs,
		Menu: []staff.MenuItem{
			{Label: "documents_menu", Path: "documents", Icon: "it-files", Action: access.ReadDocuments, Order: 20},
			{Label: "upload_menu", Path: "upload", Icon: "it-upload", Action: access.EditDocuments, Order: 21},
			{Label: "addresses_menu", Path: "addresses", Icon: "it-link", Action: access.ReadDocuments, Order: 22},
			{Label: "changes_menu", Path: "changes", Icon: "it-restore", Action: access.ReadDocuments, Order: 23},
		},
		Routes: append(p.apiRoutes(), []staff.Route{
			staff.Page("documents", access.ReadDocuments, p.list),
			staff.Change("bulk/set", access.EditDocuments, p.bulkSet),
			staff.Change("bulk/force", access.RepealDocuments, p.bulkForce),
			staff.Page("documents/{id}", access.ReadDocuments, p.show),
			staff.Page("documents/{id}/passages", access.ReadDocuments, p.passages),
			staff.Page("documents/{id}/versions", access.ReadDocuments, p.versions),
			staff.Page("documents/{id}/original", access.ReadDocuments, p.original),
			staff.Page("documents/{id}/akn", access.ReadDocuments, p.akn),
			staff.Change("documents/{id}/try", access.ReadDocuments, p.try),
			staff.Change("documents/{id}/fix", access.EditDocuments, p.fix),
			staff.Change("documents/{id}/forget", access.EditDocuments, p.forget),
			staff.Change("documents/{id}/accept", access.EditDocuments, p.accept),
			staff.Change("documents/{id}/version", access.EditDocuments, p.revert),
			version,
			staff.Change("documents/{id}/repeal", access.RepealDocuments, p.repeal),
			staff.Change("documents/{id}/supersede", access.RepealDocuments, p.supersede),
			staff.Change("documents/{id}/restore", access.RepealDocuments, p.restore),
			staff.Page("upload", access.EditDocuments, p.uploadPage),
			large,
			staff.Page("uploads/{id}", access.EditDocuments, p.job),
			staff.Page("uploads/{id}/progress", access.EditDocuments, p.progress),
			staff.Page("uploads/{id}/events", access.EditDocuments, p.events).Streaming(),
			staff.Change("uploads/{id}/stop", access.EditDocuments, p.stop),
			staff.Change("uploads/{id}/retry", access.EditDocuments, p.retry),
			staff.Page("addresses", access.ReadDocuments, p.addresses),
			staff.Change("addresses", access.EditDocuments, p.watch),
			staff.Page("addresses/{id}/state", access.ReadDocuments, p.addressState),
			staff.Change("addresses/{id}/visit", access.EditDocuments, p.visit),
			staff.Change("addresses/{id}/drop", access.EditDocuments, p.drop),
			staff.Page("changes", access.ReadDocuments, p.changes),
			staff.Change("changes/{id}/undo", access.EditDocuments, p.undo),
		}...),
		Tiles:    p.tiles,
		Steps:    p.steps,
		Settings: []staff.Setting{{Key: store.SettingHosts, Group: "crawl", Kind: staff.Hosts}},
	}
}

func (p *pages) today() string { return p.cfg.Now().Format(time.DateOnly) }

// tiles are the figures of the first page.
func (p *pages) tiles(ctx context.Context, v *staff.Visit) ([]staff.Tile, error) {
	if !v.May(access.ReadDocuments) {
		return nil, nil
	}
	all, err := p.store.Documents(ctx, v.Tenant.Slug, store.Filter{})
	if err != nil {
		return nil, err
	}
	inForce, expired := 0, 0
	for i := range all {
		switch all[i].ForceOn(p.today()) {
		case store.InForce:
			inForce++
		case store.Expired:
			expired++
		}
	}
	out := []staff.Tile{{Label: "documents_tile_force", Count: inForce, Path: "documents?force=in_force"}}
	if expired > 0 {
		out = append(out, staff.Tile{Label: "documents_tile_expired", Count: expired, Path: "documents?force=expired", Alert: true})
	}
	if n := waiting(all); n > 0 {
		out = append(out, staff.Tile{Label: "hidden_tile", Count: n, Path: "documents?force=" + hiding, Alert: true})
	}
	jobs, err := p.store.Jobs(ctx, v.Tenant.Slug, 20)
	if err != nil || !v.May(access.EditDocuments) {
		return out, err
	}
	failed := 0
	for i := range jobs {
		failed += jobs[i].Failed
	}
	if failed > 0 {
		out = append(out, staff.Tile{Label: "documents_tile_failed", Count: failed, Path: "upload", Alert: true})
	}
	return out, nil
}

// steps is what a new tenant has to do here.
func (p *pages) steps(ctx context.Context, v *staff.Visit) ([]staff.Step, error) {
	if !v.May(access.EditDocuments) {
		return nil, nil
	}
	some, err := p.store.Documents(ctx, v.Tenant.Slug, store.Filter{Limit: 1})
	return []staff.Step{{Label: "documents_step", Help: "documents_step_help", Path: "upload", Done: len(some) > 0, Order: 20}}, err
}

// document gives the document of the path.
func (p *pages) document(r *http.Request, v *staff.Visit) (*store.Record, error) {
	return p.store.Document(r.Context(), v.Tenant.Slug, r.PathValue("id"))
}
