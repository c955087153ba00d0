package text

import (
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"sportello/ingest"
)

var reEmoji = regexp.MustCompile(` ?:[a-z][a-z0-9_+-]{2,}:`)

func unescape(s string) string { return html.UnescapeString(s) }

// text is what a reader sees of the inline content of n: the text of links, not their address; no pictures, no tags; "\n"
// for a hard line break; emoji short codes left out.
func (r *mdReader) text(n ast.Node) string {
	var nodes []ast.Node
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		nodes = append(nodes, c)
	}
	return r.lineText(nodes)
}

func (r *mdReader) lineText(nodes []ast.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		r.inline(&b, n, 0)
	}
	s := b.String()
	if strings.Count(s, ":") > 1 {
		s = reEmoji.ReplaceAllString(s, "")
	}
	return s
}

func (r *mdReader) inline(b *strings.Builder, n ast.Node, depth int) {
	if depth > 100 {
		return
	}
	switch c := n.(type) {
	case *ast.Text:
		b.WriteString(unescape(unslash(string(c.Segment.Value(r.source)))))
		switch {
		case c.HardLineBreak():
			b.WriteByte('\n')
		case c.SoftLineBreak():
			b.WriteByte(' ')
		}
	case *ast.String:
		b.Write(c.Value)
	case *ast.CodeSpan:
		for t := c.FirstChild(); t != nil; t = t.NextSibling() {
			if t, ok := t.(*ast.Text); ok {
				b.Write(t.Segment.Value(r.source))
			}
		}
	case *ast.AutoLink:
		b.Write(c.Label(r.source))
	case *ast.RawHTML:
		for i := range c.Segments.Len() {
			seg := c.Segments.At(i)
			if v := string(seg.Value(r.source)); reBreaks.MatchString(v) {
				b.WriteByte('\n')
			}
		}
	case *ast.Image, *east.FootnoteBacklink:
	case *east.FootnoteLink:
		b.WriteString(" [" + itoa(c.Index) + "]")
	case *east.Strikethrough: // struck out: not in force
	default:
		for k := n.FirstChild(); k != nil; k = k.NextSibling() {
			r.inline(b, k, depth+1)
		}
	}
}

var reSlash = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")

func unslash(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	return reSlash.ReplaceAllString(s, "$1")
}

// sole says where a line that is nothing but one link points to, and whether one that is nothing but bold text is.
func sole(nodes []ast.Node, source []byte) (link string, bold bool) {
	var only ast.Node
	for _, c := range nodes {
		if t, ok := c.(*ast.Text); ok && ingest.Squeeze(string(t.Segment.Value(source))) == "" {
			continue
		}
		if _, ok := c.(*ast.RawHTML); ok {
			continue
		}
		if only != nil {
			return "", false
		}
		only = c
	}
	switch c := only.(type) {
	case *ast.Link:
		return string(c.Destination), false
	case *ast.AutoLink:
		return string(c.URL(source)), false
	case *ast.Emphasis:
		return "", c.Level == 2
	}
	return "", false
}
