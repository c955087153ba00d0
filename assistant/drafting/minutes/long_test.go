package minutes

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"sportello/assistant/drafting/rule"
	"sportello/assistant/lexicon"
)

// debate makes a session of two hours: nine points, eleven members, interruptions, figures and days that somebody says, votes called and
// proclaimed, as a machine writes such a recording out. The same seed makes the same session.
type debate struct {
	r     *rand.Rand
	out   strings.Builder
	ms    int
	words int
}

// topics are what is debated: the title, and what members say of it. {e} is an amount, {n} a number, {d} a day, {p} a place.
var topics = []struct {
	title string
	said  []string
}{
	{"Variazione al bilancio di previsione 2026-2028", []string{
		"La variazione porta {e} sul capitolo delle manutenzioni, perché le piogge di febbraio hanno rovinato il muro di sostegno in {p}",
		"L'avanzo libero era di {e} e ne applichiamo meno della metà, il resto lo teniamo per le emergenze",
		"Nel {d} la ragioneria aveva già segnalato che le entrate della TARI erano più basse di {e} rispetto alle previsioni",
		"Io non capisco perché si spostino {e} dalla cultura alle strade quando le strade hanno già avuto {n} interventi l'anno scorso",
		"Il revisore ha dato il suo parere il {d} e ha chiesto soltanto di aggiornare il prospetto degli equilibri"}},
	{"Regolamento per l'uso della palestra comunale", []string{
		"Le associazioni con sede nel comune pagano {e} all'ora e le scuole non pagano niente",
		"La domanda si presenta entro il {d} all'ufficio sport, e chi arriva dopo trova le ore che restano",
		"La cauzione di {e} è troppo alta per una società che ha {n} ragazzi e vive di volontariato",
		"La caldaia della palestra ha {n} anni e consuma quanto tre scuole messe insieme, prima di parlare di tariffe parliamo di quella",
		"Propongo di ridurre la tariffa a {e} per chi fa attività con i disabili, e di scriverlo nel regolamento"}},
	{"Convenzione con l'Unione per il servizio di polizia locale", []string{
		"La convenzione costa {e} l'anno e ci dà due agenti per {n} ore alla settimana",
		"Dal {d} non abbiamo più nessuno in servizio il sabato, e il mercato di {p} resta senza controllo",
		"Gli altri comuni dell'Unione hanno firmato con una spesa di {e} e un agente in meno, quindi noi paghiamo di più",
		"Chiedo che il comandante venga in commissione a spiegare come si fanno i turni e quante multe si sono fatte in {p}",
		"La durata di {n} anni mi sembra lunga, se il servizio non funziona dobbiamo poter uscire prima"}},
	{"Mozione sulla raccolta dei rifiuti", []string{
		"La raccolta del vetro è saltata {n} volte in due mesi in {p} e nessuno ha risposto ai cittadini",
		"Il contratto prevede una penale di {e} per ogni passaggio saltato e voglio sapere se è stata applicata",
		"Il gestore mi ha scritto il {d} che i mezzi erano fermi per guasto, e la lettera è agli atti",
		"Le famiglie di {p} portano i sacchi in piazza perché non c'è un punto di raccolta vicino",
		"Con {e} si potrebbero mettere le telecamere nei {n} punti dove si abbandonano i rifiuti"}},
	{"Programma delle opere pubbliche", []string{
		"La scuola primaria ha bisogno di {e} per il tetto e il finanziamento della Regione ne copre la metà",
		"I lavori in {p} dovevano finire il {d} e il cantiere è ancora aperto",
		"Abbiamo {n} progetti pronti e nessuno che segua le gare, questo è il vero problema",
		"Il mutuo di {e} pesa sulle rate dei prossimi vent'anni e lo pagheranno i nostri figli",
		"Chiedo che il parcheggio di {p} torni tra le priorità, perché i commercianti aspettano da {n} anni"}},
	{"Interrogazione sulla mensa scolastica", []string{
		"Il pasto è passato da {e} a una cifra più alta senza che i genitori ne sapessero niente",
		"La commissione mensa si è riunita il {d} e ha trovato il riso freddo e le porzioni piccole",
		"I bambini che mangiano sono {n} e le domande di esenzione sono cresciute",
		"La ditta ha un contratto fino al {d} e le penali previste arrivano a {e}",
		"Io ho mangiato in mensa con i bambini di {p} e il pasto era buono, questo va detto"}},
	{"Nomina del rappresentante nel consiglio della biblioteca", []string{
		"Le candidature arrivate entro il {d} sono {n} e tutte hanno i requisiti",
		"La biblioteca ha avuto {n} prestiti in un anno e merita una persona che se ne occupi",
		"Il bilancio della biblioteca è di {e} e quasi tutto va in bollette",
		"Propongo una persona di {p} che ha insegnato per {n} anni nella nostra scuola",
		"Il regolamento della biblioteca è del {d} e andrebbe riscritto"}},
	{"Piano del verde e degli alberi di viale", []string{
		"Gli alberi da abbattere sono {n} e quelli da piantare il doppio",
		"La perizia è costata {e} e dice che i tigli di {p} sono malati",
		"I residenti hanno raccolto {n} firme e le hanno consegnate il {d}",
		"Con {e} si può curare invece di tagliare, lo dice l'agronomo dell'altro comune",
		"Il vento del {d} ha fatto cadere un ramo davanti alla scuola e poteva finire male"}},
	{"Comunicazioni sul servizio di trasporto a chiamata", []string{
		"Il servizio ha portato {n} anziani al mercato e in ospedale in sei mesi",
		"Il costo è di {e} al mese e la Regione ne rimborsa una parte",
		"Da {p} non parte nessuna corsa dopo le cinque del pomeriggio",
		"La convenzione scade il {d} e prima di allora dobbiamo decidere se continuare",
		"Chi prenota deve telefonare {n} giorni prima, e per un anziano è difficile"}},
}

var fillers = []string{
	"Grazie Presidente", "Guardi, io sono d'accordo solo in parte con quello che ho sentito", "Lo dico con rispetto per chi ha lavorato sul documento", "Questo però è un altro discorso",
	"Vorrei che restasse a verbale", "Mi lasci finire per cortesia", "Non è vero, e lei lo sa bene", "Torno alla questione", "La gente ci ferma per strada e ci chiede queste cose",
	"Io credo che si debba partire dai bisogni delle persone e non dai numeri", "Abbiamo letto le carte solo ieri sera e questo non va bene", "L'assessore ha spiegato bene ma non ha risposto alla domanda",
}

var places = []string{"via Garibaldi", "piazza Cavour", "frazione Pianello", "borgata Serra", "via del Molino", "località Fontanelle"}

func (d *debate) say(who, text string) {
	n := len(strings.Fields(text))
	at := d.ms
	d.ms += n*430 + 700
	d.words += n
	fmt.Fprintf(&d.out, "%s.%03d --> %s.%03d\n<v %s>%s\n\n", Stamp(at), at%1000, Stamp(d.ms-200), (d.ms-200)%1000, who, text)
}

func (d *debate) fill(s string) string {
	months := []string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "settembre", "ottobre", "novembre"}
	return strings.NewReplacer(
		"{e}", fmt.Sprintf("%d.%03d euro", 1+d.r.IntN(80), d.r.IntN(10)*100), "{n}", itoa(3+d.r.IntN(60)),
		"{d}", itoa(1+d.r.IntN(28))+" "+months[d.r.IntN(len(months))]+" 2025", "{p}", places[d.r.IntN(len(places))]).Replace(s)
}

// council2 makes the session and its transcript. What is proclaimed aloud is wrong on purpose on two points: the diary holds.
func council2(t *testing.T) (*Session, *Transcript, int) {
	t.Helper()
	d := &debate{r: rand.New(rand.NewPCG(7, 11))}
	var diary strings.Builder
	diary.WriteString("assenti Golè, Viale\n20:30 apre\n")
	s := council(t, "")
	s.Items = nil
	for _, x := range topics {
		s.Items = append(s.Items, Item{Title: x.title})
	}
	s.Items[6].Reserved = true
	s.Recording = "20:30"
	d.out.WriteString("WEBVTT\n\n")
	d.say("Anna Rolando", "Buonasera a tutti, facciamo l'appello e poi cominciamo, i presenti sono undici e il numero legale c'è.")
	speakers := []string{"Marco Giordano", "Elisa Peano", "Dario Bruno", "Carla Sordo", "Pietro Aimar", "Ugo Martini", "Lia Dalmasso", "Ivo Chiapello", "Gino Bruno", "Nora De Luca"}
	votes := []string{"contrari Martini, Dalmasso; astenuti De Luca", "contrari Martini", "unanime", "2 8 1", "contrari Martini, Chiapello", "", "segreto favorevoli 7 contrari 2 bianche 1", "unanime", ""}
	for i, x := range topics {
		minute := func() string { return hour(20*3600 + 30*60 + d.ms/1000) }
		fmt.Fprintf(&diary, "%s punto %d\n", minute(), i+1)
		d.say("Anna Rolando", fmt.Sprintf("Passiamo al punto %d dell'ordine del giorno, %s.", i+1, strings.ToLower(x.title)))
		if i == 4 {
			fmt.Fprintf(&diary, "%s esce Dalmasso\n", minute())
			speakers = append(speakers[:6], speakers[7:]...)
		}
		for round := range 3 {
			for _, k := range d.r.Perm(len(speakers))[:5+d.r.IntN(2)] {
				var parts []string
				for range 4 + d.r.IntN(4) {
					parts = append(parts, d.fill(x.said[d.r.IntN(len(x.said))]))
					if d.r.IntN(2) == 0 {
						parts = append(parts, fillers[d.r.IntN(len(fillers))])
					}
				}
				d.say(speakers[k], strings.Join(parts, ". ")+".")
				if d.r.IntN(4) == 0 {
					d.say(speakers[d.r.IntN(len(speakers))], "Scusi, non è così.")
				}
			}
			if round == 0 {
				d.say("Anna Rolando", "Prego, altri interventi? La parola al prossimo consigliere.")
			}
		}
		switch {
		case votes[i] == "":
			diary.WriteString("esito: il Consiglio prende atto\n")
		default:
			if strings.HasPrefix(votes[i], "segreto") {
				diary.WriteString("scrutatori Aimar, Peano, Sordo\n")
			}
			fmt.Fprintf(&diary, "%s voto %s\n", minute(), votes[i])
			d.say("Anna Rolando", map[bool]string{true: "Mettiamo ai voti. Favorevoli 9, contrari 1, astenuti nessuno. Il consiglio approva.", false: "Votiamo. Chi è favorevole? Chi è contrario? Bene."}[i == 0 || i == 3])
		}
		if i == 1 {
			diary.WriteString("dichiara Martini: Il gruppo «Paese vivo» vota contro perché la cauzione esclude le società più piccole.\n")
		}
	}
	fmt.Fprintf(&diary, "%s chiude\n", hour(20*3600+30*60+d.ms/1000+60))
	if err := s.Diary.UnmarshalText([]byte(diary.String())); err != nil {
		t.Fatal(err)
	}
	x, err := Read("seduta.vtt", []byte(d.out.String()))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range x.Voices() {
		x.Call(v.Name, v.Label) // a person says that the labels of this file are right
	}
	if folder := os.Getenv("SEDUTA"); folder != "" { // to try the command with a model
		_ = os.WriteFile(folder+"/seduta.vtt", []byte(d.out.String()), 0o600)
		_ = os.WriteFile(folder+"/diario.txt", []byte(diary.String()), 0o600)
	}
	return s, x, d.words
}

// liar is a model that mixes what was said with what was not.
type liar struct{ r *rand.Rand }

func (l liar) Name() string { return "bugiardo" }

func (l liar) Phrase(_ context.Context, in Speech) (string, error) {
	spans := lexicon.Sentences(in.Text)
	one := func() string { s := spans[l.r.IntN(len(spans))]; return in.Text[s.Start:s.End] }
	return strings.Join([]string{
		one(), regexp.MustCompile(`\d+`).ReplaceAllString(one(), "77"), "Il Prefetto Ettore Malaspina ha scritto al Comune il 31 luglio 2019.",
		"La proposta è approvata con 12 favorevoli.", "Il ministero ha promesso 999.999 euro per la funivia.", one(),
	}, " "), nil
}

// Of a session of two hours every number, name and vote of the verbale is from the diary, the frame or the turns of the transcript, each sentence of
// the discussion is of the voice and the point that it is told of, and no vote comes from what was said. With a model that invents, what it
// invents is not there, and what it phrased is not accepted by anybody.
func TestTwoHours(t *testing.T) {
	s, x, words := council2(t)
	if words < 14000 || words > 19000 || x.Turns[len(x.Turns)-1].End < 100*60*1000 {
		t.Fatalf("%d words in %s", words, Stamp(x.Turns[len(x.Turns)-1].End))
	}
	state := s.Follow()
	for _, p := range state.Problems {
		if p.Severity == Blocks {
			t.Errorf("the diary: %s", p.Message)
		}
	}
	m := Material{Session: s, Transcript: x}
	m.Lay()
	if len(m.Marks) != len(topics) {
		t.Errorf("%d of %d points were found", len(m.Marks), len(topics))
	}
	heard := 0
	for _, p := range m.Problems(state) {
		if p.Code == HeardOtherwise {
			heard++
		}
	}
	if heard != 2 {
		t.Errorf("%d of 2 proclamations that differ from the diary were found", heard)
	}
	sources := s.Body.Name + " " + s.Body.Province + " " + s.Place + " " + s.Chair + " " + s.Secretary + " " + s.Number + " 26 marzo 2026 "
	for _, l := range s.Diary {
		sources += l.Text + " "
	}
	for _, q := range s.Members {
		sources += q.Name + " " + q.Office + " "
	}
	for _, q := range s.Items {
		sources += q.Title + " "
	}
	spoken := ""
	for _, q := range x.Turns {
		spoken += q.Text + " "
	}
	for name, phraser := range map[string]Phraser{"literal": nil, "with a model that lies": liar{rand.New(rand.NewPCG(1, 2))}} {
		m.Lay()
		var sum Tally
		for i := range m.Parts {
			if phraser == nil {
				continue
			}
			tally, err := s.Phrased(t.Context(), &m.Parts[i], x, phraser)
			if err != nil {
				t.Fatal(err)
			}
			sum.Accepted, sum.Doubtful, sum.Rejected = sum.Accepted+tally.Accepted, sum.Doubtful+tally.Doubtful, sum.Rejected+tally.Rejected
		}
		d := draft(t, m)
		text := d.Text()
		t.Logf("%s: %d words said, %d in the verbale, %d parts; model %+v", name, words, len(strings.Fields(text)), len(m.Parts), sum)
		everyNumber(t, name, text, sources+spoken, state, len(s.Members))
		for _, never := range []string{"Malaspina", "funivia", "999.999", "12 favorevoli", "Favorevoli 9, contrari 1", "77 euro"} {
			if strings.Contains(text, never) {
				t.Errorf("%s: %q is in the verbale", name, never)
			}
		}
		for _, p := range m.Parts { // each sentence is of that voice on that point
			own := ""
			for _, i := range p.Turns {
				own += x.Turns[i].Text + " "
			}
			for _, q := range p.Said {
				if q.Origin == Extract && !strings.Contains(own, q.Text) {
					t.Errorf("%s: %q is not of %s", name, q.Text, x.Names[p.Voice])
				}
			}
		}
		if phraser != nil && (len(d.Unaccepted()) == 0 || sum.Rejected < len(m.Parts)) {
			t.Errorf("%s: unaccepted %v, %+v", name, d.Unaccepted(), sum)
		}
		rules, err := rule.Shipped()
		if err != nil {
			t.Fatal(err)
		}
		a := &rule.Act{Text: text, Family: d.Family, Traits: d.Traits, Day: s.Day}
		rule.Tell(a)
		for _, f := range rules.Check(a) {
			if f.Severity == rule.Blocks && f.Code != "verificare_aperto" {
				t.Errorf("%s: %s %s %s", name, f.Code, f.Detail, f.Quote)
			}
		}
	}
}

var digits = regexp.MustCompile(`\d[\d.:]*\d|\d`)

// everyNumber looks that each number of a text is of the sources, of the template's own references, a count of the votes or a time of the recording.
func everyNumber(t *testing.T, name, text, sources string, state *State, members int) {
	t.Helper()
	known := map[string]bool{"97": true, "4": true, "18": true, "2000": true, "267": true, "134": true, itoa(members): true, "0": true}
	for _, n := range digits.FindAllString(sources, -1) {
		known[n] = true
	}
	for i, e := range state.Events {
		known[itoa(state.Headings[i])] = true
		if v := e.Vote; v != nil {
			for _, n := range []int{v.Present, v.Voting, v.For, v.Against, v.Abstain, v.Blank, v.Void, v.Out} {
				known[itoa(n)] = true
			}
		}
	}
	for i := range topics {
		known[itoa(i+1)] = true
	}
	stamp := regexp.MustCompile(`^\d\d:\d\d:\d\d$`)
	for _, n := range digits.FindAllString(text, -1) {
		if !known[n] && !known[strings.TrimRight(n, ".:")] && !stamp.MatchString(n) {
			t.Errorf("%s: the number %s is of no source", name, n)
		}
	}
}
