// Package sitetest gives the web tests a small comune that does not exist: documents with structure, offices, and somebody to ask who
// answers by script.
package sitetest

import (
	"context"
	"slices"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/web/site"
)

// Comune is the slug of the tenant; Other has no documents.
const (
	Comune = "borgoprova"
	Other  = "altroprova"
)

// Library is a site.Library in memory. It hides nothing by itself, so that tests see what handlers hide.
type Library struct {
	TenantList []site.Tenant
	List       []site.Document
	Texts      map[string]*ingest.Document
	Files      map[string]*site.Original
	Offices    []assistant.Contact
	Err        error // returned by every method when set
}

// Tenants implements site.Library.
func (l *Library) Tenants(context.Context) ([]site.Tenant, error) { return l.TenantList, l.Err }

// Tenant implements site.Library.
func (l *Library) Tenant(_ context.Context, slug string) (*site.Tenant, error) {
	for _, t := range l.TenantList {
		if t.Slug == slug {
			return &t, l.Err
		}
	}
	return nil, fault.New(fault.NotFound, "there is no tenant %q", slug)
}

// Documents implements site.Library.
func (l *Library) Documents(_ context.Context, tenant string) ([]site.Document, error) {
	if tenant != Comune {
		return nil, l.Err
	}
	return l.List, l.Err
}

// Document implements site.Library.
func (l *Library) Document(_ context.Context, tenant, id string) (*site.Document, error) {
	for _, d := range l.List {
		if d.ID == id && d.Tenant == tenant {
			return &d, l.Err
		}
	}
	return nil, fault.New(fault.NotFound, "%s has no document %s", tenant, id)
}

// Content implements site.Library.
func (l *Library) Content(_ context.Context, _, id string) (*ingest.Document, error) {
	if d := l.Texts[id]; d != nil {
		return d, l.Err
	}
	return nil, fault.New(fault.NotFound, "no document %s", id)
}

// Logo implements site.Library.
func (l *Library) Logo(ctx context.Context, tenant string) ([]byte, error) {
	t, err := l.Tenant(ctx, tenant)
	if err == nil && t.Logo == "" {
		err = fault.New(fault.NotFound, "%s has no logo", tenant)
	}
	return []byte("PNG"), err
}

// Original implements site.Library.
func (l *Library) Original(_ context.Context, _, id string) (*site.Original, error) {
	if f := l.Files[id]; f != nil {
		return f, l.Err
	}
	return nil, fault.New(fault.NotFound, "the original of %s was not kept", id)
}

// Contacts implements site.Library.
func (l *Library) Contacts(context.Context, string) ([]assistant.Contact, error) {
	return l.Offices, l.Err
}

// Asker answers with what Script gives for the question.
type Asker struct {
	Script func(ctx context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error)
	Asked  []assistant.Question
}

// Ask implements site.Asker.
func (a *Asker) Ask(ctx context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error) {
	a.Asked = append(a.Asked, q)
	return a.Script(ctx, q, emit)
}

// Says emits each statement of the answer and then gives it.
func Says(answer *assistant.Answer, pause time.Duration) func(context.Context, assistant.Question, func(assistant.Statement) error) (*assistant.Answer, error) {
	return func(ctx context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error) {
		a := *answer
		if a.Language == "" {
			a.Language = q.PageLanguage
		}
		if a.Question == "" {
			a.Question = q.Text
		}
		a.Statements = slices.Clone(a.Statements)
		for i := range a.Statements {
			a.Statements[i].Translated = a.Statements[i].Origin == assistant.FromModel && a.Language != "it"
		}
		for _, s := range a.Statements {
			select {
			case <-time.After(pause):
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			if err := emit(s); err != nil {
				return nil, err
			}
		}
		return &a, nil
	}
}

// Regulation is the text of the regulation "tari".
const Regulation = `Regolamento per la gestione dei rifiuti
Titolo I
Disposizioni generali
Art. 1
Oggetto
1. Il presente regolamento disciplina il conferimento dei rifiuti nel territorio comunale.
Art. 2 Orari del centro di raccolta
1. Il centro di raccolta è aperto il martedì e il sabato dalle ore 9.00 alle ore 12.30.
2. Possono accedere:
a) i residenti, con la tessera;
b) le imprese iscritte all'albo, previo appuntamento.
Titolo II
Tariffe
Art. 3 Riduzioni
1. La tariffa è ridotta del 30 per cento per chi composta i rifiuti organici.
Categoria | Euro
Residenti | 12,50
Imprese | 48,00
Art. 3-bis Esenzioni
1. Sono esenti i locali privi di utenze.
`

// New gives the library: a regulation in force, a superseded one, a form, a staff document.
func New() *Library {
	tari := regulation()
	form := &ingest.Document{Title: "Domanda di compostiera", Kind: ingest.Modulo, Format: "pdf", Text: "Domanda di compostiera\nIl sottoscritto chiede…", Form: &ingest.Form{
		Purpose: "richiesta di una compostiera", Who: "l'intestatario della tariffa", Recipient: "Ufficio Tributi", Attachments: []string{"copia del documento d'identità"}}}
	old := &ingest.Document{Title: "Regolamento dei rifiuti del 2009", Kind: ingest.Regolamento, Text: "Art. 1 Oggetto\nTesto superato."}
	secret := &ingest.Document{Title: "Istruzioni interne", Kind: ingest.Altro, Text: "Riservato al personale."}
	list := []site.Document{
		{ID: "d-form", Title: form.Title, Kind: ingest.Modulo, Format: "pdf", Form: form.Form},
		{ID: "d-staff", Title: secret.Title, Kind: ingest.Altro, Format: "text", Visibility: ingest.Staff},
		{ID: "d-old", Title: old.Title, Kind: ingest.Regolamento, Format: "html", Superseded: true},
		{ID: "d-tari", Title: tari.Title, Kind: ingest.Regolamento, Format: "pdf", Pages: 2, Approval: tari.Approval, ValidFrom: "2021-04-15"},
	}
	for i := range list {
		list[i].Tenant, list[i].Language, list[i].Source = Comune, "it", "documenti/"+list[i].ID+"."+list[i].Format
		if list[i].Visibility == "" {
			list[i].Visibility = ingest.Public
		}
	}
	return &Library{
		TenantList: []site.Tenant{{Slug: Other, Name: "Comune di Altroprova", Kind: "comune"}, {Slug: Comune, Name: "Comune di Borgoprova", Kind: "comune"}},
		List:       list,
		Texts:      map[string]*ingest.Document{"d-tari": tari, "d-form": form, "d-old": old, "d-staff": secret},
		Files: map[string]*site.Original{
			"d-tari": {Name: "rifiuti è.pdf", Bytes: []byte("%PDF-1.7 prova")}, "d-old": {Name: "vecchio.html", Bytes: []byte("<script>alert(1)</script>")},
			"d-staff": {Name: "interno.txt", Bytes: []byte("Riservato")},
		},
		Offices: []assistant.Contact{
			{Office: "Ufficio Tributi", Subjects: []string{"TARI", "IMU"}, Hours: "lunedì e giovedì 9-12", Phone: "+39 02 555 0100", Email: "tributi@borgoprova.example.it", Address: "Piazza Prova 1"},
			{Office: "Polizia Locale", Hours: "tutti i giorni 8-19", Phone: "02 555 0112"},
		},
	}
}

func regulation() *ingest.Document {
	d := &ingest.Document{Title: "Regolamento per la gestione dei rifiuti", Kind: ingest.Regolamento, Format: "pdf", Language: "it", Text: Regulation,
		Approval: ingest.Act{Type: "delibera", Body: "C.C.", Number: "28", Date: "2021-03-31"}, Pages: 2}
	at := func(s string) int { return strings.Index(Regulation, s) }
	d.PageStarts = []int{0, at("Titolo II")}
	end := len(Regulation)
	d.Sections = []ingest.Section{
		{Kind: ingest.SecTitolo, Number: "I", Rubric: "Disposizioni generali", EID: "title_I", Parent: -1, Start: at("Titolo I\n"), End: at("Titolo II")},
		{Kind: ingest.SecArticle, Number: "1", Rubric: "Oggetto", EID: "art_1", Parent: 0, Start: at("Art. 1\n"), End: at("Art. 2")},
		{Kind: ingest.SecArticle, Number: "2", Rubric: "Orari del centro di raccolta", EID: "art_2", Parent: 0, Start: at("Art. 2"), End: at("Titolo II")},
		{Kind: ingest.SecComma, Number: "1", EID: "art_2__para_1", Parent: 2, Start: at("1. Il centro"), End: at("2. Possono")},
		{Kind: ingest.SecLettera, Number: "a", EID: "art_2__para_2__point_a", Parent: 2, Start: at("a) i"), End: at("b) le")},
		{Kind: ingest.SecTitolo, Number: "II", Rubric: "Tariffe", EID: "title_II", Parent: -1, Start: at("Titolo II"), End: end},
		{Kind: ingest.SecArticle, Number: "3", Rubric: "Riduzioni", EID: "art_3", Parent: 5, Start: at("Art. 3 R"), End: at("Art. 3-bis")},
		{Kind: ingest.SecArticle, Number: "3-bis", Rubric: "Esenzioni", EID: "art_3-bis", Parent: 5, Start: at("Art. 3-bis"), End: end},
	}
	return d
}

// Hours is the sentence that Quoted quotes.
const Hours = "Il centro di raccolta è aperto il martedì e il sabato dalle ore 9.00 alle ore 12.30."

// Cite cites words of the regulation.
func Cite(quote, article string, page int) assistant.Citation {
	start := strings.Index(Regulation, quote)
	return assistant.Citation{
		Passage: "p-" + article, DocumentID: "d-tari", Document: "documenti/d-tari.pdf", Title: "Regolamento per la gestione dei rifiuti", Article: article,
		EID: "art_" + article, Page: page, Start: start, End: start + len(quote), Quote: quote,
	}
}

// Passages are what a search for the opening hours finds.
func Passages() []assistant.Passage {
	p := func(article, rubric string, page int, score float64) assistant.Passage {
		start := strings.Index(Regulation, "Art. "+article+" "+rubric)
		return assistant.Passage{ID: "p-" + article, DocumentID: "d-tari", Document: "documenti/d-tari.pdf", Title: "Regolamento per la gestione dei rifiuti",
			Kind: ingest.Regolamento, Article: article, EID: "art_" + article, Breadcrumb: "Regolamento per la gestione dei rifiuti > Art. " + article + " " + rubric,
			Page: page, Pages: []int{page}, Start: start, End: start + 60, Text: Regulation[start : start+60],
			Approval: ingest.Act{Type: "delibera", Body: "C.C.", Number: "28", Date: "2021-03-31"}, Score: score}
	}
	return []assistant.Passage{p("2", "Orari del centro di raccolta", 1, .91), p("3", "Riduzioni", 2, .4)}
}

// Quoted is an answer in the words of the document.
func Quoted() *assistant.Answer {
	return &assistant.Answer{
		Status: assistant.Quoted, Passages: Passages(), Timings: assistant.Timings{Retrieve: 9 * time.Millisecond, Verify: time.Millisecond},
		Statements: []assistant.Statement{{Text: Hours, Origin: assistant.FromDocument, Citations: []assistant.Citation{Cite(Hours, "2", 1)}}},
		Contacts:   New().Offices[:1],
	}
}

// Phrased is an answer written by a model, with a draft that was not shown.
func Phrased() *assistant.Answer {
	a := Quoted()
	a.Status = assistant.Answered
	card := "i residenti, con la tessera"
	a.Statements = []assistant.Statement{
		{Text: "Il centro di raccolta apre il martedì e il sabato, dalle 9.00 alle 12.30.", Origin: assistant.FromModel, Citations: []assistant.Citation{Cite(Hours, "2", 1)}},
		{Text: "I residenti entrano con la tessera.", Origin: assistant.FromModel, Citations: []assistant.Citation{Cite(card, "2", 1)}},
	}
	a.Drafts = []assistant.Rejection{{Text: "Apre anche la domenica.", Why: assistant.NotCovered}}
	a.Timings.Generate = 1300 * time.Millisecond
	return a
}

// Refusal is an answer that refuses.
func Refusal(r assistant.Reason) *assistant.Answer {
	return &assistant.Answer{Status: assistant.Refused, Reason: r, Contacts: New().Offices}
}
