package registry_test

import (
	"testing"

	"sportello/assistant/fault"
	"sportello/assistant/registry"
)

// FuzzReadCSV reads lists of comuni as spreadsheets save them.
func FuzzReadCSV(f *testing.F) {
	for _, text := range []string{"Nome;Codice ISTAT;Tipo;Slug;Sopra\nAvella;;;;unione\n;064008;;baiano;unione\n", "\xef\xbb\xbfnome,slug\n\"Abano, Terme\",x\n", "nome\n\"", "slug;slug\na;b\n", ""} {
		f.Add([]byte(text))
	}
	g, err := registry.New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		rows, err := g.ReadCSV(raw)
		if err != nil && fault.CodeOf(err) == fault.Internal {
			t.Errorf("an error without a code: %v", err)
		}
		for _, r := range rows {
			if err == nil && (r.Slug == "" || r.Name == "") {
				t.Errorf("a row without a name: %+v", r)
			}
		}
	})
}
