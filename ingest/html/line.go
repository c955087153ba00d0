package html

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sportello/ingest"
)

// line is one line of gathered text with what it is made of.
type line struct {
	text   string
	bold   bool
	links  []link // the links in it, in order, each once
	linked string // what of it is in a link
	plain  string // what of it is not
}

// lines splits the gathered text at line breaks and reads the marks.
func (w *walker) lines() []line {
	var out []line
	var text, plain, linked strings.Builder
	var seen []int
	boldDepth, linkAt, letters, boldLetters := 0, -1, 0, 0
	end := func() {
		l := line{text: ingest.Squeeze(text.String()), plain: ingest.Squeeze(plain.String()), linked: ingest.Squeeze(linked.String())}
		if l.text != "" {
			l.bold = letters > 0 && boldLetters == letters
			for _, i := range seen {
				if k := len(l.links); k == 0 || l.links[k-1].href != w.links[i].href {
					l.links = append(l.links, w.links[i])
				}
			}
			out = append(out, l)
		}
		text.Reset()
		plain.Reset()
		linked.Reset()
		seen, letters, boldLetters = nil, 0, 0
		if linkAt >= 0 {
			seen = []int{linkAt}
		}
	}
	s := w.buf.String()
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch r {
		case boldOn:
			boldDepth++
		case boldOff:
			boldDepth = max(boldDepth-1, 0)
		case linkOn:
			j := strings.IndexRune(s[i:], linkEnd)
			if j < 0 {
				continue
			}
			if k, err := strconv.Atoi(s[i : i+j]); err == nil && k < len(w.links) {
				linkAt = k
				seen = append(seen, k)
			}
			i += j + 1
		case linkOff:
			linkAt = -1
		case lineMark:
			end()
		default:
			text.WriteRune(r)
			if linkAt < 0 {
				plain.WriteRune(r)
			} else {
				linked.WriteRune(r)
			}
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				letters++
				if boldDepth > 0 {
					boldLetters++
				}
			}
		}
	}
	end()
	return out
}

// flush turns what has gathered into blocks, one a line; a line that goes on in lower case after one without a full stop
// is the same line.
func (w *walker) flush() {
	if w.buf.Len() == 0 {
		return
	}
	lines := w.lines()
	w.buf.Reset()
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		for i+1 < len(lines) && goesOn(l, lines[i+1]) {
			i++
			l.text += " " + lines[i].text
			l.plain = ingest.Squeeze(l.plain + " " + lines[i].plain)
			l.linked = ingest.Squeeze(l.linked + " " + lines[i].linked)
			l.links = append(l.links, lines[i].links...)
			l.bold = l.bold && lines[i].bold
		}
		w.emit(l)
	}
}

// goesOn says whether b continues a, not only by its words: a change to or from bold is a new line.
func goesOn(a, b line) bool { return a.bold == b.bold && ingest.GoesOn(a.text, b.text) }

var reDash = regexp.MustCompile(`^[-–—•·▪*►»✓➢☐]\s*\S`)

// emit adds the block of one line.
func (w *walker) emit(l line) {
	b := ingest.Block{Text: l.text, Bold: l.bold}
	if w.item || reDash.MatchString(l.text) {
		b.Kind = ingest.Item
	}
	if len(l.links) > 0 && !w.inline && onlyLink(l.plain) {
		if target := sameTarget(l.links); target != nil {
			if strings.HasPrefix(target.href, "#") && reScroll.MatchString(l.text) {
				return
			}
			if !strings.HasPrefix(target.href, "#") {
				b.Link = target.href
			}
			if t := fileType(target.href); t != "" {
				b.Kind, b.Text = ingest.Item, fileText(linkText(l, target), t)
			}
		}
	}
	b.Text = w.mark + b.Text
	w.item, w.mark = false, ""
	w.out = append(w.out, b)
}

var reScroll = regexp.MustCompile(`(?i)^(?:torna|vai|salta|inizio|back|go to|skip|top)\b`)

// sameTarget gives the link when all links of a line go to the same place.
func sameTarget(links []link) *link {
	for _, l := range links[1:] {
		if l.href != links[0].href {
			return nil
		}
	}
	return &links[0]
}

// linkText is what the link is called: its text, or its title where the text only says "download".
func linkText(l line, target *link) string {
	if l.linked != "" && !reGeneric.MatchString(l.linked) {
		return l.linked
	}
	if target.title != "" && !reGeneric.MatchString(target.title) {
		return target.title
	}
	return l.text
}
