package html

import (
	"context"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"sportello/ingest"
)

// Marks inside the text being gathered, so that a line knows what of it is bold or a link. They are taken out of the page's own text.
const (
	boldOn   = '\x0e'
	boldOff  = '\x0f'
	linkOn   = '\x10' // followed by the index of the link and linkEnd
	linkEnd  = '\x11'
	linkOff  = '\x12'
	lineMark = '\n'
)

var noMarks = strings.NewReplacer("\x0e", "", "\x0f", "", "\x10", "", "\x11", "", "\x12", "", "\n", " ", "\r", " ", "\x00", "")

// walker turns the tree into blocks. Text gathers in buf until a block element begins or ends.
type walker struct {
	ctx    context.Context
	page   *page
	out    []ingest.Block
	buf    strings.Builder
	links  []link
	depth  int
	inline bool   // only the text is wanted: lines stay as they are
	level  int    // of the last heading
	item   bool   // the next line is a list item
	mark   string // and begins with this number
}

type link struct{ href, title string }

// inlineElements do not end a line. Everything else does.
var inlineElements = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.Acronym: true, atom.B: true, atom.Big: true, atom.Bdi: true, atom.Bdo: true, atom.Cite: true, atom.Code: true,
	atom.Del: true, atom.Dfn: true, atom.Em: true, atom.Font: true, atom.I: true, atom.Ins: true, atom.Kbd: true, atom.Label: true, atom.Mark: true, atom.Q: true,
	atom.S: true, atom.Samp: true, atom.Small: true, atom.Span: true, atom.Strike: true, atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.Time: true,
	atom.Tt: true, atom.U: true, atom.Var: true, atom.Wbr: true, atom.Img: true, atom.Nobr: true, atom.Picture: true, atom.Data: true, atom.Button: true,
}

func (w *walker) walk(n *html.Node) {
	if w.depth > w.page.config.MaxDepth {
		if !w.page.deep {
			w.page.deep = true
			w.page.warnings = append(w.page.warnings, "nesting deeper than "+strconv.Itoa(w.page.config.MaxDepth)+" left out")
		}
		return
	}
	if w.ctx.Err() != nil {
		return
	}
	w.depth++
	defer func() { w.depth-- }()
	switch n.Type {
	case html.TextNode:
		w.buf.WriteString(noMarks.Replace(n.Data))
	case html.DocumentNode:
		w.children(n)
	case html.ElementNode:
		if w.depth == 1 || !w.page.skipped(n) {
			w.element(n)
		}
	}
}

func (w *walker) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c)
	}
}

func (w *walker) element(n *html.Node) {
	switch n.DataAtom {
	case atom.Br:
		w.buf.WriteRune(lineMark)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.flush()
		w.heading(n, int(n.Data[1]-'0'))
	case atom.A:
		w.anchor(n)
	case atom.B, atom.Strong:
		w.buf.WriteRune(boldOn)
		w.children(n)
		w.buf.WriteRune(boldOff)
	case atom.Del, atom.S, atom.Strike: // struck out
	case atom.Ul, atom.Ol, atom.Menu:
		w.flush()
		w.list(n)
		w.flush()
	case atom.Dl:
		w.flush()
		w.definitions(n)
	case atom.Table:
		w.flush()
		w.table(n)
	case atom.Pre:
		w.flush()
		for _, l := range strings.Split(rawText(n), "\n") {
			w.buf.WriteString(noMarks.Replace(l))
			w.flush()
		}
	case atom.Summary:
		w.flush()
		w.buf.WriteRune(boldOn)
		w.children(n)
		w.buf.WriteRune(boldOff)
		w.flush()
	case atom.Figcaption, atom.Legend, atom.Caption:
		w.flush()
		w.children(n)
		w.flush()
	default:
		if inlineElements[n.DataAtom] || n.DataAtom == 0 && !strings.Contains(n.Data, "-") {
			w.children(n)
			return
		}
		w.flush()
		w.children(n)
		w.flush()
	}
}

func (w *walker) anchor(n *html.Node) {
	href := strings.TrimSpace(attr(n, "href"))
	if href == "" || strings.HasPrefix(strings.ToLower(href), "javascript:") {
		w.children(n)
		return
	}
	title := attr(n, "title")
	if title == "" {
		title = attr(n, "aria-label")
	}
	w.links = append(w.links, link{href: href, title: ingest.Squeeze(noMarks.Replace(title))})
	on := string(linkOn) + strconv.Itoa(len(w.links)-1) + string(linkEnd)
	w.buf.WriteString(on)
	before := len(w.out)
	w.children(n)
	if len(w.out) == before { // a link around whole blocks (a card) has no text of its own left
		w.buf.WriteRune(linkOff)
	}
}

func (w *walker) heading(n *html.Node, level int) {
	text, links := w.inlineText(n)
	if text == "" {
		return
	}
	b := ingest.Block{Kind: ingest.Heading, Level: level, Text: text}
	if len(links) == 1 && !strings.HasPrefix(links[0].href, "#") {
		b.Link = links[0].href
	}
	w.level = level
	w.out = append(w.out, b)
}

// inlineText gives the text below n on one line, with the links in it, without adding blocks.
func (w *walker) inlineText(n *html.Node) (string, []link) {
	sub := &walker{ctx: w.ctx, page: w.page, depth: w.depth, inline: true}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		sub.walk(c)
	}
	sub.flush()
	var parts []string
	for _, b := range sub.out {
		parts = append(parts, b.Text)
	}
	return ingest.Squeeze(strings.Join(parts, " ")), sub.links
}

// list numbers the items of an ordered list as a browser shows them.
func (w *walker) list(n *html.Node) {
	number, kind := 1, attr(n, "type")
	if s, err := strconv.Atoi(attr(n, "start")); err == nil {
		number = s
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c.DataAtom != atom.Li {
			w.walk(c)
			continue
		}
		if v, err := strconv.Atoi(attr(c, "value")); err == nil {
			number = v
		}
		w.flush()
		w.item, w.mark = true, ""
		if n.DataAtom == atom.Ol {
			w.mark = marker(number, kind)
			number++
		}
		w.walk(c)
		w.flush()
		w.item, w.mark = false, ""
	}
}

func marker(n int, kind string) string {
	switch kind {
	case "a":
		return strings.ToLower(ingest.Letters(n)) + ") "
	case "A":
		return ingest.Letters(n) + ") "
	case "i":
		return strings.ToLower(ingest.Roman(n)) + ") "
	case "I":
		return ingest.Roman(n) + ") "
	}
	return strconv.Itoa(n) + ". "
}

// definitions gives "term: definition" for short definitions, and the term in bold above the blocks of a long one.
func (w *walker) definitions(n *html.Node) {
	term := ""
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type != html.ElementNode || w.page.skipped(c):
		case c.DataAtom == atom.Div: // the wrapper HTML allows around a group
			w.definitions(c)
		case c.DataAtom == atom.Dt:
			if s, _ := w.inlineText(c); s != "" {
				term = strings.TrimSuffix(s, ":")
			}
		case c.DataAtom == atom.Dd:
			from := len(w.out)
			w.walk(c)
			w.flush()
			if added := w.out[from:]; term != "" && len(added) == 1 && added[0].Kind == ingest.Paragraph {
				added[0].Kind, added[0].Text = ingest.Item, term+": "+added[0].Text
			} else if term != "" {
				rest := append([]ingest.Block{{Text: term, Bold: true}}, added...)
				w.out = append(w.out[:from], rest...)
			}
			term = ""
		}
	}
	if term != "" {
		w.out = append(w.out, ingest.Block{Text: term, Bold: true})
	}
}
