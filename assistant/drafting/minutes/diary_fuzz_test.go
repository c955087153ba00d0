package minutes

import (
	"testing"
)

// FuzzDiary follows lines as a segretario types them: no line stops the session from being followed, and presences stay within the members.
func FuzzDiary(f *testing.F) {
	for _, s := range []string{"21:00 apre", "appello: assente Rossi", "21:40 esce Bianchi", "voto: favorevoli 3, contrari Rossi", "punto 1: approvazione", "+ Rossi, Bianchi", "v unanime", "99:99 entra nessuno", "presiede", "segreta\npubblica", "voto: astenuti -1"} {
		f.Add(s, "22:00 chiude")
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		s := &Session{Members: []Member{{Name: "Anna Rossi"}, {Name: "Luca Bianchi"}, {Name: "Sara Verdi"}}, Items: []Item{{Title: "Uno"}, {Title: "Due"}}}
		for _, text := range []string{"21:00 apre", first, second} {
			s.Diary = append(s.Diary, Line{ID: text, Text: text})
		}
		state := s.Follow()
		if len(state.Present) != len(s.Members) {
			t.Errorf("%d presences of %d members", len(state.Present), len(s.Members))
		}
	})
}
