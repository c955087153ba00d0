package lexicon

import (
	"strings"
	"testing"
)

func TestAnalyze(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Gli orari e l'orario", "orar orar"},
		{"RIFIUTI, rifiuto", "rifiut rifiut"},
		{"certificati certificato certificazione", "certific certific certific"},
		{"pagare pagamento pagato paga", "pag pag pag pag"},
		{"residenza residenze", "residenz residenz"},
		{"il mercato e la merce", "mercat merc"},
		{"Città CITTA' citta", "citt citt citt"},
		{"Dell'Art. 26 bis", "26 bis art:26-bis"},
		{"artt. 5, 7", "5 7 art:5"},
		{"art.12-ter del regolamento", "12 ter regol art:12-ter"},
		{"delibera 28 del 2021", "deliber 28 2021 act:28/2021 act:28"},
		{"n. 28/2021", "act:28/2021 act:28"},
		{"deliberazione di C.C. n. 28 del 31/03/2021", "deliber cc 28 act:28/2021 act:28 2021"},
		{"delibera n. 5", "deliber 5 act:5"},
		{"D.Lgs. 31 marzo 1998, n. 114", "dlgs 31 marz 1998 114 act:114/1998 act:114"},
		{"legge 241/90", "legg act:241/1990 act:241"},
		{"euro 1.100,00 e 1100", "eur 1100 1100"},
		{"€ 387,02 o 3.5", "387.02 3.5"},
		{"I.M.U. IMU d.p.r. TARI", "imu imu dpr tar"},
		{"F24 120mq", "f24 120 mq"},
		{"zona 1 categoria D", "zon 1 categor zon:1 categor:d"},
		{"垃圾税 第12条", "垃圾 圾税 第 12 条 art:12"},
		{"", ""},
	} {
		if got := strings.Join(Analyze(c.in), " "); got != c.want {
			t.Errorf("Analyze(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
