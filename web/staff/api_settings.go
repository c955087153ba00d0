package staff

import (
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// apiRoutes is what the frame's own pages do, for programs: described in web/api/openapi.yaml.
func (c *Console) apiRoutes() []Route {
	routes := []Route{
		APIGet("offices", access.ReadSettings, c.apiOffices),
		APIChange(http.MethodPut, "offices", access.EditSettings, c.apiPutOffices),
		APIGet("settings", access.ReadSettings, c.apiSettings),
		APIChange(http.MethodPut, "settings/{key}", access.EditSettings, c.apiPutSetting),
		APIChange(http.MethodDelete, "settings/{key}", access.EditSettings, c.apiDropSetting),
		APIChange(http.MethodPut, "settings/{key}/picture", access.EditSettings, c.apiPicture).WithBody(pictureBytes + 64<<10),
		APIGet("audit", access.ReadAudit, c.apiAudit),
		APIGet("audit/verify", access.ReadAudit, c.apiVerify),
	}
	return append(append(routes, c.apiPeopleRoutes()...), c.apiTenantRoutes()...)
}

func (c *Console) apiOffices(w http.ResponseWriter, r *http.Request, v *Visit) error {
	list, err := c.store.Offices(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, map[string]any{"offices": append([]store.Office{}, list...)})
}

// apiPutOffices makes a list the tenant's only offices, in its order: that adds, changes, moves and deletes.
func (c *Console) apiPutOffices(w http.ResponseWriter, r *http.Request, v *Visit) error {
	var in struct {
		Offices []store.Office `json:"offices"`
	}
	if err := ReadJSON(r, &in); err != nil {
		return err
	}
	if in.Offices == nil {
		return fault.New(fault.Invalid, "offices is missing: an empty list deletes all")
	}
	if err := c.store.EditOffices(r.Context(), v.Actor(), v.Tenant.Slug, in.Offices, "office.change", strconv.Itoa(len(in.Offices))); err != nil {
		return err
	}
	return c.apiOffices(w, r, v)
}

type settingJSON struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	Own   bool   `json:"own"`
	From  string `json:"from"` // slug of the ancestor; empty: own, the whole installation's, or the program's
}

func (c *Console) apiSettings(w http.ResponseWriter, r *http.Request, v *Visit) error {
	stored, err := c.store.Settings(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	out := []settingJSON{}
	for _, s := range c.Settings() {
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

func (c *Console) apiPutSetting(w http.ResponseWriter, r *http.Request, v *Visit) error {
	s, err := c.settingOf(r.PathValue("key"))
	if err != nil {
		return err
	}
	var in struct {
		Value *string `json:"value"`
	}
	if err := ReadJSON(r, &in); err != nil {
		return err
	}
	if in.Value == nil {
		return fault.New(fault.Invalid, "value is missing")
	}
	value, problem := s.Clean(*in.Value)
	if problem != "" {
		return fault.New(fault.Invalid, "%s", v.L.T(problem, map[string]any{"Min": s.Min, "Max": s.Max}))
	}
	if err := c.store.PutSetting(r.Context(), v.Actor(), v.Tenant.Slug, s.Key, value); err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, settingJSON{Key: s.Key, Value: value, Own: true})
}

func (c *Console) apiDropSetting(w http.ResponseWriter, r *http.Request, v *Visit) error {
	s, err := c.settingOf(r.PathValue("key"))
	if err != nil {
		return err
	}
	if err := c.store.DropSetting(r.Context(), v.Actor(), v.Tenant.Slug, s.Key); err != nil {
		return err
	}
	return NoContent(w)
}

// apiPicture keeps a picture, the body, as the value of a setting that is one.
func (c *Console) apiPicture(w http.ResponseWriter, r *http.Request, v *Visit) error {
	s, err := c.settingOf(r.PathValue("key"))
	if err != nil {
		return err
	}
	if s.Kind != Picture {
		return fault.New(fault.NotFound, "%s is no picture", s.Key)
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "image/png" && kind != "image/jpeg" {
		return fault.New(fault.Unsupported, "send the picture as image/png or image/jpeg")
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return bodyFault(err)
	}
	name, problem, err := c.keepPicture(r.Context(), v, s.Key, raw)
	if err != nil {
		return err
	}
	if problem != "" {
		return fault.New(fault.Invalid, "%s", v.L.T(problem))
	}
	return v.JSON(w, http.StatusOK, settingJSON{Key: s.Key, Value: name, Own: true})
}

type auditJSON struct {
	Seq    int64  `json:"seq"`
	At     string `json:"at"`
	Actor  string `json:"actor"`
	Action string `json:"action"`
	Tenant string `json:"tenant"`
	Object string `json:"object"`
	Note   string `json:"note"`
	Hash   string `json:"hash"`
}

func (c *Console) apiAudit(w http.ResponseWriter, r *http.Request, v *Visit) error {
	limit, err := NumberParam(r, "limit", mostListed, 1, mostListed)
	if err != nil {
		return err
	}
	before, err := NumberParam(r, "before", 0, 1, 1<<53)
	if err != nil {
		return err
	}
	f := store.AuditFilter{Action: r.URL.Query().Get("action"), Actor: r.URL.Query().Get("actor"), Before: int64(before), Limit: limit}
	for name, into := range map[string]*time.Time{"from": &f.From, "to": &f.To} {
		day, err := DayParam(r, name)
		if err != nil {
			return err
		}
		if day != "" {
			*into, _ = time.ParseInLocation(time.DateOnly, day, rome) // DayParam has looked
		}
	}
	if !f.To.IsZero() {
		f.To = f.To.AddDate(0, 0, 1)
	}
	if f.Tenants, err = c.auditTenants(r.Context(), v); err != nil {
		return err
	}
	entries, err := c.store.Audit(r.Context(), f)
	if err != nil {
		return err
	}
	out := make([]auditJSON, 0, len(entries))
	for _, e := range entries {
		out = append(out, auditJSON{e.Seq, Moment(e.At), e.Actor, e.Action, e.Tenant, e.Object, e.Note, e.Hash})
	}
	return v.JSON(w, http.StatusOK, map[string]any{"entries": out})
}

// apiVerify walks the chain of the whole log: one entry that was changed breaks it for everybody.
func (c *Console) apiVerify(w http.ResponseWriter, r *http.Request, v *Visit) error {
	n, last, err := c.store.VerifyAudit(r.Context())
	problem := ""
	if fault.CodeOf(err) == fault.Broken {
		problem, err = fault.MessageOf(err), nil
	}
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, map[string]any{"whole": problem == "", "entries": n, "hash": last, "problem": problem})
}
