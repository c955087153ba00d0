package assistant

import (
	"slices"
	"testing"
)

// paraphraseRules are the articles of a made-up regulation, a passage each.
var paraphraseRules = []Passage{
	{ID: "loan", Article: "4", Title: "Regolamento della biblioteca", Text: `Art. 4 Prestito
1. Il prestito si può prorogare una volta se il documento non è prenotato da altri.
2. Sono escluse dal prestito le enciclopedie, le opere di consultazione e il fondo storico.
3. L'iscrizione è gratuita e si fa con un documento di identità. L'accesso alla rete è gratuito per le persone disabili.
4. La sala studio ha posti illimitati. Il libro non giustificato è addebitato.`},
	{ID: "tax", Article: "3", Title: "Regolamento della tassa rifiuti", Text: `Art. 3 Esclusioni
1. Non sono soggetti alla tassa:
a) i solai e i sottotetti non collegati da scale;
b) le cantine con altezza inferiore a 1,50 metri.
2. È vietato accendere fuochi a meno di 100 metri dalle abitazioni e dai boschi.
3. Si decade dal posteggio qualora il titolare non inizi l'attività entro sei mesi.
4. Il Comune controlla la compostiera; se non è in uso, la riduzione è revocata dall'inizio dell'anno.
5. La pratica costa 30 euro, salvo che la chieda una scuola; su richiesta documentata si conta il componente ricoverato.
6. Salvo che sia disposto diversamente, le violazioni sono punite con la sanzione da 25 a 500 euro.`},
	{ID: "fees", Article: "", Title: "Diritti di segreteria per soggetti non consumatori", Lead: "Pratica | Proprietario | Diversi dai proprietari", Text: `Archivio storico | € 15,00 | € 25,00
Archivio corrente | € 10,00 | € 20,00
La domanda per soggetti non consumatori va allegata in copia.`},
	{ID: "shop", Article: "9", Title: "Regolamento del commercio", Text: `Art. 9 Soste
1. La sosta del commerciante itinerante dura al massimo un'ora. È vietata a meno di 150 metri dalle scuole.
2. Qualora il mercato cada in un giorno festivo, il sindaco può spostarlo al giorno dopo.
3. In tal caso la decisione è comunicata ai commercianti.
4. Il contributo dei commercianti è versato al Comune; gli usi agricoli sono esclusi dal canone.
5. Il certificato del medico curante si allega per i passi carrabili.
6. L'immobile non è e non sarà affittato.`},
}

func TestVerifyParaphrase(t *testing.T) {
	tests := []struct {
		name, question, text string
		want                 Verdict
	}{
		{"denied in other words", "", "No: le enciclopedie e il fondo storico non si prestano.", Accepted},
		{"affirmed in other words", "", "Le enciclopedie e il fondo storico si prestano.", Negation},
		{"not forbidden", "", "Non è vietato accendere fuochi vicino a boschi e abitazioni.", Negation},
		{"free is what costs nothing", "", "L'iscrizione non costa nulla e si fa con un documento di identità.", Accepted},
		{"free is not what is not free", "", "L'iscrizione non è gratuita e si fa con un documento di identità.", Negation},
		{"free for whom", "", "L'accesso alla rete è gratuito.", LostException},
		{"for whom is what was asked", "Sono disabile, pago internet?", "L'accesso alla rete è gratuito.", Accepted},
		{"denied by a prefix", "", "La sala studio ha posti senza limiti.", Accepted},
		{"condition denied twice", "", "Se nessuno non ha prenotato il documento il prestito si può prorogare una volta.", Negation},
		{"condition kept", "", "Se nessun altro ha prenotato il documento il prestito si può prorogare una volta.", Accepted},
		{"condition dropped", "", "Il prestito si può prorogare una volta.", Negation},

		{"the opening of a list denies", "", "Le cantine alte meno di 1,50 metri non pagano la tassa.", Accepted},
		{"and was left out", "", "Le cantine alte meno di 1,50 metri pagano la tassa.", Negation},
		{"what restricts a noun was left out", "", "I solai non sono soggetti alla tassa.", Negation},
		{"forbidden below is allowed above", "", "I fuochi vanno accesi ad almeno 100 metri da abitazioni e boschi.", Accepted},
		{"the limit turned round", "", "È vietato accendere fuochi a più di 100 metri dalle abitazioni e dai boschi.", Negation},
		{"what one loses is what one must", "", "Il titolare deve iniziare l'attività entro sei mesi.", Accepted},
		{"condition that points back", "", "Se la compostiera non è in uso la riduzione è revocata.", Accepted},
		{"and was turned round", "", "Se la compostiera è in uso la riduzione è revocata dall'inizio dell'anno.", Negation},
		{"exception dropped", "", "La pratica costa 30 euro.", LostException},
		{"exception in other words", "", "La pratica costa 30 euro, a meno che non la chieda una scuola.", Accepted},
		{"only on request", "", "Il componente ricoverato si conta.", LostException},
		{"on request", "", "Il componente ricoverato si conta su richiesta.", Accepted},
		{"exception as a condition", "", "Se non è previsto altro, le violazioni sono punite con la sanzione da 25 a 500 euro.", Accepted},
		{"exception turned round", "", "Se è previsto altro, le violazioni sono punite con la sanzione da 25 a 500 euro.", Negation},

		{"column of a header in another passage", "", "Per l'archivio storico il proprietario paga 15,00 euro.", Accepted},
		{"other column", "", "Per l'archivio storico il proprietario paga 25,00 euro.", MisplacedNumber},
		{"column of those who are not", "", "Per l'archivio storico chi non è proprietario paga 25,00 euro.", Accepted},
		{"other row", "", "Per l'archivio storico il proprietario paga 10,00 euro.", NotCovered},
		{"two figures that nothing tells apart", "", "Per l'archivio storico si pagano 25,00 euro (15,00).", MisplacedNumber},

		{"limit of a duration in words", "", "La sosta del commerciante itinerante dura non più di un'ora.", Accepted},
		{"limit turned round", "", "La sosta del commerciante itinerante dura più di un'ora.", Negation},
		{"noun and what it is of", "", "Per i passi carrabili si allega il certificato del veterinario curante.", NotCovered},
		{"adjective of another noun", "", "Per i mercati carrabili si allega il certificato del medico curante.", NotCovered},
		{"one of two verbs denied", "", "L'immobile è e non sarà affittato.", Negation},
		{"the other of two verbs denied", "", "L'immobile non è e sarà affittato.", Negation},
		{"without the case", "", "La decisione è comunicata ai commercianti.", LostException},
		{"opening that needs another sentence", "", "Altrimenti il sindaco può spostare il mercato al giorno dopo.", NotASentence},
		{"foreign assertion", "", "Il certificato del medico curante è giallo.", NotCovered},
		{"short answer of another sentence", "", "500 euro: la pratica costa 30 euro, salvo che la chieda una scuola.", MisplacedNumber},
		{"denied in the title", "", "La domanda per soggetti consumatori va allegata in copia.", Negation},
	}
	passages := slices.Clone(paraphraseRules)
	for i := range passages {
		passages[i].Start = 1000 * i
		passages[i].End = passages[i].Start + len(passages[i].Text)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, verdict := VerifyFor(Question{Text: tt.question, Language: "it"}, Draft{Text: tt.text}, passages)
			if verdict != tt.want {
				t.Fatalf("VerifyFor(%q) = %q, want %q", tt.text, verdict, tt.want)
			}
			if verdict == Accepted {
				checkCitations(t, got, passages)
			}
		})
	}
}
