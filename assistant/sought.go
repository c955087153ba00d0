package assistant

import (
	"regexp"
	"strings"

	"sportello/assistant/lexicon"
)

// sought is what a question looks for: its words as the lexicon weighs them, and the kinds of fact that would answer it.
type sought struct {
	terms   []lexicon.Term       // those of the question, then what the glossary puts beside them; Count is the weight
	asks    [][]lexicon.FactKind // what it asks for: one fact of each list would answer it
	foreign bool                 // it is not in Italian
	form    bool                 // it asks for a form, or what to hand in with it
	years   []string             // the years it asks about
	seeks   map[string]bool      // the texts of terms
	length  int                  // of the question, in words
	parts   []sought             // what it asks one after the other, when it asks several things
}

func newSought(question, language string, glossary *lexicon.Glossary) sought {
	s := soughtBy(lexicon.Query(question, language, glossary), question, language)
	for _, part := range questionParts(question) {
		s.parts = append(s.parts, soughtBy(lexicon.Query(part, language, glossary), part, language))
	}
	return s
}

// soughtBy is newSought for a question whose terms are known.
func soughtBy(terms []lexicon.Term, question, language string) sought {
	s := sought{terms: terms, asks: asked(question), foreign: language != "it", form: formAsked.MatchString(lexicon.Fold(question)), seeks: map[string]bool{}, length: len(strings.Fields(question))}
	for _, t := range terms {
		s.seeks[t.Text] = true
	}
	s.years, _ = yearsAndActs(terms)
	return s
}

// decimal is a number with decimals and no unit: in the cell of a table of fees it is an amount.
const decimal lexicon.FactKind = "decimal"

// A question word asks for a kind of fact: "quanto costa" for an amount, "entro quando" for a date or a number of days.
var askings = []struct {
	pattern *regexp.Regexp
	kinds   []lexicon.FactKind
}{
	{regexp.MustCompile(`\b(quanto (costa\w*|si (paga|spende|versa)|pag\w+|spend\w+|viene|devo|dobbiamo|si deve|vers\w+|prend\w+|mi (costa|scala\w*|tocca))|quant[io] (euro|soldi)|a quanto ammonta|(che|quale|quanto e (la|il|l')) ?(tariffa|prezzo|importo|valore|multa|sanzione|retta|canone|tassa|rata)|costo|prezzo|tariffa|importo|retta|how much|combien|wie viel|cuanto|cat costa|sa kushton)\b|скільки кошту|كم (تكلف|ادفع|سعر)|多少钱`),
		[]lexicon.FactKind{lexicon.AmountFact, lexicon.PercentFact, decimal}},
	{regexp.MustCompile(`\b(di quanto|(che|quale|quanto) (sconto|riduzione|percentuale|aliquota|e (lo sconto|la riduzione))|aliquota|percentuale|what percentage|quel pourcentage|prozent|porcentaje|ce procent)\b`), []lexicon.FactKind{lexicon.PercentFact, lexicon.AmountFact, decimal}},
	{regexp.MustCompile(`\b(quando|entro|scade|scadono|scadenza|(che|quale) (data|giorno)|quali date|(quanti|quante|che|quali|dopo|ogni|per quanti) (giorni|mesi|anni|ore|settimane)|quanto (tempo|dura|prima)|dopo quanto|durata|termine|when|deadline|how (long|soon|many days)|by which date|quand|delai|combien de (temps|jours)|wann|frist|wie lange|cuando|plazo|cuantos dias|cand|termen|cate zile|cat timp|kur|afat|sa (dite|kohe))\b|коли|строк|термін|скільки (днів|часу)|متى|مهلة|كم (يوم|من الوقت)|什么时候|期限|多久|几天`),
		[]lexicon.FactKind{lexicon.DateFact, lexicon.DurationFact}},
	{regexp.MustCompile(`\b(che ora|orari|orario|a che ore|(in )?quali ore|opening hours|what time|horaires|uhrzeit|offnungszeiten|horario|orar|program(ul)? de lucru)\b|години роботи|о котрій|ساعات|几点`), []lexicon.FactKind{lexicon.TimeFact}},
	{regexp.MustCompile(`\b((numero|recapito) (di telefono|telefonico|del telefono|interno)|telefono|phone|telephone|telefonnummer)\b`), []lexicon.FactKind{lexicon.PhoneFact}},
	{regexp.MustCompile(`\b(pec|e-?mail|posta elettronica|indirizzo (internet|web|del sito)|sito( internet| web)?)\b.*\?|\b(che|quale|qual e l') ?(pec|e-?mail|sito|indirizzo (pec|mail|e-?mail))\b`), []lexicon.FactKind{lexicon.EmailFact, lexicon.URLFact}},
	{regexp.MustCompile(`\b(quanti|quante|how many|combien de|wie viele|cuant[oa]s|cati|cate)\b|скільки|كم|多少|几`),
		[]lexicon.FactKind{lexicon.NumberFact, lexicon.DurationFact, lexicon.AmountFact, lexicon.PercentFact, lexicon.MeasureFact}},
}

// formAsked finds questions for a form or its attachments, in the languages of the service.
var formAsked = regexp.MustCompile(`\b(modul[oi]|modulistica|modell[oi]|fac ?simile|stampat[oi]|compil\w+|alleg\w+|document[io] (serv\w+|occorr\w+|da (portare|allegare))|(che|quali) (carte|documenti)|(cosa|che) (devo |dobbiamo |bisogna |si deve )?(portare|presentare|consegnare)|(con|quale) (domanda|richiesta)|forms?|formulaires?|formular\w*|formulari\w*|attach\w*|antragsformular|joindre|anlag\w+|adjunt\w+|anexe?z?\w*|bashkangjit\w*)\b|бланк|додат|форм[аиу]|نموذج|استمارة|مرفق|表格|附件`)

// handIn is what is to be handed in with a form.
const handIn lexicon.FactKind = "hand-in"

var (
	handInAsked = regexp.MustCompile(`\b((che|quali|quale) (carte|documenti|documentazione|certificat[oi])|cosa (si )?(alleg\w+|port\w+|present\w+|consegn\w+|serve|occorre)|(devo|dobbiamo|bisogna|si deve|da) (alleg\w+|portare|consegnare)|(serve|servono|occorre|occorrono) (qualche )?(carta|carte|document\w+|certificat[oi]|alleg\w+))\b`)
	handsIn     = regexp.MustCompile(`(?i)\b(alleg(a|ano|are|at[oaie]|hi|hino|ando)|corredat[ao]|document(i|azione) (da|necessari[ao]?|richiest[aio]|occorrent[ei]|obbligatori[ao]?))\b`)
)

func asked(question string) [][]lexicon.FactKind {
	folded := lexicon.Fold(question)
	var asks [][]lexicon.FactKind
	for _, a := range askings {
		if a.pattern.MatchString(folded) {
			asks = append(asks, a.kinds)
		}
	}
	if handInAsked.MatchString(folded) {
		asks = append(asks, []lexicon.FactKind{handIn})
	}
	return asks
}

// unmet gives what is asked for and a text does not state.
func (s sought) unmet(text string) [][]lexicon.FactKind {
	if len(s.asks) == 0 {
		return nil
	}
	have := []map[lexicon.FactKind]bool{kindsIn(text)}
	var missing [][]lexicon.FactKind
	for _, kinds := range s.asks {
		if !holdsOne(have, kinds) {
			missing = append(missing, kinds)
		}
	}
	return missing
}

// coverage is the share of the question's words that a text holds, 0..1, by their weight. What the glossary adds stands for
// words that are missing: a text about "passo carrabile" covers a question about the "passo carraio".
func (s sought) coverage(text string) float64 {
	have := termSet(text)
	whole, found, beside := 0.0, 0.0, 0.0
	for _, t := range s.terms {
		own := t.Count >= lexicon.FullWeight
		if own {
			whole += lexicon.FullWeight // a compound ("art. 12") counts once more, as one word
		}
		switch {
		case have[t.Text] && own:
			found += lexicon.FullWeight
		case have[t.Text]:
			beside += float64(t.Count)
		}
	}
	if whole == 0 {
		return 0
	}
	return (found + min(whole-found, beside)) / whole
}

// termSet is the terms of a text, each once.
func termSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, t := range lexicon.Analyze(text) {
		set[t] = true
	}
	return set
}
