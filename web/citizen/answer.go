package citizen

import (
	"slices"
	"strconv"
	"strings"

	"sportello/assistant"
	"sportello/ingest"
	"sportello/locales"
	"sportello/web/dialogue"
	"sportello/web/page"
)

// answerView is an answer ready for its template.
type answerView struct {
	*assistant.Answer
	Statements []sentence
	Sources    []source
	Forms      []formCard
	Emergency  bool
	Near       []nearPlace
	Trail      []trailPassage
	Rejected   []assistant.Rejection
	Timings    []timing
	Quoted     []string // where the words are that can be said more simply
	Translated bool     // words of a model in a language that is not that of the documents
}

// sentence is a statement with the numbers of its sources.
type sentence struct {
	L          *locales.Localizer
	Text       string
	Blocks     []quoteBlock
	Quote      bool     // literal words of an Italian document
	Office     string   // the language of words that an office approved, empty for others
	Translated bool     // automatically, of the Italian Quotes that stand beside it
	Quotes     []string // of a translation
	Cites      []*source
}

// source is a place that statements cite, numbered in order of appearance.
type source struct {
	Number int
	URL    string
	Title  string
	Place  string // "art. 12, p. 3", in the page's language
	Rubric string // what the document calls the place: "Riduzioni"
	Act    string
	Quotes []string // literal spans, for statements that are not quotes themselves
	key    string
}

type formCard struct {
	ingest.Form
	Title, URL, Download string
}

// nearPlace is what may have been looked for.
type nearPlace struct{ Title, Place, URL string }

type trailPassage struct {
	Title, Place, URL string
	Score             string
	Text              string
}

type timing struct{ Key, Value string }

// numbering gives the same number to the same place throughout an answer, also while it streams.
type numbering struct {
	v       *page.View
	sources []*source
}

func newNumbering(v *page.View) *numbering { return &numbering{v: v} }

func (n *numbering) cite(l *locales.Localizer, c assistant.Citation) *source {
	key := c.DocumentID + "#" + c.Article + "#" + c.EID
	if c.Article == "" && c.EID == "" {
		key += strconv.Itoa(c.Page)
	}
	for _, s := range n.sources {
		if s.key == key {
			return s
		}
	}
	s := &source{
		Number: len(n.sources) + 1, key: key, Title: c.Title, Place: place(l, c.Article, c.Page), Rubric: page.Rubric(c.Rubric, c.Article),
		URL: n.v.URL("/t/"+n.v.Tenant.Slug+"/documents/"+c.DocumentID, "article", c.Article, "start", c.Start, "end", c.End) + "#cited",
	}
	n.sources = append(n.sources, s)
	return s
}

func statementView(l *locales.Localizer, n *numbering, st assistant.Statement) sentence {
	out := sentence{L: l, Text: st.Text, Quote: st.Origin == assistant.FromDocument}
	out.Translated = st.Translated
	if out.Quote {
		out.Blocks = quoteBlocks(st.Text)
	}
	if st.Origin == assistant.FromOffice {
		out.Office = l.Lang() // given to questions in its own language only
	}
	for _, c := range st.Citations {
		s := n.cite(l, c)
		quotes := &s.Quotes
		if out.Translated {
			quotes = &out.Quotes
		}
		if !out.Quote && c.Quote != "" && !slices.Contains(*quotes, c.Quote) {
			*quotes = append(*quotes, c.Quote)
		}
		if !slices.Contains(out.Cites, s) {
			out.Cites = append(out.Cites, s)
		}
	}
	return out
}

func newAnswerView(v *page.View, l *locales.Localizer, a *assistant.Answer) *answerView {
	out := &answerView{Answer: a, Emergency: a.Reason == assistant.Emergency, Rejected: a.Drafts, Quoted: stretches(a)}
	n := newNumbering(v)
	for _, st := range a.Statements {
		s := statementView(l, n, st)
		out.Statements = append(out.Statements, s)
		out.Translated = out.Translated || s.Translated
	}
	acts := map[string]string{}
	for _, p := range a.Passages {
		acts[p.DocumentID] = act(l, p.Approval, p.ValidFrom)
	}
	for _, s := range n.sources {
		id, _, _ := strings.Cut(s.key, "#")
		s.Act = acts[id]
		out.Sources = append(out.Sources, *s)
	}
	base := "/t/" + v.Tenant.Slug + "/documents/"
	for _, one := range a.Near {
		where := one.Rubric
		if where == "" {
			where = place(l, one.Article, one.Page)
		}
		out.Near = append(out.Near, nearPlace{
			Title: one.Title, Place: where, URL: v.URL(base+one.DocumentID, "article", one.Article, "start", one.Start, "end", one.End) + "#cited",
		})
	}
	for _, p := range a.Passages {
		out.Trail = append(out.Trail, trailPassage{
			Title: p.Title, Place: place(l, p.Article, p.Page), Score: l.Decimal(p.Score, 2), Text: p.Text,
			URL: v.URL(base+p.DocumentID, "article", p.Article, "start", p.Start, "end", p.End) + "#cited",
		})
	}
	for _, p := range dialogue.Forms(a) {
		out.Forms = append(out.Forms, formCard{Form: *p.Form, Title: p.Title, URL: v.URL(base + p.DocumentID), Download: base + p.DocumentID + "/original"})
	}
	for _, t := range []struct {
		key string
		ms  float64
	}{
		{"made_retrieve", assistant.Milliseconds(a.Timings.Retrieve)},
		{"made_generate", assistant.Milliseconds(a.Timings.Generate)},
		{"made_verify", assistant.Milliseconds(a.Timings.Verify)},
	} {
		out.Timings = append(out.Timings, timing{t.key, l.Decimal(t.ms, 1)})
	}
	return out
}

// place says where in a document: "art. 12, pag. 3".
func place(l *locales.Localizer, article string, number int) string {
	return page.Place(l, article, number)
}

// act says which act approved a document and since when it holds: "delibera C.C. n. 28 del 31 marzo 2021".
func act(l *locales.Localizer, a ingest.Act, from string) string {
	var parts []string
	if a.Number != "" {
		name := strings.TrimSpace(a.Type + " " + a.Body)
		if l.Dir() == "rtl" {
			name = "\u2068" + name + "\u2069" // isolated, or the dot of "C.C." jumps to its other side
		}
		if a.Date != "" {
			parts = append(parts, l.T("act_dated", locales.Data{"Act": name, "Number": a.Number, "Date": l.ISODate(a.Date)}))
		} else {
			parts = append(parts, l.T("act_undated", locales.Data{"Act": name, "Number": a.Number}))
		}
	}
	if from != "" {
		parts = append(parts, l.T("act_from", locales.Data{"Date": l.ISODate(from)}))
	}
	return strings.Join(parts, l.T("place_separator"))
}

// italian is what the answer shows of Italian documents.
func (a *answerView) italian() string {
	var words strings.Builder
	for _, s := range a.Answer.Statements {
		for _, c := range s.Citations {
			words.WriteString(c.Quote + "\n")
		}
	}
	return words.String()
}
