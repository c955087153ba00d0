package documents

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/web/staff"
)

const pageSize = 50

type listBody struct {
	Query      query
	Items      []listItem
	Total, All int // that the filter lets through, that there are
	From, To   int // of Total, 1-based
	Previous   string
	Next       string
	Kinds      []ingest.Kind
	Forces     []store.Force
	Offices    []string
	Sorts      []string
}

type listItem struct {
	store.Record
	Force store.Force
	placed
}

// query is what the list is narrowed to, from the address.
type query struct {
	Text       string
	Force      store.Force
	Kind       ingest.Kind
	Visibility ingest.Visibility
	Office     string
	Sort       string // title, added, kind
	Page       int
}

func readQuery(q url.Values) query {
	page, _ := strconv.Atoi(q.Get("page")) // nonsense is the first page
	return query{
		Text: strings.TrimSpace(q.Get("q")), Force: store.Force(q.Get("force")), Kind: ingest.Kind(q.Get("kind")),
		Visibility: ingest.Visibility(q.Get("visibility")), Office: q.Get("office"), Sort: q.Get("sort"), Page: max(page, 1),
	}
}

// Back is the address of the list as it is narrowed.
func (q query) Back(v *staff.Visit, page int) string {
	n := ""
	if page > 1 {
		n = strconv.Itoa(page)
	}
	return v.URL("documents", "q", q.Text, "force", string(q.Force), "kind", string(q.Kind), "visibility", string(q.Visibility),
		"office", q.Office, "sort", q.Sort, "page", n)
}

// Narrow says whether the list leaves anything out.
func (q query) Narrow() bool {
	return q.Text != "" || q.Force != "" || q.Kind != "" || q.Visibility != "" || q.Office != ""
}

func (p *pages) list(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	q := readQuery(r.URL.Query())
	all, err := p.store.Documents(r.Context(), v.Tenant.Slug, store.Filter{Kind: q.Kind, Visibility: q.Visibility})
	if err != nil {
		return err
	}
	body := listBody{Query: q, All: len(all), Kinds: kinds, Forces: store.Forces, Sorts: []string{"title", "added", "kind"}}
	if body.Offices, err = p.offices(r, v); err != nil {
		return err
	}
	items := p.narrow(all, q)
	body.Total = len(items)
	last := max((len(items)+pageSize-1)/pageSize, 1)
	page := min(q.Page, last)
	from := (page - 1) * pageSize
	body.Items = items[from:min(from+pageSize, len(items))]
	others, err := p.placed(r, v)
	if err != nil {
		return err
	}
	for i := range body.Items {
		body.Items[i].placed = others[body.Items[i].ID]
	}
	body.From, body.To = min(from+1, len(items)), from+len(body.Items)
	if page > 1 {
		body.Previous = q.Back(v, page-1)
	}
	if page < last {
		body.Next = q.Back(v, page+1)
	}
	return v.Render(w, "list", v.L.T("documents_title"), body)
}

// narrow applies what the store does not, and sorts.
func (p *pages) narrow(all []store.Record, q query) []listItem {
	words := strings.Fields(fold(q.Text))
	var items []listItem
	for i := range all {
		item := listItem{Record: all[i], Force: all[i].ForceOn(p.today())}
		if q.Force == hiding && !hides(&item.Record) || q.Force != "" && q.Force != hiding && item.Force != q.Force || q.Office != "" && item.Office != q.Office || !holds(&item.Record, words) {
			continue
		}
		items = append(items, item)
	}
	byTitle := func(a, b listItem) int { return cmp.Compare(fold(a.Title), fold(b.Title)) }
	slices.SortStableFunc(items, func(a, b listItem) int {
		switch q.Sort {
		case "added":
			return b.AddedAt.Compare(a.AddedAt)
		case "kind":
			return cmp.Or(cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), byTitle(a, b))
		}
		return byTitle(a, b)
	})
	return items
}

func holds(r *store.Record, words []string) bool {
	text := fold(strings.Join([]string{r.Title, r.Source, r.Approval.Number, r.Year, r.Office}, " "))
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// fold lowers case and drops accents: people type "perche" and "caffe".
func fold(s string) string {
	out, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), strings.ToLower(s))
	if err != nil {
		return strings.ToLower(s)
	}
	return out
}

func (p *pages) offices(r *http.Request, v *staff.Visit) ([]string, error) {
	all, err := p.store.Offices(r.Context(), v.Tenant.Slug)
	var names []string
	for _, o := range all {
		names = append(names, o.Name)
	}
	return names, err
}

// bulkSet sets one thing of the chosen documents.
func (p *pages) bulkSet(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var e store.Edit
	switch what, value, _ := strings.Cut(r.PostFormValue("set"), ":"); what {
	case "visibility":
		visibility := ingest.Visibility(value)
		e.Fix.Visibility = &visibility
	case "kind":
		kind := ingest.Kind(value)
		e.Fix.Kind = &kind
	case "office":
		e.Office = &value
	default:
		return p.unchosen(w, r, v, "documents_bulk_what")
	}
	return p.bulk(w, r, v, e)
}

// bulkForce repeals or restores the chosen documents.
func (p *pages) bulkForce(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	switch r.PostFormValue("force") {
	case "repeal":
		return p.bulk(w, r, v, store.Edit{State: store.Repealed, Reason: strings.TrimSpace(r.PostFormValue("reason"))})
	case "restore":
		return p.bulk(w, r, v, store.Edit{State: store.Live})
	}
	return p.unchosen(w, r, v, "documents_bulk_what")
}

func (p *pages) bulk(w http.ResponseWriter, r *http.Request, v *staff.Visit, e store.Edit) error {
	ids := r.PostForm["id"]
	if len(ids) == 0 {
		return p.unchosen(w, r, v, "documents_bulk_none")
	}
	if _, err := p.store.Edit(r.Context(), v.Tenant.Slug, v.Actor(), ids, e); err != nil {
		return err
	}
	return v.Done(w, r, back(r, v), "documents_done_bulk")
}

// unchosen draws the list again and says what was not chosen.
func (p *pages) unchosen(w http.ResponseWriter, r *http.Request, v *staff.Visit, message string) error {
	v.Problem, v.Status = v.L.T(message), http.StatusUnprocessableEntity
	if u, err := url.Parse(back(r, v)); err == nil {
		r.URL.RawQuery = u.RawQuery
	}
	return p.list(w, r, v)
}

// back is the list that a form was on: an address of this tenant's documents, and no other.
func back(r *http.Request, v *staff.Visit) string {
	list := v.URL("documents")
	to := r.PostFormValue("back")
	if to == list || strings.HasPrefix(to, list+"?") {
		return to
	}
	return list
}

// wrong says whether an error is something that the person can put right in the form.
func wrong(err error) bool {
	code := fault.CodeOf(err)
	return code == fault.Invalid || code == fault.Conflict
}
