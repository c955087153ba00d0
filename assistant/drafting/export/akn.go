package export

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// AKN writes a regulation as Akoma Ntoso 3.0 (OASIS LegalDocML): parts, articles, commi, letters and annexes with their numbers, rubrics and
// eIds, and the act that approved it. The text is that of the document; its table of contents, which the structure makes again, is left out.
func AKN(d *ingest.Document, body string, at time.Time) ([]byte, error) {
	if d.Text == "" || len(d.Sections) == 0 {
		return nil, noArticles(d)
	}
	w := &aknWriter{d: d, kids: map[int][]int{}, ids: map[string]int{}}
	var top, annexes []int
	articles := 0
	for i, s := range d.Sections {
		switch {
		case s.Kind == ingest.SecIndex || s.Kind == ingest.SecTable || s.Kind == ingest.SecHeading:
			continue
		case s.Kind == ingest.SecArticle:
			articles++
		}
		parent := s.Parent
		for parent >= 0 && aknNames[d.Sections[parent].Kind] == "" { // in a table or under a plain heading: of what holds that
			parent = d.Sections[parent].Parent
		}
		switch {
		case parent >= 0:
			w.kids[parent] = append(w.kids[parent], i)
		case s.Kind == ingest.SecAllegato:
			annexes = append(annexes, i)
		case s.Kind != ingest.SecComma && s.Kind != ingest.SecLettera && s.Kind != ingest.SecNumero: // numbers of no article are text
			top = append(top, i)
		}
	}
	if articles == 0 {
		return nil, noArticles(d)
	}
	first := len(d.Text)
	for _, i := range top {
		if d.Sections[i].Kind != ingest.SecPreamble {
			first = min(first, d.Sections[i].Start)
		}
	}
	w.meta(body, at)
	w.open("preface")
	w.line("longTitle", "", "<p>"+escaped(d.Title)+"</p>")
	w.shut("preface")
	if lines := w.lines(0, first); len(lines) > 0 {
		w.open(`preamble eId="preamble"`)
		w.paragraphs(lines)
		w.shut("preamble")
	}
	w.open("body")
	end := first
	for _, i := range top {
		s := d.Sections[i]
		if s.Kind == ingest.SecPreamble || s.Start < end && s.End <= end {
			continue
		}
		w.section(i)
		end = max(end, s.End)
	}
	w.shut("body")
	last := len(d.Text)
	if len(annexes) > 0 {
		last = max(end, d.Sections[annexes[0]].Start)
	}
	if lines := w.lines(end, last); len(lines) > 0 {
		w.open("conclusions")
		w.paragraphs(lines)
		w.shut("conclusions")
	}
	if len(annexes) > 0 {
		w.open("attachments")
		for _, i := range annexes {
			w.annex(i, body, at)
		}
		w.shut("attachments")
	}
	w.shut("act")
	w.shut("akomaNtoso")
	return []byte(w.String()), nil
}

func noArticles(d *ingest.Document) error {
	return fault.New(fault.NoText, "%s has no articles to write as Akoma Ntoso: it is for regulations, and a deliberazione that approves one has it in a file of its own", d.Title)
}

// aknNames are the elements of the kinds of section.
var aknNames = map[ingest.SectionKind]string{
	ingest.SecPart: "part", ingest.SecTitolo: "title", ingest.SecCapo: "chapter", ingest.SecSezione: "section", ingest.SecArticle: "article", ingest.SecComma: "paragraph",
	ingest.SecLettera: "point", ingest.SecNumero: "point", ingest.SecAllegato: "attachment", ingest.SecPreamble: "preamble",
}

type aknWriter struct {
	strings.Builder
	d    *ingest.Document
	kids map[int][]int
	ids  map[string]int
}

func (w *aknWriter) open(tag string)  { w.WriteString("<" + tag + ">\n") }
func (w *aknWriter) shut(name string) { w.WriteString("</" + name + ">\n") }

func (w *aknWriter) line(name, attributes, inner string) {
	w.WriteString("<" + name + attributes + ">" + inner + "</" + name + ">\n")
}

// lines gives the lines of a span, the table of contents apart.
func (w *aknWriter) lines(start, end int) []string {
	for _, s := range w.d.Sections {
		if s.Kind == ingest.SecIndex && s.Start < end && s.End > start {
			return append(w.lines(start, max(start, s.Start)), w.lines(min(end, s.End), end)...)
		}
	}
	if start >= end {
		return nil
	}
	var out []string
	for line := range strings.Lines(w.d.Text[start:end]) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func (w *aknWriter) paragraphs(lines []string) {
	for _, l := range lines {
		w.line("p", "", escaped(l))
	}
}

// id gives an eId that is in the file once.
func (w *aknWriter) id(s ingest.Section) string {
	id := s.EID
	if w.ids[s.EID]++; w.ids[s.EID] > 1 {
		id += fmt.Sprintf("-dup%d", w.ids[s.EID]) // a number that the text has twice
	}
	return ` eId="` + escaped(id) + `"`
}

var (
	aknArticle = regexp.MustCompile(`(?i)^\s*art(?:icolo|\.)?\s*[\w-]+(?:[\s-]+(?:bis|ter|quater|quinquies|sexies|septies|octies|novies|decies)\b)?[°.]?\s*[.\-–—:)]*\s*`)
	aknPart    = regexp.MustCompile(`(?i)^\s*(?:parte|titolo|capo|sezione|allegato|allegati)\s+[\w-]+\s*[.\-–—:]*\s*`)
	aknComma   = regexp.MustCompile(`^\s*\d+(?:[-\s]?(?:bis|ter|quater|quinquies|sexies|septies|octies|novies|decies))?\s*[.)]\s*`)
	aknPoint   = regexp.MustCompile(`^\s*[\w]{1,4}(?:-(?:bis|ter|quater))?\s*[).]\s*`)
)

// heading takes the number and the rubric from the beginning of a section, as they are printed. The rest begins at the byte given.
func (w *aknWriter) heading(s ingest.Section) (num, rubric string, rest int) {
	text := w.d.Text[s.Start:s.End]
	form := map[ingest.SectionKind]*regexp.Regexp{ingest.SecArticle: aknArticle, ingest.SecComma: aknComma, ingest.SecLettera: aknPoint, ingest.SecNumero: aknPoint}[s.Kind]
	if form == nil {
		form = aknPart
	}
	m := form.FindString(text)
	rest = len(m)
	num = strings.TrimSpace(m)
	if s.Rubric != "" {
		if n := prefixed(text[rest:], s.Rubric); n > 0 {
			rubric = strings.Join(strings.Fields(text[rest:rest+n]), " ")
			rest += n
			for rest < len(text) && strings.ContainsRune(" .\t)", rune(text[rest])) {
				rubric += strings.TrimSpace(string(text[rest]))
				rest++
			}
		}
	}
	return num, rubric, s.Start + rest
}

// prefixed gives how many bytes of a text are some words, whatever spaces and brackets are between them; 0 when it does not begin with them.
func prefixed(text, words string) int {
	want := strings.Fields(words)
	at, k := 0, 0
	for k < len(want) {
		for at < len(text) && strings.ContainsRune(" \n\t\r(", rune(text[at])) {
			at++
		}
		if !strings.HasPrefix(text[at:], want[k]) {
			return 0
		}
		at += len(want[k])
		k++
	}
	return at
}

// section writes a section with what is in it.
func (w *aknWriter) section(i int) {
	s := w.d.Sections[i]
	name := aknNames[s.Kind]
	if name == "" || name == "preamble" {
		return
	}
	num, rubric, at := w.heading(s)
	w.open(name + w.id(s))
	if num != "" {
		w.line("num", "", escaped(num))
	}
	if rubric != "" {
		w.line("heading", "", escaped(rubric))
	}
	kids := w.kids[i]
	if len(kids) == 0 {
		w.open("content")
		lines := w.lines(min(at, s.End), s.End)
		if len(lines) == 0 {
			lines = []string{""}
		}
		w.paragraphs(lines)
		w.shut("content")
		w.shut(name)
		return
	}
	first := w.d.Sections[kids[0]]
	list := name == "paragraph" || name == "point"
	before := w.lines(min(at, first.Start), first.Start)
	switch {
	case list:
		w.open("list")
		if len(before) > 0 {
			w.open("intro")
			w.paragraphs(before)
			w.shut("intro")
		}
	case name == "article" && len(before) > 0: // commi without a number
		w.open("paragraph")
		w.open("content")
		w.paragraphs(before)
		w.shut("content")
		w.shut("paragraph")
	case len(before) > 0:
		w.open("intro")
		w.paragraphs(before)
		w.shut("intro")
	}
	end := first.Start
	for _, k := range kids {
		x := w.d.Sections[k]
		w.between(end, x.Start, name)
		w.section(k)
		end = max(end, x.End)
	}
	after := w.lines(min(end, s.End), s.End)
	switch {
	case len(after) == 0:
	case list:
		w.open("wrapUp")
		w.paragraphs(after)
		w.shut("wrapUp")
	default:
		w.between(end, s.End, name)
	}
	if list {
		w.shut("list")
	}
	w.shut(name)
}

// between writes text that stands between two sections of an article as a comma without a number.
func (w *aknWriter) between(from, to int, name string) {
	lines := w.lines(min(from, to), to)
	if len(lines) == 0 {
		return
	}
	tag := "paragraph"
	if name == "paragraph" || name == "point" {
		tag = "point"
	}
	w.open(tag)
	w.open("content")
	w.paragraphs(lines)
	w.shut("content")
	w.shut(tag)
}

// meta writes what the file is: the act as FRBR sees it.
func (w *aknWriter) meta(body string, at time.Time) {
	w.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	w.open(`akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"`)
	w.open(`act name="regolamento"`)
	w.identification(body, at, "")
}

var aknSlug = regexp.MustCompile(`[^a-z0-9]+`)

func (w *aknWriter) identification(body string, at time.Time, component string) {
	a := w.d.Approval
	date, what := a.Date, "approvazione"
	if len(date) != 10 {
		date = w.d.Date
	}
	if len(date) != 10 {
		date, what = at.Format(time.DateOnly), "redazione" // nothing says when it was approved, if it was
	}
	number := a.Number
	if number == "" {
		number = "nn"
	}
	author := strings.Trim(aknSlug.ReplaceAllString(strings.ToLower(body), "-"), "-")
	if author == "" {
		author = "comune"
	}
	work := "/akn/it/act/regolamento/" + author + "/" + date + "/" + aknSlug.ReplaceAllString(strings.ToLower(number), "-")
	expression := work + "/ita@" + date
	level := func(name, this, uri, more string) {
		w.open(name)
		w.WriteString(fmt.Sprintf(`<FRBRthis value="%s"/><FRBRuri value="%s"/><FRBRdate date="%s" name="%s"/><FRBRauthor href="#ente"/>%s`+"\n", this, uri, date, what, more))
		w.shut(name)
	}
	main := "/!main"
	if component != "" {
		main = "/!" + component
	}
	w.open("meta")
	w.open(`identification source="#sportello"`)
	level("FRBRWork", work+main, work, `<FRBRcountry value="it"/>`+fmt.Sprintf(`<FRBRnumber value="%s"/>`, escaped(number)))
	level("FRBRExpression", expression+main, expression, `<FRBRlanguage language="ita"/>`)
	level("FRBRManifestation", expression+main+".xml", expression+".xml", "")
	w.shut("identification")
	if component != "" { // an annex points to who is named above: an eId is in the file once
		w.shut("meta")
		return
	}
	w.open(`references source="#sportello"`)
	w.WriteString(fmt.Sprintf(`<TLCOrganization eId="ente" href="/ontology/organization/it/%s" showAs="%s"/><TLCOrganization eId="sportello" href="/ontology/organization/it/sportello" showAs="Sportello"/>`+"\n", author, escaped(body)))
	w.shut("references")
	w.shut("meta")
}

// annex writes an allegato with its text; its own articles are in it as they stand.
func (w *aknWriter) annex(i int, body string, at time.Time) {
	s := w.d.Sections[i]
	num, rubric, rest := w.heading(s)
	w.open("attachment" + w.id(s))
	w.line("heading", "", escaped(strings.TrimSpace(num+" "+rubric)))
	w.open(`doc name="allegato"`)
	w.identification(body, at, "allegato-"+aknSlug.ReplaceAllString(strings.ToLower(s.Number), "-"))
	w.open("mainBody")
	end := min(rest, s.End)
	for _, k := range w.kids[i] {
		x := w.d.Sections[k]
		w.paragraphs(w.lines(min(end, x.Start), x.Start))
		w.section(k)
		end = max(end, x.End)
	}
	w.paragraphs(w.lines(end, s.End))
	w.shut("mainBody")
	w.shut("doc")
	w.shut("attachment")
}
