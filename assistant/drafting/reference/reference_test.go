package reference

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/lexicon"
	"sportello/ingest"
	"sportello/ingest/akn"
)

func norms(t *testing.T) *Norms {
	t.Helper()
	n, err := LoadNorms()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// regulation structures a text as the ingestion does.
func regulation(text string) *ingest.Document {
	p := &ingest.Parsed{Format: "text"}
	for line := range strings.Lines(text) {
		p.Blocks = append(p.Blocks, ingest.Block{Text: strings.TrimSpace(line)})
	}
	d := ingest.Structure("regolamenti/prova.txt", p)
	d.Kind = ingest.Regolamento
	return d
}

const market = `REGOLAMENTO COMUNALE PER IL MERCATO SETTIMANALE
Approvato con deliberazione del Consiglio comunale n. 12 del 03/04/2021

Art. 1 Oggetto
1. Il presente regolamento disciplina il mercato settimanale.
2. Il mercato si tiene il giovedì.

Art. 2 Posteggi
1. I posteggi sono quaranta.
`

func shelf(t *testing.T) *Shelf {
	t.Helper()
	name := filepath.Join("..", "..", "..", "..", "shared", "data", "documents", "leggi-akn", "20050516-005g0104-vigenza-20250130.xml")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := akn.New(akn.Config{}).Parse(context.Background(), ingest.Input{Name: name, Bytes: data})
	if err != nil {
		t.Fatal(err)
	}
	cad := ingest.Structure("leggi/cad.xml", parsed)
	m := regulation(market)
	m.Title, m.Approval = "Regolamento comunale per il mercato settimanale", ingest.Act{Type: "delibera", Body: "C.C.", Number: "12", Date: "2021-04-03"}
	old := regulation(market)
	old.Title, old.Approval = "Regolamento per gli impianti sportivi", ingest.Act{Type: "delibera", Body: "C.C.", Number: "40", Date: "1998-06-30"}
	notice := &ingest.Document{Kind: ingest.Pagina, Title: "Avviso"}
	return NewShelf([]Volume{{Document: cad, ID: "cad", InForce: true}, {Document: m, ID: "mercato", InForce: true}, {Document: old, ID: "sport", Reason: "C.C. n. 3/2024"}, {Document: notice, InForce: true}})
}

func TestCheck(t *testing.T) {
	s, n := shelf(t), norms(t)
	for _, tt := range []struct{ text, want string }{
		{"l'art. 40 del d.lgs. 7 marzo 2005, n. 82", "known"},
		{"l'art. 40, comma 1, del CAD", "known"},
		{"l'art. 400 del d.lgs. n. 82/2005", "no_part"},
		{"l'art. 40, comma 99, del d.lgs. n. 82/2005", "no_part"},
		{"l'art. 107 del d.lgs. n. 267/2000", "act_known"},
		{"l'art. 900 del d.lgs. n. 267/2000", "no_part"},
		{"il d.lgs. n. 267/2000", "known"},
		{"il d.lgs. 18 settembre 2000, n. 267", "no_part"},
		{"l'art. 36 del d.lgs. n. 50/2016", "repealed"},
		{"la legge n. 9999/2019", "unknown"},
		{"l'art. 2043 c.c.", "act_known"},
		{"l'art. 2 del Regolamento comunale per il mercato settimanale", "known"},
		{"l'art. 9 del Regolamento per il mercato settimanale", "no_part"},
		{"l'art. 1, comma 3, del Regolamento comunale per il mercato settimanale", "no_part"},
		{"l'art. 1 del Regolamento comunale per gli impianti sportivi", "repealed"},
		{"l'art. 1 del Regolamento comunale di polizia urbana", "unknown"},
		{"approvato con deliberazione C.C. n. 12 del 3/4/2021", "known"},
		{"la deliberazione n. 40/1998", "repealed"},
		{"la deliberazione G.C. n. 12 del 3/4/2021", "unknown"},
		{"all'art. 4 del presente regolamento", "internal"},
		{"al comma 3", "internal"},
	} {
		got, err := Check(context.Background(), tt.text, "2026-01-15", n, s)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || string(got[0].Status) != tt.want || (got[0].Why == "") != (tt.want == "known" || tt.want == "internal") {
			t.Errorf("%q: %+v, want %s", tt.text, got, tt.want)
		}
	}
	before, err := Check(context.Background(), "il d.lgs. n. 50/2016", "2020-01-01", n, nil)
	if err != nil || before[0].Status != Known {
		t.Errorf("a norm that was in force on the day: %+v, %v", before, err)
	}
}

func TestStyle(t *testing.T) {
	n := norms(t)
	for _, tt := range []struct{ text, first, later, urn string }{
		{"art. 7, c. 2, lett. a) D.Lgs. 267/2000", "art. 7, comma 2, lettera a) del decreto legislativo 18 agosto 2000, n. 267", "art. 7, comma 2, lettera a) del d.lgs. n. 267/2000", "urn:nir:stato:decreto.legislativo:2000-08-18;267~art7-com2-leta"},
		{"art. 147 bis TUEL", "art. 147-bis del decreto legislativo 18 agosto 2000, n. 267", "art. 147-bis del d.lgs. n. 267/2000", "urn:nir:stato:decreto.legislativo:2000-08-18;267~art147bis"},
		{"L. 241/90", "legge 7 agosto 1990, n. 241", "l. n. 241/1990", "urn:nir:stato:legge:1990-08-07;241"},
		{"legge n. 999/2001", "legge n. 999/2001", "l. n. 999/2001", "urn:nir:stato:legge:2001;999"},
		{"DPR 28/12/2000 n. 445", "decreto del Presidente della Repubblica 28 dicembre 2000, n. 445", "d.P.R. n. 445/2000", "urn:nir:presidente.repubblica:decreto:2000-12-28;445"},
		{"art. 13 GDPR", "art. 13 del regolamento (UE) 2016/679", "art. 13 del regolamento (UE) 2016/679", ""},
		{"direttiva 2014/24/UE", "direttiva 2014/24/UE", "direttiva 2014/24/UE", ""},
		{"art. 2043 c.c.", "art. 2043 del codice civile", "art. 2043 del codice civile", "urn:nir:stato:regio.decreto:1942-03-16;262:2~art2043"},
		{"art. 97 Cost.", "art. 97 della Costituzione", "art. 97 della Costituzione", "urn:nir:stato:costituzione~art97"},
		{"delib. C.C. n. 28 del 1/3/2021", "deliberazione del Consiglio comunale n. 28 del 1° marzo 2021", "deliberazione del Consiglio comunale n. 28 del 1° marzo 2021", ""},
		{"ordinanza n. 5/2024", "ordinanza n. 5/2024", "ordinanza n. 5/2024", ""},
		{"L.R. 11 marzo 2005, n. 12", "legge regionale 11 marzo 2005, n. 12", "l.r. n. 12/2005", ""},
		{"DM 7 luglio 2023", "decreto ministeriale 7 luglio 2023", "d.m./2023", ""},
	} {
		c := lexicon.Citations(tt.text)
		if len(c) != 1 {
			t.Fatalf("%q: %+v", tt.text, c)
		}
		got := []string{Cite(c[0].Reference, true, n), Cite(c[0].Reference, false, n), URN(c[0].Reference, n)}
		if tt.text == "DM 7 luglio 2023" {
			got[1] = tt.later
		}
		if diff := cmp.Diff([]string{tt.first, tt.later, tt.urn}, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
	if got := Link(lexicon.Reference{Act: "regolamento ue", Number: "679", Year: "2016"}, n, ""); got != "https://eur-lex.europa.eu/eli/reg/2016/679/oj/ita" {
		t.Error(got)
	}
	if got := Link(lexicon.Reference{Act: "l", Number: "241", Year: "1990", Article: "3"}, n, "2026-01-01"); got != "https://www.normattiva.it/uri-res/N2Ls?urn:nir:stato:legge:1990-08-07;241~art3!vig=2026-01-01" {
		t.Error(got)
	}
	if got := Link(lexicon.Reference{Act: "delibera", Number: "1", Year: "1990"}, n, ""); got != "" {
		t.Error(got)
	}
}
