package staff_test

import (
	"strings"
	"testing"

	"sportello/assistant/access"
	"sportello/web/staff"
	"sportello/web/staff/stafftest"
)

// The end of the first steps gives the line of the widget, and so does its setting.
func TestSnippet(t *testing.T) {
	h := stafftest.New(t, nil, func(c *staff.Config) { c.PublicURL = "http://sportello.example.it" })
	c := h.As(access.Tenant, stafftest.Comune)
	const want = `<script src="http://sportello.example.it/widget.js" data-tenant="` + stafftest.Comune + `" defer></script>`
	if got := c.Get(here + "site").Is(200).Page().Find("#widget").Text(); got != want {
		t.Errorf("at the end of the first steps: %s", got)
	}
	if got := c.Get(here + "settings").Is(200).Page().Find("#widget_origins .state").Text(); !strings.Contains(got, want) {
		t.Errorf("beside the setting: %s", got)
	}
}

// Lists of web sites are stored as browsers and the crawler read them; what is none is refused.
func TestSiteSettings(t *testing.T) {
	for _, tc := range []struct {
		kind        staff.SettingKind
		value, want string
		problem     string
	}{
		{staff.Origins, "", "", ""},
		{staff.Origins, " https://WWW.Comune.example.it/ \r\nhttps://www.comune.example.it:443, https://servizi.example.it:8443", "https://www.comune.example.it\nhttps://servizi.example.it:8443", ""},
		{staff.Origins, "http://localhost:8080", "http://localhost:8080", ""},
		{staff.Origins, "http://127.0.0.1:80", "http://127.0.0.1", ""},
		{staff.Origins, "http://www.comune.example.it", "", "setting_problem_origin"},
		{staff.Origins, "https://*.example.it", "", "setting_problem_origin"},
		{staff.Origins, "https://www.comune.example.it/pagina", "", "setting_problem_origin"},
		{staff.Origins, "https://a@www.comune.example.it", "", "setting_problem_origin"},
		{staff.Origins, "www.comune.example.it", "", "setting_problem_origin"},
		{staff.Origins, "null", "", "setting_problem_origin"},
		{staff.Origins, "https://example.it'; script-src *", "", "setting_problem_origin"},
		{staff.Hosts, "www.Comune.example.it.\n*.example.it\nhttps://albo.example.it/pagina", "www.comune.example.it\n*.example.it\nalbo.example.it", ""},
		{staff.Hosts, "10.0.0.1", "", "setting_problem_host"},
		{staff.Hosts, "169.254.169.254", "", "setting_problem_host"},
		{staff.Hosts, "localhost", "", "setting_problem_host"},
		{staff.Hosts, "server.local", "", "setting_problem_host"},
		{staff.Hosts, "*.it", "", "setting_problem_host"},
		{staff.Hosts, "[::1]", "", "setting_problem_host"},
		{staff.Hosts, "https://www.example.it:8080/", "", "setting_problem_host"},
	} {
		got, problem := staff.Setting{Kind: tc.kind}.Clean(tc.value)
		if problem != tc.problem || problem == "" && got != tc.want {
			t.Errorf("%s %q = %q, %q; want %q, %q", tc.kind, tc.value, got, problem, tc.want, tc.problem)
		}
	}
}
