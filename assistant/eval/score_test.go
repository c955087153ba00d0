package eval

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
)

// scoreCase is a question put to both scorers.
type scoreCase struct {
	What    string          `json:"what"` // facts, stale, quote
	Row     json.RawMessage `json:"row,omitempty"`
	Gold    json.RawMessage `json:"gold,omitempty"`
	Doc     string          `json:"doc,omitempty"`
	Passage string          `json:"passage,omitempty"`
	Page    int             `json:"page,omitempty"`
	Text    string          `json:"text,omitempty"`
}

const scorePy = `
import json, sys
sys.path.insert(0, sys.argv[1])
import score
out = []
for line in sys.stdin:
    c = json.loads(line)
    if c["what"] == "facts": out.append(score.facts_ok(c["row"], c.get("text", "")))
    elif c["what"] == "stale": out.append(score.stale_hit(c["row"], c.get("text", "")))
    else: out.append(score.quote_hit(c["gold"], c["doc"], c.get("passage", ""), page=c.get("page") or None, strict=False))
print(json.dumps(out))
`

// TestScoreAgrees holds our scorer against score.py of the question set: facts and outdated values in the reference answers of all rows,
// whole, cut and mixed up, and every gold quote in passages that hold it, most of it, some of it and none.
func TestScoreAgrees(t *testing.T) {
	folder := filepath.Join(sharedData, "eval/questions")
	raw, err := os.ReadFile(filepath.Join(folder, "questions.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := ReadRows(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var cases []scoreCase
	var ours []bool
	random := rand.New(rand.NewPCG(7, 7))
	texts := []string{"«20%» e 1.100.000 euro, 2,789 o 2.789; 1,2,3", "Il 20,5 per cento", "20.00 euro", "(sei mesi)", "…sei mesi…", "seimesi", "euro 50,00.", "à20", "٢٠ بالمئة", "20 për qind"}
	for _, r := range rows {
		texts = append(texts, r.Answer)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		row := rows[i]
		for _, text := range append([]string{row.Answer, mixedUp(row.Answer, random), row.Answer[:len(row.Answer)/2], strings.Join(row.Stale, " "), strings.Join(row.Facts, " "), spoilt(strings.Join(row.Facts, " "), random)},
			texts[random.IntN(len(texts))], texts[random.IntN(10)]) {
			text = strings.ToValidUTF8(text, "")
			cases = append(cases, scoreCase{What: "facts", Row: json.RawMessage(line), Text: text}, scoreCase{What: "stale", Row: json.RawMessage(line), Text: text})
			ours = append(ours, factsIn(row.Facts, text), staleIn(row, text))
		}
		var golds struct{ Gold []json.RawMessage }
		if err := json.Unmarshal([]byte(line), &golds); err != nil {
			t.Fatal(err)
		}
		for k, g := range row.Gold {
			for _, passage := range []string{g.Quote, "Art. 1 " + g.Quote + " e oltre", mixedUp(g.Quote, random), g.Quote[:len(g.Quote)*17/20], g.Quote[len(g.Quote)/3:], row.Answer} {
				for _, page := range []int{g.Page, g.Page + 1, 0} {
					passage = strings.ToValidUTF8(passage, "")
					p := assistant.Passage{Document: g.Doc, Text: passage}
					if page > 0 {
						p.Pages = []int{page}
					}
					cases = append(cases, scoreCase{What: "quote", Gold: golds.Gold[k], Doc: g.Doc, Passage: passage, Page: page})
					ours = append(ours, passageHits(g, p))
				}
			}
		}
	}
	theirs := askScorePy(t, folder, cases)
	different := 0
	for i := range cases {
		if ours[i] != theirs[i] {
			if different++; different <= 5 {
				t.Errorf("%s: ours %v, score.py %v: %s", cases[i].What, ours[i], theirs[i], cmp.Diff(scoreCase{}, cases[i]))
			}
		}
	}
	t.Logf("%d of %d cases differ", different, len(cases))
}

func askScorePy(t *testing.T, folder string, cases []scoreCase) []bool {
	t.Helper()
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	for _, c := range cases {
		if err := enc.Encode(c); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "python3", "-B", "-c", scorePy, folder)
	cmd.Stdin = &in
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("score.py: %v\n%s", err, stderr.Bytes())
	}
	var answers []bool
	if err := json.Unmarshal(out, &answers); err != nil || len(answers) != len(cases) {
		t.Fatalf("score.py gave %d answers to %d cases: %v", len(answers), len(cases), err)
	}
	return answers
}

func mixedUp(s string, random *rand.Rand) string {
	words := strings.Fields(s)
	random.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	return strings.Join(words, " ")
}

// spoilt changes one sign of a text.
func spoilt(s string, random *rand.Rand) string {
	rs := []rune(s)
	if len(rs) == 0 {
		return s
	}
	rs[random.IntN(len(rs))] = []rune("0.,5x% à")[random.IntN(8)]
	return string(rs)
}
