package facilitator

import (
	"net/http"
	"net/url"
	"strings"

	"sportello/assistant"
	"sportello/assistant/procedure"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/locales"
	"sportello/locales/national"
	"sportello/web/page"
	"sportello/web/qr"
	"sportello/web/site"
	"sportello/web/staff"
)

// stepsBody is the procedure of a service.
type stepsBody struct {
	Visit     visit
	It, L     *locales.Localizer
	Both      bool
	Document  documentView
	Subject   string
	Comune    string
	Steps     []stepView
	Sources   []documentView // that have a line here
	Terms     []page.Term
	National  []nationalView
	Contacts  []assistant.Contact
	Notes     []store.VisitNote
	Print     string // address of the sheet
	QR        string // picture
	Address   string // what the QR says
	Today     string // ISO 8601
	Languages []locales.Language
}

type stepView struct {
	Heading procedure.Heading
	Lines   []lineView
}

// Key gives the message of the heading.
func (s stepView) Key() string { return "steps_" + string(s.Heading) }

type lineView struct {
	quoteView
	Items   []string
	General bool
}

type nationalView struct {
	*national.Service
	Language string
}

// URL is the address of the service in the person's language.
func (n nationalView) URL() string { return n.Service.URL(n.Language) }

// Why says what the service is for, in a language.
func (n nationalView) Why(language string) string { return n.For[language] }

// related is how many documents beside the first are read for the steps.
const related = 4

func (p *pages) stepsPage(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	body, err := p.stepsOf(r, v)
	if err != nil {
		return err
	}
	return v.Render(w, "steps", v.L.T("facilitator_steps_title"), body)
}

func (p *pages) printPage(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	body, err := p.stepsOf(r, v)
	if err != nil {
		return err
	}
	return v.Alone(w, "print", body.L.T("steps_title"), body.L.Lang(), body)
}

// stepsOf builds the procedure of ?document=, about ?subject= or what the document is about.
func (p *pages) stepsOf(r *http.Request, v *staff.Visit) (*stepsBody, error) {
	ctx := r.Context()
	one, err := p.open(r, v)
	if err != nil {
		return nil, err
	}
	query := r.URL.Query()
	first, err := p.Library.Document(ctx, v.Tenant.Slug, query.Get("document"))
	if err != nil {
		return nil, err
	}
	sources, err := p.sources(r, v, first, query.Get("article"), query.Get("subject"))
	if err != nil {
		return nil, err
	}
	built := p.steps.Build(query.Get("subject"), sources)
	book, err := p.glossary(ctx, v.Tenant.Slug)
	if err != nil {
		return nil, err
	}
	body := &stepsBody{
		Visit: one, It: p.in("it"), L: p.in(one.Language), Both: one.Language != "it", Subject: built.Subject, Comune: v.Tenant.Name,
		Document: documentView{ID: first.ID, Title: first.Title, Article: query.Get("article")}, Today: p.Now().Format("2006-01-02"),
	}
	var words strings.Builder
	seen := map[string]bool{}
	for _, s := range built.Steps {
		view := stepView{Heading: s.Heading}
		for _, l := range s.Lines {
			from := sources[l.Source]
			line := lineView{General: l.General, quoteView: quoteView{
				Text: l.Text, Title: from.Title, Article: l.Article, Page: l.Page, URL: citedAt(v, from.ID, l.Article, l.Start, l.End),
			}}
			words.WriteString(l.Text + "\n")
			for _, item := range l.Items {
				line.Items = append(line.Items, item.Text)
				words.WriteString(item.Text + "\n")
			}
			view.Lines = append(view.Lines, line)
			if !seen[from.ID] {
				seen[from.ID] = true
				body.Sources = append(body.Sources, documentView{ID: from.ID, Title: from.Title, Form: from.Document.Form != nil})
			}
		}
		body.Steps = append(body.Steps, view)
	}
	body.Terms = page.Explain(book, p.in(one.Language), words.String())
	for _, n := range p.national.Find(words.String()) {
		body.National = append(body.National, nationalView{n, one.Language})
	}
	contacts, err := p.Library.Contacts(ctx, v.Tenant.Slug)
	if err != nil {
		return nil, err
	}
	body.Contacts = officesFor(contacts, built.Subject)
	if body.Notes, err = p.Store.VisitNotes(ctx, v.Tenant.Slug, first.ID); err != nil {
		return nil, err
	}
	again := url.Values{"document": {first.ID}}
	for _, key := range []string{"article", "subject"} {
		if query.Get(key) != "" {
			again.Set(key, query.Get(key))
		}
	}
	body.Print = v.URL("facilitator/visits/"+one.ID+"/print") + "?" + again.Encode()
	body.Address = p.base(r) + "/t/" + v.Tenant.Slug + "/documents/" + first.ID + "?lang=" + one.Language
	body.QR, err = qr.DataURI(body.Address)
	return body, err
}

// base is the address of this installation, as people outside see it.
func (p *pages) base(r *http.Request) string {
	if p.PublicURL != "" {
		return strings.TrimSuffix(p.PublicURL, "/")
	}
	return "http://" + r.Host
}

// sources are the document, then others of the tenant that the search finds for the subject: a form has its regulation, and the other way round.
func (p *pages) sources(r *http.Request, v *staff.Visit, first *site.Document, article, subject string) ([]procedure.Source, error) {
	ctx := r.Context()
	content, err := p.Library.Content(ctx, v.Tenant.Slug, first.ID)
	if err != nil {
		return nil, err
	}
	out := []procedure.Source{{ID: first.ID, Title: first.Title, Document: content, Article: article}}
	if p.Retriever == nil {
		return out, nil
	}
	if subject == "" {
		subject = out[0].About()
	}
	passages, _, err := p.Retriever.Retrieve(ctx, assistant.Question{Tenant: v.Tenant.Slug, Text: subject, Language: "it", Audience: ingest.Public})
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{first.ID: true}
	for _, found := range passages {
		if seen[found.DocumentID] || len(out) > related {
			continue
		}
		seen[found.DocumentID] = true
		content, err := p.Library.Content(ctx, v.Tenant.Slug, found.DocumentID)
		if err != nil {
			return nil, err
		}
		out = append(out, procedure.Source{ID: found.DocumentID, Title: found.Title, Document: content})
	}
	return out, nil
}

// officesFor gives the offices whose subjects the text names, or all of them when there are few.
func officesFor(all []assistant.Contact, text string) []assistant.Contact {
	folded := strings.ToLower(text)
	var out []assistant.Contact
	for _, c := range all {
		for _, s := range c.Subjects {
			if s != "" && strings.Contains(folded, strings.ToLower(s)) {
				out = append(out, c)
				break
			}
		}
	}
	if len(out) == 0 && len(all) <= 3 {
		return all
	}
	return out
}

// findBody is the list of documents to look for the steps in.
type findBody struct {
	Visit visit
	Query string
	Found []site.Document
}

// find lists the documents whose title has the words.
func (p *pages) find(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	one, err := p.open(r, v)
	if err != nil {
		return err
	}
	all, err := p.Library.Documents(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	query := strings.TrimSpace(r.URL.Query().Get("q"))
	body := findBody{Visit: one, Query: query}
	words := strings.Fields(strings.ToLower(query))
	today := p.Now().Format("2006-01-02")
	for _, d := range all {
		title := strings.ToLower(d.Title)
		if d.Form != nil {
			title += " " + strings.ToLower(d.Form.Purpose)
		}
		fits := d.InForce(today)
		for _, word := range words {
			fits = fits && strings.Contains(title, word)
		}
		if fits && len(body.Found) < 60 {
			body.Found = append(body.Found, d)
		}
	}
	return v.Render(w, "find", v.L.T("facilitator_find_title"), body)
}
