package terms

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"sportello/locales"
)

func ids(list []*Term) (out []string) {
	for _, t := range list {
		out = append(out, t.ID)
	}
	return out
}

func TestFind(t *testing.T) {
	b, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		"Il Comune è aperto.": nil,
		"La marca  da\nbollo e il Passo Carrabile: la MARCA DA BOLLO serve.": {"marca_bollo", "passo_carrabile"},
		"copia della carta d’identità, codice fiscale":                       {"carta_identita", "codice_fiscale"},
		"immobili, imumi, TARI/IMU e tarip":                                  {"tari", "imu"}, // whole words only
		"deposito cauzionale, cauzione":                                      {"cauzione"},
		"dichiarazione sostitutiva di atto di notorietà":                     {"atto_notorio"}, // the longest form
	} {
		if diff := cmp.Diff(want, ids(b.Find(text))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestExtend(t *testing.T) {
	b, err := New()
	if err != nil {
		t.Fatal(err)
	}
	own, err := b.Extend("ecosportello, eco-sportello = L'ufficio dei rifiuti, in via Roma.\n\nTARI = La nostra tariffa rifiuti.\n")
	if err != nil {
		t.Fatal(err)
	}
	found := own.Find("All'ecosportello per la TARI e la tassa rifiuti")
	if diff := cmp.Diff([]string{"own:ecosportello", "own:TARI"}, ids(found)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if word, meaning, ok := found[1].In("it"); !ok || word != "TARI" || meaning != "La nostra tariffa rifiuti." {
		t.Error(word, meaning, ok)
	}
	if _, _, ok := found[0].In("sq"); ok {
		t.Error("a comune's own term is in Italian only")
	}
	if len(b.Find("TARI")) != 1 || b.Find("TARI")[0].ID != "tari" {
		t.Error("the glossary itself changed")
	}
	for _, wrong := range []string{"parola", "= senza parola", "a = b\na = c", "parola = "} {
		if _, err := b.Extend(wrong); err == nil || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	const it = `a = { word = "alfa", meaning = "m" }` + "\n"
	for name, files := range map[string]map[string]string{
		"a language without a term": {"it.toml": it + `b = { word = "beta", meaning = "m" }`, "en.toml": it},
		"a term that Italian lacks": {"it.toml": it, "en.toml": it + `c = { word = "c", meaning = "m" }`},
		"no meaning":                {"it.toml": it, "en.toml": `a = { word = "alpha" }`},
		"a form of two terms":       {"it.toml": it + `b = { word = "Alfa", meaning = "m" }`},
		"no TOML":                   {"it.toml": "a = "},
		"no Italian":                {"en.toml": it},
	} {
		source := fstest.MapFS{}
		for file, text := range files {
			source[file] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := load(source); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// Every language of the interface has every term, in its own script and not in Italian.
func TestLanguages(t *testing.T) {
	b, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range locales.Languages() {
		for _, term := range b.Terms() {
			word, meaning, ok := term.In(l.Tag)
			if !ok || word == "" || meaning == "" {
				t.Errorf("%s has no %s", l.Name, term.ID)
			}
			if _, italian, _ := term.In("it"); l.Tag != "it" && meaning == italian {
				t.Errorf("%s: %s is explained in Italian", l.Name, term.ID)
			}
		}
		if n := len(b.Words(l.Tag)); n != len(b.Terms()) {
			t.Errorf("%s: %d words for %d terms: two terms have the same word", l.Name, n, len(b.Terms()))
		}
	}
	if b.Words("sq")["vendbanim"] != "residenza" {
		t.Error("vendbanim is not residenza")
	}
}
