package ingest

import "testing"

func TestDates(t *testing.T) {
	for in, want := range map[string]string{
		"31/03/2021": "2021-03-31", "3.2.21": "2021-02-03", "1° gennaio 2024": "2024-01-01", "9 Settembre 1998": "1998-09-09",
		"12-3-1997": "1997-03-12", "31/02/2021": "", "15 gennembre 2020": "", "1/1/85": "1985-01-01", "": "", "1/1/1700": "",
	} {
		if got := isoDate(in); got != want {
			t.Errorf("isoDate(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestYearOf(t *testing.T) {
	for in, want := range map[string]string{
		"Aliquote IMU anno 2023": "2023",
		"Delibera C.C. n. 89 del 21/12/2022 - Conferma aliquote e detrazione anno 2023": "2023",
		"Regolamento per il canone unico legge 160/2019":                                "",
		"Tariffe 2021-2023":   "",
		"Tariffe 2021 e 2022": "",
		"Regolamento approvato con deliberazione n. 3 del 2020":   "",
		"Regolamento in attuazione del regolamento (UE) 2016/679": "",
		"Tariffa corrispettiva sui rifiuti 2024":                  "2024",
	} {
		if got := yearOf(in); got != want {
			t.Errorf("yearOf(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestApprovals(t *testing.T) {
	for in, want := range map[string]Act{
		"Approvato con deliberazione C.C. n. 28 del 31/03/2021":                                   {"delibera", "C.C.", "28", "2021-03-31"},
		"Approvato con delibera di c.c. n.39 del 29 marzo 2011":                                   {"delibera", "C.C.", "39", "2011-03-29"},
		"Approvato con deliberazione di Consiglio Comunale n. 51 in data 28/07/2014":              {"delibera", "C.C.", "51", "2014-07-28"},
		"(approvato con deliberazione della Giunta Comunale n. 12 del 3.5.2018)":                  {"delibera", "G.C.", "12", "2018-05-03"},
		"Approvato con D.C.C. n° 7 del 1° febbraio 2020":                                          {"delibera", "C.C.", "7", "2020-02-01"},
		"Approvato dal Consiglio Comunale con deliberazione n. 14 del 12/03/2010":                 {"delibera", "C.C.", "14", "2010-03-12"},
		"Approvato con deliberazione consiliare n. 5 del 20-12-2022":                              {"delibera", "C.C.", "5", "2022-12-20"},
		"Approvato con delibera del Commissario Straordinario n. 9 del 01/02/2016":                {"delibera", "commissario", "9", "2016-02-01"},
		"Visto il regolamento approvato con deliberazione C.C. n. 3 del 1/1/2001, si dispone che": {},
	} {
		d := Structure("x", blocksOf("Regolamento dei dehors del centro\n"+in+"\nArt. 1 Oggetto\n1. Il presente regolamento disciplina i dehors.\nArt. 2 Fine\n1. Fine."))
		if d.Approval != want {
			t.Errorf("%q: %+v, want %+v", in, d.Approval, want)
		}
	}
}

func TestKinds(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want Kind
	}{
		"statute":       {"STATUTO COMUNALE\nArt. 1 Il Comune\n1. Il Comune è autonomo.\nArt. 2 Sede\n1. La sede è in piazza.", Regolamento},
		"notice":        {"AVVISO PUBBLICO PER L'ASSEGNAZIONE DI ALLOGGI\nIl responsabile rende noto che sono disponibili due alloggi.", Bando},
		"law":           {"LEGGE REGIONALE n. 5 del 2010\nArt. 1 Oggetto\n1. La presente legge disciplina i parchi.\nArt. 2 Spesa\n1. Agli oneri derivanti si provvede.", Norma},
		"contract":      {"CONTRATTO DI COMODATO\nArt. 1 Oggetto\nIl presente contratto riguarda un locale.\nArt. 2 Durata\nDura un anno.", Altro},
		"minutes":       {"VERBALE DI SEDUTA DELLA COMMISSIONE\n" + long(200), Verbale},
		"service sheet": {"@format html\n# Carta d'identità\n## A chi è rivolto\nAi residenti.\n## Cosa serve\nUna foto.\n## Tempi e scadenze\nSubito.", Scheda},
		"page":          {"@format html\n# Uffici\nElenco degli uffici.", Pagina},
		"order":         {"COMUNE DI ROCCASPINA\nORDINANZA N. 4 DEL 02/02/2024\nOGGETTO: divieto di sosta in via Roma\nIL SINDACO\nVisto l'art. 7 del codice della strada;\nRitenuto di provvedere;\nORDINA\n1. il divieto di sosta.", Ordinanza},
		"nothing":       {"Elenco delle vie", Altro},
	} {
		if d := Structure("x", blocksOf(c.in)); d.Kind != c.want {
			t.Errorf("%s: %s, want %s", name, d.Kind, c.want)
		}
	}
}

func long(n int) string {
	s := ""
	for i := 0; i < n; i++ {
		s += "La commissione discute e delibera. "
	}
	return s
}

func TestTitles(t *testing.T) {
	for in, want := range map[string]string{
		"@title Microsoft Word - reg.doc\nRegolamento per la disciplina della tariffa\ncorrispettiva sui rifiuti\nArt. 1 Oggetto\n1. Testo.\nArt. 2 Fine\n1. Fine.": "Regolamento per la disciplina della tariffa corrispettiva sui rifiuti",
		"COMUNE DI ROCCASPINA\nREGOLAMENTO\nPER LA DISCIPLINA DELL'IMPOSTA MUNICIPALE PROPRIA (IMU)\nArt. 1 Oggetto\n1. Il presente regolamento.":                   "Regolamento per la disciplina dell'imposta municipale propria (IMU)",
		"@title Carta dei servizi del nido\nvia Roma 1":        "Carta dei servizi del nido",
		"@title scan0001.pdf\nun testo qualunque senza titolo": "un testo qualunque senza titolo",
		"": "atto di prova",
	} {
		if d := Structure("cartella/atto-di_prova.pdf", blocksOf(in)); d.Title != want {
			t.Errorf("%q: title %q, want %q", in, d.Title, want)
		}
	}
}

func TestSentenceCase(t *testing.T) {
	for in, want := range map[string]string{
		"RIDUZIONI PER LE UTENZE":                "Riduzioni per le utenze",
		"TARIFFA TARI E IMU/TASI":                "Tariffa TARI e IMU/TASI",
		"TITOLO IV DEL COMUNE DI ROCCASPINA":     "Titolo IV del comune di Roccaspina",
		"Già scritto bene":                       "Già scritto bene",
		"PIANO ECONOMICO FINANZIARIO (PEF) 2024": "Piano economico finanziario (PEF) 2024",
		"D.LGS. 267/2000 E IL CIMITERO":          "D.LGS. 267/2000 e il cimitero",
	} {
		if got := sentenceCase(in); got != want {
			t.Errorf("sentenceCase(%q) = %q, want %q", in, got, want)
		}
	}
}
