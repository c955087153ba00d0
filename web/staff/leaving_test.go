package staff_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
	"sportello/web/staff/stafftest"
)

// An invitation goes by e-mail when there is one, and the page gives the link all the same; a server that does not take it is no end.
func TestInvitationByMail(t *testing.T) {
	var sent []string
	var fail error
	h := stafftest.New(t, nil, func(c *staff.Config) {
		c.PublicURL = "http://sportello.example.it"
		c.Mail = func(_ context.Context, to, subject, text string) error {
			sent = append(sent, to+"\n"+subject+"\n"+text)
			return fail
		}
	})
	c := h.As(access.Tenant, stafftest.Comune)
	page := c.Post(here+"people", "name", "Anna Verdi", "email", "anna@example.it", "role", "clerk").Is(200).Page()
	link := page.Find("#link").Text()
	if len(sent) != 1 || !strings.HasPrefix(sent[0], "anna@example.it\nAccesso allo sportello, Comune di") || !strings.Contains(sent[0], "Buongiorno Anna Verdi,") || !strings.Contains(sent[0], link) ||
		!strings.HasPrefix(link, "http://sportello.example.it/staff/link/") || page.Find(".alert-success").Length() != 1 {
		t.Errorf("sent %q, link %q", sent, link)
	}
	fail = errors.New("550 no such mailbox anna@example.it")
	anna, err := h.Store.PersonByEmail(t.Context(), "anna@example.it")
	if err != nil {
		t.Fatal(err)
	}
	page = c.Post(here + "people/" + anna.ID + "/link").Is(200).Page()
	if page.Find("#link").Text() == link || page.Find(".alert-warning").Length() != 1 || page.Find(".alert-success").Length() != 0 {
		t.Error("a message that did not leave is not said")
	}
}

// Somebody leaves: nothing that names them remains, what they did stays in the audit log, which is whole.
func TestErasePerson(t *testing.T) {
	h := stafftest.New(t, nil)
	c := h.As(access.Tenant, stafftest.Comune)
	gone := h.As(access.Clerk, stafftest.Comune)
	p := gone.Person
	at := here + "people/" + p.ID
	c.Post(at + "/erase").Is(409)
	c.Post(here + "people/" + c.Person.ID + "/erase").Is(409)
	c.Post(at + "/disable").Is(303)
	if text := c.Get(at).Is(200).Page().Find("#account").Parent().Text(); !strings.Contains(text, "Restano le operazioni nel registro") {
		t.Errorf("what stays is not said: %q", text)
	}
	c.Post(at + "/erase").Is(303)
	c.Get(at).Is(404)
	if _, err := h.Store.PersonByEmail(t.Context(), p.Email); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("still known by the address: %v", err)
	}
	kept, err := h.Store.Person(t.Context(), p.ID)
	if err != nil || kept.Name != store.ErasedName || strings.Contains(kept.Email, "@") || kept.Password != "" || !kept.Disabled {
		t.Errorf("%+v %v", kept, err)
	}
	everybody, err := h.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range everybody {
		if x.ID == p.ID {
			t.Error("still among the people")
		}
	}
	gone.Get(here).Is(303)
	entries, err := h.Store.Audit(t.Context(), store.AuditFilter{Action: "person.erase"})
	if err != nil || len(entries) != 1 || entries[0].Object != p.ID || entries[0].Actor != "person:"+c.Person.ID {
		t.Errorf("%+v %v", entries, err)
	}
	if text := c.Get(here + "audit").Is(200).Page().Find("main").Text(); strings.Contains(text, p.Name) {
		t.Errorf("%s", text)
	}
	// The last administrator cannot be erased, and nobody is there to be erased twice.
	if err := h.Store.ErasePerson(t.Context(), store.ActorCommand, "none"); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
}
