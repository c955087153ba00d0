package check

import (
	"regexp"
	"strings"

	"sportello/assistant/lexicon"
	"sportello/ingest"
)

// references looks at what the text cites: articles of its own, and acts that the tenant holds as no longer in force.
func (c *checker) references(held []Held) {
	own, first := map[string]bool{}, 0
	for i := range c.d.Sections {
		if c.d.Sections[i].Kind == ingest.SecArticle {
			own[c.d.Sections[i].Number] = true
			if first == 0 {
				first = number(c.d.Sections[i].Number)
			}
		}
	}
	whole := first == 1       // what begins later is a part of a regulation, which cites the others
	said := map[string]bool{} // each thing once: a text cites the same act again and again
	once := func(key string) bool {
		if said[key] {
			return false
		}
		said[key] = true
		return true
	}
	for _, f := range lexicon.Facts(c.d.Text) {
		if f.Ref == nil {
			continue
		}
		if f.Ref.Act == "" && f.Ref.Article != "" && whole && !own[f.Ref.Article] && c.points(f.Start, f.End) && once("article "+f.Ref.Article) {
			c.at(OwnReference, f.Start, f.End, f.Ref.Article)
		}
		for _, h := range held {
			if h.Out && names(f.Ref, h.Act) && once("act "+h.ID) {
				c.at(ActOut, f.Start, f.End, h.Title, h.ID)
			}
		}
	}
	for _, h := range held {
		if !h.Out || said["act "+h.ID] || !tellingTitle(h.Title) || strings.EqualFold(h.Title, c.d.Title) {
			continue
		}
		if i := indexFold(c.d.Text, h.Title); i >= 0 && once("act "+h.ID) {
			c.at(ActOut, i, i+len(h.Title), h.Title, h.ID)
		}
	}
}

// at adds a finding at a place of the text, with the innermost article that holds it.
func (c *checker) at(code Code, start, end int, values ...string) {
	f := Finding{Code: code, Values: values, Start: start, End: end}
	for i := range c.d.Sections {
		if s := &c.d.Sections[i]; s.Kind == ingest.SecArticle && s.Start <= start && start < s.End {
			f.Article, f.EID = s.Number, s.EID
		}
	}
	c.found = append(c.found, f)
}

var (
	ofThis  = regexp.MustCompile(`(?i)^[\s,]*(?:(?:comma|commi|co\.|c\.|lett\.|lettera)[\s\w.,)-]{1,24}?)?\s*(?:del|di cui al|al)\s+presente\s+(?:regolamento|statuto|disciplinare|testo)`)
	ended   = regexp.MustCompile(`^\s*(?:[.;:)]|,?\s+(?:che|si applica|si applicano|sono|è|può|possono|deve|devono)\b)`)
	another = regexp.MustCompile(`(?i)\b(?:legge|l\.\s?r\.?|l\.\s|decreto|d\.?\s?lgs|d\.?p\.?r|codice|testo unico|t\.?u\.?|statuto|costituzione|ccnl|direttiva|ordinanza)(?:\b|\s)`)
)

// points says whether a reference without an act means this very text: it says so, or nothing near it names another one. What
// is left in doubt is left alone.
func (c *checker) points(start, end int) bool {
	after := c.d.Text[end:min(end+80, len(c.d.Text))]
	if strings.ContainsRune(c.d.Text[start:end], '\n') { // "del presente articolo." and the number of the comma that follows
		return false
	}
	if ofThis.MatchString(after) {
		return true
	}
	before := c.d.Text[max(0, start-120):start]
	if i := strings.LastIndexAny(before, "\n"); i >= 0 {
		before = before[i:]
	}
	line := after
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	if another.MatchString(before) || another.MatchString(line) || c.heading(start) {
		return false
	}
	return ended.MatchString(after)
}

// heading says whether a place is in the heading of an article, or in the table of contents.
func (c *checker) heading(at int) bool {
	for i := range c.d.Sections {
		s := &c.d.Sections[i]
		if s.Kind == ingest.SecIndex && s.Start <= at && at < s.End || s.Kind == ingest.SecArticle && at >= s.Start && at < s.Start+8 {
			return true
		}
	}
	return false
}

// names says whether a reference means an act: the same sort, number and year, and the same body where both say it.
func names(r *lexicon.Reference, a ingest.Act) bool {
	if r.Number == "" || a.Number == "" || r.Act == "" || a.Type == "" || len(a.Date) < 4 {
		return false
	}
	if r.Act != strings.ToLower(a.Type) || strings.TrimLeft(r.Number, "0") != strings.TrimLeft(a.Number, "0") || r.Year != a.Date[:4] {
		return false
	}
	if r.Date != "" && len(a.Date) == len(r.Date) && r.Date != a.Date {
		return false
	}
	body := strings.ToLower(strings.NewReplacer(".", "", " ", "").Replace(a.Body))
	return r.Body == "" || body == "" || r.Body == body
}

// tellingTitle says whether a title means one document when it is read in another: "Regolamento" alone does not.
func tellingTitle(title string) bool {
	return len(title) >= 24 && len(strings.Fields(title)) >= 4
}

// indexFold is strings.Index without regard to letter case, for texts in which case folding keeps lengths; -1 otherwise.
func indexFold(text, part string) int {
	lower, want := strings.ToLower(text), strings.ToLower(part)
	if len(lower) != len(text) || len(want) != len(part) {
		return strings.Index(text, part)
	}
	return strings.Index(lower, want)
}

// Citation is a place where a text cites an act or a document.
type Citation struct {
	Article    string // of the act that is cited, empty when it is cited as a whole
	Start, End int    // bytes of the text
}

// maxCitations bounds what is given of one text: the rest is more of the same.
const maxCitations = 20

// Citations gives the places of a text that cite an act, by its number and date, or a document by its title.
func Citations(text string, a ingest.Act, title string) []Citation {
	var out []Citation
	for _, window := range around(text, a.Number) {
		for _, f := range lexicon.Facts(text[window[0]:window[1]]) {
			if f.Ref == nil || !names(f.Ref, a) {
				continue
			}
			one := Citation{f.Ref.Article, window[0] + f.Start, window[0] + f.End}
			if n := len(out); n > 0 && one.Start < out[n-1].End {
				continue // seen from the window before
			}
			if out = append(out, one); len(out) == maxCitations {
				return out
			}
		}
	}
	if len(out) > 0 || !tellingTitle(title) {
		return out
	}
	for at := 0; len(out) < maxCitations; {
		i := indexFold(text[at:], title)
		if i < 0 {
			break
		}
		out = append(out, Citation{"", at + i, at + i + len(title)})
		at += i + len(title)
	}
	return out
}

// around gives the parts of a text near a number: most texts do not hold it, and need not be read.
func around(text, number string) (windows [][2]int) {
	const reach = 160
	if number == "" {
		return nil
	}
	for at := 0; ; {
		i := strings.Index(text[at:], number)
		if i < 0 {
			return windows
		}
		i += at
		at = i + len(number)
		if i > 0 && digit(text[i-1]) || at < len(text) && digit(text[at]) {
			continue
		}
		from, to := boundary(text, max(0, i-reach)), boundary(text, min(len(text), at+reach))
		if n := len(windows); n > 0 && from < windows[n-1][1] {
			windows[n-1][1] = to
			continue
		}
		windows = append(windows, [2]int{from, to})
	}
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// boundary moves i back to the start of a letter.
func boundary(text string, i int) int {
	for i > 0 && i < len(text) && text[i]&0xc0 == 0x80 {
		i--
	}
	return i
}
