package staff

import (
	"net/http"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

func (c *Console) officeRoutes() []Route {
	return []Route{
		Page("offices", access.ReadSettings, c.officesPage),
		Page("offices/{n}", access.EditSettings, c.officePage), Change("offices/{n}", access.EditSettings, c.saveOffice),
		Change("offices/{n}/delete", access.EditSettings, c.deleteOffice), Change("offices/{n}/up", access.EditSettings, c.officeUp),
	}
}

func (c *Console) officesPage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	offices, err := c.store.Offices(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	return v.Render(w, "offices", v.L.T("office_title"), offices)
}

type officeBody struct {
	store.Office
	N      string // its place in the list, "new" for one to be added
	Was    string // its name when the page was made: the list may have changed since
	Closed string // as written
}

// office gives the list and the place of the office of the path in it; -1 for one to be added.
func (c *Console) office(r *http.Request, v *Visit) ([]store.Office, int, error) {
	offices, err := c.store.Offices(r.Context(), v.Tenant.Slug)
	if err != nil || r.PathValue("n") == "new" {
		return offices, -1, err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 || n >= len(offices) {
		return nil, 0, fault.New(fault.NotFound, "there is no office %q", r.PathValue("n"))
	}
	if r.Method == http.MethodPost && r.PostFormValue("was") != offices[n].Name {
		return nil, 0, fault.New(fault.Conflict, "the list of offices changed")
	}
	return offices, n, nil
}

func (c *Console) officePage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	offices, n, err := c.office(r, v)
	if err != nil {
		return err
	}
	body := officeBody{N: r.PathValue("n")}
	if n >= 0 {
		body.Office, body.Was, body.Closed = offices[n], offices[n].Name, closedText(offices[n].Closed)
	}
	return c.drawOffice(w, v, body)
}

func (c *Console) drawOffice(w http.ResponseWriter, v *Visit, body officeBody) error {
	title := body.Was
	if title == "" {
		title = v.L.T("office_new")
	}
	return v.Render(w, "office", title, body)
}

func (c *Console) saveOffice(w http.ResponseWriter, r *http.Request, v *Visit) error {
	offices, n, err := c.office(r, v)
	if err != nil {
		return err
	}
	get := func(name string) string {
		return strings.TrimSpace(strings.ReplaceAll(r.PostFormValue(name), "\r\n", "\n"))
	}
	body := officeBody{N: r.PathValue("n"), Was: r.PostFormValue("was"), Closed: get("closed"), Office: store.Office{
		Name: get("name"), Hours: get("hours"), Phone: get("phone"), Email: get("email"), Address: get("address"), Subjects: listed(get("subjects")),
	}}
	wrong := func(key string) error {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T(key)
		return c.drawOffice(w, v, body)
	}
	closed, ok := closedDays(body.Closed)
	switch {
	case body.Name == "":
		return wrong("office_problem_name")
	case !ok:
		return wrong("office_problem_closed")
	case slices.ContainsFunc(offices, func(o store.Office) bool { return o.Name == body.Name && o.Name != body.Was }):
		return wrong("office_problem_twice")
	}
	if body.Email != "" {
		if _, err := mail.ParseAddress(body.Email); err != nil {
			return wrong("people_problem_email")
		}
	}
	body.Office.Closed = closed
	if n < 0 {
		offices = append(offices, body.Office)
	} else {
		offices[n] = body.Office
	}
	return c.keepOffices(w, r, v, offices, "office.change", body.Name, "office_done_saved")
}

func (c *Console) keepOffices(w http.ResponseWriter, r *http.Request, v *Visit, offices []store.Office, action, name, done string) error {
	if err := c.store.EditOffices(r.Context(), v.Actor(), v.Tenant.Slug, offices, action, name); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("offices"), done)
}

func (c *Console) deleteOffice(w http.ResponseWriter, r *http.Request, v *Visit) error {
	offices, n, err := c.office(r, v)
	if err != nil {
		return err
	}
	if n < 0 {
		return fault.New(fault.NotFound, "there is no such office")
	}
	name := offices[n].Name
	return c.keepOffices(w, r, v, slices.Delete(offices, n, n+1), "office.delete", name, "office_done_deleted")
}

// officeUp moves an office one place up: the first is the one that people are sent to when no other fits.
func (c *Console) officeUp(w http.ResponseWriter, r *http.Request, v *Visit) error {
	offices, n, err := c.office(r, v)
	if err != nil {
		return err
	}
	if n < 1 {
		return fault.New(fault.NotFound, "there is no office above")
	}
	offices[n-1], offices[n] = offices[n], offices[n-1]
	return c.keepOffices(w, r, v, offices, "office.move", offices[n-1].Name, "office_done_saved")
}

// listed reads a list written with commas, semicolons or a line each.
func listed(text string) (out []string) {
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}

// closedDays reads a line for each closure: "24/12/2026", "24/12/2026-31/12/2026 ferie", also with ISO dates.
func closedDays(text string) (out []store.Closed, ok bool) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		span, why, _ := strings.Cut(line, " ")
		from, to, run := strings.Cut(span, "-")
		if strings.Count(span, "-") == 2 {
			from, to, run = span, "", false // an ISO date
		}
		first, good := italianDay(from)
		last := ""
		if run {
			var also bool
			last, also = italianDay(to)
			good = good && also && last >= first
		}
		if !good {
			return nil, false
		}
		out = append(out, store.Closed{From: first, To: last, Why: strings.TrimSpace(why)})
	}
	return out, true
}

func italianDay(text string) (string, bool) {
	for _, layout := range []string{"2/1/2006", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

// closedText writes closures as closedDays reads them.
func closedText(list []store.Closed) string {
	written := func(day string) string {
		t, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return day
		}
		return t.Format("02/01/2006")
	}
	var lines []string
	for _, c := range list {
		line := written(c.From)
		if c.To != "" {
			line += "-" + written(c.To)
		}
		lines = append(lines, strings.TrimSpace(line+" "+c.Why))
	}
	return strings.Join(lines, "\n")
}
