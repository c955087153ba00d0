package workbench

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/drafting"
	"sportello/assistant/fault"
)

var facts = map[string]any{
	"ente.nome": "Comune di Roccaverde", "settore": "Settore tecnico", "responsabile.nome": "Carla Bianchi", "oggetto": "Manutenzione dell'ascensore del municipio",
	"ditta.nome": "Elevatori Valle S.r.l.", "netto": "1.000,00", "aliquota": "22", "capitolo": "1020", "esercizio": "2026", "prestazione": "servizio", "motivazione": "l'ascensore è fermo", "data": "2026-03-02",
}

func with(more ...string) map[string]any {
	out := map[string]any{}
	for k, v := range facts {
		out[k] = v
	}
	for i := 0; i+1 < len(more); i += 2 {
		out[more[i]] = more[i+1]
	}
	return out
}

func bench(t *testing.T) (*drafting.Library, *Work) {
	t.Helper()
	l, err := drafting.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	w, err := New(l, "determina-affidamento-diretto", facts, Own{}, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return l, w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestHandwrittenPartsFollowTheFields(t *testing.T) {
	l, w := bench(t)
	text := Text(w.Part("premesse"))
	changed := strings.Replace(text, "Considerato che l'ascensore è fermo;", "Considerato che l'ascensore è fermo da giorni e che in municipio lavorano persone con disabilità;\nVista la segnalazione dell'ufficio;", 1)
	if changed == text {
		t.Fatalf("the premesse are\n%s", text)
	}
	must(t, w.SetText("premesse", changed, "Anna"))
	must(t, w.Fill(l, with("ditta.nome", "Ascensori Alpi S.p.A.")))
	got := Text(w.Part("premesse"))
	for _, want := range []string{"fermo da giorni", "Vista la segnalazione", "preventivo di Ascensori Alpi S.p.A."} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if w.Late["premesse"] || !w.Changed("premesse") || w.Changed("dispositivo") {
		t.Errorf("late %v, base of %d parts", w.Late, len(w.Base))
	}
	must(t, w.Fill(l, with("motivazione", "il montascale è rotto")))
	if got = Text(w.Part("premesse")); !w.Late["premesse"] || !strings.Contains(got, "fermo da giorni") || strings.Contains(got, "montascale") {
		t.Errorf("both changed the same: late %v\n%s", w.Late, got)
	}
	must(t, w.Reset(l, "premesse"))
	if got = Text(w.Part("premesse")); !strings.Contains(got, "montascale") || strings.Contains(got, "segnalazione") || w.Late["premesse"] {
		t.Errorf("reset:\n%s", got)
	}
}

// A paragraph put between two of the template does not keep the next from following its fields.
func TestInsertedParagraphIsNoConflict(t *testing.T) {
	l, w := bench(t)
	must(t, w.Insert("premesse", 3, drafting.Paragraph{Pieces: []drafting.Piece{{Text: "Visto lo Statuto;", Origin: drafting.FromPerson, Source: "Anna"}}}))
	must(t, w.Fill(l, with("motivazione", "il montascale è rotto")))
	if got := Text(w.Part("premesse")); w.Late["premesse"] || !strings.Contains(got, "Visto lo Statuto;\n") || !strings.Contains(got, "il montascale è rotto") {
		t.Errorf("late %v\n%s", w.Late, got)
	}
}

func TestOriginsSurviveEditing(t *testing.T) {
	_, w := bench(t)
	text := Text(w.Part("oggetto"))
	must(t, w.SetText("oggetto", strings.Replace(text, "Affidamento diretto", "Affidamento diretto e urgente", 1), "Anna"))
	var got []string
	for _, p := range w.Part("oggetto").Paragraphs[0].Pieces {
		if p.Origin == drafting.FromPerson || p.Source == "ditta.nome" {
			got = append(got, string(p.Origin)+" "+strings.TrimSpace(p.Text))
		}
	}
	if diff := cmp.Diff([]string{"person e urgente", "field Elevatori Valle S.r.l."}, got); diff != "" {
		t.Errorf("pieces:\n%s", diff)
	}
	if w.Part("oggetto").Paragraphs[0].Text() != strings.Replace(text, "Affidamento diretto", "Affidamento diretto e urgente", 1) {
		t.Errorf("text %q", w.Part("oggetto").Paragraphs[0].Text())
	}
	before := Text(w.Part("dispositivo"))
	must(t, w.SetText("dispositivo", before, "Anna"))
	if diff := cmp.Diff(before, Text(w.Part("dispositivo"))); diff != "" || w.Changed("dispositivo") {
		t.Errorf("the same text is a change (%v):\n%s", w.Changed("dispositivo"), diff)
	}
	must(t, w.SetText("dispositivo", before+"\n+ di inviare copia all'ufficio ragioneria.", "Anna"))
	p := w.Part("dispositivo").Paragraphs
	if last := p[len(p)-1]; last.Layout != drafting.Numbered || last.Number != 6 {
		t.Errorf("the last paragraph is %+v", last)
	}
}

func TestTwoPeopleAtOnce(t *testing.T) {
	l, base := bench(t)
	theirs, _ := base.Clone()
	must(t, theirs.Fill(l, with("capitolo", "2040", "cig", "B1234567890")))
	apply := func(c Change, from *Work) (*Work, []Conflict) {
		t.Helper()
		out, conflicts, err := c.Apply(l, from, theirs)
		must(t, err)
		return out, conflicts
	}
	mine, conflicts := apply(Change{Facts: with("motivazione", "serve subito")}, base)
	if len(conflicts) > 0 || mine.Facts["capitolo"] != "2040" || mine.Facts["motivazione"] != "serve subito" || mine.Facts["cig"] != "B1234567890" {
		t.Errorf("different fields: %v %v", conflicts, mine)
	}
	if _, conflicts = apply(Change{Facts: with("capitolo", "3000")}, base); len(conflicts) != 1 || conflicts[0].Field != "capitolo" || conflicts[0].Base != "1020" || conflicts[0].Mine != "3000" || conflicts[0].Theirs != "2040" {
		t.Errorf("the same field: %+v", conflicts)
	}
	if _, conflicts = apply(Change{Facts: with("capitolo", "3000")}, nil); len(conflicts) == 0 {
		t.Error("a base that nobody knows: taken over")
	}
	text := Text(base.Part("premesse"))
	mine, conflicts = apply(Change{Part: "premesse", Text: text + "\nVisto lo Statuto;", By: "Anna"}, base)
	if len(conflicts) > 0 || !strings.Contains(Text(mine.Part("premesse")), "Visto lo Statuto") || !strings.Contains(Text(mine.Part("premesse")), "B1234567890") {
		t.Errorf("a part beside fields: %v", conflicts)
	}
	must(t, theirs.SetText("premesse", strings.Replace(text, "Considerato che l'ascensore è fermo;", "Considerato che l'ascensore è rotto;", 1), "Bruno"))
	if _, conflicts = apply(Change{Part: "premesse", Text: strings.Replace(text, "Considerato che l'ascensore è fermo;", "Considerato che l'ascensore è guasto;", 1), By: "Anna"}, base); len(conflicts) != 1 || conflicts[0].Part != "premesse" || !strings.Contains(conflicts[0].Theirs, "rotto") {
		t.Errorf("the same paragraph: %+v", conflicts)
	}
}

func TestWrongFactsAreKeptAndSaid(t *testing.T) {
	l, w := bench(t)
	must(t, w.Fill(l, with("netto", "mille", "data", "ieri")))
	tpl, err := l.Template(w.Draft.Type)
	must(t, err)
	var got []string
	for _, p := range Problems(tpl, w.Facts) {
		got = append(got, p.Field)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"data", "netto"}, got); diff != "" {
		t.Errorf("problems:\n%s", diff)
	}
	if w.Facts["netto"] != "mille" || strings.Contains(w.Draft.Text(), "mille") || len(w.Draft.Open()) == 0 {
		t.Error("a wrong amount is lost, or in the act")
	}
}

// What a model states that the facts do not is marked; what it repeats of them is not.
func TestGuard(t *testing.T) {
	_, w := bench(t)
	k := w.known()
	for _, tc := range []struct{ said, want string }{
		{"Considerato che l'ascensore è fermo e che serve al pubblico;", "Considerato che l'ascensore è fermo e che serve al pubblico;"},
		{"Il servizio costa € 1.000,00 oltre a IVA.", "Il servizio costa € 1.000,00 oltre a IVA."},
		{"Il servizio costa € 1.250,00 oltre a IVA.", "Il servizio costa [VERIFICARE: € 1.250,00] oltre a IVA."},
		{"Elevatori Valle S.r.l. ha esperienza.", "Elevatori Valle S.r.l. ha esperienza."},
		{"La ditta Rossi Impianti è affidabile.", "La ditta [VERIFICARE: Rossi Impianti] è affidabile."},
		{"Visto l'art. 36 del d.lgs. n. 50/2016.", "Visto l'[VERIFICARE: art. 36 del d.lgs. n. 50/2016]."},
		{"Visto l'art. 192 del d.lgs. n. 267/2000.", "Visto l'art. 192 del d.lgs. n. 267/2000."},
		{"La proposta è del 2 marzo 2026.", "La proposta è del 2 marzo 2026."},
		{"La proposta è del 5 marzo 2026.", "La proposta è del [VERIFICARE: 5 marzo 2026]."},
		{"La proposta è arrivata il 2 marzo, nel marzo 2026.", "La proposta è arrivata il 2 marzo, nel marzo 2026."},
		{"La proposta è arrivata il 2 aprile.", "La proposta è arrivata il [VERIFICARE: 2 aprile]."},
		{"Il guasto dura da 15 giorni.", "Il guasto dura da [VERIFICARE: 15 giorni]."},
		{"Il CIG è Z12AB34CD5.", "Il CIG è [VERIFICARE: Z12AB34CD5]."},
		{"Serve [davvero].", "Serve (davvero)."},
	} {
		if got := k.guard(tc.said); got != tc.want {
			t.Errorf("%q\n got %q\nwant %q", tc.said, got, tc.want)
		}
	}
}

func TestProposal(t *testing.T) {
	l, w := bench(t)
	m := Model{Name: "piccolo", Prompt: "part/1", Part: "premesse"}
	must(t, w.Propose(m, 4, Said("- Considerato che il Comune di **Milano** ha 12 ascensori;\n\nLa ditta è scelta", false)))
	if got := w.Draft.Unaccepted(); len(got) != 1 || got[0] != "premesse" {
		t.Fatalf("unaccepted %v", got)
	}
	must(t, w.Fill(l, with("capitolo", "77")))
	text := Text(w.Part("premesse"))
	if !strings.Contains(text, "Considerato che il [VERIFICARE: Comune di Milano] ha [VERIFICARE: 12] ascensori;") || strings.Contains(text, "La ditta è scelta") {
		t.Errorf("proposed:\n%s", text)
	}
	if err := MayBeFinal(&w.Draft, &Review{}, "urgenza"); fault.CodeOf(err) != fault.Conflict || !strings.Contains(err.Error(), "accepted") {
		t.Errorf("a reason lets a model's words out: %v", err)
	}
	refused, _ := w.Clone()
	must(t, refused.Refuse("premesse"))
	if strings.Contains(Text(refused.Part("premesse")), "Milano") || len(refused.Draft.Unaccepted()) > 0 {
		t.Error("refused and still there")
	}
	// A person corrects a word: the rest stays the model's until it is accepted.
	must(t, w.SetText("premesse", strings.Replace(text, "[VERIFICARE: Comune di Milano]", "Comune", 1), "Anna"))
	if len(w.Draft.Unaccepted()) != 1 {
		t.Error("corrected is taken for accepted")
	}
	must(t, w.Accept("premesse", "Anna"))
	if len(w.Draft.Unaccepted()) != 0 || !strings.Contains(Text(w.Part("premesse")), "[VERIFICARE: 12]") {
		t.Errorf("accepted:\n%s", Text(w.Part("premesse")))
	}
	if err := MayBeFinal(&w.Draft, &Review{}, ""); err == nil {
		t.Error("final with something to verify")
	}
	if err := w.Accept("premesse", "Anna"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("accepted twice: %v", err)
	}
}
