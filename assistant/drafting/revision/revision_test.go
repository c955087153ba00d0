package revision

import (
	"strings"
	"testing"

	"sportello/assistant/drafting/reference"
	"sportello/ingest"
)

// regulation reads a text as the ingester does.
func regulation(text string) *ingest.Document {
	p := &ingest.Parsed{Format: "text"}
	for line := range strings.Lines(text) {
		p.Blocks = append(p.Blocks, ingest.Block{Text: strings.TrimSpace(line)})
	}
	return ingest.Structure("regolamento.txt", p)
}

const first = `REGOLAMENTO COMUNALE PER IL MERCATO

Art. 1 Oggetto
1. Il presente regolamento disciplina il mercato settimanale.
Art. 2 Posteggi
1. I posteggi di seconda categoria sono assegnati per graduatoria entro 30 giorni dalla domanda presentata all'ufficio commercio del Comune.
2. È vietato lasciare rifiuti nell'area del mercato, ai sensi dell'art. 14 del d.lgs. 5 febbraio 1997, n. 22.
Art. 3 Pagamento
1. Il pagamento in rate del canone annuo è ammesso quando l'importo dovuto per il posteggio supera € 1.500,00.
Art. 4 Domande
1. I posteggi di seconda categoria sono assegnati per graduatoria entro 60 giorni dalla domanda presentata all'ufficio commercio del Comune.
2. I posteggi di terza categoria sono assegnati per graduatoria entro 90 giorni dalla domanda presentata all'ufficio commercio del Comune.
Art. 5 Rate
1. Il pagamento in rate del canone annuo è ammesso quando l'importo dovuto per il posteggio supera € 258,00.
Art. 6 Revoca
1. Il Comune revoca la concessione, qualora il titolare non paghi il canone per due anni di seguito, previa apposita istanza dell'ufficio commercio, nonché quando il posteggio resta vuoto per più di quattro mesi in un anno senza che ne sia stata data notizia all'ufficio; la revoca è comunicata per iscritto al titolare con raccomandata o posta certificata.
Art. 7 Orari
1. Il mercato si tiene il giovedì dalle ore 8 alle ore 13.
Art. 8 Rinvio
1. Per quanto non previsto si applicano le leggi dello Stato e della Regione.
`

func review(t *testing.T, text string) map[Code][]Finding {
	t.Helper()
	d := regulation(text)
	norms, err := reference.LoadNorms()
	if err != nil {
		t.Fatal(err)
	}
	checked, err := reference.Check(t.Context(), d.Text, "2026-03-01", norms, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := map[Code][]Finding{}
	for _, f := range Review(d, checked) {
		out[f.Code] = append(out[f.Code], f)
	}
	return out
}

func TestReview(t *testing.T) {
	got := review(t, first)
	for code, n := range map[Code]int{RepealedNorm: 1, Contradicts: 2, LongSentence: 1, NoSanctions: 1, NoRepeals: 1, NoForce: 1, NoSubject: 0, NoTerms: 0} {
		if len(got[code]) != n {
			t.Errorf("%s: %d, want %d: %+v", code, len(got[code]), n, got[code])
		}
	}
	for _, f := range got[Contradicts] {
		if strings.Contains(f.Quote, "terza") || strings.Contains(f.Other, "terza") {
			t.Errorf("another case is taken for a contradiction: %+v", f)
		}
	}
	if p := got[LongSentence][0].Proposal; strings.Count(p, ".") < 2 || !strings.Contains(p, "Inoltre quando il posteggio resta vuoto") {
		t.Errorf("proposal: %s", p)
	}
	plain := map[string]bool{}
	for _, f := range got[ObscureWord] {
		plain[f.Quote] = f.Proposal != ""
	}
	for _, w := range []string{"qualora", "apposita istanza", "nonché", "previa"} {
		if !plain[w] {
			t.Errorf("%q has no plainer word: %v", w, plain)
		}
	}
	if p := got[RepealedNorm][0]; p.Article != "2" || !strings.Contains(p.Proposal, "152") {
		t.Errorf("%+v", p)
	}
	clean := strings.Replace(first, "Art. 8 Rinvio", "Art. 8 Sanzioni, abrogazioni ed entrata in vigore\n1. Chi viola le regole paga una sanzione da 25 a 500 euro.\n2. È abrogato il regolamento del 2004.\n3. Il regolamento entra in vigore il 1° gennaio 2027.\nArt. 9 Rinvio", 1)
	for _, code := range []Code{NoSanctions, NoRepeals, NoForce} {
		if len(review(t, clean)[code]) > 0 {
			t.Errorf("%s although it is there", code)
		}
	}
	if part := review(t, strings.ReplaceAll(first, "Art. 1 Oggetto", "Art. 12 Oggetto")); len(part[NoForce]) > 0 {
		t.Error("a piece of a regulation is asked for what the whole has")
	}
}

// A long sentence is cut into sentences that together hold its words.
func TestSplit(t *testing.T) {
	if got := Split("Il Comune paga il contributo alle associazioni."); got != "" {
		t.Errorf("a short sentence is cut: %s", got)
	}
	long := strings.Repeat("parola ", 30) + "uno; " + strings.Repeat("altra ", 20) + "due"
	got := Split(long)
	for _, w := range strings.Fields(strings.ReplaceAll(long, ";", "")) {
		if !strings.Contains(strings.ToLower(got), w) {
			t.Fatalf("%q is lost in %q", w, got)
		}
	}
}

// The articles of another comune are found by what they speak of, in another order and under other rubrics; what one has alone stays alone.
func TestMatch(t *testing.T) {
	other := regulation(`REGOLAMENTO DEL MERCATO

Art. 1 Finalità
1. Il presente regolamento disciplina il mercato settimanale che si svolge in piazza.
Art. 2 Orari di svolgimento
1. Il mercato si tiene il sabato dalle ore 7 alle ore 14.
Art. 3 Animali
1. I cani sono ammessi al guinzaglio.
Art. 4 Assegnazione dei posteggi
1. I posteggi di seconda categoria sono assegnati per graduatoria entro 45 giorni dalla domanda.
`)
	pairs := map[string]string{}
	alone := 0
	for _, p := range Match(regulation(first), other) {
		switch {
		case p.A != nil && p.B != nil:
			pairs[p.B.Number] = p.A.Number
			if p.B.Number == "4" && !strings.Contains(strings.Join(p.Figures, ","), "B: 45 giorni") {
				t.Errorf("figures: %v", p.Figures)
			}
		case p.A == nil:
			alone++
			if p.B.Number != "3" {
				t.Errorf("art. %s of the other is alone", p.B.Number)
			}
		}
	}
	if pairs["1"] != "1" || pairs["2"] != "7" || pairs["4"] != "2" && pairs["4"] != "4" || alone != 1 {
		t.Errorf("pairs %v, %d alone", pairs, alone)
	}
}
