package lexicon

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// written gives what a citation says on one line, as the tables below want it.
func written(c Citation) string {
	s := c.Norm()
	add := func(on bool, what string) {
		if on {
			s += " " + what
		}
	}
	add(c.ArticleTo != "", "art→"+c.ArticleTo)
	add(c.CommaTo != "", "c→"+c.CommaTo)
	add(c.Date != "", c.Date)
	add(c.Body != "", "{"+c.Body+"}")
	add(c.Region != "", "["+c.Region+"]")
	add(c.Name != "", "«"+c.Name+"»")
	add(c.Annex != "", "allegato "+c.Annex)
	add(c.Own, "own")
	add(c.Back, "back")
	add(c.Amended, "smi")
	add(c.Following, "segg")
	return strings.TrimSpace(s)
}

func TestCitations(t *testing.T) {
	for _, tt := range []struct {
		text string
		want string
	}{
		{"visto l'art. 107, comma 3, lett. a) del D.Lgs. 18 agosto 2000, n. 267 e ss.mm.ii.;", "art 107 c 3 l a dlgs 267/2000 2000-08-18 smi"},
		{"ai sensi degli artt. 5 e 6 della L. 241/90", "art 5 l 241/1990|art 6 l 241/1990"},
		{"commi 1 e 2 dell'articolo 3 del decreto legislativo n. 33/2013", "art 3 c 1 dlgs 33/2013|art 3 c 2 dlgs 33/2013"},
		{"lettera a) del comma 2 dell'art. 50 del d.lgs. n. 36 del 2023", "art 50 c 2 l a dlgs 36/2023"},
		{"l'art. 147-bis del T.U.E.L. e l'art. 147bis TUEL", "art 147-bis dlgs 267/2000|art 147-bis dlgs 267/2000"},
		{"Regolamento (UE) 2016/679; direttiva 2014/24/UE; direttiva 92/43/CEE", "regolamento ue 679/2016|direttiva ue 24/2014|direttiva ue 43/1992"},
		{"legge 145 del 30 dicembre 2018; legge di Bilancio 2019, n. 145 del 30/12/2018", "l 145/2018 2018-12-30|l 145/2018 2018-12-30"},
		{"deliberazione di C.C. n. 51 in data 28/07/2014 e s.m.i.; delibera ARERA n. 363/2021/R/rif", "delibera 51/2014 2014-07-28 {cc} smi|delibera 363/2021"},
		{"determinazione ARERA del 6 novembre 2023, n. 1/DTAC/2023", "determina 1/2023 2023-11-06"},
		{"commi da 739 a 783 dell’art. 1, Legge n. 160/2019; art. 1, commi 161-169, della L. n. 296/2006", "art 1 c 739 l 160/2019 c→783|art 1 c 161 l 296/2006 c→169"},
		{"art. 1, commi 816 e seguenti, della legge 160/2019; artt. 19 e segg. del D.Lgs. 507/1993", "art 1 c 816 l 160/2019 segg|art 19 dlgs 507/1993 segg"},
		{"il D.Lgs. 267/2000, art. 107; D.P.R. 28 dicembre 2000, n. 445, artt. 46 e 47", "art 107 dlgs 267/2000|art 46 dpr 445/2000 2000-12-28|art 47 dpr 445/2000 2000-12-28"},
		{"legge 27 dicembre 2013, n. 147 (legge di stabilità 2014), art. 1, comma 639", "art 1 c 639 l 147/2013 2013-12-27"},
		{"l'art. 13 del DL 201/2011, comma 15, così come modificato", "art 13 c 15 dl 201/2011"},
		{"codice della strada, di cui al decreto legislativo 30 aprile 1992, n. 285", "dlgs 285/1992 1992-04-30"},
		{"articolo 10 del codice di cui al decreto legislativo 22 gennaio 2004, n. 42", "art 10 dlgs 42/2004 2004-01-22"},
		{"D.Lgs. 18 agosto 2000, n. 267 – T.U.E.L. che sancisce", "dlgs 267/2000 2000-08-18"},
		{"art. 2043 c.c.; art. 97 Cost.; art. 1284 del codice civile", "art 2043 codice civile|art 97 costituzione|art 1284 codice civile"},
		{"D.L. 201/2011, convertito dalla Legge 22 dicembre 2011, n. 214; il comma 1 della medesima legge", "dl 201/2011|l 214/2011 2011-12-22|c 1 l 214/2011 2011-12-22 back"},
		{"art. 12 del vigente Regolamento comunale per la disciplina della TARI, approvato con deliberazione consiliare n. 12 del 3/4/2021",
			"art 12 regolamento «Regolamento comunale per la disciplina della TARI»|delibera 12/2021 2021-04-03 {cc}"},
		{"art. 7, commi 1, lett. a) e b), e 3 del d.P.R. 62/2013", "art 7 c 1 l a dpr 62/2013|art 7 c 1 l b dpr 62/2013|art 7 c 3 dpr 62/2013"},
		{"artt. 42, comma 2, lett. f), 48 e 107 del D.Lgs. n. 267/2000", "art 42 c 2 l f dlgs 267/2000|art 48 dlgs 267/2000|art 107 dlgs 267/2000"},
		{"decreto del Ministro dell'economia e delle finanze 7 luglio 2023; D.G.R. n. 53844 del 31 maggio 1994", "dm /2023 2023-07-07|dgr 53844/1994 1994-05-31"},
		{"L.R. Lombardia 11 marzo 2005, n. 12; Legge Regionale 12/2005 smi", "lr 12/2005 2005-03-11 [lombardia]|lr 12/2005 smi"},
		{"leggi n. 241/1990 e n. 190/2012", "l 241/1990|l 190/2012"},
		{"deliberazioni G.C. n. 25, n. 26 e n. 27 del 6/3/2019", "delibera 25/2019 2019-03-06 {gc}|delibera 26/2019 2019-03-06 {gc}|delibera 27/2019 2019-03-06 {gc}"},
		{"Determinazione del Responsabile del Settore Tecnico n. 45 del 3 marzo 2024; determinazione n. 112 del 15.05.17", "determina 45/2024 2024-03-03|determina 112/2017 2017-05-15"},
		{"sentenza della Corte Costituzionale n. 209 del 13 ottobre 2022; circolare n. 12/E del 2014", "sentenza 209/2022 2022-10-13|circolare 12/E/2014"},
		{"art. 6 par. 1 lett. e) del Regolamento UE 2016/679; art. 13 del GDPR", "art 6 c 1 l e regolamento ue 679/2016|art 13 regolamento ue 679/2016"},
		{"comma 741, lettera c), numeri 3) e 5)", "c 741 l c n 3|c 741 l c n 5"},
		{"di cui all'art. 23 del presente Regolamento", "art 23 own"},
		{"articolo 6 dell’Allegato A alla deliberazione ARERA n. 387/2023/R/RIF", "art 6 delibera 387/2023 allegato A"},
		{"alla lettera b del precedente comma 1", "c 1 l b"},
		{"ai sensi dell’art. 49 – comma 1 – e dell’art. 147 bis del D. Lgs. 18 agosto 2000 n. 267", "art 49 c 1 dlgs 267/2000 2000-08-18|art 147-bis dlgs 267/2000 2000-08-18"},
		{"secondo comma dell'art. 5 della legge n. 241/1990; II comma; 3° comma", "art 5 c 2 l 241/1990|c 2|c 3"},
		{"art. unico della legge n. 18/1980; artt. 5,6 del d.P.R. n. 380/2001", "art unico l 18/1980|art 5 dpr 380/2001|art 6 dpr 380/2001"},
		// what is no citation
		{"Articolo 43 - Modifica, sospensione o revoca", ""},
		{"Art. 5 Oggetto del servizio", ""},
		{"Via Boccherini L. 2 e l'art director; C. 80% della superficie", ""},
		{"proposta di deliberazione n. 57 del 2023; Verbale n. 3 della Commissione; nota prot. n. 12 del 3/4/2021", ""},
		{"ai paragrafi 4 e 5 della relazione; codice fiscale 01234567890; con la legge che regola", ""},
	} {
		var got []string
		for _, c := range Citations(tt.text) {
			got = append(got, written(c))
			if c.Start < 0 || c.End > len(tt.text) || c.Start >= c.End || c.ActEnd > len(tt.text) || c.ActStart > c.ActEnd {
				t.Errorf("%q: span %d-%d, act %d-%d", tt.text, c.Start, c.End, c.ActStart, c.ActEnd)
			}
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, "|")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

func FuzzCitations(f *testing.F) {
	for _, s := range []string{"art. 7, commi 1, lett. a) e b), e 3 del d.P.R. 62/2013", "artt. 5,6 e ss. della L. 241/90 e n. 190/2012 e ss.mm.ii.", "deliberazione C.C. n. 28 del 31/03/2021", "n. XI/1141", "l'art. 12-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range Citations(text) {
			if c.Start < 0 || c.End > len(text) || c.Start >= c.End || c.ActStart < 0 || c.ActEnd > len(text) || c.ActStart > c.ActEnd {
				t.Fatalf("span %d-%d, act %d-%d of %d bytes", c.Start, c.End, c.ActStart, c.ActEnd, len(text))
			}
			_ = text[c.Start:c.End]
		}
	})
}
