package reference

import (
	"os"
	"strings"
	"testing"

	"sportello/assistant/lexicon"
)

// mark writes a citation as testdata/marked.txt has it: "art 7 c 2 l a | dlgs 267 2000 2000-08-18".
func mark(c lexicon.Citation) string {
	var parts []string
	put := func(label, v, to string) {
		if v == "" {
			return
		}
		if to != "" {
			v += ".." + to
		}
		parts = append(parts, label+" "+v)
	}
	put("art", c.Article, c.ArticleTo)
	put("c", c.Comma, c.CommaTo)
	put("l", c.Letter, "")
	put("n", c.Item, "")
	var act []string
	if c.Own {
		act = append(act, "presente")
	}
	for _, s := range []string{c.Act, c.Number, c.Year, c.Date} {
		if s != "" {
			act = append(act, s)
		}
	}
	return strings.TrimSpace(strings.Join(parts, " ") + " | " + strings.Join(act, " "))
}

// figures are counts of what a person marked and what the recogniser found.
type figures struct{ right, wrong, missed int }

func (f figures) precision() float64 { return float64(f.right) / float64(max(1, f.right+f.wrong)) }
func (f figures) recall() float64    { return float64(f.right) / float64(max(1, f.right+f.missed)) }

func (f *figures) compare(want, got []string) (missed, wrong []string) {
	left := map[string]int{}
	for _, w := range want {
		left[w]++
	}
	for _, g := range got {
		if left[g] > 0 {
			left[g]--
			f.right++
			continue
		}
		f.wrong++
		wrong = append(wrong, g)
	}
	for _, w := range want {
		if left[w] > 0 {
			left[w]--
			f.missed++
			missed = append(missed, w)
		}
	}
	return missed, wrong
}

// half keeps one side of the bar of marks, leaving out those that have nothing there.
func half(marks []string, act bool) (out []string) {
	for _, m := range marks {
		part, a, _ := strings.Cut(m, "|")
		if act {
			part = a
		}
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// TestMarked compares the recogniser with references marked by hand in windows drawn at random from real acts. How they were
// drawn is at the head of each file.
func TestMarked(t *testing.T) {
	for _, name := range []string{"marked.txt", "marked_held_out.txt"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		var whole, acts, parts figures
		windows := strings.Split(string(data), "@@ ")[1:]
		for _, w := range windows {
			head, rest, _ := strings.Cut(w, "\n")
			text, marks, ok := strings.Cut(rest, "\n==\n")
			if !ok {
				t.Fatalf("%s: %s has no marks", name, head)
			}
			want := strings.FieldsFunc(marks, func(r rune) bool { return r == '\n' })
			var got []string
			for _, c := range lexicon.Citations(text) {
				if (c.Act == "regolamento" || c.Act == "statuto") && c.Article == "" {
					continue // a name without a number is not among what was marked
				}
				got = append(got, mark(c))
			}
			missed, wrong := whole.compare(want, got)
			for _, m := range missed {
				t.Logf("%s: missed %q", head, m)
			}
			for _, x := range wrong {
				t.Logf("%s: wrong %q", head, x)
			}
			acts.compare(half(want, true), half(got, true))
			parts.compare(half(want, false), half(got, false))
		}
		t.Logf("%s: %d windows, %d references; whole P %.3f R %.3f; type+number+date P %.3f R %.3f (n=%d); article/comma P %.3f R %.3f (n=%d)", name, len(windows), whole.right+whole.missed,
			whole.precision(), whole.recall(), acts.precision(), acts.recall(), acts.right+acts.missed, parts.precision(), parts.recall(), parts.right+parts.missed)
		if whole.precision() < .97 || acts.precision() < .98 || parts.precision() < .98 || acts.recall() < .95 || parts.recall() < .93 {
			t.Errorf("%s: below the aims (precision .98, recall .95 of type, number and date, .93 of article and comma)", name)
		}
	}
}
