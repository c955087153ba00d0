package citizen

import (
	"net/http"
	"strconv"
	"strings"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/plain"
	"sportello/locales"
	"sportello/web/dialogue"
	"sportello/web/page"
)

// simplerBody is an answer's quotes in simpler words.
type simplerBody struct {
	V          *page.View
	L          *locales.Localizer // of whoever reads
	Statements []sentence         // of a model, verified
	Quotes     []simplerQuote
	Terms      []page.Term
	Short      bool // there was nothing to take apart
	Alone      bool // on a page of its own, which has the title
}

type simplerQuote struct {
	*source
	Groups []factGroup
	Parts  []plain.Part
	Laws   []string
}

// Level is that of the headings inside.
func (b *simplerBody) Level() int {
	if b.Alone {
		return 2
	}
	return 4
}

// factGroup is what a quote says of one topic.
type factGroup struct {
	Key   string // of the message
	Facts []factView
}

type factView struct {
	plain.Fact
	Meaning string // of a date or a period, in the reader's language
}

// stretches writes what an answer quotes for the hidden fields of the form, each stretch once.
func stretches(a *assistant.Answer) (out []string) {
	seen := map[string]bool{}
	for _, s := range a.Statements {
		for _, c := range s.Citations {
			one := c.DocumentID + ":" + strconv.Itoa(c.Start) + "-" + strconv.Itoa(c.End)
			if c.End > c.Start && !seen[one] {
				seen[one] = true
				out = append(out, one)
			}
		}
	}
	return out
}

// stretch reads what stretches wrote.
func stretch(s string) (dialogue.Stretch, error) {
	document, span, ok := strings.Cut(s, ":")
	from, to, both := strings.Cut(span, "-")
	start, errStart := strconv.Atoi(from)
	end, errEnd := strconv.Atoi(to)
	if !ok || !both || errStart != nil || errEnd != nil {
		return dialogue.Stretch{}, fault.New(fault.Invalid, "a quote is written DOCUMENT:START-END")
	}
	return dialogue.Stretch{Document: document, Start: start, End: end}, nil
}

// Simpler shows the quotes that the form names in simpler words, as a page or, for the script, as the piece of one.
func (p *Pages) Simpler(w http.ResponseWriter, r *http.Request, slug string) error {
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	l := p.cfg.Catalogue.For(r.PostFormValue("language"), v.L.Lang())
	req := dialogue.SimplerRequest{Tenant: slug, Language: l.Lang()}
	for _, one := range r.PostForm["quote"] {
		s, err := stretch(one)
		if err != nil {
			return err
		}
		req.Quotes = append(req.Quotes, s)
	}
	got, err := p.cfg.Dialogue.Simpler(r.Context(), req)
	if err != nil {
		return err
	}
	w.Header().Set("X-AI-Generated", strconv.FormatBool(len(got.Statements) > 0))
	body := p.simpler(v, l, got)
	if r.Header.Get("Accept") == fragment {
		return p.fragment(w, v, "simpler-text", body)
	}
	body.Alone = true
	v.Title, v.Here, v.Body = v.L.T("simpler_title"), "ask", body
	return p.write(w, "simpler", v)
}

func (p *Pages) simpler(v *page.View, l *locales.Localizer, got *dialogue.Simpler) *simplerBody {
	out := &simplerBody{V: v, L: l, Short: len(got.Statements) == 0}
	n := newNumbering(v)
	var words strings.Builder
	var everyday []plain.Word
	for _, q := range got.Quotes {
		view := simplerQuote{source: n.cite(l, q.Citation), Parts: q.Parts, Laws: q.Laws}
		for _, topic := range plain.Topics() {
			group := factGroup{Key: "simpler_" + string(topic)}
			for _, f := range q.Of(topic) {
				group.Facts = append(group.Facts, factView{f, page.Meaning(l, f.Text)})
			}
			if len(group.Facts) > 0 {
				view.Groups = append(view.Groups, group)
			}
		}
		out.Quotes = append(out.Quotes, view)
		out.Short = out.Short && q.Short()
		everyday = append(everyday, q.Words...)
		words.WriteString(q.Quote + "\n")
	}
	for _, st := range got.Statements {
		out.Statements = append(out.Statements, statementView(l, n, st))
	}
	out.Terms = p.Explain(v.Tenant, l, words.String(), everyday)
	return out
}
