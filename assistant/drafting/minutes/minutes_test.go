package minutes

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"sportello/assistant/drafting"
)

// council is a session of thirteen, with the lines of a diary.
func council(t *testing.T, diary string) *Session {
	t.Helper()
	s := &Session{
		Organ: Consiglio, Body: Body{"Comune di Roccaverde", "Cuneo", "TAR per il Piemonte"}, Number: "4", Day: "2026-03-26", Hour: "20:30", Place: "nella sala consiliare", Call: "prima",
		Chair: "la Sindaca Anna Rolando", Secretary: "dott.ssa Bruna Oggero",
		Items: []Item{{Title: "Approvazione del verbale della seduta precedente"}, {Title: "Regolamento per l'uso della palestra comunale: approvazione"}, {Title: "Mozione sulla raccolta dei rifiuti"}},
	}
	for _, m := range []string{"Anna Rolando/Sindaca", "Marco Giordano/Consigliere", "Elisa Peano/Consigliera", "Dario Bruno/Consigliere", "Carla Sordo/Consigliera", "Pietro Aimar/Consigliere", "Sara Golè/Consigliera",
		"Ugo Martini/Consigliere", "Lia Dalmasso/Consigliera", "Ivo Chiapello/Consigliere", "Rita Viale/Consigliera", "Gino Bruno/Consigliere", "Nora De Luca/Consigliera"} {
		name, office, _ := strings.Cut(m, "/")
		s.Members = append(s.Members, Member{name, office})
	}
	if err := s.Diary.UnmarshalText([]byte(diary)); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	return s
}

func codes(t *State) (out []string) {
	for _, p := range t.Problems {
		if p.Line > 0 {
			out = append(out, string(p.Code))
		}
	}
	return out
}

// Each line of a diary that cannot be is found with its code, and a right one is left alone.
func TestDiary(t *testing.T) {
	const begin = "assenti Golè, Viale\n20:35 apre\npunto 2\n"
	for _, tt := range []struct {
		lines string
		want  []string
	}{
		{"voto unanime", nil},
		{"voto 10 0 1", nil},
		{"voto contrari Dario Bruno, Sordo; astenuti De Luca", nil},
		{"voto segreto favorevoli 8 contrari 2 bianche 1", []string{"scrutatori_mancano"}},
		{"scrutatori Aimar, Peano e Sordo\nvoto segreto favorevoli 8 contrari 2 bianche 1", nil},
		{"21:40 esce Dalmasso\nvoto 10 0 0", nil},
		{"21:40 esce Dalmasso\nvoto 10 0 1", []string{"voti_oltre_presenti"}},
		{"21:40 esce Dalmasso\nvoto contrari Dalmasso", []string{"votante_assente"}},
		{"voto contrari Golè", []string{"votante_assente"}},
		{"voto 9 0 1", []string{"voti_sotto_presenti"}},
		{"voto favorevoli 9 astenuti 1 non votano Peano", nil},
		{"voto contrari Sordo astenuti Sordo", []string{"voto_doppio"}},
		{"voto contrari Bruno", []string{"nome_ambiguo"}},
		{"voto contrari Rossi", []string{"nome_sconosciuto"}},
		{"voto segreto contrari Sordo", []string{"voto_segreto_nomi"}},
		{"voto a favore", []string{"voto_non_capito"}},
		{"voto eseguibilità 6 5 0", []string{"eseguibilita_maggioranza"}},
		{"voto eseguibilità 7 4 0", nil},
		{"entra Golè\nentra Golè", []string{"gia_presente"}},
		{"esce Viale", []string{"gia_assente"}},
		{"21:40 esce Peano\n21:20 rientra Peano", []string{"ora_indietro"}},
		{"23:50 esce Peano\n00:10 rientra Peano", nil},
		{"25:10 esce Peano", []string{"ora_errata"}},
		{"punto 9", []string{"punto_inesistente"}},
		{"dichiara Martini", []string{"testo_manca"}},
		{"dichiara Martini: Il gruppo è contrario: non ci sono i fondi.", nil},
		{"dichiara Golè: Sono contraria.", []string{"non_presente"}},
		{"la sindaca saluta", []string{"riga_non_capita"}},
		{"esce", []string{"nome_manca"}},
		{"23:05 chiude\nentra Golè", []string{"dopo_chiusura"}},
		{"esce Rolando, Giordano, Peano, Aimar, Martini, Sordo, Dalmasso, Chiapello", []string{"numero_legale"}},
		{"presiede sindaco", nil},
		{"presenti tutti", []string{"appello_ripetuto"}},
	} {
		if diff := cmp.Diff(tt.want, codes(council(t, begin+tt.lines).Follow())); diff != "" {
			t.Errorf("%s: %s", tt.lines, diff)
		}
	}
	if got := codes(council(t, "entra Golè").Follow()); len(got) != 1 || got[0] != "gia_presente" {
		t.Errorf("without a roll call: %v", got)
	}
	if got := council(t, "presenti Rolando, Giordano, Peano, Aimar, Martini").Follow(); got.Count() != 5 {
		t.Errorf("present by name: %d", got.Count())
	}
	if got := council(t, "presenti tutti tranne Golè e Viale").Follow(); got.Count() != 11 {
		t.Errorf("all but two: %d", got.Count())
	}
}

func TestVoteIsSettled(t *testing.T) {
	s := council(t, "assenti Golè, Viale\npunto 3\nvoto contrari Martini, Dalmasso; astenuti Chiapello\nvoto 5 5 1\nvoto segreto favorevoli 6 contrari 4 nulle 1")
	got := s.Follow()
	v := got.Events[2].Vote
	if v.For != 8 || v.Voting != 10 || v.Present != 11 || !v.Passed {
		t.Errorf("named: %+v", v)
	}
	if v := got.Events[3].Vote; v.Passed {
		t.Errorf("as many against as in favour is not carried: %+v", v)
	}
	if v := got.Events[4].Vote; v.Voting != 11 || !v.Passed {
		t.Errorf("void ballots are votes: %+v", v)
	}
	s.Rules = Rules{AbstainVotes: true, BlankIsNoVote: true}
	s.Items[2].Majority = Absolute
	got = s.Follow()
	if v := got.Events[2].Vote; v.Voting != 11 || !v.Passed {
		t.Errorf("abstentions that vote: %+v", v)
	}
	if v := got.Events[4].Vote; v.Voting != 10 || v.Passed {
		t.Errorf("six of thirteen are no absolute majority: %+v", v)
	}
}

func TestSessionFile(t *testing.T) {
	const file = `organo = "giunta"
data = "2026-03-26"
ora = "15:00"
diario = """
presenti tutti
15:05 apre
// a remark
punto 1
voto unanime
"""
[ente]
nome = "Comune di Prova"
[[componenti]]
nome = "Anna Rolando"
carica = "Sindaca"
[[punti]]
titolo = "Bilancio"
`
	var s, again Session
	if err := toml.Unmarshal([]byte(file), &s); err != nil {
		t.Fatal(err)
	}
	if len(s.Diary) != 4 || s.Diary[3].Text != "voto unanime" {
		t.Fatalf("diary: %+v", s.Diary)
	}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, again); diff != "" {
		t.Error(diff)
	}
	for _, wrong := range []Session{{Organ: "lega"}, {Organ: Giunta, Day: "domani"}, {Organ: Giunta, Members: []Member{{Name: "A"}, {Name: "a"}}}, {Organ: Giunta, Items: []Item{{}}}, {Organ: Giunta, Style: "breve"}, {Organ: Giunta, Diary: Diary{{ID: "1"}, {ID: "1"}}}} {
		if wrong.Check() == nil {
			t.Errorf("%+v is taken", wrong)
		}
	}
}

const diary = `assenti Golè, Viale
20:35 apre
punto 1
rettifica: al punto 2 si legge «12 aprile» e non «21 aprile»
voto verbale 10 0 1
20:50 punto 2
21:10 entra Golè
dichiara Martini: Il gruppo vota contro: la tariffa di 12 euro è troppo alta.
21:30 voto contrari Martini, Dalmasso
voto eseguibilità unanime
21:40 esce Dalmasso
punto 3
voto favorevoli Martini, De Luca; astenuti Golè
23:05 chiude`

func draft(t *testing.T, m Material) *drafting.Draft {
	t.Helper()
	l, err := drafting.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	d, err := m.Draft(l, time.Date(2026, 3, 27, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDraft(t *testing.T) {
	s := council(t, strings.Replace(diary, "voto favorevoli Martini, De Luca; astenuti Golè", "voto 2 8 1", 1))
	d := draft(t, Material{Session: s, Approval: &Approval{Day: "2026-04-30", Number: "5", Fixes: []string{"si legge 12 euro"}}})
	text := d.Text()
	for _, want := range []string{
		"VERBALE DELLA SEDUTA DEL CONSIGLIO COMUNALE n. 4", "Il giorno 26 marzo 2026, alle ore 20:35", "Componenti assegnati n. 13, presenti n. 11.",
		"Rettifica al verbale della seduta precedente: al punto 2 si legge «12 aprile»", "Votazione in forma palese sul verbale della seduta precedente: presenti n. 11, votanti n. 10, favorevoli n. 10, contrari n. 0, astenuti n. 1. Esito: approvato.",
		"Alle ore 21:10 entra la Consigliera Sara Golè: presenti n. 12.", "Il Consigliere Ugo Martini dichiara, e il testo è riportato per intero: «Il gruppo vota contro: la tariffa di 12 euro è troppo alta.»",
		"contrari n. 2 (Ugo Martini, Lia Dalmasso), astenuti n. 0. Esito: approvato.", "per l'immediata eseguibilità (art. 134, comma 4, del d.lgs. n. 267/2000): presenti n. 12, votanti n. 12, favorevoli n. 12",
		"Alle ore 21:40 esce la Consigliera Lia Dalmasso: presenti n. 11.", "presenti n. 11, votanti n. 10, favorevoli n. 2, contrari n. 8, astenuti n. 1. Esito: respinto.",
		"La seduta è chiusa alle ore 23:05.", "approvato nella seduta del 30 aprile 2026, verbale n. 5, con queste rettifiche: si legge 12 euro.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the verbale has not %q", want)
		}
	}
	if open := d.Open(); len(open) > 0 {
		t.Errorf("open: %v", open)
	}
	if t.Failed() {
		t.Log(text)
	}
	if a, ok := s.Approves(); !ok || a.Day != "2026-03-26" || len(a.Fixes) != 1 {
		t.Errorf("the verbale before is approved: %+v %v", a, ok)
	}
}
