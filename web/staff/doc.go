// Package staff is the staff console: the frame that every page of it stands in. It knows who is signed in and what they may do,
// lets a request through to a handler only by the route table, and draws the page around what the handler gives.
//
// # How to add pages
//
// A subject has a package of its own below this one (web/staff/documents, web/staff/questions) that gives a Part:
//
//	func New(cfg Config) staff.Part {
//		p := &pages{...}
//		return staff.Part{
//			Templates: templates, // an embed.FS; *.html at its root, those that begin with _ are shared by the others
//			Menu: []staff.MenuItem{{Label: "documents_menu", Path: "documents", Icon: "it-files", Action: access.ReadDocuments, Order: 20}},
//			Routes: []staff.Route{
//				staff.Page("documents", access.ReadDocuments, p.list),                       // GET  /staff/t/{slug}/documents
//				staff.Page("documents/{id}", access.ReadDocuments, p.show),                  // GET  /staff/t/{slug}/documents/{id}
//				staff.Change("documents/{id}/repeal", access.RepealDocuments, p.repeal),     // POST /staff/t/{slug}/documents/{id}/repeal
//				staff.Change("upload", access.EditDocuments, p.upload).WithBody(512 << 20),  // a large body
//				staff.Page("jobs/{id}/events", access.EditDocuments, p.events).Streaming(),  // server-sent events: no time limit, no gzip
//				staff.APIGet("documents", access.ReadDocuments, p.listJSON),                 // GET  /api/v1/t/{slug}/manage/documents, by token
//			},
//			Tiles: p.tiles, // what the first page shows of it; may be nil
//		}
//	}
//
// and cmd/sportello/console.go adds it to the list. Nothing else: a route that is not in a Part does not exist, and a route whose
// action nobody has is an error at start. The test of the matrix walks all of them.
//
// A handler is plain net/http that may fail, and gets a *Visit:
//
//	func (p *pages) list(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
//		docs, err := p.store.Documents(r.Context(), v.Tenant.Slug, store.Filter{})
//		if err != nil {
//			return err // a fault.Error; the frame writes a page or JSON by its code, and the log has the cause
//		}
//		return v.Render(w, "list", v.L.T("documents_title"), docs) // templates/list.html defines "main"; the data is .Body
//	}
//
//	func (p *pages) repeal(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
//		if err := p.store.Repeal(...); err != nil {
//			return err
//		}
//		return v.Done(w, r, v.URL("documents"), "documents_done_repealed") // 303, and the message on the page that follows
//	}
//
// A form has {{template "csrf" $}} in it, or the request the header X-CSRF-Token (htmx sends it by itself). A form that is wrong is
// drawn again: v.Problem = v.L.T("…"); v.Status = 422; v.Render(…). htmx gets a piece of a page by v.Fragment. Every change writes
// an audit entry with v.Actor(): store methods do it in their transaction, others call store.Note.
//
// Texts are in locales/staff/*.toml, a file for each subject; a key that a template asks for and no file has stops the program. Icons
// are those of bootstrap-italia. Styles that a page needs go to web/static/staff.css: the policy allows nothing inline, no style="" either.
//
// The package keeps nothing itself: people, sessions, settings and the audit log are in assistant/store.
package staff
