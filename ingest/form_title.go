package ingest

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// formTitle is the line that says what a form asks for, or its object. A line of one or two words ("Modello (C)") counts
// only when nothing says more.
func (c *classifier) formTitle() string {
	short := ""
	for k, l := range c.head {
		if k > 30 || signerRE.MatchString(l.text) {
			break
		}
		t := strings.TrimPrefix(l.plain(), ownerRE.FindString(l.plain()))
		if !formTitleRE.MatchString(t) || utf8.RuneCountInString(t) > 200 || strings.HasSuffix(t, ";") || k > 0 && c.head[k-1].wraps && !l.upper && !startsUpper(t) || blankRE.MatchString(t) {
			continue
		}
		words := []string{t}
		for j := k + 1; j < len(c.head) && j <= k+4 && c.titleGoesOn(c.head[j-1], c.head[j]); j++ {
			words = append(words, c.head[j].plain())
		}
		t = strings.TrimSuffix(strings.Join(words, " "), ".")
		if len(strings.Fields(t)) < 5 {
			if o := c.object(); o != "" {
				return o
			}
		}
		if len(strings.Fields(t)) >= 3 {
			return t
		}
		if short == "" {
			short = t
		}
	}
	if o := c.object(); o != "" {
		return strings.TrimSuffix(o, ".")
	}
	if r := c.request(); short != "" && r != "" {
		return short + " - " + r
	}
	return short
}

// ownerRE matches the name of the comune in front of a title on the same line.
var ownerRE = regexp.MustCompile(`(?i)^(?:comune|città|unione(?: dei comuni)?) di [^-–]{2,40} [-–] `)

// titleGoesOn says whether the title of a form that ends on one line goes on in the next.
func (c *classifier) titleGoesOn(prev, next *line) bool {
	if signerRE.MatchString(next.text) || strings.HasPrefix(next.text, "(") || blankRE.MatchString(next.text) || letterheadRE.MatchString(next.text) || operativeVerb.MatchString(next.text) {
		return false
	}
	return next.upper && prev.upper && !sentenceEnd(prev.text) || prev.wraps || danglingRE.MatchString(prev.text) || startsLower(next.text) && !sentenceEnd(prev.text)
}

// request is what a form without a title asks for: the verb and the line after it.
func (c *classifier) request() string {
	for k, l := range c.head {
		if verbLineRE.MatchString(l.text) && k+1 < len(c.head) && operativeVerb.MatchString(l.text) {
			next := strings.TrimLeft(c.head[k+1].plain(), "-–•· ")
			if !blankRE.MatchString(next) && len(strings.Fields(next)) > 3 && !strings.HasPrefix(next, "(") {
				return clip(upperFirst(strings.ToLower(strings.ReplaceAll(strings.Trim(l.text, " :"), " ", "")))+" "+next, 140)
			}
		}
	}
	return ""
}
