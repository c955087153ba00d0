package ingest

import "testing"

func TestStructureFindsArticles(t *testing.T) {
	p := &Parsed{Format: "text", Blocks: []Block{
		{Text: "REGOLAMENTO PER LA CONCESSIONE DEGLI ORTI"},
		{Text: "TITOLO I"}, {Text: "DISPOSIZIONI GENERALI"},
		{Text: "Art. 1 - Oggetto"}, {Text: "1. Il regolamento disciplina gli orti."}, {Text: "2. Sono esclusi:"}, {Text: "a) i giardini;"}, {Text: "b) i cortili."},
		{Text: "Art. 1-bis"}, {Text: "(Definizioni)"}, {Text: "1. Si intende per orto un terreno di cui all'", Wraps: true}, {Text: "art. 5 del decreto."},
	}}
	d := Structure("orti.txt", p)
	var got []string
	for _, s := range d.Sections {
		got = append(got, s.EID)
	}
	want := []string{"preamble", "title_I", "art_1", "art_1__para_1", "art_1__para_2", "art_1__para_2__list_1__point_a", "art_1__para_2__list_1__point_b", "art_1-bis", "art_1-bis__para_1"}
	if len(got) != len(want) {
		t.Fatalf("sections %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("section %d is %s, want %s", i, got[i], want[i])
		}
	}
	if n := len(Split(d, nil, 0)); n != 2 {
		t.Errorf("%d chunks, want 2", n)
	}
}
