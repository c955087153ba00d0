package api

import (
	"net/http"
	"time"

	"sportello/ingest"
)

// DocumentJSON is a public document in the list.
type DocumentJSON struct {
	ID        string       `json:"id"`
	Document  string       `json:"document"` // source, as citations name it
	Title     string       `json:"title"`
	Kind      ingest.Kind  `json:"kind"`
	Format    string       `json:"format"`
	Language  string       `json:"language"`
	Approval  ingest.Act   `json:"approval"`
	ValidFrom string       `json:"valid_from"`
	ValidTo   string       `json:"valid_to"`
	InForce   bool         `json:"in_force"`
	Pages     int          `json:"pages"`
	Form      *ingest.Form `json:"form,omitempty"`
	URL       string       `json:"url"`
	Original  string       `json:"original"`
	Updated   time.Time    `json:"updated"`
}

// DocumentsReply is the body of GET /api/v1/t/SLUG/documents.
type DocumentsReply struct {
	Documents []DocumentJSON `json:"documents"`
}

// Documents lists the public documents of a tenant, superseded ones included and marked.
func (a *API) Documents(w http.ResponseWriter, r *http.Request, slug string) error {
	docs, err := a.cfg.Library.Documents(r.Context(), slug)
	if err != nil {
		return err
	}
	today := a.cfg.Now().Format(time.DateOnly)
	out := DocumentsReply{Documents: make([]DocumentJSON, 0, len(docs))}
	for _, d := range docs {
		if d.Visibility != ingest.Public {
			continue
		}
		url := a.documentURL(slug, d.ID)
		out.Documents = append(out.Documents, DocumentJSON{
			ID: d.ID, Document: d.Source, Title: d.Title, Kind: d.Kind, Format: d.Format, Language: d.Language, Approval: d.Approval,
			ValidFrom: d.ValidFrom, ValidTo: d.ValidTo, InForce: d.InForce(today), Pages: d.Pages, Form: d.Form,
			URL: url, Original: url + "/original", Updated: d.Updated,
		})
	}
	return reply(w, out)
}

func (a *API) documentURL(slug, id string) string {
	return a.cfg.PublicURL + "/t/" + slug + "/documents/" + id
}
