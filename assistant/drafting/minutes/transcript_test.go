package minutes

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/drafting"
	"sportello/assistant/fault"
)

func lines(t *Transcript) (out []string) {
	for _, x := range t.Turns {
		at := "-"
		if x.Start >= 0 {
			at = Stamp(x.Start)
		}
		out = append(out, at+" "+x.Voice+" ("+x.Label+"): "+x.Text)
	}
	return out
}

func TestRead(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"vtt": {"WEBVTT\n\nNOTE made by a program\n\n1\n00:00:01.000 --> 00:00:04.500\n<v Anna Rolando>Buonasera a <b>tutti</b>.</v>\n\n00:00:05.000 --> 00:00:07.000\n<v Anna Rolando>Passiamo al punto 2.\n\n01:02:03.000 --> 01:02:04.000\n<v Ugo Martini>Grazie.",
			[]string{"00:00:01 voce 1 (Anna Rolando): Buonasera a tutti.", "00:00:05 voce 1 (Anna Rolando): Passiamo al punto 2.", "01:02:03 voce 2 (Ugo Martini): Grazie."}},
		"srt": {"1\r\n00:00:01,000 --> 00:00:04,500\r\nSPEAKER_00: Buonasera.\r\n\r\n2\r\n00:00:05,000 --> 00:00:07,000\r\n[SPEAKER_01]: Ho una domanda:\r\nquanto costa?\r\n",
			[]string{"00:00:01 voce 1 (SPEAKER_00): Buonasera.", "00:00:05 voce 2 (SPEAKER_01): Ho una domanda: quanto costa?"}},
		"txt": {"[00:00:10] SINDACA ROLANDO: Buonasera.\n[00:00:20] Cons. Martini: Chiedo la parola: ho una cosa da dire.\ne la dico.\nAllora: andiamo avanti",
			[]string{"00:00:10 voce 1 (SINDACA ROLANDO): Buonasera.", "00:00:20 voce 2 (Cons. Martini): Chiedo la parola: ho una cosa da dire. e la dico. Allora: andiamo avanti"}},
		"teams": {"Anna Rolando   0:03\nBuonasera a tutti.\n\nUgo Martini   1:02:11\nGrazie Sindaca.\n", []string{"00:00:03 voce 1 (Anna Rolando): Buonasera a tutti.", "01:02:11 voce 2 (Ugo Martini): Grazie Sindaca."}},
		"plain": {"Si discute del bilancio.\nTutti d'accordo.", []string{"- voce 1 (): Si discute del bilancio. Tutti d'accordo."}},
		"latin": {"Martini: Per\xf2 \xe8 cos\xec.", []string{"- voce 1 (Martini): Però è così."}},
	} {
		got, err := Read(name, []byte(tt.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, lines(got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for name, text := range map[string]string{"empty": " \n", "nothing": "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n\n"} {
		if _, err := Read(name, []byte(text)); fault.CodeOf(err) != fault.NoText {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read("seduta.mp3", []byte("ID3\x00\x00\x00")); fault.CodeOf(err) != fault.Unsupported {
		t.Errorf("a recording: %v", err)
	}
}

const talk = `[00:00:05] Anna Rolando: Buonasera, dichiaro aperta la seduta. Passiamo al primo punto all'ordine del giorno, approvazione del verbale della seduta precedente.
[00:01:00] Ugo Martini: Sul verbale chiedo di correggere la data del sopralluogo, che era il 12 aprile 2026.
[00:02:00] Anna Rolando: Favorevoli 10, contrari nessuno, astenuti 1. Ora trattiamo il regolamento per l'uso della palestra comunale, che portiamo in approvazione.
[00:03:00] Marco Giordano: Il regolamento prevede una tariffa di 12 euro all'ora per le associazioni con sede nel comune. Le scuole non pagano nulla. La domanda va presentata entro il 30 giugno di ogni anno all'ufficio sport, e la Giunta decide entro trenta giorni. La cauzione è di 200 euro e si perde soltanto se chi usa la palestra la lascia sporca o rompe gli attrezzi.
[00:05:00] Ugo Martini: Come dicevo prima sul punto 3, qui si fa cassa. Dodici euro sono troppi per una associazione di ragazzi, che paga già l'assicurazione e il custode. Noi proponiamo 8 euro, e chiediamo che la cauzione sia tolta alle associazioni che lavorano con i minori. Nel 2024 la palestra ha incassato 3.400 euro in tutto, e ne abbiamo spesi 9.000 di riscaldamento: il problema è la caldaia, non la tariffa.
[00:08:00] Anna Rolando: Mettiamo ai voti. Chi è favorevole? Passiamo al prossimo punto, la mozione sui rifiuti.
[00:09:00] Nora De Luca: La raccolta del vetro è saltata due volte in febbraio in via Roma e in frazione Pianello, e nessuno ha risposto ai cittadini che hanno scritto.`

func TestAlign(t *testing.T) {
	s := council(t, diary)
	x, err := Read("seduta.txt", []byte(talk))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range s.Align(x, s.Follow()) {
		got = append(got, itoa(m.Turn)+" "+itoa(m.Item)+" "+m.By)
	}
	if diff := cmp.Diff([]string{"1 1 marker", "4 2 words", "8 3 words"}, got); diff != "" {
		t.Error(diff)
	}
	x.Marks = []Mark{{Turn: 3, Item: 2}} // what a person says holds
	if m := s.Align(x, nil)[1]; m.Turn != 3 || m.By != ByPerson {
		t.Errorf("a person's mark: %+v", m)
	}
	s.Recording, x.Marks = "20:45", nil
	for i := range x.Turns {
		x.Turns[i].Text = "parole che non dicono nulla dell'ordine"
	}
	marks := s.Align(x, s.Follow())
	if len(marks) == 0 || marks[0].By != ByClock {
		t.Errorf("by the clock: %+v", marks)
	}
}

// fake is a model that says what it was told to.
type fake struct{ text string }

func (f fake) Phrase(context.Context, Speech) (string, error) { return f.text, nil }
func (f fake) Name() string                                   { return "prova" }

// material is the session with its transcript, laid on the agenda, with the two voices named that a person knows.
func material(t *testing.T) Material {
	t.Helper()
	s := council(t, strings.Replace(diary, "voto favorevoli Martini, De Luca; astenuti Golè", "voto 2 8 1", 1))
	x, err := Read("seduta.txt", []byte(talk))
	if err != nil {
		t.Fatal(err)
	}
	x.Names = map[string]string{"voce 1": "Anna Rolando", "voce 2": "Ugo Martini", "voce 3": "Marco Giordano"}
	m := Material{Session: s, Transcript: x, Marks: s.Align(x, s.Follow())}
	m.Parts = s.Parts(x, m.Marks)
	return m
}

// What is told is literal, has its time, and no vote comes from the recording. Nobody is given a name that no person gave.
func TestParts(t *testing.T) {
	m := material(t)
	for _, p := range m.Parts {
		for _, x := range p.Said {
			found := false
			for _, i := range p.Turns {
				found = found || strings.Contains(m.Transcript.Turns[i].Text, x.Text)
			}
			if !found || x.Time < 0 {
				t.Errorf("not literal or without a time: %+v", x)
			}
		}
	}
	text := draft(t, m).Text()
	for _, want := range []string{"Il Consigliere Ugo Martini: «", "[VERIFICARE: chi è voce 4]: «La raccolta del vetro", "(00:05:"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, never := range []string{"Favorevoli 10, contrari nessuno", "Mettiamo ai voti", "Nora De Luca:"} {
		if strings.Contains(text, never) {
			t.Errorf("%q is in the verbale", never)
		}
	}
	m.Session.Style = Verbatim
	if text := draft(t, m).Text(); !strings.Contains(text, "Il Consigliere Ugo Martini (00:01:00): Sul verbale chiedo di correggere") {
		t.Error("verbatim: turns are missing")
	}
	m.Session.Style = Decisions
	if text := draft(t, m).Text(); strings.Contains(text, "riscaldamento") {
		t.Error("decisions only, and there is a discussion")
	}
	m.Session.Style, m.Session.Items[1].Reserved = Summary, true
	if text := draft(t, m).Text(); strings.Contains(text, "riscaldamento") || strings.Contains(text, "troppo alta") || !strings.Contains(text, "Votazione in forma palese") {
		t.Error("a reserved item tells its discussion, or not its vote")
	}
}

// A model's sentence stands when the turns of that voice hold it up; what they do not say is dropped, what is put too freely is marked.
func TestPhrased(t *testing.T) {
	for _, tt := range []struct {
		claim string
		want  weight
	}{
		{"Il Consigliere Martini propone una tariffa di 8 euro.", accepted},
		{"Il Consigliere Martini chiede che la cauzione sia tolta alle associazioni che lavorano con i minori.", accepted},
		{"Il Consigliere Martini propone una tariffa di 9 euro.", rejected},
		{"Ricorda che la palestra ha incassato 3.400 euro nel 2023.", rejected},
		{"Afferma che la Consigliera Peano è d'accordo.", rejected},
		{"Afferma che le scuole non pagano nulla e lo sport fa bene.", rejected}, // another one said it
		{"La proposta è approvata con 9 favorevoli.", rejected},
		{"Il regolamento è un'assenza di un'assenza di un'assenza di un'assenza di un'assenza di un'assenza di un'assenza.", rejected},
		{"La palestra è un luogo di aggregazione sociale.", rejected},
		{"Chiede che la cauzione sia tolta alle", rejected}, // cut off
		{"Il turismo porta ricchezza alla valle e lavoro ai giovani.", rejected},
		{"Sottolinea che il problema della palestra è la caldaia e non la tariffa troppo alta delle associazioni.", doubtful},
	} {
		m := material(t)
		var part Part
		for _, p := range m.Parts {
			if p.Item == 2 && p.Voice == "voce 2" {
				part = p
			}
		}
		got, _, why := m.Session.evidence(&part, m.Transcript).weigh(tt.claim, "il Consigliere Ugo Martini")
		if got != tt.want && (tt.want == rejected || got == rejected) {
			t.Errorf("%q: %d (%s), want %d", tt.claim, got, why, tt.want)
		}
	}
	m := material(t)
	told := fake{"Il Consigliere Martini propone una tariffa di 8 euro. Chiede che la cauzione sia tolta alle associazioni che lavorano con i minori. Aggiunge che il Prefetto ha 40 anni. Il Consigliere Martini propone una tariffa di 8 euro."}
	n := 0
	for i := range m.Parts {
		if m.Parts[i].Item != 2 || m.Parts[i].Voice != "voce 2" {
			continue
		}
		tally, err := m.Session.Phrased(t.Context(), &m.Parts[i], m.Transcript, told)
		if err != nil || tally.Rejected != 2 || tally.Accepted+tally.Doubtful != 2 {
			t.Errorf("%+v %v", tally, err)
		}
		n++
	}
	d := draft(t, m)
	if n != 1 || len(d.Unaccepted()) != 1 || strings.Contains(d.Text(), "Prefetto") {
		t.Errorf("%d parts, unaccepted %v", n, d.Unaccepted())
	}
	for _, p := range d.Parts {
		for _, q := range p.Paragraphs {
			for _, x := range q.Pieces {
				if strings.Contains(x.Text, "tariffa di 8 euro.") && x.Origin != drafting.FromModel {
					t.Errorf("a model's words are said to be of %s", x.Origin)
				}
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(talk)
	f.Add("WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>b")
	f.Fuzz(func(t *testing.T, text string) {
		x, err := Read("x", []byte(text))
		if err != nil {
			return
		}
		s := council(t, "")
		for _, p := range s.Parts(x, s.Align(x, s.Follow())) {
			if len(p.Turns) == 0 {
				t.Error("a part without turns")
			}
		}
	})
}
