package dialogue

import (
	"strings"

	"sportello/assistant"
	"sportello/ingest"
	"sportello/locales"
)

// Topic is something the documents answer: an article with a rubric, or a form with a purpose. Words are made of it in the
// page's language, so that no suggestion leads to a refusal.
type Topic struct {
	Title   string
	Article string
	Rubric  string
	Purpose string // of a form
}

// Text gives the question to ask.
func (t Topic) Text(l *locales.Localizer) string {
	if t.Purpose != "" {
		return l.T("suggest_form", locales.Data{"Purpose": t.Purpose})
	}
	return l.T("suggest_article", locales.Data{"Rubric": t.Rubric, "Title": t.Title})
}

const (
	maxRubric  = 70 // characters of a rubric or purpose that still reads as a question
	breadcrumb = " > "
)

func passageTopic(p assistant.Passage) (Topic, bool) {
	if p.Form != nil && p.Form.Purpose != "" {
		return Topic{Title: p.Title, Purpose: p.Form.Purpose}, short(p.Form.Purpose)
	}
	if p.Article == "" {
		return Topic{}, false
	}
	// The rubric is what follows the number in the article's own step of the breadcrumb: "Art. 12 Riduzioni".
	for step := range strings.SplitSeq(p.Breadcrumb, breadcrumb) {
		if _, rubric, ok := strings.Cut(step, p.Article+" "); ok && strings.HasPrefix(strings.ToLower(step), "art") {
			rubric = tidy(rubric)
			return Topic{Title: p.Title, Article: p.Article, Rubric: rubric}, short(rubric)
		}
	}
	return Topic{}, false
}

// Topics gives at most n starting points of a document: its articles that have a short rubric, or its purpose when it is a form.
func Topics(title string, d *ingest.Document, n int) []Topic {
	if d.Form != nil && short(d.Form.Purpose) {
		return []Topic{{Title: title, Purpose: d.Form.Purpose}}
	}
	var out []Topic
	for _, s := range d.Sections {
		rubric := tidy(s.Rubric)
		if s.Kind != ingest.SecArticle || !short(rubric) || general[strings.ToLower(rubric)] {
			continue
		}
		if out = append(out, Topic{Title: title, Article: s.Number, Rubric: rubric}); len(out) == n {
			break
		}
	}
	return out
}

// general are rubrics that open or close nearly every Italian regulation and tell a citizen nothing.
var general = map[string]bool{
	"oggetto": true, "oggetto del regolamento": true, "finalità": true, "principi": true, "definizioni": true, "ambito di applicazione": true,
	"oggetto e finalità": true, "entrata in vigore": true, "norme finali": true, "norme transitorie": true, "disposizioni finali": true,
	"disposizioni transitorie": true, "abrogazioni": true, "rinvio": true, "norme di rinvio": true, "premessa": true, "disposizioni generali": true,
	"presupposto": true, "competenze": true, "vigilanza": true, "norme di riferimento": true, "disposizioni transitorie e finali": true, "norme transitorie e finali": true, "oggetto e ambito di applicazione": true,
}

func tidy(s string) string {
	return strings.Trim(strings.Join(strings.Fields(s), " "), " .-–—:;()«»\"")
}

func short(s string) bool { n := len([]rune(s)); return n >= 4 && n <= maxRubric }
