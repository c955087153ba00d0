// Package program is the part of the console that other programs use, by token: /api/v1/t/{slug}/manage/…, described in
// web/api/openapi.yaml. A token reaches what its list of actions and the rights of who made it both allow, see web/staff.
//
// It reads and changes what the pages do, by the same methods of the store, and keeps nothing itself.
package program

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// Config is what New needs.
type Config struct{ Store *store.Store }

type pages struct{ store *store.Store }

// New gives the part.
func New(cfg Config) staff.Part {
	p := &pages{cfg.Store}
	return staff.Part{Routes: []staff.Route{
		staff.APIGet("documents", access.ReadDocuments, p.documents),
		staff.APIChange(http.MethodPost, "documents/{id}/repeal", access.RepealDocuments, p.repeal),
		staff.APIChange(http.MethodPost, "documents/{id}/restore", access.RepealDocuments, p.restore),
		staff.APIGet("questions", access.ReadQuestions, p.questions),
		staff.APIGet("counts", access.ReadQuestions, p.counts),
		staff.APIGet("offices", access.ReadSettings, p.offices),
		staff.APIChange(http.MethodPut, "offices", access.EditSettings, p.putOffices),
		staff.APIGet("settings", access.ReadSettings, p.settings),
		staff.APIChange(http.MethodPut, "settings/{key}", access.EditSettings, p.putSetting),
		staff.APIChange(http.MethodDelete, "settings/{key}", access.EditSettings, p.dropSetting),
		staff.APIGet("people", access.ReadPeople, p.people),
	}}
}

// body reads one JSON value, with no field that is not known.
func body(r *http.Request, into any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return fault.Wrap(fault.TooLarge, err, "more than %d bytes were sent", large.Limit)
		}
		return fault.Wrap(fault.Invalid, err, "the body is not the JSON that the description gives")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "the body has more than one JSON value")
	}
	return nil
}

// most is how many entries one answer holds.
const most = 500

// page reads limit and offset of a list.
func page(r *http.Request) (limit, offset int, err error) {
	limit, offset = most, 0
	for name, into := range map[string]*int{"limit": &limit, "offset": &offset} {
		if text := r.URL.Query().Get(name); text != "" {
			n, e := strconv.Atoi(text)
			if e != nil || n < 0 {
				err = fault.New(fault.Invalid, "%s = %q: write a number", name, text)
			}
			*into = n
		}
	}
	return min(max(limit, 1), most), offset, err
}

func (p *pages) documents(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	limit, offset, err := page(r)
	if err != nil {
		return err
	}
	all, err := p.store.Documents(r.Context(), v.Tenant.Slug, store.Filter{State: store.State(r.URL.Query().Get("state")), Limit: limit, Offset: offset})
	if err != nil {
		return err
	}
	out := make([]documentJSON, 0, len(all))
	for i := range all {
		out = append(out, fromRecord(&all[i]))
	}
	return v.JSON(w, http.StatusOK, map[string]any{"documents": out})
}

type documentJSON struct {
	ID           string `json:"id"`
	Document     string `json:"document"`
	Title        string `json:"title"`
	Kind         string `json:"kind"`
	State        string `json:"state"`
	Visibility   string `json:"visibility"`
	Version      int    `json:"version"`
	ValidFrom    string `json:"valid_from"`
	ValidTo      string `json:"valid_to"`
	SupersededBy string `json:"superseded_by"`
	Office       string `json:"office"`
	SHA256       string `json:"sha256"`
}

func fromRecord(d *store.Record) documentJSON {
	return documentJSON{
		ID: d.ID, Document: d.Source, Title: d.Title, Kind: string(d.Kind), State: string(d.State), Visibility: string(d.Visibility), Version: d.Version,
		ValidFrom: d.ValidFrom, ValidTo: d.ValidTo, SupersededBy: d.SupersededBy, Office: d.Office, SHA256: d.SHA256,
	}
}

// repeal takes a document out of all answers; superseded_by names the one that takes its place.
func (p *pages) repeal(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Reason       string `json:"reason"`
		SupersededBy string `json:"superseded_by"`
	}
	if err := body(r, &in); err != nil {
		return err
	}
	return p.edit(w, r, v, store.Edit{State: store.Repealed, Reason: in.Reason, SupersededBy: in.SupersededBy})
}

func (p *pages) restore(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.edit(w, r, v, store.Edit{State: store.Live})
}

func (p *pages) edit(w http.ResponseWriter, r *http.Request, v *staff.Visit, e store.Edit) error {
	id := r.PathValue("id")
	if _, err := p.store.Edit(r.Context(), v.Tenant.Slug, v.Actor(), []string{id}, e); err != nil {
		return err
	}
	d, err := p.store.Document(r.Context(), v.Tenant.Slug, id)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, fromRecord(d))
}

func (p *pages) questions(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	q := r.URL.Query()
	limit, _, err := page(r)
	if err != nil {
		return err
	}
	list, total, err := p.store.AskedList(r.Context(), v.Tenant.Slug, assistant.AskedFilter{
		From: q.Get("from"), To: q.Get("to"), What: q.Get("what"), Language: q.Get("language"), Subject: q.Get("subject"), Office: q.Get("office"), Limit: limit,
	})
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, map[string]any{"questions": append([]assistant.Asked{}, list...), "total": total})
}

func (p *pages) counts(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	list, err := p.store.Counts(r.Context(), v.Tenant.Slug, r.URL.Query().Get("from"), r.URL.Query().Get("to"))
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, map[string]any{"counts": append([]assistant.Count{}, list...)})
}

func (p *pages) offices(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	list, err := p.store.Offices(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, map[string]any{"offices": append([]store.Office{}, list...)})
}

func (p *pages) putOffices(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Offices []store.Office `json:"offices"`
	}
	if err := body(r, &in); err != nil {
		return err
	}
	if err := p.store.EditOffices(r.Context(), v.Actor(), v.Tenant.Slug, in.Offices, "office.change", strconv.Itoa(len(in.Offices))); err != nil {
		return err
	}
	return p.offices(w, r, v)
}

type settingJSON struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	Own   bool   `json:"own"`
	From  string `json:"from"` // slug of the ancestor; empty: own, the whole installation's, or the program's
}

func (p *pages) settings(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	stored, err := p.store.Settings(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	out := []settingJSON{}
	for _, s := range v.AllSettings() {
		one := settingJSON{Key: s.Key, Value: s.Default}
		if x, ok := stored[s.Key]; ok {
			one.Value, one.Own = x.Value, x.Own
			if !x.Own {
				one.From = x.From
			}
		}
		out = append(out, one)
	}
	return v.JSON(w, http.StatusOK, map[string]any{"settings": out})
}

func (p *pages) putSetting(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	s, err := v.SettingOf(r.PathValue("key"))
	if err != nil {
		return err
	}
	var in struct {
		Value string `json:"value"`
	}
	if err := body(r, &in); err != nil {
		return err
	}
	value, problem := s.Clean(in.Value)
	if problem != "" {
		return fault.New(fault.Invalid, "%s", v.L.T(problem, map[string]any{"Min": s.Min, "Max": s.Max}))
	}
	if err := p.store.PutSetting(r.Context(), v.Actor(), v.Tenant.Slug, s.Key, value); err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, settingJSON{Key: s.Key, Value: value, Own: true})
}

func (p *pages) dropSetting(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	s, err := v.SettingOf(r.PathValue("key"))
	if err != nil {
		return err
	}
	if err := p.store.DropSetting(r.Context(), v.Actor(), v.Tenant.Slug, s.Key); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

type personJSON struct {
	ID       string        `json:"id"`
	Email    string        `json:"email"`
	Name     string        `json:"name"`
	Disabled bool          `json:"disabled"`
	Roles    []access.Role `json:"roles"` // given in this tenant
}

// people gives those who have a role of their own in the tenant; who has one above it is of another.
func (p *pages) people(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	all, err := p.store.People(r.Context())
	if err != nil {
		return err
	}
	members, err := p.store.AllMemberships(r.Context())
	if err != nil {
		return err
	}
	out := []personJSON{}
	for _, x := range all {
		one := personJSON{ID: x.ID, Email: x.Email, Name: x.Name, Disabled: x.Disabled}
		for _, m := range members {
			if m.Person == x.ID && m.Tenant == v.Tenant.Slug {
				one.Roles = append(one.Roles, m.Role)
			}
		}
		if len(one.Roles) > 0 {
			out = append(out, one)
		}
	}
	return v.JSON(w, http.StatusOK, map[string]any{"people": out})
}
