package questions

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"sportello/assistant"
	"sportello/assistant/desk"
	"sportello/assistant/fault"
	"sportello/locales"
	"sportello/web/staff"
)

const perPage = 50

// row is a question in the list.
type row struct {
	assistant.Asked
	Up, Down int
	Rate     int // the worst that was given
}

type listBody struct {
	Rows                        []row
	Total, From, To, Prev, Next int
	Filter                      assistant.AskedFilter
	Query                       url.Values
	Offices, Subjects           []string
	Languages                   []locales.Language
	Days                        int // how long questions are kept
	Any                         bool
}

// Link is the page's own address with another page of the list.
func (b listBody) Link(page int) string {
	q := url.Values{}
	for k, v := range b.Query {
		q[k] = v
	}
	q.Set("page", strconv.Itoa(page))
	return "?" + q.Encode()
}

// filter reads the form of the list.
func filter(r *http.Request) assistant.AskedFilter {
	q := r.URL.Query()
	day := func(name string) string {
		if _, err := time.Parse(time.DateOnly, q.Get(name)); err != nil {
			return ""
		}
		return q.Get(name)
	}
	f := assistant.AskedFilter{
		From: day("from"), To: day("to"), What: q.Get("what"), Language: q.Get("language"), Subject: q.Get("subject"), Office: q.Get("office"),
		Open: q.Get("open") == "1", Words: q.Get("words"),
	}
	if f.Subject == "-" {
		f.Subject, f.NoneOf = "", true
	}
	return f
}

func (p *pages) list(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	ctx, tenant := r.Context(), v.Tenant.Slug
	b := listBody{Filter: filter(r), Query: r.URL.Query()}
	b.Query.Del("done")
	b.Query.Del("page")
	all, total, err := p.Store.AskedList(ctx, tenant, b.Filter)
	if err != nil {
		return err
	}
	feedback, err := p.Store.Feedback(ctx, tenant, b.Filter.From, "")
	if err != nil {
		return err
	}
	if b.Offices, b.Subjects, err = p.offices(ctx, tenant); err != nil {
		return err
	}
	if b.Days, err = p.Desk.Days(ctx, tenant); err != nil {
		return err
	}
	b.Languages = locales.Languages()
	b.Any = len(b.Query) > 0
	page, _ := strconv.Atoi(r.URL.Query().Get("page")) // what is no number is the first page
	last := max((total-1)/perPage, 0)
	page = min(max(page, 0), last)
	b.Total, b.From, b.To = total, min(page*perPage, total), min((page+1)*perPage, total)
	b.Prev, b.Next = page-1, -1
	if page < last {
		b.Next = page + 1
	}
	for _, a := range all[b.From:b.To] {
		one := row{Asked: a}
		for _, f := range feedback {
			if f.Question == a.ID {
				one.add(f)
			}
		}
		b.Rows = append(b.Rows, one)
	}
	b.From++
	return v.Render(w, "list", v.L.T("questions_title"), b)
}

func (r *row) add(f assistant.Feedback) {
	switch {
	case f.Useful > 0:
		r.Up++
	case f.Useful < 0:
		r.Down++
	}
	if f.Rate > 0 && (r.Rate == 0 || f.Rate < r.Rate) {
		r.Rate = f.Rate
	}
}

// export gives the questions of the filter as CSV or JSON.
func (p *pages) export(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	list, _, err := p.Store.AskedList(r.Context(), v.Tenant.Slug, filter(r))
	if err != nil {
		return err
	}
	if err := p.note(r.Context(), v, "question.export", r.PathValue("format"), strconv.Itoa(len(list))); err != nil {
		return err
	}
	switch r.PathValue("format") {
	case "csv":
		download(w, "text/csv; charset=utf-8; header=present", "domande.csv")
		return desk.WriteAsked(w, list)
	case "json":
		download(w, "application/json; charset=utf-8", "domande.json")
		if list == nil {
			list = []assistant.Asked{}
		}
		return json.NewEncoder(w).Encode(list)
	}
	return noFormat(r)
}

func noFormat(r *http.Request) error {
	return fault.New(fault.NotFound, "there is no export as %q: csv and json are there", r.PathValue("format"))
}

func download(w http.ResponseWriter, kind, name string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("X-Content-Type-Options", "nosniff")
}

// How far trends look back when nothing is said, a quarter, and at most, five years.
const (
	trendWeeks = 13
	mostWeeks  = 260
)

// trendRange is what is asked for in ?weeks=, and its first day, a Monday.
func (p *pages) trendRange(r *http.Request) (weeks int, from string) {
	weeks, _ = strconv.Atoi(r.URL.Query().Get("weeks"))
	if weeks < 1 || weeks > mostWeeks {
		weeks = trendWeeks
	}
	today := p.Now()
	monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	return weeks, monday.AddDate(0, 0, -7*(weeks-1)).Format(time.DateOnly)
}

var trendsBy = []desk.By{desk.ByWeek, desk.BySubject, desk.ByLanguage, desk.ByOffice}

type trendTable struct {
	By   desk.By
	Rows []desk.Trend
	Most int // of Asked, for the bars
}

// Share is how long the bar of a row is, in steps of five per cent.
func (t trendTable) Share(n int) int { return (n*20 + t.Most - 1) / max(t.Most, 1) * 5 }

type trendsBody struct {
	Tables   []trendTable
	Weeks    int
	From     string
	Said     []assistant.FeedbackCount
	Useful   int
	Useless  int
	Rates    [6]int
	Reasons  []assistant.FeedbackCount
	AnyVotes bool
	Energy   energy
}

func (p *pages) trends(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	b := trendsBody{}
	b.Weeks, b.From = p.trendRange(r)
	counts, err := p.Store.Counts(r.Context(), v.Tenant.Slug, b.From, "")
	if err != nil {
		return err
	}
	for _, by := range trendsBy {
		t := trendTable{By: by, Rows: desk.Trends(counts, by)}
		for _, one := range t.Rows {
			t.Most = max(t.Most, one.Asked)
		}
		if len(t.Rows) > 0 {
			b.Tables = append(b.Tables, t)
		}
	}
	if b.Said, err = p.Store.FeedbackCounts(r.Context(), v.Tenant.Slug, b.From, ""); err != nil {
		return err
	}
	b.count()
	if b.Energy, err = p.energy(r.Context(), v.Tenant.Slug, b.From); err != nil {
		return err
	}
	return v.Render(w, "trends", v.L.T("questions_trends_title"), b)
}

func (b *trendsBody) count() {
	reasons := map[string]int{}
	for _, f := range b.Said {
		b.AnyVotes = true
		switch {
		case f.Kind == "useful" && f.Value == "1":
			b.Useful += f.N
		case f.Kind == "useful":
			b.Useless += f.N
		case f.Kind == "rate":
			if n, err := strconv.Atoi(f.Value); err == nil && n >= 1 && n <= 5 {
				b.Rates[n] += f.N
			}
		case f.Kind == "reason":
			reasons[f.Value] += f.N
		}
	}
	for _, list := range [][]string{assistant.FeedbackReasons.Positive, assistant.FeedbackReasons.Negative} {
		for _, reason := range list {
			if n := reasons[reason]; n > 0 {
				b.Reasons = append(b.Reasons, assistant.FeedbackCount{Value: reason, N: n})
			}
		}
	}
}

func (p *pages) exportTrends(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	_, from := p.trendRange(r)
	counts, err := p.Store.Counts(r.Context(), v.Tenant.Slug, from, "")
	if err != nil {
		return err
	}
	by := desk.By(r.URL.Query().Get("by"))
	if by == "" {
		by = desk.ByWeek
	}
	list := desk.Trends(counts, by)
	switch r.PathValue("format") {
	case "csv":
		download(w, "text/csv; charset=utf-8; header=present", "andamento.csv")
		return desk.WriteTrends(w, list)
	case "json":
		download(w, "application/json; charset=utf-8", "andamento.json")
		return json.NewEncoder(w).Encode(list)
	}
	return noFormat(r)
}

type clustersBody struct {
	What     string
	Clusters []desk.Cluster
	N        int
}

// clusters groups the questions that found nothing, or were answered on little evidence, by what they are about.
func (p *pages) clusters(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	f := filter(r)
	if f.What != "weak" && f.What != "disliked" {
		f.What = "unanswered"
	}
	list, n, err := p.Store.AskedList(r.Context(), v.Tenant.Slug, f)
	if err != nil {
		return err
	}
	return v.Render(w, "clusters", v.L.T("questions_clusters_title"), clustersBody{f.What, p.Desk.Clusters(list), n})
}
