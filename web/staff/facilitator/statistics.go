package facilitator

import (
	"net/http"
	"strconv"

	"sportello/assistant/store"
	"sportello/locales"
	"sportello/web/staff"
)

// statisticsBody is how many visits there were, by point and month.
type statisticsBody struct {
	Months []monthView
	Rows   []rowView
	Total  int
}

// monthView is a point in a month.
type monthView struct {
	Month, Point string
	N, Questions int
}

type rowView struct {
	store.VisitCount
	Name string // of the language
}

func (p *pages) counted(r *http.Request, v *staff.Visit) (statisticsBody, error) {
	counts, err := p.Store.VisitCounts(r.Context(), v.Tenant.Slug, "", "")
	var body statisticsBody
	names := map[string]string{}
	for _, l := range locales.Languages() {
		names[l.Tag] = l.Name
	}
	at := map[[2]string]int{}
	for _, c := range counts {
		body.Total += c.N
		body.Rows = append(body.Rows, rowView{c, names[c.Language]})
		key := [2]string{c.Month, c.Point}
		i, ok := at[key]
		if !ok {
			i = len(body.Months)
			at[key] = i
			body.Months = append(body.Months, monthView{Month: c.Month, Point: c.Point})
		}
		body.Months[i].N += c.N
		body.Months[i].Questions += c.Questions
	}
	return body, err
}

func (p *pages) statistics(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	body, err := p.counted(r, v)
	if err != nil {
		return err
	}
	return v.Render(w, "statistics", v.L.T("facilitator_statistics_title"), body)
}

func (p *pages) statisticsCSV(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	body, err := p.counted(r, v)
	if err != nil {
		return err
	}
	table := [][]string{{
		v.L.T("facilitator_month"), v.L.T("facilitator_point"), v.L.T("facilitator_language"), v.L.T("facilitator_subject"), v.L.T("facilitator_outcome"),
		v.L.T("facilitator_visits"), v.L.T("facilitator_questions"),
	}}
	for _, row := range body.Rows {
		table = append(table, []string{
			row.Month, row.Point, row.Language, row.Subject, v.L.T("facilitator_outcome_" + row.Outcome), strconv.Itoa(row.N), strconv.Itoa(row.Questions),
		})
	}
	return v.CSV(w, "visite-"+v.Tenant.Slug+".csv", table)
}
