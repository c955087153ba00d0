// Package site declares what the web pages and the API need from the rest of Sportello: somebody to ask, and the documents that the
// public may see. It implements the second on assistant/store (FromStore) and stores nothing.
package site

import (
	"context"
	"slices"
	"time"

	"sportello/assistant"
	"sportello/ingest"
)

// Asker answers questions. emit is called with each statement once it is verified, in order; an error of emit stops the answer and is
// returned. The answer holds all statements, those emitted first.
type Asker interface {
	Ask(ctx context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error)
}

// Reworder says quotes in plain words of the question's language; what it gives is verified. Each passage's text is a quote. Nothing, when
// there is no model for it.
type Reworder interface {
	Reword(ctx context.Context, q assistant.Question, quotes []assistant.Passage) ([]assistant.Statement, error)
}

// Library gives the public documents of each tenant: its own and those its ancestors share. Staff documents, retired documents
// and those of a sibling do not exist here: asking for one gives fault.NotFound, the same as for one that never was.
type Library interface {
	Tenants(ctx context.Context) ([]Tenant, error)
	Tenant(ctx context.Context, slug string) (*Tenant, error)
	// Documents gives every public document, superseded ones included, ordered by title.
	Documents(ctx context.Context, tenant string) ([]Document, error)
	Document(ctx context.Context, tenant, id string) (*Document, error)
	// Content gives the parsed document with its text and structure.
	Content(ctx context.Context, tenant, id string) (*ingest.Document, error)
	// Original gives the file as it was ingested. fault.NotFound when it was not kept.
	Original(ctx context.Context, tenant, id string) (*Original, error)
	Contacts(ctx context.Context, tenant string) ([]assistant.Contact, error)
	// Logo gives the picture of Tenant.Logo, a PNG; fault.NotFound when there is none.
	Logo(ctx context.Context, tenant string) ([]byte, error)
}

// Tenant is a comune, union or province with a page of its own.
type Tenant struct {
	Slug string
	Name string // "Comune di Avella"
	Kind string // comune, unione, provincia

	Languages     []string // that the page offers; nil: all
	Notice        string   // of the tenant to those who ask, in Italian
	Terms         string   // the tenant's own words, see package locales/terms
	Colour        string   // "#rrggbb"; empty: that of the program
	Logo          string   // name of the picture in the head of its pages; empty: the sign of an administration
	Accessibility string   // addresses of the pages that every public site has; empty: none
	Privacy       string
	Legal         string
	FAQ           string
	Report        string // where a service that does not work is reported

	WidgetOrigins []string // of the sites that may show the widget, as browsers send them in Origin; nil: none
}

// MayEmbed says whether a page of an origin ("https://www.comune.example.it", as browsers send it) may show the tenant's widget.
func (t *Tenant) MayEmbed(origin string) bool { return slices.Contains(t.WidgetOrigins, origin) }

// Document is what a list shows of a document.
type Document struct {
	ID         string
	Tenant     string // owner
	Source     string // path as ingested, or URL
	Title      string
	Kind       ingest.Kind
	Format     string
	Language   string
	Visibility ingest.Visibility
	Approval   ingest.Act
	Date       string
	ValidFrom  string
	ValidTo    string
	Year       string
	Pages      int
	Form       *ingest.Form
	Superseded bool // replaced or repealed: still readable, never cited
	Updated    time.Time
}

// InForce says whether the document's rules hold on the day (ISO 8601).
func (d *Document) InForce(day string) bool {
	return !d.Superseded && (d.ValidFrom == "" || d.ValidFrom <= day) && (d.ValidTo == "" || d.ValidTo >= day)
}

// Original is a file as it was ingested.
type Original struct {
	Name  string // base name
	Bytes []byte
}

// Health says what works. A server without models or without a vector index is degraded and still ready.
type Health struct {
	Ready bool
	Parts []Part
}

// Part is one thing that the server leans on.
type Part struct {
	Name   string `json:"name"`   // store, index, embeddings, chat
	State  string `json:"state"`  // ok, degraded, off, failed
	Detail string `json:"detail"` // safe to show to an administrator
}

// IndexState is how the index is.
type IndexState struct {
	Kind string
	Well bool
	Lag  int64 // changes that it is behind the store
}

// ModelServer is one server of the models.
type ModelServer struct {
	Task, Name                   string
	Well                         bool
	Under, AtOnce, Asked, Failed int
	Seconds                      float64 // that its requests took in all
}

// ModelQueue is how many wait before the servers of a task, by class: citizen, staff, background.
type ModelQueue struct {
	Task    string
	Waiting map[string]int
}

// Stats are the figures behind /metrics.
type Stats struct {
	Documents      map[string]int // live documents by tenant
	Chunks         map[string]int // by tenant; may be nil
	PendingVectors int
	Index          *IndexState // nil: not known
	Servers        []ModelServer
	Queues         []ModelQueue
	Store          StoreStats
	Backup         *BackupState // nil: the server makes none
	Disk           *DiskState   // nil: not known
}

// BackupState are figures of the backups that the server makes.
type BackupState struct {
	Failing bool                 // the last attempt failed
	Last    map[string]time.Time // by place; zero: none yet
}

// DiskState is the room of the disk with the data folder.
type DiskState struct {
	Free, Size             uint64 // bytes
	FreeInodes, SizeInodes uint64 // 0, 0 where the file system does not count them
}

// StoreStats are figures of the database.
type StoreStats struct {
	Server      string  // "SQLite", "PostgreSQL 15.18"
	Seconds     float64 // that it took to answer the simplest question
	Connections int     // in use
	Waits       int64   // times that somebody waited for one
}
