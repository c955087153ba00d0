package staff

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/registry"
	"sportello/assistant/store"
)

// branch is a tenant in the tree, with how deep it is.
type branch struct {
	store.Tenant
	Depth int
	Catas string
}

type treeBody struct {
	Tree    []branch
	Parents []branch // that something can be added below
	Overall bool     // the whole installation
	Form    store.Tenant
	Found   []registry.Comune // comuni that a name may mean
	Action  string            // where the forms go
}

// tree gives the tenants below root, root included, or all when root is empty: each followed by those below it, by name.
func tree(all []store.Tenant, root string) (out []branch) {
	var walk func(t store.Tenant, depth int)
	walk = func(t store.Tenant, depth int) {
		catas := ""
		if strings.HasPrefix(t.IPA, "c_") {
			catas = strings.ToUpper(strings.TrimPrefix(t.IPA, "c_"))
		}
		out = append(out, branch{t, depth, catas})
		for _, below := range byName(all, func(x store.Tenant) bool { return x.Parent == t.Slug }) {
			walk(below, depth+1)
		}
	}
	for _, t := range byName(all, func(x store.Tenant) bool { return root != "" && x.Slug == root || root == "" && x.Parent == "" }) {
		walk(t, 0)
	}
	return out
}

func byName(all []store.Tenant, keep func(store.Tenant) bool) (out []store.Tenant) {
	for _, t := range all {
		if keep(t) {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b store.Tenant) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func (c *Console) treePage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return c.drawTree(r.Context(), w, v, treeBody{})
}

func (c *Console) drawTree(ctx context.Context, w http.ResponseWriter, v *Visit, body treeBody) error {
	all, err := c.store.Tenants(ctx)
	if err != nil {
		return err
	}
	root := ""
	if v.Tenant != nil {
		root = v.Tenant.Slug
		body.Action = v.URL("tenants")
	} else {
		body.Overall, body.Action = true, "/staff/tenants"
	}
	body.Tree = tree(all, root)
	for _, b := range body.Tree {
		if b.Kind != store.Comune {
			body.Parents = append(body.Parents, b)
		}
	}
	if body.Form.Parent == "" {
		body.Form.Parent = root
	}
	if body.Form.Kind == "" {
		body.Form.Kind = store.Comune
	}
	return v.Render(w, "tree", v.L.T("tenants_title"), body)
}

// below says whether slug is one of the tenants that v administers on this page.
func (c *Console) below(ctx context.Context, v *Visit, slug string) (bool, error) {
	if v.Tenant == nil {
		return true, nil // the whole installation; the route has asked for the right
	}
	line, err := c.store.Lineage(ctx, slug)
	if fault.CodeOf(err) == fault.NotFound {
		return false, nil
	}
	return slices.Contains(line, v.Tenant.Slug), err
}

// addTenant adds a tenant below this one, or on top. A comune is found in the register by its name or ISTAT code.
func (c *Console) addTenant(w http.ResponseWriter, r *http.Request, v *Visit) error {
	ctx := r.Context()
	body := treeBody{Form: store.Tenant{
		Name: strings.TrimSpace(r.PostFormValue("name")), Slug: strings.ToLower(strings.TrimSpace(r.PostFormValue("slug"))), Kind: r.PostFormValue("kind"),
		Parent: r.PostFormValue("parent"), ISTAT: strings.TrimSpace(r.PostFormValue("istat")), IPA: strings.ToLower(strings.TrimSpace(r.PostFormValue("ipa"))),
	}}
	problem, err := c.newTenant(ctx, v, &body)
	switch {
	case err != nil:
		return err
	case problem != "":
		v.Status, v.Problem = http.StatusUnprocessableEntity, problem
		return c.drawTree(ctx, w, v, body)
	}
	return v.Done(w, r, body.back(v), "tenants_done_added")
}

// newTenant adds the tenant of the form, with what the register knows of it. problem is what is wrong, in words.
func (c *Console) newTenant(ctx context.Context, v *Visit, body *treeBody) (problem string, err error) {
	mine, err := c.below(ctx, v, body.Form.Parent)
	if err != nil {
		return "", err
	}
	if !mine {
		return "", fault.New(fault.Forbidden, "the tenant %q is not below this one", body.Form.Parent)
	}
	if problem, err := c.complete(v, body); problem != "" || err != nil {
		return problem, err
	}
	switch err := c.store.AddTenant(ctx, body.Form, store.AuditEntry{Actor: v.Actor()}); fault.CodeOf(err) {
	case "":
	case fault.Conflict:
		return v.L.T("tenants_problem_taken"), nil
	case fault.Invalid:
		return v.L.T("tenants_problem_form"), nil
	default:
		return "", err
	}
	return "", nil
}

func (b treeBody) back(v *Visit) string {
	if v.Tenant == nil {
		return "/staff/tenants"
	}
	return v.URL("tenants")
}

// complete fills in what the register knows of a comune. problem is what the form has to say: also that a name means several.
func (c *Console) complete(v *Visit, body *treeBody) (problem string, err error) {
	f := &body.Form
	if f.Kind != store.Comune {
		if f.Name == "" {
			return v.L.T("tenants_problem_name"), nil
		}
		if f.Slug == "" {
			f.Slug = (registry.Comune{Name: f.Name}).Slug()
		}
		return "", nil
	}
	found, ok := c.register.ByISTAT(f.ISTAT)
	if f.ISTAT != "" && !ok {
		return v.L.T("tenants_problem_istat"), nil
	}
	if !ok {
		list := c.register.Find(f.Name, 12)
		switch {
		case len(list) == 0:
			return v.L.T("tenants_problem_unknown"), nil
		case len(list) == 1 || sameName(list[0], f.Name) && !sameName(list[1], f.Name):
			found = list[0]
		default:
			body.Found = list
			return v.L.T("tenants_problem_several"), nil
		}
	}
	if f.IPA != "" && f.IPA != found.IPA() {
		return v.L.T("tenants_problem_ipa", map[string]any{"Name": found.Name, "IPA": found.IPA()}), nil
	}
	f.ISTAT, f.IPA = found.ISTAT, found.IPA()
	if !official(f.Name) {
		f.Name = found.Title()
	}
	if f.Slug == "" {
		f.Slug = found.Slug()
	}
	return "", nil
}

// official says whether a name is already that of an administration: "Città di Cantù" stays.
func official(name string) bool {
	low := strings.ToLower(name)
	return strings.HasPrefix(low, "comune ") || strings.HasPrefix(low, "città ") || strings.HasPrefix(low, "roma capitale")
}

func sameName(c registry.Comune, text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	for _, prefix := range []string{"comune di ", "città di "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return strings.EqualFold(c.Name, text)
}

// importTenants adds the tenants of a table, those that are there already left as they are. The table is checked whole before the
// first is added.
func (c *Console) importTenants(w http.ResponseWriter, r *http.Request, v *Visit) error {
	ctx := r.Context()
	wrong := func(text string) error {
		v.Status, v.Problem = http.StatusUnprocessableEntity, text
		return c.drawTree(ctx, w, v, treeBody{})
	}
	file, _, err := r.FormFile("file")
	if err != nil {
		return wrong(v.L.T("tenants_problem_file"))
	}
	defer func() { _ = file.Close() }()
	raw, err := io.ReadAll(file)
	if err != nil {
		return bodyFault(err)
	}
	added, problem, err := c.addTable(ctx, v, raw)
	switch {
	case err != nil:
		return err
	case problem != "":
		return wrong(problem)
	}
	v.Message = v.L.N("tenants_imported", added)
	return c.drawTree(ctx, w, v, treeBody{})
}

// addTable adds the tenants of a table in CSV and says how many. problem is what is wrong with the table, in words.
func (c *Console) addTable(ctx context.Context, v *Visit, raw []byte) (added int, problem string, err error) {
	rows, err := c.register.ReadCSV(raw)
	if err != nil {
		return 0, v.L.T("tenants_problem_table", map[string]any{"Detail": causes(err)}), nil
	}
	known, err := c.names(ctx)
	if err != nil {
		return 0, "", err
	}
	inTable := map[string]bool{}
	for i := range rows {
		if rows[i].Parent == "" && v.Tenant != nil && rows[i].Slug != v.Tenant.Slug {
			rows[i].Parent = v.Tenant.Slug
		}
		if p := rows[i].Parent; p != "" && !inTable[p] {
			mine, err := c.below(ctx, v, p)
			if err != nil {
				return 0, "", err
			}
			if !mine || known[p] == "" {
				return 0, v.L.T("tenants_problem_parent", map[string]any{"Line": rows[i].Line, "Parent": p}), nil
			}
		}
		inTable[rows[i].Slug] = true
	}
	for _, row := range rows {
		if known[row.Slug] != "" {
			continue
		}
		t := store.Tenant{Slug: row.Slug, Name: row.Name, Kind: row.Kind, Parent: row.Parent, ISTAT: row.ISTAT, IPA: row.IPA}
		if err := c.store.AddTenant(ctx, t, store.AuditEntry{Actor: v.Actor(), Note: "table"}); err != nil {
			return added, v.L.T("tenants_problem_row", map[string]any{"Line": row.Line, "Count": added}), nil //nolint:nilerr // said with its line
		}
		added++
	}
	return added, "", nil
}

// causes is an error with what it wraps, as far as it is meant to be shown.
func causes(err error) string {
	var parts []string
	for err != nil {
		var e *fault.Error
		if !asError(err, &e) {
			break
		}
		parts = append(parts, e.Message)
		err = e.Err
	}
	return strings.Join(parts, ": ")
}

func (c *Console) tenantPage(w http.ResponseWriter, _ *http.Request, v *Visit) error {
	return v.Render(w, "tenant", v.L.T("tenants_edit_title"), *v.Tenant)
}

func (c *Console) changeTenant(w http.ResponseWriter, r *http.Request, v *Visit) error {
	form := *v.Tenant
	form.Name, form.ISTAT, form.IPA = strings.TrimSpace(r.PostFormValue("name")), strings.TrimSpace(r.PostFormValue("istat")), strings.ToLower(strings.TrimSpace(r.PostFormValue("ipa")))
	problem, err := c.keepTenant(r.Context(), v, form)
	switch {
	case err != nil:
		return err
	case problem != "":
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T(problem)
		return v.Render(w, "tenant", v.L.T("tenants_edit_title"), form)
	}
	return v.Done(w, r, v.URL("tenant"), "tenants_done_changed")
}

// keepTenant changes name and codes of a tenant. problem is the key of a message.
func (c *Console) keepTenant(ctx context.Context, v *Visit, form store.Tenant) (problem string, err error) {
	if form.Name == "" {
		return "tenants_problem_name", nil
	}
	if form.Kind == store.Comune {
		if err := c.register.Check(form.ISTAT, "", form.IPA); err != nil {
			return "tenants_problem_codes", nil //nolint:nilerr // said as a problem
		}
	}
	return "", c.store.ChangeTenant(ctx, v.Actor(), form.Slug, func(t *store.Tenant) error {
		t.Name, t.ISTAT, t.IPA = form.Name, form.ISTAT, form.IPA
		return nil
	})
}

// comuni answers the field of a comune's name with those it may mean.
func (c *Console) comuni(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return v.Fragment(w, "comuni", c.register.Find(r.URL.Query().Get("name"), 8))
}

func (c *Console) treeRoutes() []Route {
	overall := func(method, path string, h Handler) Route {
		return Route{Method: method, Path: path, Scope: Overall, Action: access.EditTenants, Handler: h}
	}
	return []Route{
		overall(http.MethodGet, "/staff/tenants", c.treePage), overall(http.MethodPost, "/staff/tenants", c.addTenant),
		overall(http.MethodPost, "/staff/tenants/import", c.importTenants).WithBody(2 << 20),
		Page("tenants", access.EditTenants, c.treePage), Change("tenants", access.EditTenants, c.addTenant),
		Change("tenants/import", access.EditTenants, c.importTenants).WithBody(2 << 20),
		Page("tenant", access.EditTenants, c.tenantPage), Change("tenant", access.EditTenants, c.changeTenant),
		{Method: http.MethodGet, Path: "/staff/comuni", Scope: Signed, Handler: c.comuni},
	}
}
