// Package webhooks is the part of the staff console, and of its interface for programs, in which an administrator says which other
// programs are told what happens, sees what was sent to them and has it sent again. assistant/webhook sends.
package webhooks

import (
	"embed"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/assistant/webhook"
	"sportello/web/staff"
)

//go:embed templates/*.html
var templates embed.FS

// Config is what New needs.
type Config struct {
	Store *store.Store
	Check func(address string) error // whether messages may be sent there
}

type pages struct{ Config }

// New gives the part.
func New(c Config) staff.Part {
	p := &pages{c}
	const edit = access.EditWebhooks
	return staff.Part{
		Templates: templates,
		Menu:      []staff.MenuItem{{Label: "webhooks_menu", Path: "webhooks", Icon: "it-plug", Action: edit, Order: 96}},
		Routes: append(p.apiRoutes(), []staff.Route{
			staff.Page("webhooks", edit, p.list), staff.Change("webhooks", edit, p.add),
			staff.Page("webhooks/{id}", edit, p.show), staff.Change("webhooks/{id}", edit, p.change),
			staff.Change("webhooks/{id}/secret", edit, p.renew), staff.Change("webhooks/{id}/test", edit, p.test), staff.Change("webhooks/{id}/delete", edit, p.drop),
			staff.Change("webhooks/{id}/deliveries/{delivery}/retry", edit, p.retry),
		}...),
	}
}

type listBody struct {
	List   []assistant.Webhook
	Events []string
	URL    string
	Chosen []string
}

// Has says whether an event is ticked.
func (b listBody) Has(event string) bool { return slices.Contains(b.Chosen, event) }

func (p *pages) list(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.drawList(w, r, v, listBody{Chosen: []string{assistant.EventDocument}})
}

func (p *pages) drawList(w http.ResponseWriter, r *http.Request, v *staff.Visit, body listBody) error {
	var err error
	body.Events = assistant.Events
	if body.List, err = p.Store.Webhooks(r.Context(), v.Tenant.Slug); err != nil {
		return err
	}
	return v.Render(w, "webhooks", v.L.T("webhooks_title"), body)
}

// read gives address and events of a form.
func read(r *http.Request) (address string, events []string, err error) {
	if err := r.ParseForm(); err != nil {
		return "", nil, fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	return strings.TrimSpace(r.PostFormValue("url")), r.PostForm["event"], nil
}

// problem is the key of a message that says what is wrong with address and events.
func (p *pages) problem(address string, events []string) string {
	switch {
	case p.Check(address) != nil:
		return "webhooks_problem_url"
	case len(events) == 0 || slices.ContainsFunc(events, func(e string) bool { return !slices.Contains(assistant.Events, e) }):
		return "webhooks_problem_events"
	}
	return ""
}

func (p *pages) add(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	address, events, err := read(r)
	if err != nil {
		return err
	}
	if problem := p.problem(address, events); problem != "" {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T(problem)
		return p.drawList(w, r, v, listBody{URL: address, Chosen: events})
	}
	secret := webhook.NewSecret()
	id, err := p.Store.AddWebhook(r.Context(), v.Actor(), assistant.Webhook{Tenant: v.Tenant.Slug, URL: address, Events: events}, secret)
	if err != nil {
		return err
	}
	r.SetPathValue("id", id)
	return p.draw(w, r, v, showBody{Secret: secret})
}

// perPage is how many messages a page shows.
const perPage = 50

type showBody struct {
	assistant.Webhook
	Choice     []string
	Deliveries []assistant.Delivery
	Secret     string // of the one just made, shown once
	From       int
	Next       int // where the next page begins, 0: that was all
}

// Has says whether an event is ticked.
func (b showBody) Has(event string) bool { return slices.Contains(b.Events, event) }

func (p *pages) show(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	from, _ := strconv.Atoi(r.URL.Query().Get("from")) // nonsense is the beginning
	return p.draw(w, r, v, showBody{From: max(from, 0)})
}

func (p *pages) draw(w http.ResponseWriter, r *http.Request, v *staff.Visit, body showBody) error {
	one, err := p.Store.Webhook(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return err
	}
	body.Webhook, body.Choice = *one, assistant.Events
	if body.Deliveries, err = p.Store.Deliveries(r.Context(), v.Tenant.Slug, one.ID, perPage+1, body.From); err != nil {
		return err
	}
	if len(body.Deliveries) > perPage {
		body.Deliveries, body.Next = body.Deliveries[:perPage], body.From+perPage
	}
	return v.Render(w, "webhook", v.L.T("webhooks_one_title"), body)
}

func (p *pages) change(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	address, events, err := read(r)
	if err != nil {
		return err
	}
	if problem := p.problem(address, events); problem != "" {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T(problem)
		return p.draw(w, r, v, showBody{})
	}
	id := r.PathValue("id")
	err = p.Store.ChangeWebhook(r.Context(), v.Actor(), assistant.Webhook{ID: id, Tenant: v.Tenant.Slug, URL: address, Events: events, Active: r.PostFormValue("active") == "1"})
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("webhooks/"+id), "webhooks_done_changed")
}

func (p *pages) renew(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	secret := webhook.NewSecret()
	if err := p.Store.RenewWebhook(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id"), secret); err != nil {
		return err
	}
	return p.draw(w, r, v, showBody{Secret: secret})
}

func (p *pages) test(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id := r.PathValue("id")
	if _, err := p.Store.TestWebhook(r.Context(), v.Actor(), v.Tenant.Slug, id); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("webhooks/"+id), "webhooks_done_test")
}

func (p *pages) drop(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := p.Store.DropWebhook(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id")); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("webhooks"), "webhooks_done_deleted")
}

func (p *pages) retry(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id := r.PathValue("id")
	err := p.again(r, v)
	if err != nil && fault.CodeOf(err) != fault.Conflict { // it waits already
		return err
	}
	return v.Done(w, r, v.URL("webhooks/"+id), "webhooks_done_retry")
}

// again has the message of the path sent once more.
func (p *pages) again(r *http.Request, v *staff.Visit) error {
	delivery, err := strconv.ParseInt(r.PathValue("delivery"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "there is no message %q", r.PathValue("delivery"))
	}
	return p.Store.RetryDelivery(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id"), delivery)
}
