package assistant

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/lexicon"
)

// verifyPassages are two articles of a made-up regulation and a table.
func verifyPassages() []Passage {
	texts := []struct{ article, title, text string }{
		{"12", "Regolamento dei rifiuti", `Art. 12 Riduzioni
1. Per le utenze domestiche che praticano il compostaggio è prevista una riduzione del 20% della quota variabile, salvo che l'orto sia in comune con altre famiglie.
2. La domanda di riduzione va presentata dal contribuente entro il 31 gennaio di ogni anno all'Ufficio Tributi.
3. Il rimborso è disposto dal gestore entro 90 giorni dalla richiesta. La cessazione è dichiarata dagli eredi entro 60 giorni dal decesso.
4. Non sono soggetti alla tariffa:
a) i solai non collegati da scale;
b) i balconi, purché aperti.
5. La sanzione va da 25 a 500 euro ai sensi dell'art. 7-bis del d.lgs. 18 agosto 2000, n. 267.`},
		{"30", "Regolamento dei rifiuti", `Art. 30 Pubblicità
1. È vietato lasciare volantini sulle auto in sosta.
2. Le insegne permanenti fino a 5 metri quadrati sono esenti dal canone. Le insegne temporanee pagano il canone per intero.`},
		{"", "Tariffe", "Pratica | Ordinaria | In sanatoria\nSCIA | € 100,00 | € 150,00\nCILA | € 80,00 | € 120,00"},
	}
	var out []Passage
	at := 0
	for i, t := range texts {
		out = append(out, Passage{ID: string(rune('a' + i)), DocumentID: "doc", Document: "doc.pdf", Title: t.title, Article: t.article, Breadcrumb: t.title, Start: at, End: at + len(t.text), Text: t.text})
		at += len(t.text) + 2
	}
	return out
}

func TestVerify(t *testing.T) {
	tests := []struct {
		name, text string
		want       Verdict
	}{
		{"word by word", "Il rimborso è disposto dal gestore entro 90 giorni dalla richiesta.", Accepted},
		{"paraphrase", "La domanda di riduzione si presenta all'Ufficio Tributi entro il 31 gennaio.", Accepted},
		{"other inflection", "Gli eredi dichiarano la cessazione entro 60 giorni dal decesso.", Accepted},
		{"list item with its opening", "No: i solai non collegati da scale non sono soggetti alla tariffa.", Accepted},
		{"exception kept", "Chi pratica il compostaggio ha una riduzione del 20% della quota variabile, salvo che l'orto sia in comune con altre famiglie.", Accepted},
		{"reference", "La sanzione va da 25 a 500 euro (art. 7-bis del D.Lgs. n. 267/2000).", Accepted},
		{"table cell", "Per la CILA in sanatoria si pagano 120,00 euro.", Accepted},

		{"number of another sentence", "Il rimborso è disposto dal gestore entro 60 giorni dalla richiesta.", MisplacedNumber},
		{"number of another column", "Per la CILA in sanatoria si pagano 80,00 euro.", MisplacedNumber},
		{"number of another row", "Per la CILA in sanatoria si pagano 150,00 euro.", NotCovered},
		{"unknown number", "Il rimborso è disposto dal gestore entro 45 giorni dalla richiesta.", UnknownNumber},
		{"other unit", "Il rimborso è disposto dal gestore entro 90 mesi dalla richiesta.", UnknownNumber},
		{"figures exchanged", "La sanzione va da 500 a 25 euro.", MisplacedNumber},
		{"unknown date", "La domanda di riduzione va presentata entro il 31 marzo.", UnknownNumber},
		{"unknown act", "La sanzione va da 25 a 500 euro ai sensi dell'art. 7-bis del d.lgs. n. 276/2000.", UnknownReference},
		{"unknown address", "La domanda va presentata su www.esempio.it entro il 31 gennaio.", UnknownReference},
		{"unknown name", "La domanda di riduzione va presentata a Mario Bianchi entro il 31 gennaio.", UnknownName},
		{"other subject", "Il rimborso è disposto dal contribuente entro 90 giorni dalla richiesta.", NotCovered},
		{"foreign subject", "Gli inquilini dichiarano la cessazione entro 60 giorni dal decesso.", NotCovered},
		{"negation left out", "I solai non collegati da scale sono soggetti alla tariffa.", Negation},
		{"negation put in", "La domanda di riduzione non va presentata entro il 31 gennaio.", Negation},
		{"allowed for forbidden", "Si possono lasciare volantini sulle auto in sosta.", Negation},
		{"yes for no", "Sì: è vietato lasciare volantini sulle auto in sosta.", Negation},
		{"exception lost", "Per le utenze domestiche che praticano il compostaggio è prevista una riduzione del 20% della quota variabile.", LostException},
		{"condition lost", "I balconi non sono soggetti alla tariffa.", LostException},
		{"quotation", "È «vietato lasciare volantini» sulle auto in sosta.", Accepted},
		{"false quotation", "È vietato «lasciare le auto» in sosta.", NotCovered},
		{"markup", "Vedi **il regolamento** <b>qui</b>.", NotASentence},
		{"question", "Entro quando si presenta la domanda?", NotASentence},
		{"nothing in common", "Le piante d'appartamento vogliono molta luce e poca acqua.", NotCovered},
	}
	passages := verifyPassages()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, verdict := Verify(Draft{Text: tt.text, Sources: []int{1, 2, 3}}, passages, "it")
			if verdict != tt.want {
				t.Fatalf("Verify(%q) = %q, want %q", tt.text, verdict, tt.want)
			}
			if verdict != Accepted {
				if diff := cmp.Diff(Statement{}, got); diff != "" {
					t.Errorf("a rejected draft gives a statement:\n%s", diff)
				}
				return
			}
			checkCitations(t, got, passages)
		})
	}
}

func TestVerifySources(t *testing.T) {
	passages := verifyPassages()
	const text = "È vietato lasciare volantini sulle auto in sosta."
	for _, sources := range [][]int{{2}, {1, 2}, nil, {9}, {1}, {0, -3}} {
		got, verdict := Verify(Draft{Text: text, Sources: sources}, passages, "it")
		if verdict != Accepted {
			t.Errorf("sources %v: %q", sources, verdict)
			continue
		}
		if len(got.Citations) != 1 || got.Citations[0].Passage != "b" || got.Citations[0].Article != "30" {
			t.Errorf("sources %v cite %+v", sources, got.Citations)
		}
		if q := got.Citations[0].Quote; !strings.Contains(q, "volantini") || strings.Contains(q, "insegne") {
			t.Errorf("the quote is not the smallest: %q", q)
		}
	}
	if _, verdict := Verify(Draft{Text: text, Sources: []int{1}}, nil, "it"); verdict != NoCitation {
		t.Errorf("without passages: %q", verdict)
	}
}

func TestVerifyTranslation(t *testing.T) {
	passages := verifyPassages()
	tests := []struct {
		language, text string
		want           Verdict
	}{
		{"en", "The refund is paid within 90 days of the request.", Accepted},
		{"fr", "Le remboursement est effectué dans les 90 jours après la demande.", Accepted},
		{"uk", "Заяву подають до 31 січня.", Accepted},
		{"ar", "يقدم الطلب قبل 31 يناير.", Accepted},
		{"en", "The refund is paid within 45 days of the request.", UnknownNumber},
		{"ar", "يقدم الطلب قبل 31 مارس.", UnknownNumber},
		{"en", "The fine follows art. 8 of Legislative Decree no. 267/2000.", UnknownReference},
	}
	for _, tt := range tests {
		if _, got := Verify(Draft{Text: tt.text, Sources: []int{1}}, passages, tt.language); got != tt.want {
			t.Errorf("Verify(%q, %s) = %q, want %q", tt.text, tt.language, got, tt.want)
		}
	}
}

// checkCitations checks what is promised of every shown statement: its quotes are literal spans, and its facts are in the
// passages that it cites.
func checkCitations(t *testing.T, s Statement, passages []Passage) {
	t.Helper()
	if len(s.Citations) == 0 {
		t.Fatalf("no citation for %q", s.Text)
	}
	var cited []lexicon.Fact
	for _, c := range s.Citations {
		found := false
		for _, p := range passages {
			if p.ID != c.Passage {
				continue
			}
			found = true
			if c.Start < p.Start || c.End > p.End || p.Text[c.Start-p.Start:c.End-p.Start] != c.Quote || c.Quote == "" {
				t.Errorf("the quote %q is not at %d..%d of its document", c.Quote, c.Start, c.End)
			}
			cited = append(cited, lexicon.Facts(c.Quote)...)
			if p.Article != "" {
				cited = append(cited, lexicon.Facts("art. "+p.Article)...)
			}
		}
		if !found {
			t.Errorf("a citation of a passage that was not given: %+v", c)
		}
	}
	for _, f := range lexicon.Facts(s.Text) {
		ok := false
		for i := range cited {
			ok = ok || sameFact(&f, &cited[i])
		}
		if !ok {
			t.Errorf("%q shows %s %q, which no quote has", s.Text, f.Kind, f.Norm)
		}
	}
}

// TestVerifyProperties feeds statements put together at random from the words, figures and sentences of the passages.
func TestVerifyProperties(t *testing.T) {
	passages := verifyPassages()
	var pieces []string
	for _, p := range passages {
		pieces = append(pieces, strings.Fields(p.Text)...)
		for _, s := range lexicon.Sentences(p.Text) {
			pieces = append(pieces, p.Text[s.Start:s.End])
		}
	}
	pieces = append(pieces, "non", "salvo", "45 giorni", "il 12 marzo 2020", "art. 99", "Bologna", "gratis", ",", ";")
	random := rand.New(rand.NewPCG(7, 11))
	accepted := 0
	for range 3000 {
		var b strings.Builder
		for n := 1 + random.IntN(6); n > 0; n-- {
			b.WriteString(pieces[random.IntN(len(pieces))])
			b.WriteByte(' ')
		}
		d := Draft{Text: b.String(), Sources: []int{1 + random.IntN(4)}}
		got, verdict := Verify(d, passages, "it")
		again, verdictAgain := Verify(d, passages, "it")
		if diff := cmp.Diff(got, again); diff != "" || verdict != verdictAgain {
			t.Fatalf("Verify(%q) is not deterministic: %q, %q\n%s", d.Text, verdict, verdictAgain, diff)
		}
		if verdict == Accepted {
			accepted++
			checkCitations(t, got, passages)
		}
	}
	if accepted == 0 {
		t.Error("no statement was accepted: the test says nothing")
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("Il rimborso è disposto entro 90 giorni.", "Art. 1\n1. Il rimborso è disposto entro 90 giorni.", "it")
	f.Add("No: è vietato.", "a) è vietato | 1 | 2\n\nb) salvo che", "it")
	f.Add("Within 90 days", "90 giorni", "en")
	f.Add("\xff né né 1/2 art. 3 €", "| | \n | 5", "")
	f.Fuzz(func(t *testing.T, draft, passage, language string) {
		passages := []Passage{{ID: "p", Text: passage, Start: 10, End: 10 + len(passage)}}
		s, verdict := Verify(Draft{Text: draft, Sources: []int{1}}, passages, language)
		if (verdict == Accepted) != (len(s.Citations) > 0) {
			t.Fatalf("verdict %q with %d citations", verdict, len(s.Citations))
		}
		for _, c := range s.Citations {
			if passage[c.Start-10:c.End-10] != c.Quote {
				t.Fatalf("the quote %q is not literal", c.Quote)
			}
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	passages := verifyPassages()
	for len(passages) < 8 {
		passages = append(passages, passages[len(passages)%3])
	}
	for b.Loop() {
		Verify(Draft{Text: "La domanda di riduzione si presenta all'Ufficio Tributi entro il 31 gennaio.", Sources: []int{1, 2, 3, 4, 5, 6, 7, 8}}, passages, "it")
	}
}
