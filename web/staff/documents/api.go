package documents

import (
	"net/http"
	"slices"
	"strings"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/ingest/check"
	"sportello/web/staff"
)

// apiRoutes is what the pages do, for programs: described in web/api/openapi.yaml.
func (p *pages) apiRoutes() []staff.Route {
	post := http.MethodPost
	large := staff.APIChange(post, "uploads", access.EditDocuments, p.apiUpload).WithBody(p.cfg.MaxUpload)
	large.Timeout = uploadTime
	return []staff.Route{
		staff.APIGet("documents", access.ReadDocuments, p.apiList),
		staff.APIGet("documents/{id}", access.ReadDocuments, p.apiShow),
		staff.APIChange(http.MethodPatch, "documents/{id}", access.EditDocuments, p.apiFix),
		staff.APIGet("documents/{id}/passages", access.ReadDocuments, p.apiPassages),
		staff.APIGet("documents/{id}/versions", access.ReadDocuments, p.apiVersions),
		staff.APIGet("documents/{id}/original", access.ReadDocuments, p.original), staff.APIGet("documents/{id}/akn", access.ReadDocuments, p.akn),
		staff.APIChange(post, "documents/{id}/try", access.ReadDocuments, p.apiTry),
		staff.APIChange(post, "documents/{id}/forget", access.EditDocuments, p.apiForget),
		staff.APIChange(post, "documents/{id}/accept", access.EditDocuments, p.apiAccept),
		staff.APIChange(post, "documents/{id}/version", access.EditDocuments, p.apiRevert),
		staff.APIChange(post, "documents/{id}/upload", access.EditDocuments, p.apiUploadVersion).WithBody(p.cfg.MaxFile + 1<<20),
		staff.APIChange(post, "documents/{id}/repeal", access.RepealDocuments, p.apiRepeal),
		staff.APIChange(post, "documents/{id}/restore", access.RepealDocuments, p.apiRestore),
		staff.APIChange(post, "bulk/set", access.EditDocuments, p.apiBulkSet),
		staff.APIChange(post, "bulk/force", access.RepealDocuments, p.apiBulkForce),
		staff.APIGet("uploads", access.EditDocuments, p.apiUploads), large,
		staff.APIGet("uploads/{id}", access.EditDocuments, p.apiJob),
		staff.APIChange(post, "uploads/{id}/stop", access.EditDocuments, p.apiStop),
		staff.APIChange(post, "uploads/{id}/retry", access.EditDocuments, p.apiRetry),
		staff.APIGet("addresses", access.ReadDocuments, p.apiAddresses),
		staff.APIChange(post, "addresses", access.EditDocuments, p.apiWatch),
		staff.APIChange(post, "addresses/{id}/visit", access.EditDocuments, p.apiVisit),
		staff.APIChange(http.MethodDelete, "addresses/{id}", access.EditDocuments, p.apiDrop),
		staff.APIGet("changes", access.ReadDocuments, p.apiChanges),
		staff.APIChange(post, "changes/{id}/undo", access.EditDocuments, p.apiUndo),
	}
}

type documentJSON struct {
	ID           string            `json:"id"`
	Document     string            `json:"document"`
	Title        string            `json:"title"`
	Kind         ingest.Kind       `json:"kind"`
	State        store.State       `json:"state"`
	Force        store.Force       `json:"force"` // today
	Visibility   ingest.Visibility `json:"visibility"`
	Shared       bool              `json:"shared"`
	Version      int               `json:"version"`
	Approval     ingest.Act        `json:"approval"`
	Date         string            `json:"date"`
	ValidFrom    string            `json:"valid_from"`
	ValidTo      string            `json:"valid_to"`
	Year         string            `json:"year"`
	SupersededBy string            `json:"superseded_by"`
	Reason       string            `json:"reason"`
	Office       string            `json:"office"`
	Format       string            `json:"format"`
	Language     string            `json:"language"`
	Pages        int               `json:"pages"`
	Size         int64             `json:"size"`
	SHA256       string            `json:"sha256"`
	Added        string            `json:"added"`
}

func (p *pages) fromRecord(d *store.Record) documentJSON {
	return documentJSON{
		ID: d.ID, Document: d.Source, Title: d.Title, Kind: d.Kind, State: d.State, Force: d.ForceOn(p.today()), Visibility: d.Visibility, Shared: d.Shared,
		Version: d.Version, Approval: d.Approval, Date: d.Date, ValidFrom: d.ValidFrom, ValidTo: d.ValidTo, Year: d.Year, SupersededBy: d.SupersededBy,
		Reason: d.Reason, Office: d.Office, Format: d.Format, Language: d.Language, Pages: d.Pages, Size: d.Size, SHA256: d.SHA256, Added: staff.Moment(d.AddedAt),
	}
}

// apiQuery reads the filter of the list.
func apiQuery(r *http.Request) (q query, state store.State, err error) {
	if state, err = staff.OneOf(r, "state", store.Live, store.Retired, store.Repealed); err != nil {
		return q, state, err
	}
	if q.Force, err = staff.OneOf(r, "force", store.Forces...); err != nil {
		return q, state, err
	}
	if q.Kind, err = staff.OneOf(r, "kind", kinds...); err != nil {
		return q, state, err
	}
	if q.Visibility, err = staff.OneOf(r, "visibility", ingest.Public, ingest.Staff); err != nil {
		return q, state, err
	}
	if q.Sort, err = staff.OneOf(r, "sort", "title", "added", "kind"); err != nil {
		return q, state, err
	}
	q.Text, q.Office = strings.TrimSpace(r.URL.Query().Get("q")), r.URL.Query().Get("office")
	return q, state, nil
}

func (p *pages) apiList(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	limit, offset, err := staff.Window(r)
	if err != nil {
		return err
	}
	q, state, err := apiQuery(r)
	if err != nil {
		return err
	}
	all, err := p.store.Documents(r.Context(), v.Tenant.Slug, store.Filter{State: state, Kind: q.Kind, Visibility: q.Visibility})
	if err != nil {
		return err
	}
	items := p.narrow(all, q)
	out := []documentJSON{}
	for _, one := range staff.Cut(items, limit, offset) {
		out = append(out, p.fromRecord(&one.Record))
	}
	return v.JSON(w, http.StatusOK, map[string]any{"documents": out, "total": len(items)})
}

type outlineJSON struct {
	Kind   ingest.SectionKind `json:"kind"`
	Number string             `json:"number"`
	Rubric string             `json:"rubric"`
	EID    string             `json:"eid"`
	Depth  int                `json:"depth"`
	Page   int                `json:"page"`
}

type findingJSON struct {
	Code     check.Code `json:"code"`
	Text     string     `json:"text"` // in Italian, for a person
	Article  string     `json:"article"`
	EID      string     `json:"eid"`
	Document string     `json:"document"` // id of the one that is meant, empty: none
}

type citingJSON struct {
	ID     string      `json:"id"`
	Title  string      `json:"title"`
	Places []placeJSON `json:"places"`
}

type placeJSON struct {
	Article string `json:"article"`
	Excerpt string `json:"excerpt"`
}

type wholeJSON struct {
	documentJSON
	Fixed    store.Fix        `json:"fixed"` // by hand
	File     store.Fix        `json:"file"`  // what the file says in the same fields
	Versions int              `json:"versions"`
	Warnings []string         `json:"warnings"`
	Hidden   []ingest.Finding `json:"hidden"` // what a reader of the file does not see, or what speaks to an assistant
	Outline  []outlineJSON    `json:"outline"`
	Findings []findingJSON    `json:"findings"`
	CitedBy  []citingJSON     `json:"cited_by"`
	CitedAll bool             `json:"cited_by_all"` // false: there are more
}

func (p *pages) apiShow(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	b, err := p.whole(r, v)
	if err != nil {
		return err
	}
	out := wholeJSON{
		documentJSON: p.fromRecord(&b.Record), Fixed: b.Fixed, File: b.Parsed, Versions: b.Versions, Warnings: append([]string{}, b.Warnings...), Hidden: append([]ingest.Finding{}, b.Hidden...),
		Outline: []outlineJSON{}, Findings: []findingJSON{}, CitedBy: []citingJSON{}, CitedAll: b.CitedAll,
	}
	for _, o := range b.Outline {
		out.Outline = append(out.Outline, outlineJSON(o))
	}
	for _, f := range b.Findings {
		out.Findings = append(out.Findings, findingJSON{f.Code, f.Text, f.Article, f.EID, f.Link})
	}
	for _, c := range b.Cited {
		one := citingJSON{ID: c.ID, Title: c.Title, Places: []placeJSON{}}
		for _, at := range c.Places {
			one.Places = append(one.Places, placeJSON(at))
		}
		out.CitedBy = append(out.CitedBy, one)
	}
	return v.JSON(w, http.StatusOK, out)
}

// apiEdit does one thing to the document of the path and gives it as it is then.
func (p *pages) apiEdit(w http.ResponseWriter, r *http.Request, v *staff.Visit, e store.Edit) error {
	id := r.PathValue("id")
	if _, err := p.store.Edit(r.Context(), v.Tenant.Slug, v.Actor(), []string{id}, e); err != nil {
		return err
	}
	d, err := p.document(r, v)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, p.fromRecord(d))
}

// apiFix sets by hand what is sent; what is left out stays.
func (p *pages) apiFix(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		store.Fix
		Office *string `json:"office"`
		Shared *bool   `json:"shared"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if in.Title != nil {
		title, err := staff.Line("title", *in.Title)
		if err != nil {
			return err
		}
		in.Title = &title
	}
	if in.Fix.Empty() && in.Office == nil && in.Shared == nil {
		return fault.New(fault.Invalid, "nothing is said: send at least one field")
	}
	return p.apiEdit(w, r, v, store.Edit{Fix: in.Fix, Office: in.Office, Shared: in.Shared})
}

// apiForget goes back to what the file says.
func (p *pages) apiForget(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := staff.NoBody(r); err != nil {
		return err
	}
	return p.apiEdit(w, r, v, store.Edit{Forget: true})
}

// mostVersion is the greatest number of a version that can be asked for.
const mostVersion = 1<<31 - 1

func (p *pages) apiRevert(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Number int `json:"number"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if in.Number < 1 || in.Number > mostVersion {
		return fault.New(fault.Invalid, "number = %d: versions count from 1", in.Number)
	}
	return p.apiEdit(w, r, v, store.Edit{Version: in.Number})
}

// apiRepeal takes a document out of all answers; superseded_by names the one that takes its place.
func (p *pages) apiRepeal(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Reason       string `json:"reason"`
		SupersededBy string `json:"superseded_by"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	return p.apiEdit(w, r, v, store.Edit{State: store.Repealed, Reason: in.Reason, SupersededBy: in.SupersededBy})
}

func (p *pages) apiRestore(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := staff.NoBody(r); err != nil {
		return err
	}
	return p.apiEdit(w, r, v, store.Edit{State: store.Live})
}

// apiBulkSet sets one thing or more of several documents, all or none of them.
func (p *pages) apiBulkSet(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		IDs        []string           `json:"ids"`
		Visibility *ingest.Visibility `json:"visibility"`
		Kind       *ingest.Kind       `json:"kind"`
		Office     *string            `json:"office"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if in.Visibility == nil && in.Kind == nil && in.Office == nil {
		return fault.New(fault.Invalid, "say what to set: visibility, kind or office")
	}
	return p.apiBulk(w, r, v, in.IDs, store.Edit{Fix: store.Fix{Visibility: in.Visibility, Kind: in.Kind}, Office: in.Office})
}

// apiBulkForce repeals or restores several documents, all or none of them.
func (p *pages) apiBulkForce(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		IDs    []string `json:"ids"`
		Force  string   `json:"force"`
		Reason string   `json:"reason"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	states := map[string]store.State{"repeal": store.Repealed, "restore": store.Live}
	state, ok := states[in.Force]
	if !ok || in.Reason != "" && state != store.Repealed {
		return fault.New(fault.Invalid, "force is repeal, which may have a reason, or restore")
	}
	return p.apiBulk(w, r, v, in.IDs, store.Edit{State: state, Reason: in.Reason})
}

func (p *pages) apiBulk(w http.ResponseWriter, r *http.Request, v *staff.Visit, ids []string, e store.Edit) error {
	change, err := p.store.Edit(r.Context(), v.Tenant.Slug, v.Actor(), ids, e)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, map[string]any{"documents": len(slices.Compact(slices.Sorted(slices.Values(ids)))), "change": change})
}

type passageJSON struct {
	Ordinal    int    `json:"ordinal"`
	Article    string `json:"article"`
	EID        string `json:"eid"`
	Breadcrumb string `json:"breadcrumb"`
	Lead       string `json:"lead"`
	Start      int    `json:"start"`
	End        int    `json:"end"`
	PageFirst  int    `json:"page_first"`
	PageLast   int    `json:"page_last"`
	Text       string `json:"text"`
}

func (p *pages) apiPassages(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	b, err := p.split(r, v)
	if err != nil {
		return err
	}
	out := []passageJSON{}
	for _, x := range b.Passages {
		out = append(out, passageJSON{x.Ordinal, x.Article, x.EID, x.Breadcrumb, x.Lead, x.Start, x.End, x.PageFirst, x.PageLast, x.Text})
	}
	return v.JSON(w, http.StatusOK, map[string]any{"passages": out, "outside": append([]string{}, b.Text...)})
}

type versionJSON struct {
	Number     int               `json:"number"`
	Present    bool              `json:"present"`
	Title      string            `json:"title"`
	Kind       ingest.Kind       `json:"kind"`
	Visibility ingest.Visibility `json:"visibility"`
	Approval   ingest.Act        `json:"approval"`
	ValidFrom  string            `json:"valid_from"`
	ValidTo    string            `json:"valid_to"`
	Year       string            `json:"year"`
	Pages      int               `json:"pages"`
	Size       int64             `json:"size"`
	SHA256     string            `json:"sha256"`
	Added      string            `json:"added"`
}

type differenceJSON struct {
	Change     check.Change `json:"change"`
	EID        string       `json:"eid"`
	OldHeading string       `json:"old_heading"`
	NewHeading string       `json:"new_heading"`
	OldText    string       `json:"old_text"`
	NewText    string       `json:"new_text"`
}

func (p *pages) apiVersions(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	for _, name := range []string{"old", "new"} {
		if _, err := staff.NumberParam(r, name, 1, 1, mostVersion); err != nil {
			return err
		}
	}
	b, err := p.compared(r, v)
	if err != nil {
		return err
	}
	versions, differences := []versionJSON{}, []differenceJSON{}
	for _, x := range b.List {
		versions = append(versions, versionJSON{x.Number, x.Present, x.Title, x.Kind, x.Visibility, x.Approval, x.ValidFrom, x.ValidTo, x.Year, x.Pages, x.Size, x.SHA256, staff.Moment(x.AddedAt)})
	}
	for _, x := range b.Parts {
		differences = append(differences, differenceJSON{x.Change, x.EID, x.Old, x.New, x.OldText, x.NewText})
	}
	return v.JSON(w, http.StatusOK, map[string]any{"versions": versions, "old": b.Old, "new": b.New, "differences": differences})
}

// apiTry answers a question with this document alone.
func (p *pages) apiTry(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Question string `json:"question"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if p.cfg.Try == nil {
		return fault.New(fault.NotFound, "questions are not tried here")
	}
	if err := staff.Measured("question", in.Question, maxQuestion); err != nil {
		return err
	}
	answer, err := p.cfg.Try(r.Context(), v.Tenant.Slug, r.PathValue("id"), strings.TrimSpace(in.Question))
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, answer.JSON())
}
