package pdf

import (
	"math"
	"regexp"
	"strings"
	"unicode"
)

const (
	runningFrom  = 3    // pages a document must have for its running lines to be known
	runningZone  = 0.17 // of the page's height, at the top and at the bottom, where they may stand
	runningShift = 6.0  // points that they may move from page to page
	runningDepth = 6    // lines from the edge of the page
)

var (
	number     = regexp.MustCompile(`\d+`)
	pageNumber = regexp.MustCompile(`(?i)^(pag(ina|\.)?\s*)?[-–—\s]*(\d{1,4}|[ivxlc]{1,6})[-–—\s]*((di|/|su)\s*\d{1,4})?\s*$`)
)

// dropRunning takes out what is printed at the same place of most pages: headers, footers, page numbers. Lines that differ
// in their numbers only are the same. The first page that has a running header keeps it, for it may be the only place
// where the document names itself; page numbers go everywhere.
func dropRunning(pages []*page) {
	if len(pages) < runningFrom {
		return
	}
	type place struct {
		key string
		y   float64
	}
	count := map[string][]place{}
	keys := make([][]string, len(pages))
	for i, p := range pages {
		keys[i] = make([]string, len(p.lines))
		seen := map[string]bool{}
		for k := range p.lines {
			key := runningKey(p, k)
			keys[i][k] = key
			if key != "" && !seen[key] {
				seen[key] = true
				count[key] = append(count[key], place{key, p.lines[k].y0})
			}
		}
	}
	need := max(runningFrom, (len(pages)+1)/2)
	running := map[string]bool{}
	for key, ps := range count {
		near := 0
		for _, p := range ps {
			n := 0
			for _, q := range ps {
				if math.Abs(p.y-q.y) <= runningShift {
					n++
				}
			}
			near = max(near, n)
			if near >= need {
				break
			}
		}
		running[key] = near >= need
	}
	kept := map[string]bool{}
	for i, p := range pages {
		out := p.lines[:0]
		for k, l := range p.lines {
			key := keys[i][k]
			if running[key] && (kept[key] || isPageNumber(l.text)) {
				if n := len(out); n > 0 {
					out[n-1].wraps = false
				}
				p.running = append(p.running, l.text)
				continue
			}
			kept[key] = kept[key] || running[key]
			out = append(out, l)
		}
		p.lines = out
	}
}

// runningKey is what a line near the top or bottom has in common with its like on other pages; empty for other lines.
func runningKey(p *page, k int) string {
	l := p.lines[k]
	atTop := l.y1 < runningZone*p.height && above(p, k) < runningDepth
	atBottom := l.y0 > (1-runningZone)*p.height && below(p, k) < runningDepth
	if !atTop && !atBottom {
		return ""
	}
	zone := "top "
	if atBottom {
		zone = "bottom "
	}
	return zone + number.ReplaceAllString(strings.ToLower(strings.Join(strings.Fields(l.text), " ")), "#")
}

// above counts the lines that are nearer to the top of the page than line k.
func above(p *page, k int) (n int) {
	for _, l := range p.lines {
		if l.y1 <= p.lines[k].y0 {
			n++
		}
	}
	return n
}

func below(p *page, k int) (n int) {
	for _, l := range p.lines {
		if l.y0 >= p.lines[k].y1 {
			n++
		}
	}
	return n
}

// isPageNumber says whether a line is nothing but the number of its page.
func isPageNumber(s string) bool {
	return pageNumber.MatchString(s) && strings.ContainsFunc(s, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsLetter(r) })
}
