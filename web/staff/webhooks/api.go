package webhooks

import (
	"encoding/json"
	"net/http"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/webhook"
	"sportello/web/staff"
)

// apiRoutes is what the pages do, for programs: described in web/api/openapi.yaml.
func (p *pages) apiRoutes() []staff.Route {
	const edit, post = access.EditWebhooks, http.MethodPost
	return []staff.Route{
		staff.APIGet("webhooks", edit, p.apiList), staff.APIChange(post, "webhooks", edit, p.apiAdd),
		staff.APIGet("webhooks/{id}", edit, p.apiShow), staff.APIChange(http.MethodPatch, "webhooks/{id}", edit, p.apiChange),
		staff.APIChange(http.MethodDelete, "webhooks/{id}", edit, p.apiDrop),
		staff.APIChange(post, "webhooks/{id}/secret", edit, p.apiRenew), staff.APIChange(post, "webhooks/{id}/test", edit, p.apiTest),
		staff.APIGet("webhooks/{id}/deliveries", edit, p.apiDeliveries),
		staff.APIChange(post, "webhooks/{id}/deliveries/{delivery}/retry", edit, p.apiRetry),
	}
}

type webhookJSON struct {
	ID      string   `json:"id"`
	URL     string   `json:"url"`
	Events  []string `json:"events"`
	Active  bool     `json:"active"`
	Author  string   `json:"author"`
	Added   string   `json:"added"`
	Waiting int      `json:"waiting"`
	Failed  int      `json:"failed"`
}

func from(w *assistant.Webhook) webhookJSON {
	return webhookJSON{w.ID, w.URL, w.Events, w.Active, w.Author, staff.Moment(w.AddedAt), w.Waiting, w.Failed}
}

func (p *pages) apiList(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	all, err := p.Store.Webhooks(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	out := []webhookJSON{}
	for i := range all {
		out = append(out, from(&all[i]))
	}
	return v.JSON(w, http.StatusOK, map[string]any{"webhooks": out})
}

func (p *pages) apiAdd(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		URL    string   `json:"url"`
		Events []string `json:"events"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if problem := p.problem(in.URL, in.Events); problem != "" {
		return fault.New(fault.Invalid, "%s", v.L.T(problem))
	}
	secret := webhook.NewSecret()
	id, err := p.Store.AddWebhook(r.Context(), v.Actor(), assistant.Webhook{Tenant: v.Tenant.Slug, URL: in.URL, Events: in.Events}, secret)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusCreated, map[string]string{"id": id, "secret": secret})
}

func (p *pages) apiShow(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	one, err := p.Store.Webhook(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, from(one))
}

// apiChange changes what is sent.
func (p *pages) apiChange(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	one, err := p.Store.Webhook(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return err
	}
	var in struct {
		URL    *string  `json:"url"`
		Events []string `json:"events"`
		Active *bool    `json:"active"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if in.URL == nil && in.Events == nil && in.Active == nil {
		return fault.New(fault.Invalid, "nothing is said: send at least one field")
	}
	if in.URL != nil {
		one.URL = *in.URL
	}
	if in.Events != nil {
		one.Events = in.Events
	}
	if in.Active != nil {
		one.Active = *in.Active
	}
	if problem := p.problem(one.URL, one.Events); problem != "" {
		return fault.New(fault.Invalid, "%s", v.L.T(problem))
	}
	if err := p.Store.ChangeWebhook(r.Context(), v.Actor(), *one); err != nil {
		return err
	}
	return p.apiShow(w, r, v)
}

func (p *pages) apiDrop(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := p.Store.DropWebhook(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id")); err != nil {
		return err
	}
	return staff.NoContent(w)
}

func (p *pages) apiRenew(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := staff.NoBody(r); err != nil {
		return err
	}
	id, secret := r.PathValue("id"), webhook.NewSecret()
	if err := p.Store.RenewWebhook(r.Context(), v.Actor(), v.Tenant.Slug, id, secret); err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, map[string]string{"id": id, "secret": secret})
}

func (p *pages) apiTest(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := staff.NoBody(r); err != nil {
		return err
	}
	delivery, err := p.Store.TestWebhook(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusCreated, map[string]int64{"delivery": delivery})
}

type deliveryJSON struct {
	ID      int64           `json:"id"`
	Message string          `json:"message"`
	Event   string          `json:"event"`
	Body    json.RawMessage `json:"body"`
	At      string          `json:"at"`
	State   string          `json:"state"`
	Tries   int             `json:"tries"`
	Next    string          `json:"next"`
	Status  int             `json:"status"`
	Error   string          `json:"error"`
}

func (p *pages) apiDeliveries(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	limit, offset, err := staff.Window(r)
	if err != nil {
		return err
	}
	all, err := p.Store.Deliveries(r.Context(), v.Tenant.Slug, r.PathValue("id"), limit, offset)
	if err != nil {
		return err
	}
	out := []deliveryJSON{}
	for _, d := range all {
		out = append(out, deliveryJSON{d.ID, d.Message, d.Event, json.RawMessage(d.Body), staff.Moment(d.At), d.State, d.Tries, staff.Moment(d.Next), d.Status, d.Error})
	}
	return v.JSON(w, http.StatusOK, map[string]any{"deliveries": out})
}

func (p *pages) apiRetry(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := staff.NoBody(r); err != nil {
		return err
	}
	if err := p.again(r, v); err != nil {
		return err
	}
	return staff.NoContent(w)
}
