// Package check goes through a regulation that was just added as a clerk would: is an article missing, does a heading stand
// without text, does it point to articles that it has not or to acts that are no longer in force, are its dates in order, can
// every page be read. It also finds where one text cites an act.
//
// It is pure: it stores nothing, reads no file and writes no sentence; a Finding is a code with the values that its sentence wants,
// and a place in the text. It decides nothing either: the author of a regulation may have left a number out on purpose.
package check

import (
	"strconv"
	"strings"

	"sportello/ingest"
)

// Code names what was found.
type Code string

// The codes, with what Finding.Values hold.
const (
	NoArticles      Code = "no_articles"      // a regulation without a single article
	NoApproval      Code = "no_approval"      // a regulation that does not say which act approves it
	ArticleSkipped  Code = "article_skipped"  // the numbers that are missing, "4" or "4-6"; the one before; the one after
	ArticleRepeated Code = "article_repeated" // the number
	ArticleOrder    Code = "article_order"    // the number; the one before it in the text
	ArticleFirst    Code = "article_first"    // the number of the first article, which is not 1
	ArticleEmpty    Code = "article_empty"    // the number
	CommaSkipped    Code = "comma_skipped"    // the article; the number that is missing
	OwnReference    Code = "own_reference"    // the article that is cited and not there
	ActOut          Code = "act_out"          // the title of the document that is no longer in force; its id
	DatesOrder      Code = "dates_order"      // the last day in force; the first one
	BeforeApproval  Code = "before_approval"  // the first day in force; the day of the approval
	ApprovalAhead   Code = "approval_ahead"   // the day of the approval, which has not come
	Expired         Code = "expired"          // the last day in force, which is over
	PageEmpty       Code = "page_empty"       // the page, or the pages "3-5"
)

// Codes are all of them, for whoever has to have a sentence for each.
var Codes = []Code{NoArticles, NoApproval, ArticleSkipped, ArticleRepeated, ArticleOrder, ArticleFirst, ArticleEmpty, CommaSkipped,
	OwnReference, ActOut, DatesOrder, BeforeApproval, ApprovalAhead, Expired, PageEmpty}

// Finding is one thing that a person should look at.
type Finding struct {
	Code       Code
	Values     []string
	Article    string // where it is, empty when it is of the whole document
	EID        string // of the section where it is
	Start, End int    // bytes of the text, 0 and 0 when it is of the whole document
}

// Held is another document of the same tenant.
type Held struct {
	ID    string
	Title string
	Act   ingest.Act
	Out   bool // repealed or superseded
}

// Check gives what should be looked at in a document, in the order of its text, on a day (ISO 8601). held are the tenant's
// other documents.
func Check(d *ingest.Document, held []Held, day string) []Finding {
	c := &checker{d: d, day: day}
	c.whole()
	c.articles()
	c.commas()
	c.references(held)
	c.pages()
	return c.found
}

type checker struct {
	d     *ingest.Document
	day   string
	found []Finding
}

func (c *checker) add(code Code, s *ingest.Section, values ...string) {
	f := Finding{Code: code, Values: values}
	if s != nil {
		f.EID, f.Start, f.End = s.EID, s.Start, s.End
		if s.Kind == ingest.SecArticle {
			f.Article = s.Number
		}
	}
	c.found = append(c.found, f)
}

// whole looks at what is said of the document itself.
func (c *checker) whole() {
	d := c.d
	if d.Kind == ingest.Regolamento {
		if !has(d, ingest.SecArticle) {
			c.add(NoArticles, nil)
		}
		if d.Approval.Number == "" && d.Approval.Date == "" {
			c.add(NoApproval, nil)
		}
	}
	switch {
	case d.ValidFrom != "" && d.ValidTo != "" && d.ValidTo < d.ValidFrom:
		c.add(DatesOrder, nil, d.ValidTo, d.ValidFrom)
	case d.ValidTo != "" && d.ValidTo < c.day:
		c.add(Expired, nil, d.ValidTo)
	}
	switch approved := d.Approval.Date; {
	case approved == "":
	case approved > c.day:
		c.add(ApprovalAhead, nil, approved)
	case d.ValidFrom != "" && d.ValidFrom < approved && !yearStart(d.ValidFrom, approved):
		c.add(BeforeApproval, nil, d.ValidFrom, approved)
	}
}

// yearStart says whether a validity begins with the year of the approval: tax rules and tariffs approved within the time of the
// budget hold from 1 January (art. 1, comma 169, l. 296/2006).
func yearStart(from, approved string) bool {
	return strings.HasSuffix(from, "-01-01") && strings.HasPrefix(approved, from[:4])
}

func has(d *ingest.Document, kind ingest.SectionKind) bool {
	for i := range d.Sections {
		if d.Sections[i].Kind == kind {
			return true
		}
	}
	return false
}

// within gives the nearest section of a kind that holds section i; nil when none does.
func within(d *ingest.Document, i int, kind ingest.SectionKind) *ingest.Section {
	for up := d.Sections[i].Parent; up >= 0 && up < len(d.Sections); up = d.Sections[up].Parent {
		if d.Sections[up].Kind == kind {
			return &d.Sections[up]
		}
	}
	return nil
}

// number gives the number of an article or comma without its suffix: 12 of "12-bis", 0 of what is no number.
func number(s string) int {
	digits := s
	if i := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		digits = s[:i]
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n > 10000 {
		return 0
	}
	return n
}

// run writes the numbers from a to b: "4" or "4-6".
func run(a, b int) string {
	if a == b {
		return strconv.Itoa(a)
	}
	return strconv.Itoa(a) + "-" + strconv.Itoa(b)
}
