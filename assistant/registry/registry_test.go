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
