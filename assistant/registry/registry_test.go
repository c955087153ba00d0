package registry

import (
	"testing"

	"sportello/assistant/fault"
)

func register(t *testing.T) *Register {
	t.Helper()
	g, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestRegister(t *testing.T) {
	g := register(t)
	if len(g.all) < 7800 || len(g.all) != len(g.istat) {
		t.Fatalf("%d comuni, %d codes", len(g.all), len(g.istat))
	}
	c, ok := g.ByISTAT(" 064007 ")
	if !ok || c.Name != "Avella" || c.Catastale != "A508" || c.IPA() != "c_a508" || c.Provincia != "AV" {
		t.Errorf("%+v", c)
	}
	if d, ok := g.ByCatastale("a508"); !ok || d != c {
		t.Errorf("%+v", d)
	}
	if _, ok := g.ByISTAT("999999"); ok {
		t.Error("a code of nobody")
	}
	slugs := map[string]bool{}
	for _, c := range g.all {
		if s := c.Slug(); s == "" || len(s) > 63 {
			t.Errorf("%s: %q", c.Name, s)
		} else {
			slugs[s] = true
		}
	}
	if len(slugs) < len(g.all)-20 { // a few names are in two provincie
		t.Errorf("%d slugs", len(slugs))
	}
}

func TestFind(t *testing.T) {
	g := register(t)
	for text, want := range map[string]string{
		"Comune di Avella": "Avella", "ala dei": "Alà dei Sardi", "REGGIO nell": "Reggio nell'Emilia", "l'aquila": "L'Aquila", "cantu": "Cantù",
	} {
		if got := g.Find(text, 5); len(got) == 0 || got[0].Name != want {
			t.Errorf("%q: %+v", text, got)
		}
	}
	if got := g.Find("san", 3); len(got) != 3 {
		t.Errorf("%+v", got)
	}
	for _, text := range []string{"", "  ", "xyzxyz"} {
		if got := g.Find(text, 3); len(got) != 0 {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestCheck(t *testing.T) {
	g := register(t)
	for _, tc := range []struct {
		istat, catastale, ipa string
		wrong                 bool
	}{
		{"", "", "", false}, {"064007", "", "", false}, {"064007", "A508", "c_a508", false}, {"", "a508", "C_A508", false}, {"", "", "c_a508", false},
		{"", "", "p_av", false}, {"999999", "", "", true}, {"064007", "A509", "", true}, {"064007", "", "c_a509", true}, {"", "Z999", "", true}, {"", "", "c_z999", true},
	} {
		if err := g.Check(tc.istat, tc.catastale, tc.ipa); (fault.CodeOf(err) == fault.Invalid) != tc.wrong {
			t.Errorf("%+v: %v", tc, err)
		}
	}
	if _, err := read("064007\tA508\tAvella\n"); fault.CodeOf(err) != fault.Internal {
		t.Error(err)
	}
}

func TestReadCSV(t *testing.T) {
	g := register(t)
	rows, err := g.ReadCSV([]byte("\xef\xbb\xbfNome;Codice ISTAT;Tipo;Slug;Sopra\nAvella;;;;unione\nComune di Abano Terme;28001;;;\nUnione del Baianese;;unione;unione;\n;;;;\n;064008;;baiano;unione\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 4 || rows[0].ISTAT != "064007" || rows[0].Name != "Comune di Avella" || rows[0].Slug != "avella" || rows[0].Parent != "unione" ||
		rows[1].IPA != "c_a001" || rows[1].ISTAT != "028001" || rows[2].Kind != "unione" || rows[3].Slug != "baiano" || rows[3].Line != 6 {
		t.Errorf("%+v", rows)
	}
	for name, text := range map[string]string{
		"empty": "", "header only": "nome,istat\n", "no such code": "nome,istat\nAvella,999999\n", "no such name": "nome\nParigi\n",
		"codes differ": "nome,istat,catastale\nAvella,064007,A509\n", "unione without slug": "nome,tipo\nUnione,unione\n", "quotes": "nome\n\"Avella\n", "two of the name": "nome\nSamone\n",
	} {
		if rows, err := g.ReadCSV([]byte(text)); err == nil {
			t.Errorf("%s: %+v", name, rows)
		}
	}
}
