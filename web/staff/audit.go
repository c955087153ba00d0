package staff

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/store"
)

func (c *Console) auditRoutes() []Route {
	return []Route{
		Page("audit", access.ReadAudit, c.auditPage), Page("audit.csv", access.ReadAudit, c.auditCSV),
	}
}

const auditPageSize = 50

type auditBody struct {
	Entries []auditLine
	Actions []string
	Action  string
	Actor   string
	From    string
	To      string
	Next    int64 // seq to go on before; 0: that was all
	People  []store.Person
	Query   string // of the filter, for the export
}

// auditLine is an entry with the names of today.
type auditLine struct {
	store.AuditEntry
	Who  string
	What string
}

// auditTenants are those whose entries may be read here: this one and those below it.
func (c *Console) auditTenants(ctx context.Context, v *Visit) ([]string, error) {
	all, err := c.store.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, b := range tree(all, v.Tenant.Slug) {
		out = append(out, b.Slug)
	}
	if v.Overall(access.ReadAudit) {
		out = append(out, store.Everywhere) // what people did to their accounts is of no tenant
	}
	return out, nil
}

// audit reads the filter of a request and the entries that it chooses.
func (c *Console) audit(r *http.Request, v *Visit, limit int) (auditBody, error) {
	ctx, q := r.Context(), r.URL.Query()
	body := auditBody{Action: q.Get("action"), Actor: q.Get("actor"), From: q.Get("from"), To: q.Get("to")}
	f := store.AuditFilter{Action: body.Action, Actor: body.Actor, Limit: limit + 1}
	f.Before, _ = strconv.ParseInt(q.Get("before"), 10, 64) // anything else begins at the newest
	if t, err := time.ParseInLocation(time.DateOnly, body.From, rome); err == nil {
		f.From = t
	}
	if t, err := time.ParseInLocation(time.DateOnly, body.To, rome); err == nil {
		f.To = t.AddDate(0, 0, 1)
	}
	var err error
	if f.Tenants, err = c.auditTenants(ctx, v); err != nil {
		return body, err
	}
	entries, err := c.store.Audit(ctx, f)
	if err != nil {
		return body, err
	}
	if len(entries) > limit {
		entries = entries[:limit]
		body.Next = entries[limit-1].Seq
	}
	if body.People, err = c.store.People(ctx); err != nil {
		return body, err
	}
	who, titles := map[string]string{}, map[string]string{}
	for _, p := range body.People {
		who["person:"+p.ID] = p.Name
	}
	for _, e := range entries {
		line := auditLine{AuditEntry: e, Who: who[e.Actor], What: e.Action}
		if line.Who == "" {
			kind, _, _ := strings.Cut(e.Actor, ":")
			line.Who = v.L.T("audit_actor_" + kind)
		}
		if key := "audit_" + strings.ReplaceAll(e.Action, ".", "_"); v.L.Has(key) {
			line.What = v.L.T(key)
		}
		if role := "staff_role_" + e.Note; strings.HasPrefix(e.Action, "role.") && v.L.Has(role) {
			line.Note = v.L.T(role)
		}
		if what := "changes_" + e.Note; e.Action == "journal.undo" && v.L.Has(what) {
			line.Note = v.L.T(what)
		}
		if name := who["person:"+e.Object]; name != "" {
			line.Object = name
		}
		if strings.HasPrefix(e.Action, "document.") {
			if _, known := titles[e.Object]; !known {
				titles[e.Object] = e.Object
				if d, err := c.store.Document(ctx, e.Tenant, e.Object); err == nil {
					titles[e.Object] = d.Title
				}
			}
			line.Object = titles[e.Object]
		}
		body.Entries = append(body.Entries, line)
	}
	return body, nil
}

func (c *Console) auditPage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	body, err := c.audit(r, v, auditPageSize)
	if err != nil {
		return err
	}
	if body.Actions, err = c.store.AuditActions(r.Context()); err != nil {
		return err
	}
	here, err := c.peopleHere(r.Context(), v)
	if err != nil {
		return err
	}
	body.People = nil
	for _, p := range here {
		body.People = append(body.People, p.Person)
	}
	q := r.URL.Query()
	q.Del("before")
	q.Del("done")
	body.Query = q.Encode()
	return v.Render(w, "audit", v.L.T("audit_title"), body)
}

// maxExport bounds one file; the filter by day gives the rest.
const maxExport = 100_000

func (c *Console) auditCSV(w http.ResponseWriter, r *http.Request, v *Visit) error {
	body, err := c.audit(r, v, maxExport)
	if err != nil {
		return err
	}
	rows := [][]string{{"seq", v.L.T("audit_at"), v.L.T("audit_who"), v.L.T("audit_what"), v.L.T("audit_tenant"), v.L.T("audit_object"), v.L.T("audit_note"), "hash"}}
	for _, e := range body.Entries {
		rows = append(rows, []string{strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(time.RFC3339), e.Who, e.Action, e.Tenant, e.Object, e.Note, e.Hash})
	}
	return v.CSV(w, "registro-"+v.Tenant.Slug+".csv", rows)
}
