package documents

import (
	"net/http"
	"strings"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/web/staff"
)

type jobJSON struct {
	ID       string         `json:"id"`
	State    store.JobState `json:"state"`
	Added    string         `json:"added"`
	Finished string         `json:"finished"` // empty while it goes on
	Files    int            `json:"files"`
	Done     int            `json:"done"`
	Failed   int            `json:"failed"`
}

func fromJob(j *store.JobRecord) jobJSON {
	return jobJSON{j.ID, j.State, staff.Moment(j.AddedAt), staff.Moment(j.FinishedAt), j.Files, j.Done, j.Failed}
}

type jobFileJSON struct {
	Name     string           `json:"name"`
	Source   string           `json:"source"`
	Size     int64            `json:"size"`
	State    ingest.FileState `json:"state"`
	Outcome  ingest.Outcome   `json:"outcome"`
	Document string           `json:"document"` // id
	Code     fault.Code       `json:"code"`
	Message  string           `json:"message"`
	Advice   string           `json:"advice"` // in Italian, for a person
	Warnings []string         `json:"warnings"`
}

func (p *pages) apiUpload(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.apiReceive(w, r, v, "")
}

func (p *pages) apiUploadVersion(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	d, err := p.document(r, v)
	if err != nil {
		return err
	}
	return p.apiReceive(w, r, v, d.Source)
}

func (p *pages) apiReceive(w http.ResponseWriter, r *http.Request, v *staff.Visit, source string) error {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return fault.New(fault.Unsupported, "send the files as multipart/form-data")
	}
	id, err := p.receive(r, v, source)
	if err != nil {
		return err
	}
	w.Header().Set("Location", v.API("uploads/"+id))
	return p.apiJobOf(w, r, v, id, http.StatusCreated)
}

func (p *pages) apiUploads(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	limit, offset, err := staff.Window(r)
	if err != nil {
		return err
	}
	all, err := p.store.Jobs(r.Context(), v.Tenant.Slug, offset+limit)
	if err != nil {
		return err
	}
	out := []jobJSON{}
	for _, j := range staff.Cut(all, limit, offset) {
		out = append(out, fromJob(&j))
	}
	return v.JSON(w, http.StatusOK, map[string]any{"uploads": out})
}

func (p *pages) apiJob(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.apiJobOf(w, r, v, r.PathValue("id"), http.StatusOK)
}

func (p *pages) apiJobOf(w http.ResponseWriter, r *http.Request, v *staff.Visit, id string, status int) error {
	j, err := p.store.Job(r.Context(), v.Tenant.Slug, id)
	if err != nil {
		return err
	}
	files, err := p.store.JobFiles(r.Context(), j.ID)
	if err != nil {
		return err
	}
	out := struct {
		jobJSON
		List []jobFileJSON `json:"list"`
	}{fromJob(j), []jobFileJSON{}}
	for _, f := range files {
		one := jobFileJSON{f.Name, f.Source, f.Size, f.State, f.Outcome, f.Document, f.Code, f.Message, "", append([]string{}, f.Warnings...)}
		if f.State == ingest.FileFailed {
			one.Advice = advice(v, f.Code)
		}
		out.List = append(out.List, one)
	}
	return v.JSON(w, status, out)
}

func (p *pages) apiStop(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := staff.NoBody(r); err != nil {
		return err
	}
	if err := p.store.CancelJob(r.Context(), v.Tenant.Slug, v.Actor(), r.PathValue("id")); err != nil {
		return err
	}
	return p.apiJob(w, r, v)
}

func (p *pages) apiRetry(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := staff.NoBody(r); err != nil {
		return err
	}
	if err := p.store.RetryJob(r.Context(), v.Tenant.Slug, v.Actor(), r.PathValue("id")); err != nil {
		return err
	}
	return p.apiJob(w, r, v)
}

type addressJSON struct {
	ID         string             `json:"id"`
	URL        string             `json:"url"`
	Kind       ingest.AddressKind `json:"kind"`
	Prefix     string             `json:"prefix"`
	Depth      int                `json:"depth"`
	Pages      int                `json:"pages"`
	Hours      int                `json:"hours"`
	Visibility ingest.Visibility  `json:"visibility"`
	Office     string             `json:"office"`
	Added      string             `json:"added"`
	Next       string             `json:"next"`    // empty: not by itself
	Visited    string             `json:"visited"` // empty: never
	Visiting   bool               `json:"visiting"`
	Found      foundJSON          `json:"found"` // by the last visit
	Gone       []string           `json:"gone"`  // pages that are no longer there
}

type foundJSON struct {
	Fetched   int        `json:"fetched"`
	Unchanged int        `json:"unchanged"`
	Added     int        `json:"added"`
	Replaced  int        `json:"replaced"`
	Failed    int        `json:"failed"`
	Skipped   int        `json:"skipped"`
	Code      fault.Code `json:"code"`
	Error     string     `json:"error"`
}

func (p *pages) apiAddresses(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	all, err := p.store.Addresses(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	out := []addressJSON{}
	for _, a := range all {
		gone, err := p.gone(r, v, a.ID)
		if err != nil {
			return err
		}
		one := addressJSON{
			ID: a.ID, URL: a.Address.URL, Kind: a.Address.Kind, Prefix: a.Address.Prefix, Depth: a.Address.Depth, Pages: a.Address.Pages, Hours: a.Hours,
			Visibility: a.Options.Visibility, Office: a.Options.Office, Added: staff.Moment(a.AddedAt), Next: staff.Moment(a.NextAt), Visited: staff.Moment(a.VisitedAt),
			Visiting: a.Visiting, Gone: []string{},
			Found: foundJSON{
				Fetched: a.Report.Fetched, Unchanged: a.Report.Unchanged, Added: a.Report.Added, Replaced: a.Report.Replaced,
				Failed: len(a.Report.Failed), Skipped: len(a.Report.Skipped), Code: fault.Code(a.Report.Code), Error: a.Report.Error,
			},
		}
		for _, g := range gone {
			one.Gone = append(one.Gone, g.URL)
		}
		out = append(out, one)
	}
	return v.JSON(w, http.StatusOK, map[string]any{"addresses": out})
}

// apiWatch adds an address. What is left out is as the page offers it.
func (p *pages) apiWatch(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	in := struct {
		URL        string             `json:"url"`
		Kind       ingest.AddressKind `json:"kind"`
		Prefix     string             `json:"prefix"`
		Depth      int                `json:"depth"`
		Pages      int                `json:"pages"`
		Hours      int                `json:"hours"`
		Visibility ingest.Visibility  `json:"visibility"`
		Office     string             `json:"office"`
	}{Kind: newAddress.Kind, Depth: newAddress.Depth, Pages: newAddress.Pages, Hours: newAddress.Hours, Visibility: ingest.Public}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if in.Depth < 0 || in.Depth > maxDepth || in.Pages < 1 || in.Pages > maxPages || in.Hours < 0 || in.Hours > maxHours {
		return fault.New(fault.Invalid, "depth is 0 to %d, pages 1 to %d, hours 0 to %d", maxDepth, maxPages, maxHours)
	}
	id, problem, err := p.keepAddress(r, v, addressForm{
		URL: in.URL, Prefix: in.Prefix, Visibility: string(in.Visibility), Office: in.Office,
		Kind: in.Kind, Hours: in.Hours, Depth: in.Depth, Pages: in.Pages,
	})
	if problem != "" {
		return fault.New(fault.Invalid, "%s", v.L.T(problem))
	}
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusCreated, map[string]string{"id": id})
}

func (p *pages) apiVisit(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := staff.NoBody(r); err != nil {
		return err
	}
	if err := p.store.VisitNow(r.Context(), v.Tenant.Slug, v.Actor(), r.PathValue("id")); err != nil {
		return err
	}
	return staff.NoContent(w)
}

func (p *pages) apiDrop(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := p.store.DropAddress(r.Context(), v.Tenant.Slug, v.Actor(), r.PathValue("id")); err != nil {
		return err
	}
	return staff.NoContent(w)
}

type changeJSON struct {
	ID      int64  `json:"id"`
	At      string `json:"at"`
	Author  string `json:"author"` // as in the audit log
	Action  string `json:"action"`
	Label   string `json:"label"`
	Items   int    `json:"items"`
	Kind    string `json:"kind"`
	Subject string `json:"subject"` // id, when it was one thing
	Undone  string `json:"undone"`  // when; empty: it was not
	Until   string `json:"until"`   // it can be undone
	May     bool   `json:"may"`     // be undone with this token
}

func (p *pages) apiChanges(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	limit, offset, err := staff.Window(r)
	if err != nil {
		return err
	}
	all, err := p.store.Journal(r.Context(), v.Tenant.Slug, limit, offset)
	if err != nil {
		return err
	}
	out := []changeJSON{}
	for _, e := range all {
		until := e.At.Add(store.UndoFor)
		out = append(out, changeJSON{
			e.ID, staff.Moment(e.At), e.Author, e.Action, e.Label, e.Items, e.Kind, e.Subject, staff.Moment(e.UndoneAt), staff.Moment(until),
			!e.Undone() && until.After(p.cfg.Now()) && v.May(right(e)) && v.May(access.EditDocuments),
		})
	}
	return v.JSON(w, http.StatusOK, map[string]any{"changes": out})
}

func (p *pages) apiUndo(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := staff.NoBody(r); err != nil {
		return err
	}
	if err := p.takeBack(r, v); err != nil {
		return err
	}
	return staff.NoContent(w)
}
