package documents

import (
	"net/http"

	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/web/staff"
)

type jobBody struct {
	store.JobRecord
	List    []jobFile // those that failed first
	Percent int
	Left    int
	More    int            // files that are not in List
	Counts  map[string]int // by outcome
	Now     string         // name of the file that is being read
}

type jobFile struct {
	ingest.JobFile
	Advice string // in Italian: what is wrong and what to do
	Repeal bool   // the document was taken out of force by a person, and stays so
}

// maxFiles bounds the files that a page of progress lists.
const maxFiles = 300

func (p *pages) job(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	body, err := p.jobBody(r, v)
	if err != nil {
		return err
	}
	return v.Render(w, "job", v.L.T("upload_job_title"), body)
}

// progress is the piece of the page that is asked for again while the job goes on, where events do not come through. Without
// JavaScript the page reloads itself.
func (p *pages) progress(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	body, err := p.jobBody(r, v)
	if err != nil {
		return err
	}
	return v.Fragment(w, "progress", body)
}

func (p *pages) jobBody(r *http.Request, v *staff.Visit) (*jobBody, error) {
	j, err := p.store.Job(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	files, err := p.store.JobFiles(r.Context(), j.ID)
	if err != nil {
		return nil, err
	}
	body := &jobBody{JobRecord: *j, Counts: map[string]int{}, Left: j.Files - j.Done - j.Failed}
	if j.Files > 0 {
		body.Percent = 100 * (j.Done + j.Failed) / j.Files
	}
	repealed, err := p.store.Documents(r.Context(), v.Tenant.Slug, store.Filter{State: store.Repealed})
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for i := range repealed {
		out[repealed[i].ID] = true
	}
	var rest []jobFile
	for _, f := range files {
		body.Counts[string(f.Outcome)]++
		one := jobFile{JobFile: f, Repeal: out[f.Document]}
		switch f.State {
		case ingest.FileFailed:
			one.Advice = advice(v, f.Code)
			body.List = append(body.List, one)
			continue
		case ingest.FileWaiting:
			if body.Now == "" && !j.Ended() {
				body.Now = f.Name
			}
		}
		if one.Repeal && f.State != ingest.FileWaiting { // somebody has to look at it
			body.List = append(body.List, one)
			continue
		}
		rest = append(rest, one)
	}
	body.List = append(body.List, rest...)
	if len(body.List) > maxFiles {
		body.More, body.List = len(body.List)-maxFiles, body.List[:maxFiles]
	}
	return body, nil
}

// advice says what to do about a file that could not be taken in.
func advice(v *staff.Visit, code fault.Code) string {
	if key := "upload_error_" + string(code); v.L.Has(key) {
		return v.L.T(key)
	}
	return v.L.T("upload_error_internal")
}

func (p *pages) stop(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id := r.PathValue("id")
	if err := p.store.CancelJob(r.Context(), v.Tenant.Slug, v.Actor(), id); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("uploads/"+id), "upload_done_stopped")
}

func (p *pages) retry(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id := r.PathValue("id")
	if err := p.store.RetryJob(r.Context(), v.Tenant.Slug, v.Actor(), id); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("uploads/"+id), "upload_done_retry")
}
