package documents

import (
	"fmt"
	"html/template"
	"path"
	"strings"

	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/ingest/check"
	"sportello/locales"
	"sportello/web/staff"
)

// kinds in the order of a choice: what a comune has most of.
var kinds = []ingest.Kind{
	ingest.Regolamento, ingest.Modulo, ingest.Scheda, ingest.Delibera, ingest.Determina, ingest.Ordinanza, ingest.Bando, ingest.Verbale,
	ingest.Norma, ingest.Pagina, ingest.Altro,
}

var funcs = template.FuncMap{
	"badge":   badge,
	"size":    size,
	"act":     act,
	"base":    path.Base,
	"found":   found,
	"reading": reading,
	// Why a document of a site was not read, and why a page was not got.
	"unread":    func(v staff.View, code fault.Code) string { return advice(v.Visit, code) },
	"unvisited": func(v staff.View, code fault.Code) string { return addressAdvice(v.Visit, code) },
}

// badge is the colour of what a document is.
func badge(f store.Force) string {
	switch f {
	case store.InForce:
		return "good"
	case store.NotYet, store.Expired:
		return "warn"
	}
	return "bad"
}

// size writes bytes as people read them.
func size(n int64) string {
	tenths := func(unit int64, name string) string {
		return strings.TrimSuffix(strings.Replace(fmt.Sprintf("%.1f", float64(n)/float64(unit)), ".", ",", 1), ",0") + " " + name
	}
	switch {
	case n >= 1<<30:
		return tenths(1<<30, "GB")
	case n >= 1<<20:
		return tenths(1<<20, "MB")
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d byte", n)
}

// act writes an act in a line: "delibera C.C. n. 28 del 31 marzo 2021".
func act(l *locales.Localizer, a ingest.Act) string {
	parts := []string{}
	for _, s := range []string{a.Type, a.Body} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if a.Number != "" {
		parts = append(parts, "n. "+a.Number)
	}
	if a.Date != "" {
		parts = append(parts, "del "+l.ISODate(a.Date))
	}
	return strings.Join(parts, " ")
}

// finding is a point of the check list in words.
type finding struct {
	check.Finding
	Text string
	Link string // id of the document that is meant
}

// found puts a finding into words; days are written out.
func found(l *locales.Localizer, f check.Finding) finding {
	out := finding{Finding: f}
	data := locales.Data{}
	for i, value := range f.Values {
		if len(value) == len("2026-01-31") && value[4] == '-' {
			value = l.ISODate(value)
		}
		data[string(rune('A'+i))] = value
	}
	if f.Code == check.ActOut && len(f.Values) > 1 {
		out.Link = f.Values[1]
	}
	out.Text = l.T("check_"+string(f.Code), data)
	return out
}
