package national

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/locales"
)

func TestFind(t *testing.T) {
	list, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"Il versamento si fa con l’avviso di pagamento PagoPA.":       "pagopa",
		"accesso con SPID o carta d’identità\nelettronica":            "spid cie",
		"Si allega l'attestazione ISEE; l'App IO avvisa.":             "io inps",
		"Il cambio di residenza si dichiara all'ufficio.":             "anpr",
		"La società invia la domanda; sendere non è una parola nota.": "",
		"Gli speciali cieli": "",
	} {
		var got []string
		for _, s := range list.Find(text) {
			got = append(got, s.ID)
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	for _, s := range list {
		for _, l := range locales.Languages() {
			if s.For[l.Tag] == "" {
				t.Errorf("%s: what it is for is not said in %s", s.ID, l.Name)
			}
		}
		if len(s.For) != len(locales.Languages()) {
			t.Errorf("%s: %d languages", s.ID, len(s.For))
		}
	}
	if s := list[0]; s.URL("en") == s.URL("it") || s.URL("zh") != s.URL("it") {
		t.Error("URL")
	}
}

func TestRead(t *testing.T) {
	const good = "[[service]]\nid = \"a\"\nname = \"A\"\nwords = [\"a\"]\nchecked = \"2026-11-23\"\naddress = { it = \"https://example.it/\" }\nfor = { it = \"x\" }\n"
	if l, err := read(good); err != nil || len(l) != 1 {
		t.Fatal(l, err)
	}
	for _, wrong := range []string{"service = 3", strings.Replace(good, "2026-11-23", "ieri", 1), strings.Replace(good, "https:", "http:", 1), strings.Replace(good, "[\"a\"]", "[]", 1)} {
		if _, err := read(wrong); err == nil {
			t.Errorf("taken: %s", wrong)
		}
	}
}
