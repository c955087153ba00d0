package documents

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/web/staff"
)

type addressesBody struct {
	List    []addressItem
	Kinds   []ingest.AddressKind
	Hours   []int
	Offices []string
	Form    addressForm
}

type addressItem struct {
	store.Address
	Gone    []gonePage
	Problem string // in Italian: why the last visit failed
}

type gonePage struct {
	URL   string
	Since time.Time
}

type addressForm struct {
	URL, Prefix, Visibility, Office string
	Kind                            ingest.AddressKind
	Hours, Depth, Pages             int
}

// newAddress is what a new address is offered as.
var newAddress = addressForm{Kind: ingest.AddressPage, Hours: 24, Depth: 2, Pages: 200, Visibility: string(ingest.Public)}

// The most of what may be asked for.
const (
	maxDepth = 10
	maxPages = 5000
	maxHours = 8784 // a year
)

// hours between two visits that the page offers: never by itself, twice a day, each day, week, month.
var hours = []int{24, 12, 168, 720, 0}

func (p *pages) addresses(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.drawAddresses(w, r, v, newAddress)
}

func (p *pages) drawAddresses(w http.ResponseWriter, r *http.Request, v *staff.Visit, f addressForm) error {
	body := addressesBody{Kinds: []ingest.AddressKind{ingest.AddressPage, ingest.AddressSection, ingest.AddressFeed}, Hours: hours, Form: f}
	all, err := p.store.Addresses(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	for _, a := range all {
		item := addressItem{Address: a}
		if a.Report.Error != "" {
			item.Problem = addressAdvice(v, fault.Code(a.Report.Code))
		}
		if item.Gone, err = p.gone(r, v, a.ID); err != nil {
			return err
		}
		body.List = append(body.List, item)
	}
	if body.Offices, err = p.offices(r, v); err != nil {
		return err
	}
	return v.Render(w, "addresses", v.L.T("addresses_title"), body)
}

// addressState is the piece of the page that says how far a visit is, asked for again while it goes on. Once it is over the whole page has news.
func (p *pages) addressState(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	all, err := p.store.Addresses(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(a store.Address) bool { return a.ID == r.PathValue("id") })
	if i < 0 {
		return fault.New(fault.NotFound, "there is no such address")
	}
	if !all[i].Visiting {
		w.Header().Set("HX-Refresh", "true")
	}
	return v.Fragment(w, "address-state-bit", all[i])
}

// gone gives the pages of an address that are no longer there.
func (p *pages) gone(r *http.Request, v *staff.Visit, id string) (out []gonePage, err error) {
	gone, err := p.store.Gone(r.Context(), v.Tenant.Slug, id)
	for url, since := range gone {
		out = append(out, gonePage{url, since})
	}
	slices.SortFunc(out, func(x, y gonePage) int { return strings.Compare(x.URL, y.URL) })
	return out, err
}

func addressAdvice(v *staff.Visit, code fault.Code) string {
	if key := "addresses_error_" + string(code); v.L.Has(key) {
		return v.L.T(key)
	}
	return v.L.T("addresses_error_unavailable")
}

// watch adds an address, when this installation may visit it.
func (p *pages) watch(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	number := func(name string) int {
		n, _ := strconv.Atoi(r.PostFormValue(name)) // nothing and nonsense take the default
		return max(n, 0)
	}
	f := addressForm{
		URL: strings.TrimSpace(r.PostFormValue("url")), Prefix: strings.TrimSpace(r.PostFormValue("prefix")), Kind: ingest.AddressKind(r.PostFormValue("kind")),
		Hours: min(number("hours"), maxHours), Depth: min(number("depth"), maxDepth), Pages: min(number("pages"), maxPages), Visibility: r.PostFormValue("visibility"), Office: r.PostFormValue("office"),
	}
	_, problem, err := p.keepAddress(r, v, f)
	if problem != "" {
		v.Problem, v.Status = v.L.T(problem), http.StatusUnprocessableEntity
		return p.drawAddresses(w, r, v, f)
	}
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("addresses"), "addresses_done_added")
}

// blank says whether something cannot stand in an address.
func blank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// keepAddress adds an address, or says by the key of a message what is wrong with it.
func (p *pages) keepAddress(r *http.Request, v *staff.Visit, f addressForm) (id, problem string, err error) {
	hosts, _, err := p.store.Setting(r.Context(), v.Tenant.Slug, store.SettingHosts)
	if err != nil {
		return "", "", err
	}
	web := func(text string) bool {
		u, err := url.Parse(text)
		return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && !strings.ContainsFunc(text, blank)
	}
	switch {
	case !web(f.URL):
		return "", "addresses_wrong_url", nil
	case f.Prefix != "" && !web(f.Prefix):
		return "", "addresses_wrong_prefix", nil
	case !visible(ingest.Visibility(f.Visibility)):
		return "", "addresses_wrong", nil
	case p.cfg.Allowed == nil || p.cfg.Allowed(f.URL, strings.Fields(hosts.Value)) != nil:
		return "", "addresses_not_allowed", nil //nolint:nilerr // said as a problem
	}
	id, err = p.store.PutAddress(r.Context(), v.Tenant.Slug, v.Actor(), store.Address{Hours: f.Hours, Watched: ingest.Watched{
		Address: ingest.Address{URL: f.URL, Kind: f.Kind, Prefix: f.Prefix, Depth: f.Depth, Pages: f.Pages},
		Options: ingest.JobOptions{Visibility: ingest.Visibility(f.Visibility), Office: f.Office},
	}})
	if err != nil && wrong(err) {
		return "", "addresses_wrong", nil
	}
	return id, "", err
}

func (p *pages) visit(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := p.store.VisitNow(r.Context(), v.Tenant.Slug, v.Actor(), r.PathValue("id")); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("addresses"), "addresses_done_visit")
}

func (p *pages) drop(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := p.store.DropAddress(r.Context(), v.Tenant.Slug, v.Actor(), r.PathValue("id")); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("addresses"), "addresses_done_dropped")
}
