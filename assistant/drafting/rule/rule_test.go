package rule

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/drafting/count"
)

func TestTell(t *testing.T) {
	for _, tt := range []struct{ text, family, traits string }{
		{"COMUNE DI PROVA\nVerbale di Deliberazione della Giunta Comunale\nDelibera N. 3\nOggetto: canone 2023\nDELIBERA\n", "delibera", "giunta effetti"},
		{"DELIBERAZIONE DEL CONSIGLIO COMUNALE\nOggetto: Approvazione del regolamento per le sale\n", "delibera", "consiglio regolamento"},
		{"DETERMINAZIONE DEL RESPONSABILE\nOggetto: affidamento diretto del servizio\nDETERMINA\ndi impegnare\n", "determina", "spesa contratto affidamento"},
		{"ORDINANZA n. 3\nIL SINDACO\nvisto l'art. 54, comma 4\n", "ordinanza", "art54 sindaco"},
		{"DECRETO DEL SINDACO\nOggetto: nomina\n", "decreto", "sindaco nomina"},
		{"VERBALE DI GARA\n", "verbale", "gara"},
		{"AVVISO PUBBLICO\n", "avviso", ""},
		{"PROVVEDIMENTO DI DINIEGO\n", "provvedimento", "diniego istanza"},
		{"Gentile signora, la determinazione della tariffa…\n", "", ""},
		{"DELIBERAZIONE DELLA GIUNTA COMUNALE\nLA GIUNTA COMUNALE\npropone: IL CONSIGLIO COMUNALE\n", "delibera", "giunta"},
	} {
		a := &Act{Text: tt.text}
		Tell(a)
		if a.Family != tt.family || strings.Join(a.Traits, " ") != tt.traits {
			t.Errorf("%q: %s %v, want %s %s", tt.text, a.Family, a.Traits, tt.family, tt.traits)
		}
	}
	a := &Act{Text: "lì 3 aprile 2019, visto l'atto del 2.3.2017, fino al 31 dicembre 2999"}
	if Tell(a); a.Day != "2019-04-03" {
		t.Errorf("day %s", a.Day)
	}
}

// codes gives the codes of what is found in a text of no family.
func codes(t *testing.T, a *Act) (out []string) {
	t.Helper()
	a.References = refs(t, a)
	for _, f := range rules(t).Check(a) {
		out = append(out, f.Code)
	}
	return out
}

func TestCalculations(t *testing.T) {
	for _, tt := range []struct {
		text string
		want string
	}{
		{"la somma di € 1.220,00 (milleduecentoventi/00)", ""},
		{"la somma di € 1.220,50 (euro milleduecentoventi virgola cinquanta)", ""},
		{"la somma di € 1.220,50 (milleduecentoventi/05)", "importi_lettere"},
		{"la somma di euro 300 (trecentodieci)", "importi_lettere"},
		{"la somma di € 1.220,00, diconsi euro milleduecento/00", "importi_lettere"},
		{"€ 1.000,00, IVA 22 % € 220,00, totale € 1.230,00", "totale"},
		{"€ 1.000,00 + IVA 22 % pari a € 200,00", "iva"},
		{"a Maria Rossi, affetta da una patologia cronica", "privacy_salute"},
		{"davanti al TAR entro trenta giorni", "ricorso_termine"},
		{"in €/mq 387,02 (trecentottantasette/02)", ""},
		{"n. 14 (quattordici) favorevoli", ""},
		{"n. 14 (quindici) consiglieri", "numeri_lettere"},
		{"Voce | Euro\nuno | € 10,00\ndue | € 5,00\nTotale | € 15,00\n", ""},
		{"Voce | Euro\nuno | € 10,00\ndue | € 5,00\nTotale | € 16,00\n", "totale"},
		{"€ 100,00 oltre a IVA al 22 per cento, pari a € 22,00, e in totale di € 122,00", ""},
		{"€ 100,00 oltre a IVA al 22 per cento, pari a € 122,00", ""},
		{"€ 100,00 oltre a IVA al 10 per cento, pari a € 22,00", "iva"},
		{"il 29 febbraio 2024 e il 29 febbraio 2025", "data_impossibile"},
		{"entro il 1° maggio 2026", "termine_festivo"},
		{"entro le ore 12 del 24 giugno 2026", "termine_festivo"},
		{"entro il 4 maggio 2026", ""},
		{"dal 10 aprile 2026 al 2 aprile 2026", "data_ordine"},
		{"visto il d.lgs. n. 163/2006", "norma_abrogata"},
		{"visto il d.lgs. n. 163/2006, allora vigente", ""},
		{"visto il d.lgs. n. 50/2016", "dlgs_50_2016"},
		{"l'art. 900 del d.lgs. n. 267/2000", "riferimento_inesistente"},
		{"la legge 7 agosto 2030, n. 3", "data_successiva"},
		{"il codice fiscale RSSMRA80A01H501U", "privacy_codice"},
		{"nata a Cuneo il 3 aprile 1980", "privacy_dati"},
		{"la signora Maria Rossi, invalida civile al 100 %", "privacy_salute"},
		{"i servizi per la disabilità e gli invalidi civili", ""},
		{"al sig. Mario Rossi, che versa in stato di bisogno", "privacy_disagio"},
		{"alla minore A. B. residente", "privacy_iniziali"},
		{"davanti al TAR entro 30 giorni", "ricorso_termine"},
		{"al Presidente della Repubblica entro 60 giorni", "ricorso_straordinario_termine"},
		{"uno smart CIG", "smartcig"},
	} {
		a := &Act{Text: tt.text, Day: "2026-03-02", Calendar: count.Calendar{PatronMonth: time.June, PatronDay: 24}}
		if got := strings.Join(codes(t, a), " "); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestVotesInText(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Con voti n. 14 (quattordici) favorevoli, n. 9 astenuti resi dai n. 23 consiglieri presenti e votanti", ""},
		{"Con voti n. 14 favorevoli, n. 9 astenuti e n. 2 contrari resi dai n. 23 consiglieri presenti", "voti_conti"},
		{"presenti n. 9, favorevoli n. 4, contrari n. 5, astenuti n. 0", "voti_conti"},
		{"la proposta è respinta: presenti n. 9, favorevoli n. 4, contrari n. 5, astenuti n. 0", ""},
		{"all'unanimità, presenti n. 9, favorevoli n. 8, contrari n. 0, astenuti n. 1", "unanimita"},
		{"presenti n. 9, favorevoli n. 8, contrari n. 0, astenuti n. 1;\nDELIBERA, all'unanimità,", "unanimita"},
		{"presenti n. 9, favorevoli n. 8, contrari n. 0, astenuti n. 1;\ncon separata e unanime votazione", ""},
		{"Componenti assegnati n. 13, presenti n. 3.", "numero_legale"},
		{"Consiglieri in carica n. 13, presenti n. 3.", "numero_legale"},
		{"con voti favorevoli unanimi", ""},
		{"presenti n. 9, favorevoli n. 7, contrari n. 0, astenuti n. 0, schede bianche n. 2", ""},
	} {
		a := &Act{Text: tt.text, Family: "delibera", Traits: []string{"consiglio"}, Day: "2026-03-02"}
		var got []string
		for _, c := range codes(t, a) {
			if c == "voti_conti" || c == "unanimita" || c == "numero_legale" {
				got = append(got, c)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, s, tt.want)
		}
	}
}

func TestObscured(t *testing.T) {
	got := Obscured("Contributo al sig. Mario Rossi, codice fiscale RSSMRA80A01H501U, in stato di bisogno per una malattia;\nAlla minore A. B. la mensa;\nVisto il d.lgs. n. 267/2000;\n")
	for _, gone := range []string{"Rossi", "RSSMRA80A01H501U", "bisogno", "malattia", "A. B."} {
		if strings.Contains(got, gone) {
			t.Errorf("%q is left in %q", gone, got)
		}
	}
	if !strings.Contains(got, "Visto il d.lgs. n. 267/2000;") || !strings.Contains(got, omissis) {
		t.Error(got)
	}
	if diff := cmp.Diff("a [omissis] c", cut("a bbb c", []hit{{start: 2, end: 5}, {start: 3, end: 4}, {}})); diff != "" {
		t.Error(diff)
	}
}

func TestRuleFileErrors(t *testing.T) {
	whole := "messaggio = \"m\"\nmotivo = \"m\"\nfonte = \"f\"\nrimedio = \"r\"\n"
	for _, tt := range []struct{ file, want string }{
		{"[[regola]]\ncodice = \"x\"\n", "have to be there"},
		{"[[regola]]\ncodice = \"x\"\ngravita = \"boh\"\nvieta = \"a\"\n" + whole, "blocca or avvisa"},
		{"[[regola]]\ncodice = \"x\"\ngravita = \"avvisa\"\n" + whole, "richiede, vieta or calcolo"},
		{"[[regola]]\ncodice = \"x\"\ngravita = \"avvisa\"\ncalcolo = \"boh\"\n" + whole, `no calculation "boh"`},
		{"[[regola]]\ncodice = \"x\"\ngravita = \"avvisa\"\nvieta = \"(\"\n" + whole, "a pattern is wrong"},
		{"[[regola]]\ncodce = \"x\"\n", `line 2: the key "regola.codce"`},
		{"[[regola]\n", "line 1"},
		{strings.Repeat("[[regola]]\ncodice = \"x\"\ngravita = \"avvisa\"\nvieta = \"a\"\n"+whole, 2), "is in a.toml already"},
	} {
		if _, err := Load(fstest.MapFS{"a.toml": {Data: []byte(tt.file)}}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.file, err, tt.want)
		}
	}
	if _, err := Load(fstest.MapFS{}); err == nil {
		t.Error("no rules")
	}
	s := rules(t)
	if r, ok := s.Rule("parere_49"); !ok || r.Severity != Blocks {
		t.Errorf("%+v", r)
	}
	if _, ok := s.Rule("boh"); ok {
		t.Error("a rule that is not there")
	}
}
