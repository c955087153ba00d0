package text

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	gtext "github.com/yuin/goldmark/text"

	"sportello/ingest"
)

// mdReader walks goldmark's tree and gives the blocks that a reader of the rendered page sees.
type mdReader struct {
	ctx    context.Context
	source []byte
	out    []ingest.Block
}

// markdown reads CommonMark with tables, strikethrough and definition lists. Raw HTML is reduced to its text, a front matter
// (lines between "---" at the top) is left out.
func markdown(ctx context.Context, text string) []ingest.Block {
	source := []byte(dropFrontMatter(limitNesting(text)))
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.DefinitionList, extension.Footnote))
	r := &mdReader{ctx: ctx, source: source}
	r.children(md.Parser().Parse(gtext.NewReader(source)), 0)
	return r.out
}

var reFrontMatter = regexp.MustCompile(`(?s)\A---\n(?:[\w-]+:.*?\n)(?:.*?\n)?(?:---|\.\.\.)\n`)

func dropFrontMatter(s string) string { return reFrontMatter.ReplaceAllString(s, "") }

// limitNesting cuts runs of quote marks and brackets that would nest deeper than any document does; a tree of a hundred
// thousand levels costs quadratic time.
func limitNesting(s string) string {
	return reDeep.ReplaceAllStringFunc(s, func(m string) string { return m[:60] })
}

var reDeep = regexp.MustCompile(`(?:> ?){31,}|\[{61,}|\({61,}|\*{61,}|_{200,}|(?:[-+*] ){31,}`)

func (r *mdReader) children(n ast.Node, depth int) {
	if depth > 100 || r.ctx.Err() != nil {
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		r.block(c, depth)
	}
}

func (r *mdReader) block(n ast.Node, depth int) {
	switch n := n.(type) {
	case *ast.Heading:
		if s := ingest.Squeeze(r.text(n)); s != "" {
			r.out = append(r.out, ingest.Block{Kind: ingest.Heading, Level: n.Level, Text: s})
		}
	case *ast.Paragraph, *ast.TextBlock:
		r.paragraph(n, ingest.Paragraph, "")
	case *ast.List:
		r.list(n, depth)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		r.lines(n)
	case *ast.HTMLBlock:
		r.html(n)
	case *east.Table:
		r.table(n)
	case *east.DefinitionTerm:
		if s := ingest.Squeeze(r.text(n)); s != "" {
			r.out = append(r.out, ingest.Block{Text: s, Bold: true})
		}
	case *east.Footnote:
		from := len(r.out)
		r.children(n, depth+1)
		if len(r.out) > from {
			r.out[from].Text = "[" + strconv.Itoa(n.Index) + "] " + r.out[from].Text
		}
	case *ast.ThematicBreak:
	default:
		r.children(n, depth+1)
	}
}

// reBackToTop is a link inside the page that only helps to scroll.
var reBackToTop = regexp.MustCompile(`(?i)^(?:torna|vai|salta|back|go|top|su)\b`)

// paragraph gives the lines of a paragraph, one block a hard line break, with mark before the first.
func (r *mdReader) paragraph(n ast.Node, kind ingest.BlockKind, mark string) {
	for _, line := range hardLines(n) {
		s := ingest.Squeeze(r.lineText(line))
		if s == "" {
			continue
		}
		link, bold := sole(line, r.source)
		if strings.HasPrefix(link, "#") && reBackToTop.MatchString(s) {
			continue
		}
		r.out = append(r.out, ingest.Block{Kind: kind, Text: mark + s, Bold: bold, Link: link})
		mark, kind = "", ingest.Paragraph
	}
}

// hardLines splits the inline nodes of a paragraph at its hard line breaks.
func hardLines(n ast.Node) [][]ast.Node {
	out := [][]ast.Node{nil}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		out[len(out)-1] = append(out[len(out)-1], c)
		if t, ok := c.(*ast.Text); ok && t.HardLineBreak() {
			out = append(out, nil)
		}
	}
	return out
}

// list gives an Item for the first paragraph of each item, with its number as it is rendered.
func (r *mdReader) list(l *ast.List, depth int) {
	if depth > 100 {
		return
	}
	number := l.Start
	for c := l.FirstChild(); c != nil; c = c.NextSibling() {
		mark := ""
		if l.IsOrdered() {
			mark = strconv.Itoa(number) + string(l.Marker) + " "
			number++
		}
		first := true
		for b := c.FirstChild(); b != nil; b = b.NextSibling() {
			switch b.(type) {
			case *ast.Paragraph, *ast.TextBlock:
				if first {
					r.paragraph(b, ingest.Item, mark)
				} else {
					r.paragraph(b, ingest.Paragraph, "")
				}
				first = false
			default:
				r.block(b, depth+1)
			}
		}
	}
}

func (r *mdReader) lines(n ast.Node) {
	for i := range n.Lines().Len() {
		seg := n.Lines().At(i)
		if s := ingest.Squeeze(string(seg.Value(r.source))); s != "" {
			r.out = append(r.out, ingest.Block{Text: s})
		}
	}
}

var (
	reTags   = regexp.MustCompile(`(?is)<!--.*?-->|<(script|style)\b.*?</(script|style)>|</?[a-z][^>]*>`)
	reBreaks = regexp.MustCompile(`(?i)<br\s*/?>|</(?:p|div|li|tr|h[1-6])>`)
)

func (r *mdReader) html(n *ast.HTMLBlock) {
	var b strings.Builder
	for i := range n.Lines().Len() {
		seg := n.Lines().At(i)
		b.Write(seg.Value(r.source))
	}
	if n.HasClosure() {
		b.Write(n.ClosureLine.Value(r.source))
	}
	for _, p := range strings.Split(reBreaks.ReplaceAllString(b.String(), "\x00"), "\x00") {
		if s := ingest.Squeeze(unescape(reTags.ReplaceAllString(p, ""))); s != "" {
			r.out = append(r.out, ingest.Block{Text: s})
		}
	}
}

func (r *mdReader) table(t *east.Table) {
	var cells [][]string
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		var line []string
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			line = append(line, r.text(c))
		}
		cells = append(cells, line)
	}
	if len(cells) == 0 {
		return
	}
	header := 1
	if ingest.RowText(cells[0]) == "" {
		header, cells = 0, cells[1:]
	}
	r.out = append(r.out, rows(cells, header)...)
}
