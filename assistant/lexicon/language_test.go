package lexicon

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
)

func TestDetect(t *testing.T) {
	for _, c := range []struct{ text, prior, want string }{
		{"Dove si paga la bolletta?", "", "it"},
		{"orari anagrafe", "", "it"},
		{"IMU 2024", "", "it"},
		{"IMU 2024", "de-AT", "de"},
		{"TARI", "auto", "it"},
		{"How much is the fine?", "it", "en"},
		{"Combien coûte la carte d'identité ?", "it", "fr"},
		{"Wo kann ich den Ausweis beantragen?", "it", "de"},
		{"¿Dónde saco el certificado?", "it", "es"},
		{"Unde depun cererea pentru buletin?", "it", "ro"},
		{"Ku mund ta paguaj gjobën?", "it", "sq"},
		{"أين أدفع الضريبة؟", "it", "ar"},
		{"Де я можу заплатити податок?", "it", "uk"},
		{"在哪里交垃圾费？", "it", "zh"},
		{"Где я могу заплатить?", "it", Other},
		{"どこで払えますか", "it", Other},
		{"कहाँ भुगतान करें", "it", Other},
		{"Onde posso pagar a multa do lixo?", "it", Other},
		{"Tôi trả tiền phạt ở đâu?", "it", Other},
		{"Cosa vuol dire 特斯拉?", "", "it"},
		{"", "", "it"},
		{"", "fr", "fr"},
	} {
		if got, sure := Detect(c.text, c.prior); got != c.want || sure < 0 || sure > 1 {
			t.Errorf("Detect(%q, %q) = %s, %.2f, want %s", c.text, c.prior, got, sure, c.want)
		}
	}
}

// The aim for the questions of the development set is .97.
func TestDetectOnQuestions(t *testing.T) {
	f, err := os.Open("../../../shared/data/eval/questions/questions.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	found, all := 0, 0
	for lines.Scan() {
		var row struct{ Lang, Question string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		all++
		if got, _ := Detect(row.Question, ""); got == row.Lang {
			found++
		} else {
			t.Logf("%s taken for %s: %s", row.Lang, got, row.Question)
		}
	}
	if all == 0 || float64(found) < 0.97*float64(all) {
		t.Errorf("language found for %d of %d", found, all)
	}
}
