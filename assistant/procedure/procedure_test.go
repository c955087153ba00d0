package procedure

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/ingest"
)

const sheet = `Contributo per la mensa
Possono presentare domanda le famiglie residenti.
Alla domanda si allega:
a) attestazione ISEE;
b) copia della carta d'identità.
La domanda si presenta allo sportello scuola, mensa@example.it.
Gli interessati presentano la domanda entro il 30 giugno.
Il costo del pasto è di € 4,50.
L'ufficio rilascia il provvedimento entro 30 giorni dalla domanda.
In caso di diniego si può presentare ricorso al TAR.
Chi dichiara il falso decade dai benefici ai sensi dell'art. 75 del D.P.R. 445/2000.
`

func document(kind ingest.Kind, text string, sections ...ingest.Section) *ingest.Document {
	return &ingest.Document{Title: "Contributo per la mensa", Kind: kind, Text: text, Sections: sections, PageStarts: []int{0}, Pages: 1}
}

func builder(t *testing.T) *Builder {
	t.Helper()
	b, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// first gives the first line of each heading.
func first(p *Procedure) map[Heading]string {
	out := map[Heading]string{}
	for _, s := range p.Steps {
		if len(s.Lines) > 0 {
			out[s.Heading] = s.Lines[0].Text
		}
	}
	return out
}

func TestSheet(t *testing.T) {
	d := document(ingest.Scheda, sheet)
	p := builder(t).Build("", []Source{{ID: "a", Title: d.Title, Document: d}})
	want := map[Heading]string{
		Who: "Possono presentare domanda le famiglie residenti.", Bring: "Alla domanda si allega:", Where: "La domanda si presenta allo sportello scuola, mensa@example.it.",
		Deadline: "Gli interessati presentano la domanda entro il 30 giugno.", Cost: "Il costo del pasto è di € 4,50.",
		Duration: "L'ufficio rilascia il provvedimento entro 30 giorni dalla domanda.", Refused: "In caso di diniego si può presentare ricorso al TAR.",
	}
	if diff := cmp.Diff(want, first(p)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, s := range p.Steps {
		if len(s.Lines) > 1 {
			t.Errorf("%s: %d lines", s.Heading, len(s.Lines))
		}
		if s.Heading == Bring {
			var items []string
			for _, item := range s.Lines[0].Items {
				items = append(items, item.Text)
			}
			if diff := cmp.Diff([]string{"attestazione ISEE;", "copia della carta d'identità."}, items); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
	}
	if p.Empty() || p.Subject != "Contributo per la mensa" {
		t.Errorf("%+v", p)
	}
}

// Of a regulation only the articles about the subject count; what holds for their chapter comes where nothing more special is said.
func TestRegulation(t *testing.T) {
	parts := []string{
		"Art. 1 Passo carrabile\nIl titolare versa € 30,00 per il cartello del passo carrabile.\n",
		"Art. 2 Rilascio\nL'ufficio rilascia l'autorizzazione entro 30 giorni dalla domanda.\n",
		"Art. 3 Dehors\nPer il dehors si versa un canone di € 50,00.\n",
		"Art. 4 Cimitero\nL'ufficio rilascia la concessione del loculo entro 60 giorni.\n",
	}
	text := strings.Join(parts, "")
	sections := []ingest.Section{{Kind: ingest.SecCapo, Number: "I", Rubric: "Occupazioni", Parent: -1, End: len(text)}, {Kind: ingest.SecCapo, Number: "II", Rubric: "Altro", Parent: -1}}
	at := 0
	for i, part := range parts {
		rubric, _, _ := strings.Cut(part[len("Art. 1 "):], "\n")
		parent := 0
		if i == 3 {
			parent = 1
		}
		sections = append(sections, ingest.Section{Kind: ingest.SecArticle, Number: string(rune('1' + i)), Rubric: rubric, Parent: parent, Start: at, End: at + len(part)})
		at += len(part)
	}
	d := document(ingest.Regolamento, text, sections...)
	b := builder(t)
	got := b.Build("passo carrabile", []Source{{Title: "Regolamento", Document: d}})
	if diff := cmp.Diff(map[Heading]string{
		Cost: "Il titolare versa € 30,00 per il cartello del passo carrabile.", Duration: "L'ufficio rilascia l'autorizzazione entro 30 giorni dalla domanda.",
	}, first(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, s := range got.Steps {
		for _, l := range s.Lines {
			if l.General != (s.Heading == Duration) {
				t.Errorf("%s: general %v", s.Heading, l.General)
			}
		}
	}
	if !b.Build("piscina comunale estiva", []Source{{Title: "Regolamento", Document: d}}).Empty() {
		t.Error("a regulation says something about what it does not name")
	}
	// An article that an answer cited belongs to the service whatever its words are.
	if first(b.Build("piscina comunale estiva", []Source{{Title: "Regolamento", Document: d, Article: "3"}}))[Cost] == "" {
		t.Error("the cited article was left out")
	}
	if !b.Build("x", nil).Empty() || !b.Build("x", []Source{{}}).Empty() {
		t.Error("something from nothing")
	}
}

func TestForm(t *testing.T) {
	text := "Al Comando Polizia Locale\nRichiesta di permesso\nIl sottoscritto ____________ chiede entro il 3 maggio ______\n" +
		"ALLEGATI OBBLIGATORI\nCopia del documento;\nRicevuta del versamento di € 35,00;\nUna planimetria\nMarca da bollo da € 16,00;\n" +
		"Informativa sul trattamento dei dati personali\nIl richiedente presenta reclamo al Garante entro 30 giorni.\n"
	d := document(ingest.Modulo, text)
	d.Form = &ingest.Form{Purpose: "Richiesta di permesso", Recipient: "Al Comando Polizia Locale", Attachments: []string{"Copia del documento"}}
	p := builder(t).Build("", []Source{{Title: "Modulo", Document: d}})
	got := first(p)
	if got[Where] != "Al Comando Polizia Locale" || got[Deadline] != "" || got[Refused] != "" {
		t.Errorf("%v", got)
	}
	for _, s := range p.Steps {
		if s.Heading == Bring && (len(s.Lines) != 1 || len(s.Lines[0].Items) != 4) {
			t.Errorf("%+v", s.Lines)
		}
		if s.Heading == Cost && len(s.Lines) != 2 {
			t.Errorf("%+v", s.Lines)
		}
	}
}

func TestCuesAreChecked(t *testing.T) {
	for _, wrong := range []string{"who", "what 3 - x", "who x - x", "who 3 - (", "who 3 -"} {
		if _, err := read(wrong); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
