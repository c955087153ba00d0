package documents

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

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

// hours between two visits that the page offers: never by itself, twice a day, each day, week, month.
var hours = []int{24, 12, 168, 720, 0}

func (p *pages) addresses(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.drawAddresses(w, r, v, addressForm{Kind: ingest.AddressPage, Hours: 24, Depth: 2, Pages: 200, Visibility: string(ingest.Public)})
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
		gone, err := p.store.Gone(r.Context(), v.Tenant.Slug, a.ID)
		if err != nil {
			return err
		}
		for url, since := range gone {
			item.Gone = append(item.Gone, gonePage{url, since})
		}
		slices.SortFunc(item.Gone, func(x, y gonePage) int { return strings.Compare(x.URL, y.URL) })
		body.List = append(body.List, item)
	}
	if body.Offices, err = p.offices(r, v); err != nil {
		return err
	}
	return v.Render(w, "addresses", v.L.T("addresses_title"), body)
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
		Hours: number("hours"), Depth: min(number("depth"), 10), Pages: min(number("pages"), 5000), Visibility: r.PostFormValue("visibility"), Office: r.PostFormValue("office"),
	}
	hosts, _, err := p.store.Setting(r.Context(), v.Tenant.Slug, store.SettingHosts)
	if err != nil {
		return err
	}
	again := func(message string) error {
		v.Problem, v.Status = v.L.T(message), http.StatusUnprocessableEntity
		return p.drawAddresses(w, r, v, f)
	}
	switch {
	case !strings.HasPrefix(f.URL, "https://") && !strings.HasPrefix(f.URL, "http://"):
		return again("addresses_wrong_url")
	case f.Prefix != "" && !strings.HasPrefix(f.Prefix, "https://") && !strings.HasPrefix(f.Prefix, "http://"):
		return again("addresses_wrong_prefix")
	case p.cfg.Allowed == nil || p.cfg.Allowed(f.URL, strings.Fields(hosts.Value)) != nil:
		return again("addresses_not_allowed")
	}
	a := store.Address{Hours: f.Hours, Watched: ingest.Watched{
		Address: ingest.Address{URL: f.URL, Kind: f.Kind, Prefix: f.Prefix, Depth: f.Depth, Pages: f.Pages},
		Options: ingest.JobOptions{Visibility: ingest.Visibility(f.Visibility), Office: f.Office},
	}}
	_, err = p.store.PutAddress(r.Context(), v.Tenant.Slug, v.Actor(), a)
	if err != nil && wrong(err) {
		return again("addresses_wrong")
	}
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("addresses"), "addresses_done_added")
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
