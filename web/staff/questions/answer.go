package questions

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/desk"
	"sportello/assistant/fault"
	"sportello/assistant/lexicon"
	"sportello/locales"
	"sportello/web/site"
	"sportello/web/staff"
)

// answerRow is an approved answer in the list.
type answerRow struct {
	assistant.Approved
	Trouble desk.Trouble
}

func (p *pages) answers(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	rows, err := p.answerRows(r.Context(), v)
	if err != nil {
		return err
	}
	return v.Render(w, "answers", v.L.T("answers_title"), struct {
		Rows    []answerRow
		MayEdit bool
	}{rows, v.May(access.EditAnswers)})
}

// answerRows gives the approved answers of the tenant, each with why it is not given.
func (p *pages) answerRows(ctx context.Context, v *staff.Visit) ([]answerRow, error) {
	list, err := p.Store.ApprovedList(ctx, v.Tenant.Slug)
	if err != nil {
		return nil, err
	}
	rows := make([]answerRow, len(list))
	for i, a := range list {
		rows[i].Approved = a
		if rows[i].Trouble, err = p.Desk.Check(ctx, v.Tenant.Slug, &a); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// sourceField is a source in the form: a document and words that stand in it.
type sourceField struct {
	Document, Quote string
	Missing         bool // the words do not stand in the document
}

type answerForm struct {
	assistant.Approved
	Asked     string // id of the question that it was written for
	Sources   []sourceField
	Documents []site.Document
	Offices   []string
	Languages []locales.Language
	Problems  map[string]string
	Trouble   desk.Trouble
	Loose     []string // numbers of the text that no source has
}

// looseNumbers gives the numbers of an answer that stand in none of its sources: a slip of the pen more often than not.
func looseNumbers(a *assistant.Approved) []string {
	there := map[string]bool{}
	for _, s := range a.Sources {
		for _, t := range lexicon.Analyze(s.Quote + " " + s.Title + " " + s.Article) {
			there[t] = true
		}
	}
	var out []string
	for _, t := range lexicon.Analyze(a.Text) {
		if t[0] >= '0' && t[0] <= '9' && !there[t] && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// Limits of an approved answer.
const (
	mostSources  = 6
	mostQuestion = 300
	mostAnswer   = 4000
	mostWordings = 30
	mostQuote    = 1500
	spareSources = 1 // empty rows in the form
)

// newAnswer is the form for a new answer, with what a question and its answer give.
func (p *pages) newAnswer(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	f := answerForm{Approved: assistant.Approved{Language: "it", Expires: p.Now().AddDate(1, 0, 0).Format(time.DateOnly)}}
	if id := r.URL.Query().Get("question"); id != "" {
		a, err := p.Store.Asked(r.Context(), v.Tenant.Slug, id)
		if err != nil {
			return err
		}
		f.Asked, f.Question, f.Office = a.ID, a.Question, a.Office
		if a.Understood != "" {
			f.Question = a.Understood
		}
		if locales.Known(a.Language) {
			f.Language = a.Language
		}
		seen := map[string]bool{}
		for _, s := range a.Statements {
			for _, c := range s.Citations {
				if !seen[c.Quote] && len(f.Sources) < mostSources {
					seen[c.Quote] = true
					f.Sources = append(f.Sources, sourceField{Document: c.DocumentID, Quote: c.Quote})
				}
			}
		}
		if len(f.Sources) == 0 && len(a.Passages) > 0 {
			f.Sources = append(f.Sources, sourceField{Document: a.Passages[0].DocumentID})
		}
	}
	return p.answerForm(w, r, v, f)
}

func (p *pages) editAnswer(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	a, err := p.Store.Approved(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return err
	}
	f := answerForm{Approved: *a}
	if f.Trouble, err = p.Desk.Check(r.Context(), v.Tenant.Slug, a); err != nil {
		return err
	}
	for _, s := range f.Approved.Sources {
		f.Sources = append(f.Sources, sourceField{Document: s.DocumentID, Quote: s.Quote})
	}
	return p.answerForm(w, r, v, f)
}

func (p *pages) answerForm(w http.ResponseWriter, r *http.Request, v *staff.Visit, f answerForm) error {
	ctx := r.Context()
	all, err := p.Library.Documents(ctx, v.Tenant.Slug)
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.InForce(p.Now().Format(time.DateOnly)) {
			f.Documents = append(f.Documents, d)
		}
	}
	if f.Offices, _, err = p.offices(ctx, v.Tenant.Slug); err != nil {
		return err
	}
	f.Languages = locales.Languages()
	for range min(spareSources, mostSources-len(f.Sources)) {
		f.Sources = append(f.Sources, sourceField{})
	}
	title := "answers_new_title"
	if f.ID != "" {
		title = "answers_edit_title"
	}
	return v.Render(w, "answer", v.L.T(title), f)
}

// saveAnswer takes the form: every source must be found word for word in a document that is in force.
func (p *pages) saveAnswer(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	f := answerForm{Asked: r.PostFormValue("asked"), Approved: assistant.Approved{
		ID: r.PostFormValue("id"), Language: r.PostFormValue("language"), Question: r.PostFormValue("question"),
		Wordings: lines(r.PostFormValue("wordings")), Text: r.PostFormValue("text"), Office: r.PostFormValue("office"), Expires: r.PostFormValue("expires"),
	}}
	for i := range mostSources {
		s := sourceField{Document: r.PostFormValue("document" + strconv.Itoa(i)), Quote: strings.TrimSpace(r.PostFormValue("quote" + strconv.Itoa(i)))}
		if s.Quote != "" && s.Document != "" {
			f.Sources = append(f.Sources, s)
		}
	}
	err := p.keepAnswer(r.Context(), v, &f, r.PostFormValue("sure") == "1")
	if err == nil && len(f.Problems) > 0 {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("answers_problem")
		return p.answerForm(w, r, v, f)
	}
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("answers"), "answers_done_saved")
}

// keepAnswer stores an answer when nothing is wrong with it; else Problems says what is, by field. An answer without an id is new.
// sure: numbers that stand in no source are meant.
func (p *pages) keepAnswer(ctx context.Context, v *staff.Visit, f *answerForm, sure bool) error {
	tenant := v.Tenant.Slug
	f.Problems, f.Tenant, f.Author, f.On = map[string]string{}, tenant, by(v), p.Now().Format(time.DateOnly)
	f.Question, f.Text = oneLine(f.Question), strings.TrimSpace(strings.ReplaceAll(f.Text, "\r\n", "\n"))
	if err := p.findSources(ctx, v, f); err != nil {
		return err
	}
	p.checkAnswer(v, f)
	if f.Loose = looseNumbers(&f.Approved); len(f.Loose) > 0 && len(f.Problems) == 0 && !sure {
		f.Problems["text"] = v.L.T("answers_problem_numbers", map[string]any{"Numbers": strings.Join(f.Loose, ", ")})
	}
	if len(f.Problems) > 0 {
		return nil
	}
	action := "answer.change"
	if f.ID == "" {
		f.ID, action = rand.Text(), "answer.approve"
	} else if _, err := p.Store.Approved(ctx, tenant, f.ID); err != nil {
		return err
	}
	if err := p.Store.PutApproved(ctx, f.Approved, entry(v, action, f.ID, f.Office)); err != nil {
		return err
	}
	if f.Asked == "" {
		return nil
	}
	a, err := p.Store.Asked(ctx, tenant, f.Asked)
	if err == nil {
		err = p.Store.MarkAsked(ctx, tenant, f.Asked, a.Assigned, true)
	}
	if fault.CodeOf(err) == fault.NotFound { // forgotten meanwhile
		return nil
	}
	return err
}

// findSources gives each source of the form its place in its document.
func (p *pages) findSources(ctx context.Context, v *staff.Visit, f *answerForm) error {
	for i := range f.Sources {
		s := &f.Sources[i]
		if r := []rune(s.Quote); len(r) > mostQuote {
			s.Quote = string(r[:mostQuote])
		}
		c, err := p.locate(ctx, v.Tenant.Slug, s.Document, s.Quote)
		switch {
		case errors.Is(err, errNotThere) || fault.CodeOf(err) == fault.NotFound:
			s.Missing = true
			f.Problems["sources"] = v.L.T("answers_problem_quote")
		case err != nil:
			return err
		default:
			s.Quote = c.Quote
			f.Approved.Sources = append(f.Approved.Sources, c)
		}
	}
	return nil
}

func (p *pages) checkAnswer(v *staff.Visit, f *answerForm) {
	if f.Question == "" || len([]rune(f.Question)) > mostQuestion {
		f.Problems["question"] = v.L.T("answers_problem_question")
	}
	if f.Text == "" || len([]rune(f.Text)) > mostAnswer {
		f.Problems["text"] = v.L.T("answers_problem_text")
	}
	if len(f.Wordings) > mostWordings {
		f.Wordings = f.Wordings[:mostWordings]
	}
	if f.Office == "" {
		f.Problems["office"] = v.L.T("answers_problem_office")
	}
	if day, err := time.Parse(time.DateOnly, f.Expires); err != nil || day.Format(time.DateOnly) < p.Now().Format(time.DateOnly) {
		f.Problems["expires"] = v.L.T("answers_problem_expires")
	}
	if !locales.Known(f.Language) {
		f.Language = "it"
	}
	if len(f.Approved.Sources) == 0 && f.Problems["sources"] == "" {
		f.Problems["sources"] = v.L.T("answers_problem_sources")
	}
}

// withdraw takes an answer out of use, or brings it back.
func (p *pages) withdraw(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	back, message := r.PostFormValue("back") != "", "answers_done_withdrawn"
	if back {
		message = "answers_done_restored"
	}
	if _, err := p.setWithdrawn(r, v, !back); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("answers"), message)
}

// setWithdrawn says whether the answer of the path is given.
func (p *pages) setWithdrawn(r *http.Request, v *staff.Visit, withdrawn bool) (*assistant.Approved, error) {
	a, err := p.Store.Approved(r.Context(), v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	action := "answer.restore"
	if withdrawn {
		action = "answer.withdraw"
	}
	a.Withdrawn = withdrawn
	return a, p.Store.PutApproved(r.Context(), *a, entry(v, action, a.ID, ""))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = oneLine(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
