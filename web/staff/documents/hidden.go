package documents

import (
	"net/http"
	"slices"

	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/web/staff"
)

// accept lets stand what the form ticks of what the file of a document hides, and nothing else of it. The file is then read anew.
func (p *pages) accept(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	job, err := p.accepted(r, v, r.PostForm["key"])
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("uploads/"+job), "hidden_done")
}

// apiAccept is accept for programs.
func (p *pages) apiAccept(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Keys *[]string `json:"keys"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if in.Keys == nil {
		return fault.New(fault.Invalid, "keys is missing: a list of the keys of what is accepted, empty for nothing")
	}
	job, err := p.accepted(r, v, *in.Keys)
	if err != nil {
		return err
	}
	w.Header().Set("Location", v.API("uploads/"+job))
	return p.apiJobOf(w, r, v, job, http.StatusCreated)
}

func (p *pages) accepted(r *http.Request, v *staff.Visit, keys []string) (string, error) {
	d, err := p.document(r, v)
	if err != nil {
		return "", err
	}
	var known []string
	for _, f := range d.Hidden {
		known = append(known, f.Key)
	}
	for _, k := range keys {
		if !slices.Contains(known, k) {
			return "", fault.New(fault.Invalid, "%.40q is no finding of this document: load its page again", k)
		}
	}
	return p.store.Accept(r.Context(), v.Tenant.Slug, v.Actor(), d.ID, keys)
}

// waiting counts the documents that hide something nobody has looked at.
func waiting(all []store.Record) int {
	n := 0
	for i := range all {
		if hides(&all[i]) {
			n++
		}
	}
	return n
}

func hides(r *store.Record) bool {
	return slices.ContainsFunc(r.Hidden, func(f ingest.Finding) bool { return f.Waits() })
}

// hiding is what the list is narrowed to from the first page, beside whether documents are in force.
const hiding = "hidden"
