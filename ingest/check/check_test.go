package check

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/ingest"
)

// regulation structures a text as the ingestion does.
func regulation(text string) *ingest.Document {
	p := &ingest.Parsed{Format: "text"}
	for line := range strings.Lines(text) {
		p.Blocks = append(p.Blocks, ingest.Block{Text: strings.TrimSpace(line)})
	}
	return ingest.Structure("regolamenti/tari.txt", p)
}

const clean = `REGOLAMENTO PER LA DISCIPLINA DELLA TASSA SUI RIFIUTI (TARI)
Approvato con deliberazione del Consiglio comunale n. 28 del 31/03/2021

Art. 1 Oggetto
1. Il presente regolamento disciplina la tassa sui rifiuti nel Comune.
2. Per quanto non previsto si applica la legge 27 dicembre 2013, n. 147.
3. Resta fermo l'articolo 52 del decreto legislativo 15 dicembre 1997, n. 446.

Art. 2 Presupposto
1. La tassa è dovuta da chi possiede o detiene locali.
2. Si applica l'articolo 3 del presente regolamento.

Art. 3 Riduzioni
1. La riduzione per il compostaggio è del 20 per cento.
`

func codes(found []Finding) (out []string) {
	for _, f := range found {
		out = append(out, fmt.Sprintf("%s %s @%s", f.Code, strings.Join(f.Values, "|"), f.Article))
	}
	return out
}

func TestClean(t *testing.T) {
	if got := codes(Check(regulation(clean), nil, "2026-01-01")); got != nil {
		t.Errorf("found %q", got)
	}
}

// given makes a document of articles in the order they are given, whatever their numbers: "6 Canone: 1. testo".
func given(articles ...string) *ingest.Document {
	d := &ingest.Document{Kind: ingest.Regolamento, Approval: ingest.Act{Type: "delibera", Number: "5", Date: "2020-02-10"}}
	for _, a := range articles {
		head, commas, _ := strings.Cut(a, ":")
		number, rubric, _ := strings.Cut(head, " ")
		at, start := len(d.Sections), len(d.Text)
		d.Sections = append(d.Sections, ingest.Section{Kind: ingest.SecArticle, Number: number, Rubric: rubric, EID: "art_" + number, Parent: -1, Start: start})
		d.Text += "Art. " + head + "\n"
		for _, c := range strings.Split(commas, ";") {
			if c = strings.TrimSpace(c); c == "" {
				continue
			}
			n, _, _ := strings.Cut(c, ".")
			d.Sections = append(d.Sections, ingest.Section{Kind: ingest.SecComma, Number: n, Parent: at, Start: len(d.Text), End: len(d.Text) + len(c)})
			d.Text += c + "\n"
		}
		d.Sections[at].End = len(d.Text)
	}
	return d
}

func TestArticles(t *testing.T) {
	d := given("1 Oggetto: 1. Il presente regolamento disciplina i mercati. ; 3. Il mercato si tiene il lunedì. ; 2-bis. Anche di festa.", "3 Posteggi:", "3-bis Abrogato:",
		"6 Canone: 1. Il canone è quello dell'articolo 9 del presente regolamento. Si veda anche l'art. 12. ; 2. Resta fermo l'articolo 77 della legge 1 gennaio 2000, n. 1.",
		"6 Sanzioni: 1. La sanzione va da 25 a 500 euro, come dice l'articolo 99 ter del codice.", "5 Fine: 1. Il regolamento entra in vigore il primo gennaio.")
	want := []string{"article_empty 3 @3", "article_skipped 2|1|3 @3", "article_skipped 4-5|3-bis|6 @6", "article_repeated 6 @6", "article_order 5|6 @5",
		"comma_skipped 1|2 @1", "own_reference 9 @6", "own_reference 12 @6"}
	if diff := cmp.Diff(want, codes(Check(d, nil, "2026-01-01"))); diff != "" {
		t.Error(diff)
	}
}

func TestWhole(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*ingest.Document)
		want   []string
	}{
		"nothing": {func(*ingest.Document) {}, nil},
		"bare": {func(d *ingest.Document) { d.Approval, d.Sections, d.Text = ingest.Act{}, nil, "" },
			[]string{"no_articles  @", "no_approval  @"}},
		"order":         {func(d *ingest.Document) { d.ValidFrom, d.ValidTo = "2026-02-01", "2025-01-01" }, []string{"dates_order 2025-01-01|2026-02-01 @"}},
		"expired":       {func(d *ingest.Document) { d.ValidTo = "2025-12-31" }, []string{"expired 2025-12-31 @"}},
		"ahead":         {func(d *ingest.Document) { d.Approval.Date = "2027-01-01" }, []string{"approval_ahead 2027-01-01 @"}},
		"before":        {func(d *ingest.Document) { d.ValidFrom = "2020-06-01" }, []string{"before_approval 2020-06-01|2021-03-31 @"}},
		"from the year": {func(d *ingest.Document) { d.ValidFrom = "2021-01-01" }, nil},
		"pages":         {func(d *ingest.Document) { n := len(d.Text); d.PageStarts = []int{0, 0, n / 2, n, n}; d.Pages = 5 }, []string{"page_empty 1 @", "page_empty 4-5 @"}},
		"a part": {func(d *ingest.Document) {
			*d = *given("4 Rinvio: 1. Si applica l'articolo 9 del presente regolamento.")
		}, []string{"article_first 4 @4"}},
		"another kind": {func(d *ingest.Document) { d.Kind, d.Approval, d.Sections = ingest.Modulo, ingest.Act{}, nil }, nil},
	} {
		d := regulation(clean)
		tt.change(d)
		if diff := cmp.Diff(tt.want, codes(Check(d, nil, "2026-01-01"))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestActOut(t *testing.T) {
	d := regulation(clean + "\nArt. 4 Rinvio\n1. Resta ferma la deliberazione del Consiglio comunale n. 12 del 15/04/2014 e il Regolamento comunale per i tributi minori.\n")
	act := ingest.Act{Type: "delibera", Body: "C.C.", Number: "12", Date: "2014-04-15"}
	held := []Held{
		{ID: "a", Title: "Delibera 12", Act: act, Out: true},
		{ID: "b", Title: "In vigore", Act: act},
		{ID: "c", Title: "Regolamento comunale per i tributi minori", Out: true},
		{ID: "d", Title: "Altro anno", Act: ingest.Act{Type: "delibera", Number: "12", Date: "2015-04-15"}, Out: true},
		{ID: "e", Title: "Giunta", Act: ingest.Act{Type: "delibera", Body: "G.C.", Number: "12", Date: "2014-04-15"}, Out: true},
		{ID: "f", Title: "Regolamento", Out: true},
	}
	want := []string{"act_out Delibera 12|a @4", "act_out Regolamento comunale per i tributi minori|c @4"}
	if diff := cmp.Diff(want, codes(Check(d, held, "2026-01-01"))); diff != "" {
		t.Error(diff)
	}
}

func TestCitations(t *testing.T) {
	text := "Visto l'art. 3 della deliberazione C.C. n. 28 del 31/03/2021; visti 128 fogli; vista la delibera di Consiglio n. 28/2021 e la n. 28 del 2019. " +
		"Ai sensi del Regolamento per la disciplina della tassa sui rifiuti."
	act := ingest.Act{Type: "delibera", Body: "C.C.", Number: "28", Date: "2021-03-31"}
	var got []string
	for _, c := range Citations(text, act, "") {
		got = append(got, c.Article+" "+text[c.Start:c.End])
	}
	want := []string{"3 art. 3 della deliberazione C.C. n. 28 del 31/03/2021", " delibera di Consiglio n. 28/2021"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	byTitle := Citations(text, ingest.Act{}, "Regolamento per la disciplina della tassa sui rifiuti")
	if len(byTitle) != 1 || !strings.HasPrefix(text[byTitle[0].Start:], "Regolamento per") {
		t.Errorf("by title: %+v", byTitle)
	}
	if c := Citations(strings.Repeat(text, 40), act, ""); len(c) != maxCitations {
		t.Errorf("%d citations", len(c))
	}
	if c := Citations(text, ingest.Act{}, "Regolamento"); c != nil {
		t.Errorf("a title that tells nothing: %v", c)
	}
}

func TestCompare(t *testing.T) {
	old := given("1 Oggetto: 1. La tassa sui rifiuti.", "2 Presupposto: 1. La tassa è dovuta da chi detiene locali.", "3 Vecchio: 1. Testo che va via del tutto.", "4 Riduzioni: 1. Del 20 per cento.")
	now := given("1 Oggetto: 1. La tassa  sui rifiuti.", "2 Definizioni: 1. Per rifiuto si intende altro.", "3 Presupposto: 1. La tassa è dovuta da chi detiene locali.", "4 Riduzioni: 1. Del 30 per cento.")
	var got []string
	for _, d := range Compare(old, now) {
		got = append(got, fmt.Sprintf("%s %s → %s", d.Change, d.Old, d.New))
	}
	want := []string{"same Art. 1 Oggetto → Art. 1 Oggetto", "added  → Art. 2 Definizioni", "moved Art. 2 Presupposto → Art. 3 Presupposto",
		"removed Art. 3 Vecchio → ", "changed Art. 4 Riduzioni → Art. 4 Riduzioni"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, d := range Compare(regulation(clean), regulation(strings.Replace(clean, "20 per", "30 per", 1))) {
		if (d.Change == Changed) != (d.New == "Art. 3 Riduzioni") {
			t.Errorf("%s %s", d.Change, d.New)
		}
	}
	plain := regulation("Orari\nlunedì 9-12")
	if all := Compare(plain, plain); len(all) == 0 || all[0].Change != Same {
		t.Errorf("without articles: %+v", all)
	}
}

func TestWords(t *testing.T) {
	a, b := Words("la riduzione è del 20 per cento", "la riduzione  spettante è del 30 per cento")
	show := func(all []Segment) (s string) {
		for _, x := range all {
			if x.Changed {
				s += "[" + x.Text + "]"
				continue
			}
			s += x.Text
		}
		return s
	}
	if got := show(a); got != "la riduzione è del[ 20] per cento" {
		t.Error(got)
	}
	if got := show(b); got != "la riduzione[ spettante] è del[ 30] per cento" {
		t.Error(got)
	}
	long := strings.Repeat("parola ", maxWords+1)
	if a, _ := Words(long, "x"); len(a) != 1 || !a[0].Changed {
		t.Error("a very long text is compared word by word")
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(clean, "28")
	f.Add("Art. 1\nArt. 1\nart. 9 del presente regolamento è", "9")
	f.Fuzz(func(_ *testing.T, text, number string) {
		d := regulation(text)
		Check(d, []Held{{ID: "x", Title: text, Act: ingest.Act{Type: "delibera", Number: number, Date: "2021-01-01"}, Out: true}}, "2026-01-01")
		Citations(text, ingest.Act{Type: "delibera", Number: number, Date: "2021-01-01"}, text)
		Compare(d, regulation(text+"\nArt. 99 Nuovo\ntesto"))
	})
}
