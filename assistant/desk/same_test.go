package desk

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func shared(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "eval", name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// An approved answer must not be given to another question: none of the pairs that differ in one word, and none of the questions of
// citizens about other things. That it is given to as many as possible of those that ask the same comes second: the office adds their wordings.
func TestSame(t *testing.T) {
	f, err := os.Open("testdata/pairs.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	served, of, wrong, others := 0, 0, 0, 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		sign, rest, found := strings.Cut(lines.Text(), " ")
		a, b, two := strings.Cut(rest, " | ")
		if sign == "#" || !found || !two {
			continue
		}
		same := gistOf(a, "it").same(gistOf(b, "it"))
		switch {
		case sign == "=":
			of++
			if same {
				served++
			} else {
				t.Logf("not told to be the same: %s\n%+v %+v", rest, gistOf(a, "it"), gistOf(b, "it"))
			}
		default:
			others++
			if same {
				wrong++
				t.Errorf("told to be the same: %s", rest)
			}
		}
	}
	t.Logf("pairs: %d of %d the same found, %d of %d others taken for the same", served, of, wrong, others)
	if served*2 < of || of == 0 || others == 0 {
		t.Errorf("only %d of %d", served, of)
	}

	type question struct{ id, text string }
	var all []question
	for lines := bufio.NewScanner(shared(t, "faq_comune_it/question_variants.jsonl")); lines.Scan(); {
		var q struct{ Faq, Question string }
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		all = append(all, question{q.Faq, q.Question})
	}
	lines := bufio.NewScanner(shared(t, "questions/questions.jsonl"))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var q struct{ ID, Question, Lang string }
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		if q.Lang == "" || q.Lang == "it" {
			all = append(all, question{"q" + q.Question, q.Question})
		}
	}
	gists := make([]gist, len(all))
	for i, q := range all {
		gists[i] = gistOf(q.text, "it")
	}
	pairs, hit, hits, miss := 0, 0, 0, 0
	for i := range all {
		for j := range i {
			same := gists[i].same(gists[j])
			if all[i].id == all[j].id {
				hits++
				if same {
					hit++
				}
				continue
			}
			pairs++
			if same && !strings.EqualFold(all[i].text, all[j].text) {
				miss++
				t.Logf("%q = %q", all[i].text, all[j].text)
			}
		}
	}
	t.Logf("questions of citizens: %d of %d pairs of one subject, %d of %d pairs of different ones taken for the same", hit, hits, miss, pairs)
	if miss > 0 {
		t.Errorf("%d questions would get another one's answer", miss)
	}
}
