package staff_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/access"
	"sportello/assistant/store"
	"sportello/locales"
	"sportello/web/site"
	"sportello/web/staff"
	"sportello/web/staff/stafftest"
)

const here = "/staff/t/" + stafftest.Comune + "/"

func TestPeople(t *testing.T) {
	h := stafftest.New(t, nil)
	c := h.As(access.Tenant, stafftest.Comune)
	boss := h.Person(access.Territory, stafftest.Provincia)
	h.Person(access.Clerk, stafftest.Sibling)
	page := c.Get(here + "people").Is(200).Page()
	if n := page.Find("tbody tr").Length(); n != 2 {
		t.Errorf("%d people, want the administrator here and the one above", n)
	}
	var roles []string
	for _, o := range page.Find("input[name=role]").EachIter() {
		roles = append(roles, o.AttrOr("value", ""))
	}
	if diff := cmp.Diff([]string{"tenant", "segretario", "editor", "clerk", "facilitator", "auditor"}, roles); diff != "" {
		t.Errorf("roles that may be given:\n%s", diff)
	}
	c.Post(here+"people", "name", "Anna", "email", "anna@example.it", "role", "territory").Is(422)
	c.Post(here+"people", "name", "Anna", "email", "anna", "role", "clerk").Is(422)
	c.Post(here+"people", "name", " ", "email", "anna@example.it", "role", "clerk").Is(422)
	link := c.Post(here+"people", "name", "Anna Verdi", "email", "Anna@example.it", "role", "clerk").Is(200).Page().Find("#link").Text()
	if !strings.HasPrefix(link, h.Server.URL+"/staff/link/") {
		t.Fatalf("link %q", link)
	}
	v := h.Visitor()
	path := strings.TrimPrefix(link, h.Server.URL)
	v.Get(path).Is(200)
	v.Post(path, "new", "una frase tutta nuova", "again", "una frase tutta nuova").Is(303)
	v.Post("/staff/login", "email", "anna@example.it", "password", "una frase tutta nuova").Is(303)
	v.Get(here + "offices").Is(200)
	anna, err := h.Store.PersonByEmail(t.Context(), "anna@example.it")
	if err != nil {
		t.Fatal(err)
	}
	at := here + "people/" + anna.ID
	c.Get(at).Is(200)
	c.Post(at+"/grant", "role", "editor").Is(303)
	c.Post(at+"/grant", "role", "territory").Is(403)
	c.Post(at+"/revoke", "role", "editor").Is(303)
	c.Post(at+"/revoke", "role", "editor").Is(404)
	c.Post(at+"/revoke", "role", "territory").Is(403)
	c.Post(at + "/link").Is(200)
	c.Post(at + "/sessions/end").Is(303)
	v.Get(here + "offices").Is(303)
	c.Post(at + "/disable").Is(303)
	if c.Get(at).Is(200).Page().Find(".alert-warning").Length() != 1 {
		t.Error("not shown as disabled")
	}
	c.Post(at + "/enable").Is(303)
	c.Post(at + "/totp").Is(303)
	// Somebody with wider rights elsewhere: seen, and left alone. A new link for that account would be a way up.
	up := here + "people/" + boss.ID
	if c.Get(up).Is(200).Page().Find("#account").Length() != 0 {
		t.Error("the account of an administrator above can be managed")
	}
	for _, what := range []string{"link", "disable", "totp", "sessions/end"} {
		c.Post(up + "/" + what).Is(403)
	}
	if text := c.Post(here+"people", "name", "x", "email", boss.Email, "role", "clerk").Is(303).Text; strings.Contains(text, "/staff/link/") {
		t.Error("a link for an administrator above")
	}
	// Nobody of another comune is there at all.
	other := h.Person(access.Clerk, stafftest.Sibling)
	c.Get(here + "people/" + other.ID).Is(404)
	c.Post(here + "people/" + other.ID + "/disable").Is(404)
	c.Post(here + "people/" + c.Person.ID + "/disable").Is(409)
	c.Post(here + "people/" + c.Person.ID + "/sessions/end").Is(303)
	c.Get(here + "people").Is(200)
	c.Post(at+"/revoke", "role", "clerk").Is(303)
	c.Get(at).Is(404)
	c.Post(here+"people/"+c.Person.ID+"/revoke", "role", "tenant").Is(303)
	c.Get(here + "people").Is(404)
	c.Get("/staff/?all=1").Is(200)
}

func TestTenants(t *testing.T) {
	h := stafftest.New(t, nil)
	c := h.As(access.Territory, stafftest.Unione)
	at := "/staff/t/" + stafftest.Unione + "/tenants"
	if n := c.Get(at).Is(200).Page().Find("tbody tr").Length(); n != 3 {
		t.Errorf("%d tenants", n)
	}
	c.Post(at, "kind", "comune", "name", "avella", "parent", stafftest.Unione).Is(303)
	got, err := h.Store.Tenant(t.Context(), "avella")
	if err != nil || got.Name != "Comune di Avella" || got.ISTAT != "064007" || got.IPA != "c_a508" || got.Parent != stafftest.Unione {
		t.Errorf("%+v %v", got, err)
	}
	for _, fields := range [][]string{
		{"kind", "comune", "name", "Avella"}, {"kind", "comune", "name", "Parigi"}, {"kind", "comune", "istat", "999999"}, {"kind", "unione", "name", ""},
		{"kind", "comune", "name", "Baiano", "ipa", "c_z999"}, {"kind", "comune", "name", "Baiano", "slug", "NO NO"}, {"kind", "provincia", "name", "Provincia di Altrove"},
	} {
		c.Post(at, append(fields, "parent", stafftest.Unione)...).Is(422)
	}
	if n := c.Post(at, "kind", "comune", "name", "Samone", "parent", stafftest.Unione).Is(422).Page().Find("input[name=istat]").Length(); n != 2 {
		t.Errorf("%d comuni to choose from", n)
	}
	c.Post(at, "kind", "comune", "istat", "001235", "parent", stafftest.Unione).Is(303)
	c.Post(at, "kind", "comune", "name", "Baiano", "parent", stafftest.Provincia).Is(403)
	c.Get("/staff/tenants").Is(403)
	c.Get("/staff/comuni?name=avell").Is(200)

	table := func(path, text string) *stafftest.Answer {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		_ = form.WriteField("csrf", c.Token())
		if text != "" {
			file, _ := form.CreateFormFile("file", "enti.csv")
			_, _ = file.Write([]byte(text))
		}
		_ = form.Close()
		r := c.Request(http.MethodPost, path, &body)
		r.Header.Set("Content-Type", form.FormDataContentType())
		return c.Do(r)
	}
	table(at+"/import", "").Is(422)
	if text := table(at+"/import", "nome;istat\nBaiano;064007\n").Is(200).Text; !strings.Contains(text, "0 enti") {
		t.Error("a comune that is there already was added")
	}
	table(at+"/import", "nome;istat\nBaiano;999999\n").Is(422)
	table(at+"/import", "nome;sopra\nBaiano;"+stafftest.Provincia+"\n").Is(422)
	table(at+"/import", "nome;sopra\nBaiano;nessuno\n").Is(422)
	if text := table(at+"/import", "nome;istat\nBaiano;\nMugnano del Cardinale;\n").Is(200).Text; !strings.Contains(text, "2 enti aggiunti") {
		t.Error("not added")
	}
	c.Get("/staff/t/avella/tenant").Is(200)
	c.Post("/staff/t/avella/tenant", "name", "Città di Avella", "istat", "064007", "ipa", "c_a508").Is(303)
	c.Post("/staff/t/avella/tenant", "name", "", "istat", "064007").Is(422)
	c.Post("/staff/t/avella/tenant", "name", "x", "istat", "064007", "ipa", "c_a509").Is(422)
	if got, _ = h.Store.Tenant(t.Context(), "avella"); got.Name != "Città di Avella" || got.Parent != stafftest.Unione {
		t.Errorf("%+v", got)
	}
	all := h.As(access.Territory, store.Everywhere)
	all.Get("/staff/tenants").Is(200)
	all.Post("/staff/tenants", "kind", "provincia", "name", "Provincia di Altrove").Is(303)
	if n := all.Get("/staff/").Is(200).Page().Find(".tenant").Length(); n < 8 {
		t.Errorf("%d tenants", n)
	}
}

func TestOffices(t *testing.T) {
	h := stafftest.New(t, nil)
	c := h.As(access.Tenant, stafftest.Comune)
	if c.Get(here+"offices").Is(200).Page().Find(".empty a").Length() != 1 {
		t.Error("an empty list does not teach")
	}
	c.Get(here + "offices/new").Is(200)
	c.Post(here+"offices/new", "name", "Tributi", "subjects", "IMU, TARI;rifiuti", "hours", "lunedì 9-12", "closed", "24/12/2026 vigilia\n2026-12-27\n10/08/2026-21/08/2026 ferie", "email", "tributi@example.it").Is(303)
	c.Post(here+"offices/new", "name", "Anagrafe").Is(303)
	got, err := h.Store.Offices(t.Context(), stafftest.Comune)
	want := []store.Office{{Name: "Tributi", Subjects: []string{"IMU", "TARI", "rifiuti"}, Hours: "lunedì 9-12", Email: "tributi@example.it",
		Closed: []store.Closed{{From: "2026-12-24", Why: "vigilia"}, {From: "2026-12-27"}, {From: "2026-08-10", To: "2026-08-21", Why: "ferie"}}}, {Name: "Anagrafe"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
	if text := c.Get(here + "offices/0").Is(200).Page().Find("#f-closed").Text(); text != "24/12/2026 vigilia\n27/12/2026\n10/08/2026-21/08/2026 ferie" {
		t.Errorf("%q", text)
	}
	for _, fields := range [][]string{
		{"name", ""}, {"name", "Anagrafe"}, {"name", "x", "email", "no"}, {"name", "x", "closed", "domani"}, {"name", "x", "closed", "21/08/2026-10/08/2026"}, {"name", "x", "closed", "31/02/2026"},
	} {
		c.Post(here+"offices/0", append(fields, "was", "Tributi")...).Is(422)
	}
	c.Post(here+"offices/0", "name", "Ufficio tributi", "was", "Tributi").Is(303)
	c.Post(here+"offices/0", "name", "x", "was", "Tributi").Is(409)
	c.Post(here+"offices/9", "name", "x").Is(404)
	c.Post(here+"offices/0/up", "was", "Ufficio tributi").Is(404)
	c.Post(here+"offices/1/up", "was", "Anagrafe").Is(303)
	c.Post(here+"offices/0/delete", "was", "Anagrafe").Is(303)
	c.Post(here + "offices/new/delete").Is(404)
	if got, _ = h.Store.Offices(t.Context(), stafftest.Comune); len(got) != 1 || got[0].Name != "Ufficio tributi" {
		t.Errorf("%+v", got)
	}
	if h.As(access.Clerk, stafftest.Comune).Get(here+"offices").Is(200).Page().Find("main form, main a").Length() != 0 {
		t.Error("a clerk is shown what they may not do")
	}
}

func TestSettings(t *testing.T) {
	h := stafftest.New(t, func(*store.Store) []staff.Part {
		return []staff.Part{{Settings: []staff.Setting{
			{Key: "prova.n", Group: "page", Kind: staff.Number, Min: 0, Max: 30, Default: "7"}, {Key: "prova.si", Group: "page", Kind: staff.Switch},
			{Key: "prova.uno", Group: "page", Kind: staff.Choice, Choices: []string{"a", "b"}}, {Key: "prova.righe", Group: "page", Kind: staff.Lines, Max: 20},
			{Key: "prova.testo", Group: "page", Kind: staff.Text},
		}}}
	})
	c := h.As(access.Tenant, stafftest.Comune)
	above := h.As(access.Tenant, stafftest.Unione)
	page := c.Get(here + "settings").Is(200).Page()
	if n := page.Find(".setting").Length(); n != len(h.Console.Settings()) {
		t.Errorf("%d settings", n)
	}
	for _, tc := range []struct {
		key, value, stored string
		status             int
	}{
		{"prova.n", " 12 ", "12", 303}, {"prova.n", "31", "12", 422}, {"prova.n", "sette", "12", 422}, {"prova.si", "1", "1", 303}, {"prova.si", "", "0", 303},
		{"prova.uno", "b", "b", 303}, {"prova.uno", "c", "b", 422}, {"prova.righe", "x\r\n\r\n y \nx", "x\ny", 303}, {"prova.righe", strings.Repeat("z", 21), "x\ny", 422},
		{"prova.testo", " a  b\nc ", "a b c", 303}, {"page.languages", "en it", "it en", 303}, {"page.languages", "en", "it en", 422}, {"page.languages", "", "it en", 422},
		{"page.colour", "#0059B3", "#0059b3", 303}, {"page.colour", "#ffff00", "#0059b3", 422}, {"page.colour", "red", "#0059b3", 422}, {"page.colour", "#zzzzzz", "#0059b3", 422},
		{"links.privacy", "https://www.example.it/privacy", "https://www.example.it/privacy", 303}, {"links.privacy", "javascript:alert(1)", "https://www.example.it/privacy", 422},
		{"links.privacy", "http://www.example.it", "https://www.example.it/privacy", 422}, {"links.privacy", "", "", 303}, {"page.notice", "Ciao\r\na tutti", "Ciao\na tutti", 303},
		{site.SettingWidget, "https://www.example.it/\nhttps://albo.example.it", "https://www.example.it\nhttps://albo.example.it", 303}, {site.SettingWidget, "*", "https://www.example.it\nhttps://albo.example.it", 422},
	} {
		c.Post(here+"settings/"+tc.key, "value", tc.value).Is(tc.status)
		if x, _, err := h.Store.Setting(t.Context(), stafftest.Comune, tc.key); x.Value != tc.stored || err != nil {
			t.Errorf("%s = %q gives %q, want %q (%v)", tc.key, tc.value, x.Value, tc.stored, err)
		}
	}
	c.Post(here+"settings/none", "value", "x").Is(404)
	c.Post(here + "settings/none/inherit").Is(404)
	above.Post("/staff/t/"+stafftest.Unione+"/settings/page.notice", "value", "Dall'Unione").Is(303)
	c.Post(here + "settings/page.notice/inherit").Is(303)
	if text := c.Get(here + "settings").Page().Find("#page_notice").Text(); !strings.Contains(text, "Ereditato da: Unione di Prova") || !strings.Contains(text, "Dall'Unione") {
		t.Errorf("%s", text)
	}
	// What the citizens' pages read of it.
	got, err := site.FromStore(h.Store).Tenant(t.Context(), stafftest.Comune)
	if err != nil || got.Notice != "Dall'Unione" || got.Colour != "#0059b3" || !slices.Equal(got.Languages, []string{"it", "en"}) || !got.MayEmbed("https://albo.example.it") || got.MayEmbed("https://example.it") {
		t.Errorf("%+v %v", got, err)
	}
	reader := h.As(access.Auditor, stafftest.Comune).Get(here + "settings").Is(200).Page()
	if reader.Find("main button").Length() != 0 || reader.Find("main input:not([disabled]):not([type=hidden]), main textarea:not([disabled])").Length() != 0 {
		t.Error("an auditor is shown what they may not do")
	}
}

// The languages of the setting are those of the interface.
func TestLanguagesAgree(t *testing.T) {
	c, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	var tags []string
	for _, l := range c.Languages() {
		tags = append(tags, l.Tag)
	}
	if diff := cmp.Diff(tags, site.Languages()); diff != "" {
		t.Error(diff)
	}
}

func TestAudit(t *testing.T) {
	h := stafftest.New(t, nil)
	c := h.As(access.Tenant, stafftest.Comune)
	note := func(tenant, action, object string) {
		t.Helper()
		if err := h.Store.Note(t.Context(), store.AuditEntry{Actor: "person:" + c.Person.ID, Action: action, Tenant: tenant, Object: object}); err != nil {
			t.Fatal(err)
		}
	}
	for range 55 {
		note(stafftest.Comune, "office.change", "=1+1")
	}
	note(stafftest.Sibling, "office.change", "segreto")
	note(stafftest.Unione, "office.change", "segreto")
	page := c.Get(here + "audit").Is(200)
	if n := page.Page().Find("tbody tr").Length(); n != 50 || strings.Contains(page.Text, "segreto") {
		t.Errorf("%d entries", n)
	}
	next := page.Page().Find(".pager a").AttrOr("href", "")
	if n := c.Get(here + "audit" + next).Is(200).Page().Find("tbody tr").Length(); n != 6 { // and the role that was given
		t.Errorf("%d older entries", n)
	}
	if n := c.Get(here + "audit?action=role.grant").Page().Find("tbody tr").Length(); n != 1 {
		t.Errorf("%d roles given", n)
	}
	if n := c.Get(here + "audit?actor=person:none&from=2020-01-01&to=2020-01-02").Page().Find(".empty").Length(); n != 1 {
		t.Error("no empty page")
	}
	csv := c.Get(here + "audit.csv").Is(200)
	if !strings.Contains(csv.Text, ";'=1+1;") || strings.Contains(csv.Text, ";=1+1") || strings.Contains(csv.Text, "segreto") || csv.Header.Get("Content-Disposition") == "" {
		t.Errorf("%.300s", csv.Text)
	}
	if text := h.As(access.Auditor, stafftest.Unione).Get("/staff/t/" + stafftest.Unione + "/audit").Is(200).Text; strings.Count(text, "segreto") != 2 {
		t.Error("who is above does not see what is below")
	}
	if text := h.As(access.Territory, store.Everywhere).Get(here + "audit").Is(200).Text; !strings.Contains(text, "persona aggiunta") {
		t.Error("what is of no tenant is shown to nobody")
	}
}

func TestTokens(t *testing.T) {
	h := stafftest.New(t, nil)
	c := h.As(access.Tenant, stafftest.Comune)
	c.Get(here + "tokens").Is(200)
	for _, fields := range [][]string{{"name", "sito", "days", "90"}, {"name", "", "days", "90", "action", "audit.read"}, {"name", "x", "days", "9999", "action", "audit.read"}, {"name", "x", "days", "x", "action", "audit.read"}} {
		c.Post(here+"tokens", fields...).Is(422)
	}
	c.Post(here+"tokens", "name", "x", "days", "1", "action", "tenants.edit").Is(403)
	secret := c.Post(here+"tokens", "name", "sito", "days", "90", "action", "audit.read").Is(200).Page().Find("#token").Text()
	ask := func(path string) *stafftest.Answer {
		v := h.Visitor()
		r := v.Request(http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer "+secret)
		return v.Do(r)
	}
	if text := ask("/api/v1/t/" + stafftest.Comune + "/manage/audit").Is(200).Text; !strings.Contains(text, `"token.add"`) {
		t.Errorf("%s", text)
	}
	// The token may no more than who made it may today.
	for _, role := range []access.Role{access.Tenant} {
		if err := h.Store.Revoke(t.Context(), store.ActorCommand, store.Member{Person: c.Person.ID, Tenant: stafftest.Comune, Role: role}); err != nil {
			t.Fatal(err)
		}
	}
	ask("/api/v1/t/" + stafftest.Comune + "/manage/audit").Is(404)
	if err := h.Store.Grant(t.Context(), store.ActorCommand, store.Member{Person: c.Person.ID, Tenant: stafftest.Comune, Role: access.Tenant}); err != nil {
		t.Fatal(err)
	}
	ask("/api/v1/t/" + stafftest.Comune + "/manage/audit").Is(200)
	revoke := c.Get(here+"tokens").Page().Find("tbody form").AttrOr("action", "")
	c.Post(revoke).Is(303)
	c.Post(revoke).Is(404)
	if a := ask("/api/v1/t/" + stafftest.Comune + "/manage/audit").Is(401); !strings.Contains(a.Text, `"unsigned"`) || a.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("%s", a.Text)
	}
	if c.Get(here+"tokens").Page().Find(".badge.bad").Length() != 1 {
		t.Error("not shown as revoked")
	}
}

// A row that cannot be right stops the program.
func TestWrongRoutes(t *testing.T) {
	s := stafftest.New(t, nil).Store
	ok := func(http.ResponseWriter, *http.Request, *staff.Visit) error { return nil }
	for name, p := range map[string]staff.Part{
		"no handler":      {Routes: []staff.Route{staff.Page("x", access.Enter, nil)}},
		"no action":       {Routes: []staff.Route{staff.Page("x", "", ok)}},
		"unknown action":  {Routes: []staff.Route{staff.Page("x", "everything", ok)}},
		"twice":           {Routes: []staff.Route{staff.Page("x/{id}", access.Enter, ok), staff.Page("x/{other}", access.Enter, ok)}},
		"elsewhere":       {Routes: []staff.Route{{Method: "GET", Path: "/t/{slug}/x", Scope: staff.InTenant, Action: access.Enter, Handler: ok}}},
		"of no tenant":    {Routes: []staff.Route{{Method: "GET", Path: "/staff/t/{slug}/x", Scope: staff.Open, Handler: ok}}},
		"idle action":     {Routes: []staff.Route{{Method: "GET", Path: "/staff/x", Scope: staff.Signed, Action: access.Enter, Handler: ok}}},
		"open interface":  {Routes: []staff.Route{{Method: "GET", Path: "/api/v1/x", Scope: staff.Overall, Action: access.Enter, Handler: ok}}},
		"menu in silence": {Menu: []staff.MenuItem{{Label: "no_such_message"}}},
	} {
		if _, err := staff.New(staff.Config{Store: s, Parts: []staff.Part{p}}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := staff.New(staff.Config{}); err == nil {
		t.Error("without a store")
	}
}
