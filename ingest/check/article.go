package check

import (
	"strconv"
	"strings"
	"unicode"

	"sportello/ingest"
)

// articles looks at the numbers of the articles and at what they hold. An allegato counts its own articles.
func (c *checker) articles() {
	seen := map[string]map[string]bool{} // by allegato
	last := map[string]*ingest.Section{}
	for i := range c.d.Sections {
		s := &c.d.Sections[i]
		if s.Kind != ingest.SecArticle {
			continue
		}
		place := ""
		if a := within(c.d, i, ingest.SecAllegato); a != nil {
			place = strconv.Itoa(a.Start)
		}
		if seen[place] == nil {
			seen[place] = map[string]bool{}
		}
		c.article(s, last[place], seen[place], place == "")
		seen[place][s.Number] = true
		last[place] = s
	}
}

func (c *checker) article(s, before *ingest.Section, seen map[string]bool, main bool) {
	if c.empty(s) {
		c.add(ArticleEmpty, s, s.Number)
	}
	n := number(s.Number)
	switch {
	case n == 0:
	case seen[s.Number]:
		c.add(ArticleRepeated, s, s.Number)
	case before == nil:
		if n > 1 && main {
			c.add(ArticleFirst, s, s.Number)
		}
	case n > number(before.Number)+1:
		c.add(ArticleSkipped, s, run(number(before.Number)+1, n-1), before.Number, s.Number)
	case n < number(before.Number):
		c.add(ArticleOrder, s, s.Number, before.Number)
	}
}

// minimum is how many letters an article has to have besides its heading: "Vedi allegato A." has more, an empty one has none.
const minimum = 8

// empty says whether an article has nothing but its heading. One that was repealed says so in its heading, and that is enough.
func (c *checker) empty(s *ingest.Section) bool {
	text := c.d.Text[s.Start:s.End]
	lower := strings.ToLower(text)
	for _, word := range []string{"abrogat", "soppress", "omiss", "riservat"} {
		if strings.Contains(lower, word) {
			return false
		}
	}
	rest := letters(text) - letters(s.Rubric) - len("art")
	if strings.Contains(lower, "articolo") {
		rest -= len("icolo")
	}
	return rest < minimum
}

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// commas looks at the numbers of the commi of each article: a number that is left out is a comma that was lost, or not read.
func (c *checker) commas() {
	last := map[int]int{} // by the section that holds them
	for i := range c.d.Sections {
		s := &c.d.Sections[i]
		if s.Kind != ingest.SecComma || s.Parent < 0 || c.d.Sections[s.Parent].Kind != ingest.SecArticle {
			continue
		}
		n, before := number(s.Number), last[s.Parent]
		if n == 0 {
			continue
		}
		if before > 0 && n > before+1 {
			c.add(CommaSkipped, s, c.d.Sections[s.Parent].Number, run(before+1, n-1))
			c.found[len(c.found)-1].Article = c.d.Sections[s.Parent].Number
		}
		last[s.Parent] = max(n, before)
	}
}

// pages finds pages without text: blank ones, and scans that were not recognised.
func (c *checker) pages() {
	from := 0
	flush := func(to int) {
		if from > 0 {
			c.add(PageEmpty, nil, run(from, to))
		}
		from = 0
	}
	for i, start := range c.d.PageStarts {
		end := len(c.d.Text)
		if i+1 < len(c.d.PageStarts) {
			end = c.d.PageStarts[i+1]
		}
		if end < start || strings.TrimSpace(c.d.Text[start:end]) != "" {
			flush(i)
			continue
		}
		if from == 0 {
			from = i + 1
		}
	}
	flush(len(c.d.PageStarts))
}
