package questions

import (
	"context"
	"net/http"
	"strings"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/web/staff"
)

const (
	mostNotice  = 500
	mostSubject = 80
)

type switchBody struct {
	Closures []assistant.Closure
	Whole    *assistant.Closure
	Subjects []string
	Subject  string
	Notice   string
}

func (p *pages) switches(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.showSwitch(w, r, v, switchBody{})
}

func (p *pages) showSwitch(w http.ResponseWriter, r *http.Request, v *staff.Visit, b switchBody) error {
	all, err := p.closures(r.Context(), v)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Subject == "" {
			b.Whole = &c
		} else {
			b.Closures = append(b.Closures, c)
		}
	}
	if _, b.Subjects, err = p.offices(r.Context(), v.Tenant.Slug); err != nil {
		return err
	}
	return v.Render(w, "switch", v.L.T("switch_title"), b)
}

// closures gives what is switched off in the tenant.
func (p *pages) closures(ctx context.Context, v *staff.Visit) (out []assistant.Closure, err error) {
	all, err := p.Store.Closures(ctx)
	for _, c := range all {
		if c.Tenant == v.Tenant.Slug {
			out = append(out, c)
		}
	}
	return out, err
}

// off switches the assistant or a subject off. Running answers end within a second, on every server of this data folder.
func (p *pages) off(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	c := assistant.Closure{Tenant: v.Tenant.Slug, Notice: oneLine(r.PostFormValue("notice")), By: by(v)}
	if r.PostFormValue("what") == "subject" {
		c.Subject = oneLine(r.PostFormValue("subject"))
		if c.Subject == "" || len([]rune(c.Subject)) > mostSubject {
			v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("switch_problem_subject")
			return p.showSwitch(w, r, v, switchBody{Notice: c.Notice, Subject: c.Subject})
		}
	}
	if len([]rune(c.Notice)) > mostNotice {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("switch_problem_notice")
		return p.showSwitch(w, r, v, switchBody{Notice: c.Notice, Subject: c.Subject})
	}
	if err := p.Store.SwitchOff(r.Context(), c, entry(v, "assistant.off", c.Subject, "")); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("switch"), "switch_done_off")
}

func (p *pages) on(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	subject := strings.TrimSpace(r.PostFormValue("subject"))
	err := p.Store.SwitchOn(r.Context(), v.Tenant.Slug, subject, entry(v, "assistant.on", subject, ""))
	if err != nil && fault.CodeOf(err) != fault.NotFound { // somebody else switched it on first: it is on
		return err
	}
	return v.Done(w, r, v.URL("switch"), "switch_done_on")
}
