package assistant

import (
	"testing"

	"sportello/ingest"
)

func ranked(s sought, passages ...Passage) []string {
	words := []Hit{{Score: 40}}
	rank(s, passages, words, nil, 40)
	var ids []string
	for _, p := range arrange(passages, wanted{}, len(passages)) {
		ids = append(ids, p.ID)
	}
	return ids
}

// Equal in words and in meaning, what is stated and how much there is to read decide.
func TestRankPrefersWhatAnswers(t *testing.T) {
	at := func(id, document, text string) Passage {
		return Passage{ID: id, DocumentID: document, Text: text, NearScore: 0.2, WordScore: 2, Score: 0.5}
	}
	title := at("title", "a", "Domanda di riduzione. Data di ultima modifica")
	silent := at("silent", "b", "La domanda di riduzione si presenta all'ufficio che ne cura l'istruttoria, secondo le modalità previste dal presente regolamento e con gli allegati che sono richiesti per ciascuna di esse, e viene poi trasmessa agli altri uffici interessati per quanto di loro competenza.")
	answer := at("answer", "c", "La domanda di riduzione si presenta entro il 31 dicembre all'ufficio che ne cura l'istruttoria, secondo le modalità previste dal presente regolamento e con gli allegati che sono richiesti per ciascuna di esse, e viene poi trasmessa agli altri uffici interessati per competenza.")
	got := ranked(newSought("entro quando si presenta la domanda di riduzione?", "it", nil), title, silent, answer)
	if got[0] != "answer" || got[2] != "title" {
		t.Errorf("order %v", got)
	}
}

func TestRankPrefersAFormWhenOneIsAsked(t *testing.T) {
	text := "Richiesta di rateizzazione della sanzione amministrativa: da presentare alla polizia locale con la copia del verbale e di un documento di identità, quando l'importo supera i duecento euro e le condizioni economiche del richiedente lo giustificano."
	rule := Passage{ID: "rule", DocumentID: "a", Kind: ingest.Regolamento, Text: text, NearScore: 0.22, WordScore: 2, Score: 0.5}
	form := rule
	form.ID, form.DocumentID, form.Kind, form.NearScore, form.Text = "form", "b", ingest.Modulo, 0.2, text+" Il sottoscritto chiede."
	if got := ranked(newSought("che modulo serve per pagare la sanzione a rate?", "it", nil), rule, form); got[0] != "form" {
		t.Errorf("order %v", got)
	}
	if got := ranked(newSought("come si paga la sanzione a rate?", "it", nil), rule, form); got[0] != "rule" {
		t.Errorf("order %v without asking for a form", got)
	}
}

func TestReadATable(t *testing.T) {
	s := newSought("quanto costa la sala civica per una giornata intera?", "it", nil)
	p := Passage{Text: "Sala | Mezza giornata | Giornata intera\nSala civica | € 45,00 | € 80,00\nSala della Torre | € 25,00 | € 45,00"}
	r := s.read(&p)
	if len(r.spans) != 3 || len(r.terms[1]) <= len(r.terms[2]) || len(r.terms[2]) == 0 {
		t.Errorf("terms %v: a row has those of its header", r.terms)
	}
	if w := s.best(r, s.scale([]passageRead{r, {all: map[string]bool{}}})); w.met != 1 || w.from > 1 || w.to < 2 {
		t.Errorf("window %+v, want the row of the sala civica", w)
	}
}
