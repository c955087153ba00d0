package documents

import (
	"net/http"
	"strconv"

	"sportello/assistant/store"
	"sportello/ingest/check"
	"sportello/web/staff"
)

type versionsBody struct {
	store.Record
	List     []store.Version
	Old, New int
	Parts    []change
	Count    map[string]int // by change
	All      bool           // parts that did not change are shown too
}

// change is a part of two versions, word by word when it changed.
type change struct {
	check.Difference
	A, B []check.Segment
}

// versions lists the versions and puts two of them side by side, without another wish the present one and the one before it.
func (p *pages) versions(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	body, err := p.compared(r, v)
	if err != nil {
		return err
	}
	return v.Render(w, "versions", body.Title, body)
}

// compared gives the versions of the document of the path, and what differs between the two that are asked for.
func (p *pages) compared(r *http.Request, v *staff.Visit) (body versionsBody, err error) {
	ctx, slug := r.Context(), v.Tenant.Slug
	d, err := p.document(r, v)
	if err != nil {
		return body, err
	}
	body = versionsBody{Record: *d, Count: map[string]int{}, All: r.URL.Query().Get("all") != ""}
	if body.List, err = p.store.Versions(ctx, slug, d.ID); err != nil {
		return body, err
	}
	body.New, body.Old = chosen(r, "new", d.Version), chosen(r, "old", d.Version-1)
	if body.Old <= 0 || body.Old == body.New {
		return body, nil
	}
	old, err := p.store.ContentAt(ctx, slug, d.ID, body.Old)
	if err != nil {
		return body, err
	}
	now, err := p.store.ContentAt(ctx, slug, d.ID, body.New)
	if err != nil {
		return body, err
	}
	for _, x := range check.Compare(old, now) {
		body.Count[string(x.Change)]++
		one := change{Difference: x}
		switch {
		case x.Change == check.Changed:
			one.A, one.B = check.Words(x.OldText, x.NewText)
		case x.Change == check.Same && !body.All:
			continue
		}
		body.Parts = append(body.Parts, one)
	}
	return body, nil
}

func chosen(r *http.Request, name string, otherwise int) int {
	if n, err := strconv.Atoi(r.URL.Query().Get(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}
