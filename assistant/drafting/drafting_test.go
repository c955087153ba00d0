package drafting

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
)

func shippedLibrary(t testing.TB) *Library {
	t.Helper()
	l, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func factsOf(t *testing.T, name string) map[string]any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "acts", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var facts map[string]any
	if err := json.Unmarshal(data, &facts); err != nil {
		t.Fatal(err)
	}
	return facts
}

// TestEveryType builds an act of every type: every required part is there, nothing is left to verify, and every piece says where it comes from.
func TestEveryType(t *testing.T) {
	l := shippedLibrary(t)
	for _, name := range l.Names() {
		d, err := l.Build(BuildConfig{Type: name, Facts: factsOf(t, name), Now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if open := d.Open(); len(open) > 0 {
			t.Errorf("%s: to verify %v", name, open)
		}
		tmpl, _ := l.Template(name)
		there := map[string]bool{}
		for _, p := range d.Parts {
			there[p.ID] = len(p.Paragraphs) > 0
			for _, x := range p.Paragraphs {
				for _, piece := range x.Pieces {
					if piece.Origin != FromTemplate && piece.Origin != FromField || piece.Origin == FromField && piece.Source == "" {
						t.Errorf("%s %s: %+v has no origin", name, p.ID, piece)
					}
				}
			}
		}
		for _, r := range tmpl.Required {
			if !there[r] {
				t.Errorf("%s has no part %s", name, r)
			}
		}
		if d.Day() == "" || d.Body() != "Comune di Roccaverde" || len(d.Unaccepted()) > 0 {
			t.Errorf("%s: day %q, body %q", name, d.Day(), d.Body())
		}
		text, spans := d.Spans()
		for i, s := range spans {
			if s.Start >= s.End || s.End > len(text) || i > 0 && s.Start < spans[i-1].End {
				t.Errorf("%s: span %+v", name, s)
			}
		}
	}
}

// TestNothingIsInvented builds every type without a fact: what is not known is marked, and a question of yes or no is not answered.
func TestNothingIsInvented(t *testing.T) {
	l := shippedLibrary(t)
	for _, name := range l.Names() {
		d, err := l.Build(BuildConfig{Type: name, Facts: map[string]any{}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(d.Open()) == 0 {
			t.Errorf("%s: nothing to verify", name)
		}
		if strings.Contains(d.Text(), "non comporta effetti") || strings.Contains(d.Text(), "€ 0,00") {
			t.Errorf("%s invents:\n%s", name, d.Text())
		}
	}
}

// tiny makes a library of one template.
func tiny(model, text string) (*Library, error) {
	return Load(fstest.MapFS{
		"comune/campi.toml":  {Data: []byte("[[gruppo.ente.campo]]\nnome = \"ente\"\netichetta = \"Ente\"\ntipo = \"testo\"\n")},
		"comune/nota.txt":    {Data: []byte("Nota di {ente}.\n")},
		"prova/modello.toml": {Data: []byte("titolo = \"Prova\"\nfamiglia = \"lettera\"\nversione = 1\nusa = [\"ente\"]\n" + model)},
		"prova/testo.txt":    {Data: []byte(text)},
	})
}

const tinyFields = `
[[campo]]
nome = "importo"
etichetta = "Importo"
tipo = "importo"
[[campo]]
nome = "aliquota"
etichetta = "Aliquota"
tipo = "numero"
[[campo]]
nome = "giorno"
etichetta = "Giorno"
tipo = "data"
[[campo]]
nome = "ok"
etichetta = "Va bene"
tipo = "si_no"
[[campo]]
nome = "tipo"
etichetta = "Tipo"
tipo = "scelta"
valori = ["lavori", "servizi"]
obbligatorio = true
[[campo]]
nome = "nomi"
etichetta = "Nomi"
tipo = "elenco"
[[campo]]
nome = "voci"
etichetta = "Voci"
tipo = "elenco"
[[campo.campo]]
nome = "cosa"
etichetta = "Cosa"
tipo = "testo"
[[campo.campo]]
nome = "euro"
etichetta = "Euro"
tipo = "importo"
`

func TestLanguage(t *testing.T) {
	l, err := tiny(tinyFields, `// una nota per chi scrive
== uno: Uno ==
# Titolo {{graffe}}
Spesa di {importo} ({importo|lettere}), IVA {importo|iva:aliquota}, totale {importo|piu_iva:aliquota}.
{se importo > 100 e non ok}
Tanto il {giorno}, anno {giorno|anno}.
{altrimenti}
Poco.
{fine}
{se tipo = "lavori"}Lavori.{fine}{se tipo != lavori o ok}Altro.{fine}
{per ogni n in nomi}
+ {n|maiuscolo}
{fine}
- in tutto {nomi|quanti|lettere}: {nomi|elenco}
| Cosa | Euro |
{per ogni v in voci}
| {v.cosa} | {v.euro} |
{fine}
Somma {voci|somma:euro}, con l'importo {importo|piu:aliquota|euro}, {aliquota|meno:aliquota}, {aliquota|maggioranza}, {ok}, {tipo|minuscolo}.
{includi nota}
{verificare: la firma}
> {ente}
== due: Due [facoltativa] ==
{se ok}
Va bene.
{fine}
`)
	if err != nil {
		t.Fatal(err)
	}
	d, err := l.Build(BuildConfig{Type: "prova", Facts: map[string]any{
		"ente": "Comune", "importo": "1.000,00", "aliquota": 22.0, "giorno": "01/03/2026", "ok": false, "tipo": "Lavori", "nomi": []any{"anna", "bruno", "carla"},
		"voci": []any{map[string]any{"cosa": "pane", "euro": 1.5}, map[string]any{"cosa": "- latte", "euro": "2,25"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := `Titolo {graffe}
Spesa di € 1.000,00 (mille/00), IVA € 220,00, totale € 1.220,00.
Tanto il 1° marzo 2026, anno 2026.
Lavori.
1) ANNA
2) BRUNO
3) CARLA
- in tutto tre: anna, bruno e carla
Cosa | Euro
pane | € 1,50
- latte | € 2,25
Somma € 3,75, con l'importo € 1.022,00, 0, 12, no, lavori.
Nota di Comune.
[VERIFICARE: la firma]
Comune
`
	if diff := cmp.Diff(want, d.Text()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(d.Parts) != 1 {
		t.Errorf("an optional part without text stays: %+v", d.Parts)
	}
	missing, err := l.Build(BuildConfig{Type: "prova", Facts: map[string]any{"importo": 5, "giorno": "[VERIFICARE: il giorno]"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"IVA [VERIFICARE: Aliquota]", "[VERIFICARE: Tipo]", "[VERIFICARE: Nomi]", "[VERIFICARE: Voci]", "Poco."} {
		if !strings.Contains(missing.Text(), want) {
			t.Errorf("%q is not in\n%s", want, missing.Text())
		}
	}
}

func TestTemplateErrors(t *testing.T) {
	part := "== uno: Uno ==\n"
	for _, tt := range []struct{ model, text, want string }{
		{"", "testo\n" + part, "line 1: text before the first part"},
		{"", "", "there is no part"},
		{"", part + part, `line 2: the part "uno" is there twice`},
		{"", "== Uno ==\n", "line 1: a part is written"},
		{"", part + "a {ente", "line 2: a { without its }"},
		{"", part + "a } b", "line 2: a } without its {"},
		{"", part + "\n{se ente}\nx", "line 3: {se ente} has no {fine}"},
		{"", part + "x {fine}", "{fine} without {se}"},
		{"", part + "{se ente >}x{fine}", "is no condition"},
		{"", part + "{ognuno?}", "is not understood"},
		{"", part + "{ente|grande}", `no way of writing "grande"`},
		{"", part + "{enet}", `the field "enet" is not in modello.toml (is it "ente"?)`},
		{"", part + "{per ogni x in ente}{x}{fine}", "wants an elenco"},
		{"", part + "{per x in ente}{x}{fine}", "write {per ogni voce in voci}"},
		{tinyFields, part + "{per ogni v in voci}{v.altro}{fine}", `the field "v.altro"`},
		{tinyFields, part + "{per ogni v in voci}{v.cosa}{altrimenti}{fine}", "has no {altrimenti}"},
		{"", part + "{includi altro}", "there is no comune/altro.txt"},
		{"", part + strings.Repeat("{se ente}", 20), "nested more than"},
		{"sbagliato = 1\n", part, `line 5: the key "sbagliato"`},
		{"versione = 2\n", part, "already defined"},
		{"[[campo]]\nnome = \"x\"\n", part, "has no nome or no etichetta"},
		{"[[campo]]\nnome = \"x\"\netichetta = \"X\"\ntipo = \"boh\"\n", part, "is none of testo"},
		{"[[campo]]\nnome = \"x\"\netichetta = \"X\"\ntipo = \"scelta\"\n", part, "wants its valori"},
		{"[[campo]]\nnome = \"ente\"\netichetta = \"X\"\ntipo = \"testo\"\n", part, "is there twice"},
		{"[[campo]]\nnome = \"fine\"\netichetta = \"X\"\ntipo = \"testo\"\n", part, "cannot be called"},
		{"[[tratto]]\nnome = \"x\"\nse = \"a >\"\n", part, "tratto x"},
		{"[[indicazione]]\nparte = \"boh\"\ntesto = \"x\"\n", part, `indicazione for "boh"`},
	} {
		_, err := tiny(tt.model, tt.text)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q %q: %v, want %q", tt.model, tt.text, err, tt.want)
		}
	}
	if _, err := Load(fstest.MapFS{"prova/modello.toml": {Data: []byte("x")}}); err == nil || !strings.Contains(err.Error(), "testo.txt is missing") {
		t.Error(err)
	}
	for _, broken := range []string{"titolo = \"x\"\n", "parti_obbligatorie = [\"x\"]\ntitolo = \"x\"\nfamiglia = \"x\"\nversione = 1\n", "usa = [\"boh\"]\n"} {
		if _, err := Load(fstest.MapFS{"comune/campi.toml": {}, "p/modello.toml": {Data: []byte(broken)}, "p/testo.txt": {Data: []byte(part)}}); err == nil {
			t.Errorf("%q is taken", broken)
		}
	}
}

func TestFactErrors(t *testing.T) {
	l, err := tiny(tinyFields, "== uno: Uno ==\n{ente}\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		facts map[string]any
		want  string
	}{
		{map[string]any{"imoprto": 1}, `(is it "importo"?)`},
		{map[string]any{"importo": "tanto"}, "write an amount"},
		{map[string]any{"aliquota": "tanta"}, "write a number"},
		{map[string]any{"giorno": "2026-02-30"}, "write a day"},
		{map[string]any{"ok": "forse"}, "write true or false"},
		{map[string]any{"tipo": "altro"}, "one of lavori, servizi"},
		{map[string]any{"nomi": "anna"}, "write a list"},
		{map[string]any{"voci": []any{"pane"}}, "each of the list is a group"},
		{map[string]any{"voci": []any{map[string]any{"peso": 1}}}, `has no "peso"`},
		{map[string]any{"voci": []any{map[string]any{"euro": "x"}}}, "write an amount"},
		{map[string]any{"ente": map[string]any{"a": 1}}, "wants a text"},
	} {
		if _, err := l.Build(BuildConfig{Type: "prova", Facts: tt.facts}); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v, want %q", tt.facts, err, tt.want)
		}
	}
	if _, err := l.Build(BuildConfig{Type: "boh"}); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
	for _, yes := range []any{"sì", "no", true} {
		if _, err := l.Build(BuildConfig{Type: "prova", Facts: map[string]any{"ok": yes, "ente": " "}}); err != nil {
			t.Error(err)
		}
	}
}

func TestBundle(t *testing.T) {
	l := shippedLibrary(t)
	tmpl, err := l.Template("determina-impegno")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	packed := strings.ReplaceAll(string(tmpl.Pack()), "determina-impegno/", "nostra-determina/")
	packed = strings.ReplaceAll(packed, "Considerato che", "Rilevato che")
	name, err := Unpack([]byte(packed), dir)
	if err != nil || name != "nostra-determina" {
		t.Fatal(name, err)
	}
	over, err := Over(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	d, err := over.Build(BuildConfig{Type: name, Facts: factsOf(t, "determina-impegno")})
	if err != nil || !strings.Contains(d.Text(), "Rilevato che il Comune") {
		t.Errorf("%v\n%s", err, d.Text())
	}
	for _, bad := range []string{"", "-- ../x/modello.toml --\nx\n", "-- comune/modello.toml --\nx\n", "-- a/modello.toml --\nx\n-- b/testo.txt --\n", "-- a/modello.toml --\nx\n-- a/testo.txt --\ny\n"} {
		if _, err := Unpack([]byte(bad), dir); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	if err := os.Remove(filepath.Join(dir, name, "testo.txt")); err != nil {
		t.Fatal(err)
	}
	if _, err := Over(os.DirFS(dir)); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Error(err)
	}
}

func TestModelTextIsMarked(t *testing.T) {
	d := &Draft{Parts: []Part{{ID: "a", Paragraphs: []Paragraph{{Pieces: []Piece{{"x", FromModel, "m"}, {"y", FromModel, "m"}}}}}, {ID: "b", Paragraphs: []Paragraph{{Pieces: []Piece{{"z", FromPerson, "p"}}}}}}}
	if diff := cmp.Diff([]string{"a"}, d.Unaccepted()); diff != "" {
		t.Error(diff)
	}
	if d.Day() != "" || d.Body() != "" || Verify("a [b]") != "[VERIFICARE: a (b)]" {
		t.Error("an empty draft")
	}
}

func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"== a: A ==\n{se ente}x{altrimenti}y{fine}", "== a: A ==\n{per ogni v in voci}{v.cosa|maiuscolo}{fine}", "== a: A ==\n| {importo|piu_iva:aliquota} |\n+ {{x}}"} {
		f.Add(s)
	}
	facts := map[string]any{"ente": "E", "importo": 10, "aliquota": 22, "nomi": []any{"a"}, "voci": []any{map[string]any{"cosa": "b"}}, "tipo": "lavori"}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := tiny(tinyFields, text)
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Fatalf("%v is no fault.Invalid", err)
			}
			return
		}
		d, err := l.Build(BuildConfig{Type: "prova", Facts: facts})
		if err != nil {
			t.Fatal(err)
		}
		_ = d.Text()
	})
}
