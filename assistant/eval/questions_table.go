package eval

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Tables gives the report for a person: what was found, what was shown, what became of each kind, how the other languages stand
// next to Italian, and how far confidence can be trusted. Times are not in it: they are of a machine, not of the answers.
func (r *Report) Tables() []Table {
	groups := r.answerableGroups()
	tables := []Table{
		groupTable("Answerable: a gold passage found within 1, 5, 10 (any), all of them (all)", groups, [][2]string{
			{"any@1", "any@1"}, {"any@5", "any@5"}, {"any@10", "any@10"}, {"all@1", "all@1"}, {"all@5", "all@5"}, {"all@10", "all@10"}, {"document", "document@10"}}),
		groupTable("Answerable: what was shown", groups, [][2]string{
			{"facts", "all facts"}, {"cited_gold", "citation precision"}, {"citation_recall", "citation recall"},
			{"refused", "false refusals"}, {"stale", "outdated shown"}, {"language", "language"}, {"pass", "pass"}}),
		groupTable("Others", r.otherGroups(), [][2]string{{"refused", "refused"}, {"answered", "missed refusals"}, {"language", "language"}, {"pass", "pass"}}),
		r.twinTable(),
		calibrationTable("Confidence and a gold passage within five (answerable and unanswerable)", "found", judged(r.Outcomes, foundWithinFive)),
		calibrationTable("Confidence and all facts shown (answerable and unanswerable)", "facts", judged(r.Outcomes, func(o Outcome) bool { return o.Facts })),
	}
	total := Table{Title: "All", Columns: []string{"what", "figure"}}
	total.Add("quotes shown", r.Citations.Shown)
	total.Add("of these literally in their document", Share{r.Citations.Literal, r.Citations.Shown})
	total.Add("answers with something unsupported", r.Unsupported)
	for _, status := range slices.Sorted(maps.Keys(r.Statuses)) {
		total.Add(status, r.Statuses[status])
	}
	if r.Accepted+r.Rejected > 0 {
		total.Add("drafts accepted", Share{r.Accepted, r.Accepted + r.Rejected})
	}
	for _, why := range slices.Sorted(maps.Keys(r.RejectedBy)) {
		total.Add("drafts rejected: "+why, r.RejectedBy[why])
	}
	return append(tables, total)
}

// rowGroup is a group of rows with what it is called.
type rowGroup struct {
	name string
	rows []Outcome
}

func pickRows(all []Outcome, is func(Row) bool) []Outcome {
	var out []Outcome
	for _, o := range all {
		if is(o.Row) {
			out = append(out, o)
		}
	}
	return out
}

// answerableGroups are the Italian rows, the others, each language; then needs and tenants of the Italian rows, because the
// variants in other languages share theirs.
func (r *Report) answerableGroups() []rowGroup {
	rows := pickRows(r.Outcomes, func(row Row) bool { return row.Kind == answerable })
	italian := pickRows(rows, func(row Row) bool { return row.Lang == "it" })
	groups := []rowGroup{{"italian", italian}, {"other languages", pickRows(rows, func(row Row) bool { return row.Lang != "it" })}}
	for _, lang := range namesOf(rows, func(row Row) []string { return []string{row.Lang} }) {
		if lang != "it" {
			groups = append(groups, rowGroup{lang, pickRows(rows, func(row Row) bool { return row.Lang == lang })})
		}
	}
	for _, need := range namesOf(italian, func(row Row) []string { return row.Needs }) {
		groups = append(groups, rowGroup{"it, " + need, pickRows(italian, func(row Row) bool { return slices.Contains(row.Needs, need) })})
	}
	for _, tenant := range namesOf(italian, func(row Row) []string { return []string{row.Tenant} }) {
		groups = append(groups, rowGroup{"it, " + tenant, pickRows(italian, func(row Row) bool { return row.Tenant == tenant })})
	}
	return groups
}

// otherGroups are the rows of the kinds that are not to be answered like any other.
func (r *Report) otherGroups() []rowGroup {
	var groups []rowGroup
	for _, kind := range namesOf(r.Outcomes, func(row Row) []string { return []string{row.Kind} }) {
		if kind == answerable {
			continue
		}
		rows := pickRows(r.Outcomes, func(row Row) bool { return row.Kind == kind })
		groups = append(groups, rowGroup{kind, rows})
		needs := namesOf(rows, func(row Row) []string { return row.Needs })
		for _, need := range needs {
			groups = append(groups, rowGroup{kind + ", " + need, pickRows(rows, func(row Row) bool { return slices.Contains(row.Needs, need) })})
		}
		if len(needs) > 0 {
			groups = append(groups, rowGroup{kind + ", none of these", pickRows(rows, func(row Row) bool { return len(row.Needs) == 0 })})
		}
	}
	return groups
}

// namesOf gives the sorted names that rows have.
func namesOf(rows []Outcome, of func(Row) []string) []string {
	var out []string
	for _, o := range rows {
		out = append(out, of(o.Row)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func groupTable(title string, groups []rowGroup, columns [][2]string) Table {
	t := Table{Title: title, Columns: []string{"group", "n"}}
	for _, c := range columns {
		t.Columns = append(t.Columns, c[1])
	}
	for _, g := range groups {
		if len(g.rows) == 0 {
			continue
		}
		f := groupFigures(g.rows)
		f.shares["answered"] = Share{Hits: f.shares["refused"].N - f.shares["refused"].Hits, N: f.shares["refused"].N}
		cells := []any{g.name, f.N}
		for _, c := range columns {
			cells = append(cells, f.shares[c[0]])
		}
		t.Add(cells...)
	}
	return t
}

// twinTable compares the answerable rows of each other language with the Italian rows that they translate ("d001-en", "d001").
func (r *Report) twinTable() Table {
	t := Table{Title: "Answerable in other languages next to the same questions in Italian",
		Columns: []string{"language", "n", "any@5", "Italian", "of it", "any@10", "Italian", "of it"}}
	italian := map[string]Outcome{}
	for _, o := range r.Outcomes {
		if o.Row.Lang == "it" {
			italian[o.Row.ID] = o
		}
	}
	rows := pickRows(r.Outcomes, func(row Row) bool {
		id, _, variant := strings.Cut(row.ID, "-")
		_, has := italian[id]
		return row.Kind == answerable && row.Lang != "it" && variant && has
	})
	add := func(name string, rows []Outcome) {
		cells := []any{name, len(rows)}
		for _, k := range []int{5, 10} {
			theirs := shareOf(rows, func(o Outcome) bool { return foundWithin(o, k) })
			twins := shareOf(rows, func(o Outcome) bool {
				id, _, _ := strings.Cut(o.Row.ID, "-")
				return foundWithin(italian[id], k)
			})
			cells = append(cells, theirs, twins, theirs.Value()/cmp.Or(twins.Value(), 1))
		}
		t.Add(cells...)
	}
	for _, lang := range namesOf(rows, func(row Row) []string { return []string{row.Lang} }) {
		add(lang, pickRows(rows, func(row Row) bool { return row.Lang == lang }))
	}
	if len(rows) > 0 {
		add("all", rows)
	}
	return t
}

// joined writes what stands before tables and the tables, with an empty line between.
func joined(head string, tables ...Table) string {
	parts := []string{strings.TrimRight(head, "\n") + "\n"}
	for _, t := range tables {
		if len(t.Rows) > 0 {
			parts = append(parts, t.String())
		}
	}
	return strings.Join(parts, "\n")
}

// headline says what a golden file is of.
func headline(what, model string) string {
	return fmt.Sprintf("%s\nmodel %s; in brackets the 95 %% interval (Wilson)\n", what, cmp.Or(model, "none: words alone"))
}
