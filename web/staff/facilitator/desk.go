package facilitator

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/lexicon"
	"sportello/assistant/privacy"
	"sportello/locales"
	"sportello/locales/terms"
	"sportello/web/dialogue"
	"sportello/web/page"
	"sportello/web/staff"
)

// deskBody is the page of an open visit.
type deskBody struct {
	Visit     visit
	L         *locales.Localizer // of the person
	Languages []locales.Language
	Turns     []turnView // the newest first
	Question  string
	Key       string // of the form
	Max       int
}

// turnView is a question with its answer, side by side.
type turnView struct {
	Visit      string
	Number     int
	Question   string
	Answer     *assistant.Answer
	It, L      *locales.Localizer // Italian, and of the person
	Both       bool               // they are two
	Statements []statementView
	Documents  []documentView // that the answer rests on, for the steps
	Terms      []page.Term
}

// statementView is a statement in both languages.
type statementView struct {
	Italian []quoteView // in the words of the document, or of an office
	Said    string      // in the person's language, of a model and verified; empty: there is only the Italian
	Office  bool
}

type quoteView struct {
	Text, Title, Article, URL string
	Page                      int
}

type documentView struct {
	ID, Title, Article string
	Subject            string // of the steps: the title of the cited article; empty: what the document is about
	Form               bool
}

func (p *pages) desk(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	one, err := p.open(r, v)
	if fault.CodeOf(err) == fault.NotFound {
		v.Status = http.StatusNotFound
		return v.Render(w, "lost", v.L.T("facilitator_lost_title"), r.PathValue("id"))
	}
	if err != nil {
		return err
	}
	return p.show(w, r, v, one, "")
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, v *staff.Visit, one visit, question string) error {
	languages, err := p.languages(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	book, err := p.glossary(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	body := deskBody{Visit: one, L: p.in(one.Language), Languages: languages, Question: question, Key: strconv.Itoa(len(one.Turns) + 1), Max: p.talk.MaxRunes()}
	for i := len(one.Turns) - 1; i >= 0; i-- {
		body.Turns = append(body.Turns, p.view(v, one, one.Turns[i], book))
	}
	return v.Render(w, "visit", v.L.T("facilitator_visit_title"), body)
}

// ask answers a question of the person. A request that comes a second time, because the line broke, is not asked again.
func (p *pages) ask(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	one, err := p.open(r, v)
	if err != nil {
		return err
	}
	question, key := strings.TrimSpace(privacy.Masked(r.PostFormValue("question"))), r.PostFormValue("key")
	for _, t := range one.Turns {
		if key != "" && t.key == key && t.Question == question {
			return p.asked(w, r, v, one, t)
		}
	}
	spoken, _ := lexicon.Detect(question, one.Language)
	reply, err := p.talk.Ask(r.Context(), dialogue.Request{
		Tenant: v.Tenant.Slug, Text: question, PageLanguage: spoken, Conversation: one.conversation,
	}, func(assistant.Statement) error { return nil })
	if code := fault.CodeOf(err); code == fault.Invalid || code == fault.TooLarge {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("facilitator_problem_question")
		return p.show(w, r, v, one, question)
	}
	if err != nil {
		return err
	}
	t := turn{Question: question, Answer: reply.Answer, key: key}
	p.visits.change(one.ID, func(x *visit) {
		t.Number = 1
		if n := len(x.Turns); n > 0 {
			t.Number = x.Turns[n-1].Number + 1
		}
		x.Turns, x.conversation = append(x.Turns, t), reply.Conversation
	})
	return p.asked(w, r, v, one, t)
}

// asked gives the script the piece of the page that is new, and everybody else the page.
func (p *pages) asked(w http.ResponseWriter, r *http.Request, v *staff.Visit, one visit, t turn) error {
	if r.Header.Get("X-Piece") == "" {
		return v.Done(w, r, v.URL("facilitator/visits/"+one.ID)+"#turn-"+strconv.Itoa(t.Number), "")
	}
	book, err := p.glossary(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	return v.Fragment(w, "facilitator-turn", p.view(v, one, t, book))
}

// view makes a turn ready to be shown.
func (p *pages) view(v *staff.Visit, one visit, t turn, book *terms.Book) turnView {
	out := turnView{Visit: one.ID, Number: t.Number, Question: t.Question, Answer: t.Answer, It: p.in("it"), L: p.in(one.Language), Both: one.Language != "it"}
	var words strings.Builder
	for _, s := range t.Answer.Statements {
		view := statementView{Office: s.Origin == assistant.FromOffice}
		if s.Origin == assistant.FromModel && s.Translated && t.Answer.Language == one.Language {
			view.Said = s.Text
		}
		for i, c := range s.Citations {
			q := quoteView{Text: c.Quote, Title: c.Title, Article: c.Article, Page: c.Page, URL: citedAt(v, c.DocumentID, c.Article, c.Start, c.End)}
			if !s.Translated { // in Italian already: the statement once, then where it stands
				q.Text = s.Text
				if i > 0 {
					q.Text = ""
				}
			}
			if q.Text == "" && slices.ContainsFunc(view.Italian, func(o quoteView) bool { return o.Title == q.Title && o.Article == q.Article }) {
				continue
			}
			view.Italian = append(view.Italian, q)
			words.WriteString(q.Text + "\n")
		}
		out.Statements = append(out.Statements, view)
	}
	out.Documents = documentsOf(t.Answer)
	out.Terms = page.Explain(book, p.in(one.Language), words.String())
	return out
}

// citedAt is the citizens' page of a cited place.
func citedAt(v *staff.Visit, document, article string, start, end int) string {
	return v.URL("/t/"+v.Tenant.Slug+"/documents/"+document, "article", article, "start", strconv.Itoa(start), "end", strconv.Itoa(end)) + "#cited"
}

// rubricOf is the title of the article that is cited, as the passage's place in the document says it: "Art. 27 Riduzioni" -> "Riduzioni".
func rubricOf(a *assistant.Answer, c assistant.Citation) string {
	for _, p := range a.Passages {
		if p.DocumentID != c.DocumentID || p.Article != c.Article || c.Article == "" {
			continue
		}
		for part := range strings.SplitSeq(p.Breadcrumb, " > ") {
			if rest, ok := strings.CutPrefix(part, "Art. "+c.Article); ok && strings.TrimSpace(rest) != "" {
				return strings.Trim(rest, " .-–:")
			}
		}
	}
	return ""
}

// documentsOf are the documents that an answer rests on, each once, and the forms that were found near it.
func documentsOf(a *assistant.Answer) []documentView {
	var out []documentView
	seen := map[string]bool{}
	for _, s := range a.Statements {
		for _, c := range s.Citations {
			if !seen[c.DocumentID] {
				seen[c.DocumentID] = true
				out = append(out, documentView{ID: c.DocumentID, Title: c.Title, Article: c.Article, Subject: rubricOf(a, c)})
			}
		}
	}
	for _, passage := range a.Passages {
		if passage.Form != nil && !seen[passage.DocumentID] && len(out) < 4 && len(a.Statements) > 0 {
			seen[passage.DocumentID] = true
			out = append(out, documentView{ID: passage.DocumentID, Title: passage.Title, Form: true})
		}
	}
	return out
}
