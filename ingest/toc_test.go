package ingest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"sportello/ingest"
	"sportello/ingest/pdf"
)

// shared is where the real documents lie, relative to this package.
const shared = "../../shared/data"

// parsePDF reads a real document; a missing one fails the test.
func parsePDF(t *testing.T, p *pdf.Parser, path string) *ingest.Document {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(shared, path))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := p.Parse(context.Background(), ingest.Input{Name: path, Bytes: raw})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return ingest.Structure(path, parsed)
}

// TestArticlesOfTables checks the articles found in real regulations against the authors' own tables of contents: at least .97
// of them, with the right number and, where the table gives it, the right page. An article that is found and not listed
// must stand in testdata/articles_not_in_toc.txt, where somebody wrote down having seen it on its page.
func TestArticlesOfTables(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(shared, "eval/heading_it/toc_gold.json"))
	if err != nil {
		t.Fatal(err)
	}
	var gold map[string][]struct {
		Art, Title string
		Page       int
	}
	if err := json.Unmarshal(raw, &gold); err != nil {
		t.Fatal(err)
	}
	seen := articlesSeen(t)
	p, err := pdf.New(pdf.Config{CacheDir: filepath.Join(os.TempDir(), "sportello-test-pdfium")})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	listed, found := 0, 0
	for path, entries := range gold {
		d := parsePDF(t, p, path)
		at := map[string]int{} // number and page of every article found
		for _, s := range d.Sections {
			if s.Kind == ingest.SecArticle {
				at[fmt.Sprintf("%s p%d", s.Number, d.Page(s.Start))]++
			}
		}
		for _, e := range entries {
			number := numberOf(e.Art, e.Title)
			key := fmt.Sprintf("%s p%d", number, e.Page)
			listed++
			if at[key] > 0 {
				found++
				at[key]--
			} else {
				t.Logf("%s: art. %s %q, page %d: not found", filepath.Base(path), e.Art, e.Title, e.Page)
			}
		}
		var extra []string
		for key, n := range at {
			if n > 0 && !seen[filepath.Base(path)+"\t"+key] {
				extra = append(extra, key)
			}
		}
		sort.Strings(extra)
		for _, key := range extra {
			t.Errorf("%s: art. %s is neither in the table of contents nor in testdata/articles_not_in_toc.txt", filepath.Base(path), key)
		}
	}
	recall := float64(found) / float64(listed)
	t.Logf("articles of the tables of contents: %d, found %d, recall %.3f", listed, found, recall)
	if recall < .97 {
		t.Errorf("recall %.3f, want at least .97", recall)
	}
}

// numberOf writes the number of an entry as Structure does: "12bis" and "10" with the title "bis Classificazione…" both have a hyphen.
func numberOf(art, title string) string {
	for _, suffix := range []string{"bis", "ter", "quater"} {
		if n, ok := strings.CutSuffix(art, suffix); ok {
			return strings.Trim(n, "- ") + "-" + suffix
		}
		if strings.HasPrefix(title, suffix+" ") {
			return art + "-" + suffix
		}
	}
	return art
}

// articlesSeen reads the articles that the tables leave out: file, number and page, what was seen there.
func articlesSeen(t *testing.T) map[string]bool {
	t.Helper()
	f, err := os.Open("testdata/articles_not_in_toc.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seen := map[string]bool{}
	for sc := bufio.NewScanner(f); sc.Scan(); {
		cells := strings.Split(sc.Text(), "\t")
		if strings.HasPrefix(sc.Text(), "#") || len(cells) < 4 {
			continue
		}
		seen[cells[0]+"\t"+cells[1]+" p"+cells[2]] = true
	}
	return seen
}

// TestArticleTexts checks the bounds of articles with the texts of heading_it: an article begins with the words given for it
// and holds no words but them. (The texts given often go on with the next heading or a page footer, so the other way round proves nothing.)
func TestArticleTexts(t *testing.T) {
	files := map[string][]string{
		"regolamento-canone-unico-legge-160-2019-con-tariffa-cc-28-de": {"documents/abbiategrasso/regolamento-canone-unico-legge-160-2019-con-tariffa-cc-28-del-31-3-2021.pdf"},
		"2021-regolamento-tariffa-corrispettiva-tari-con-modifiche-18": {"documents/abbiategrasso/2021-regolamento-tariffa-corrispettiva-tari-con-modifiche-18-11-21-vigente-dal-1-1-2021.pdf"},
		"regolamento-manomissioni-definitivo":                          {"documents/abbiategrasso/regolamento-manomissioni-definitivo.pdf"},
		"regolamento-unico-controlli-interni":                          {"documents/palermo-sispi/regolamento-unico-controlli-interni.pdf"},
		"palermo-commercio":                                            nil,
		"palermo-consiglio":                                            nil,
		"palermo-urp":                                                  nil,
	}
	p, err := pdf.New(pdf.Config{CacheDir: filepath.Join(os.TempDir(), "sportello-test-pdfium")})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	texts := map[string]map[string]string{} // document, article: text
	for doc, paths := range files {
		texts[doc] = map[string]string{}
		var ds []*ingest.Document
		for _, path := range paths {
			ds = append(ds, parsePDF(t, p, path))
		}
		if paths == nil {
			ds = parseRST(t, doc)
		}
		for _, d := range ds {
			for _, s := range d.Sections {
				if _, ok := texts[doc][s.Number]; s.Kind == ingest.SecArticle && !ok {
					text := d.Text[s.Start:s.End]
					if i := strings.Index(text, s.Rubric); s.Rubric != "" && i >= 0 {
						text = text[i+len(s.Rubric):]
					}
					texts[doc][s.Number] = text
				}
			}
		}
	}
	f, err := os.Open(filepath.Join(shared, "eval/heading_it/passages.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	good, all := 0, 0
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 4<<20)
	for sc.Scan() {
		var row struct{ Doc, Article, Text string }
		if err := json.Unmarshal(sc.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		arts, ok := texts[row.Doc]
		if !ok {
			continue
		}
		all++
		number := strings.ReplaceAll(row.Article, " ", "-")
		if n, ok := strings.CutSuffix(number, "bis"); ok {
			number = strings.Trim(n, "-") + "-bis"
		}
		given, got := words(row.Text), words(arts[number])
		start := shareOf(given[:min(len(given), 25)], got)
		inside := shareOf(got, given)
		if start >= .8 && inside >= .9 {
			good++
		} else {
			t.Logf("%s art. %s: %.2f of the first words, %.2f inside", row.Doc, row.Article, start, inside)
		}
	}
	t.Logf("articles whose text is found under their number: %d of %d", good, all)
	if float64(good) < .97*float64(all) {
		t.Errorf("%d of %d articles have their text, want .97", good, all)
	}
}

// shareOf is the share of the words of a that are in b, each as often.
func shareOf(a, b []string) float64 {
	have := map[string]int{}
	for _, w := range b {
		have[w]++
	}
	n := 0
	for _, w := range a {
		if have[w] > 0 {
			have[w]--
			n++
		}
	}
	if len(a) == 0 {
		return 0
	}
	return float64(n) / float64(len(a))
}

func words(t string) []string {
	return strings.FieldsFunc(strings.ToLower(t), func(r rune) bool {
		return strings.ContainsRune(" \n\t.,;:()|-–’'\"“”«»*_•", r)
	})
}
