package lexicon

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFacts(t *testing.T) {
	tests := []struct {
		name, language, text string
		want                 []string // "kind norm"
	}{
		{"thousands and cents", "it", "costa € 1.100,00 oppure 1100 euro", []string{"amount 1100 EUR", "amount 1100 EUR"}},
		{"amount in words", "it", "€ 30,00 ( euro 30/00 ) e euro millecento/00", []string{"amount 30 EUR", "amount 1100 EUR"}},
		{"sign before every amount", "it", "Occupazione ordinaria € 34,38 0,69 € 25,79 0,52", []string{"amount 34.38 EUR", "number 0.69", "amount 25.79 EUR", "number 0.52"}},
		{"sign after every amount", "it", "SCIA 100,00 € 150,00 €", []string{"amount 100 EUR", "amount 150 EUR"}},
		{"rate", "it", "tipo 4 €/ml 60,00; 11,00 €/mc", []string{"label tipo 4", "amount 60 EUR per m", "amount 11 EUR per m3"}},
		{"range shares its unit", "it", "da 25 a 500 euro; 0,10 e 1,50 euro", []string{"amount 25 EUR", "amount 500 EUR", "amount 0.1 EUR", "amount 1.5 EUR"}},
		{"durations", "it", "60 (sessanta) giorni, anni 6, un anno, sei mesi, quarantotto (48) ore, 30 gg",
			[]string{"duration 60 day", "duration 6 year", "duration 1 year", "duration 6 month", "duration 48 hour", "duration 30 day"}},
		{"not a number", "it", "Se non sei al posteggio, una domanda", nil},
		{"percent", "it", "del 20 % o del 50 per cento o dello 0,76%", []string{"percent 20%", "percent 50%", "percent 0.76%"}},
		{"fractions", "it", "due terzi, 1/365 e la metà", []string{"number 2/3", "number 1/365", "number 1/2"}},
		{"measures", "it", "120 mq, 51mq, 5 metri quadrati, metri 500, litri 1,5, 70x100",
			[]string{"measure 120 m2", "measure 51 m2", "measure 5 m2", "measure 500 m", "measure 1.5 l", "number 70", "number 100"}},
		{"list numbers count nothing", "it", "1. Fino a 50 mq: 1 persona; 2. Da 51 mq: due persone", []string{"measure 50 m2", "number 1", "measure 51 m2", "number 2"}},
		{"dates", "it", "31/12/2021, 31 dicembre, 1° gennaio 2021, primo maggio, 13.05.2022, 2021-03-31, dicembre 2021",
			[]string{"date 2021-12-31", "date --12-31", "date 2021-01-01", "date --05-01", "date 2022-05-13", "date 2021-03-31", "date 2021-12"}},
		{"hours", "it", "dalle ore 13 alle ore 16 e dalle 20 alle 8,30; ore 9.00; 12:45", []string{"time 13:00", "time 16:00", "time 20:00", "time 08:30", "time 09:00", "time 12:45"}},
		{"years", "it", "per il 2023 e nell'anno 2024", []string{"year 2023", "year 2024"}},
		{"reference in full", "it", "art. 7, comma 2, lett. a) del d.lgs. 18 agosto 2000, n. 267", []string{"reference art 7 c 2 l a dlgs 267/2000"}},
		{"reference, short forms", "it", "L. 241/90, D.P.R. n. 445/2000, legge regionale 11 marzo 2005, n. 12, art. 5-bis del TUEL",
			[]string{"act l 241/1990", "act dpr 445/2000", "act lr 12/2005", "reference art 5-bis dlgs 267/2000"}},
		{"EU acts", "it", "regolamento (UE) 2016/679", []string{"act regolamento ue 679/2016"}},
		{"local acts", "it", "deliberazione C.C. n. 28 del 31/03/2021 e delibera di Consiglio Comunale n. 93 del 21/12/2022", []string{"act delibera 28/2021", "act delibera 93/2022"}},
		{"several articles", "it", "artt. 7 e 8 del D.P.R. 445/2000", []string{"reference art 7 dpr 445/2000", "reference art 8 dpr 445/2000"}},
		{"commi", "it", "al comma 4 o al primo comma; comma 741, lettera c), n. 6) della legge 160/2019", []string{"reference c 4", "reference c 1", "reference c 741 l c n 6 l 160/2019"}},
		{"zones of a table", "it", "Tariffa Z1 2023 | Tariffa Z 2 | Zona 3", []string{"label zona 1", "year 2023", "label zona 2", "label zona 3"}},
		{"hour in words", "it", "al massimo un'ora", []string{"duration 1 hour"}},
		{"labels", "it", "in zona 1, allegato A, Modello C, mod. 05, tip. B", []string{"label zona 1", "label allegato a", "label modello c", "label modello 5", "label tipo b"}},
		{"addresses", "it", "scrivere a Ufficio.Tributi@comune.esempio.it, www.esempio.gov.it/moduli/, tel. 02/94692404.",
			[]string{"email ufficio.tributi@comune.esempio.it", "url esempio.gov.it/moduli", "phone 0294692404"}},
		{"iban", "it", "IBAN IT60 X054 2811 1010 0000 0123 456", []string{"iban IT60X0542811101000000123456"}},
		{"English", "en", "within thirty days, EUR 1,100.50 by December 31, 2021, a 50% cut", []string{"duration 30 day", "amount 1100.5 EUR", "date 2021-12-31", "percent 50%"}},
		{"French", "fr", "dans les soixante jours, le 1er janvier 2021, 20 pour cent", []string{"duration 60 day", "date 2021-01-01", "percent 20%"}},
		{"Romanian", "ro", "treizeci zile, 31 decembrie 2021, 20 la sută", []string{"duration 30 day", "date 2021-12-31", "percent 20%"}},
		{"Albanian", "sq", "brenda 60 ditësh, më 31 dhjetor, 20 për qind", []string{"duration 60 day", "date --12-31", "percent 20%"}},
		{"Ukrainian", "uk", "протягом 60 днів, до 31 грудня 2021 року, 16 євро", []string{"duration 60 day", "date 2021-12-31", "amount 16 EUR"}},
		{"Arabic", "ar", "خلال ٦٠ يومًا قبل 31 ديسمبر 2021 أو شهرين و ٢٠٪", []string{"duration 60 day", "date 2021-12-31", "duration 2 month", "percent 20%"}},
		{"Chinese", "zh", "60天内, 2021年12月31日, 百分之20, 16欧元", []string{"duration 60 day", "date 2021-12-31", "percent 20%", "amount 16 EUR"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range FactsIn(tt.text, tt.language) {
				s := string(f.Kind) + " " + f.Norm
				if f.Per != "" {
					s += " per " + f.Per
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("FactsIn(%q) (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

func TestReferenceWithin(t *testing.T) {
	full := Reference{Article: "7", Comma: "2", Letter: "a", Act: "dlgs", Number: "267", Year: "2000", Date: "2000-08-18"}
	tests := []struct {
		name string
		ref  Reference
		want bool
	}{
		{"article of the act", Reference{Article: "7", Act: "dlgs", Number: "267", Year: "2000"}, true},
		{"other article", Reference{Article: "8", Act: "dlgs", Number: "267", Year: "2000"}, false},
		{"other act", Reference{Act: "dpr", Number: "267", Year: "2000"}, false},
		{"number alone", Reference{Number: "267", Year: "2000"}, true},
		{"other comma", Reference{Article: "7", Comma: "3"}, false},
	}
	for _, tt := range tests {
		if got := tt.ref.Within(full); got != tt.want {
			t.Errorf("%s: Within = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func FuzzFacts(f *testing.F) {
	for _, s := range []string{"€ 1.100,00 entro 60 (sessanta) giorni", "art. 7, c. 2 del d.lgs. 267/2000", "٦٠ يومًا", "2021年12月31日", "IT60X0542811101000000123456", "31.12.", "\xff1/", "un."} {
		f.Add(s, "it")
	}
	f.Fuzz(func(t *testing.T, text, language string) {
		end := 0
		for _, fact := range FactsIn(text, language) {
			if fact.Start < end || fact.End <= fact.Start || fact.End > len(text) {
				t.Fatalf("fact %+v out of place after byte %d of %d", fact, end, len(text))
			}
			end = fact.End
			if strings.TrimSpace(fact.Norm) == "" {
				t.Fatalf("fact without norm: %+v", fact)
			}
		}
	})
}
