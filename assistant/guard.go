package assistant

import (
	"regexp"
	"strings"

	"sportello/ingest"
	"sportello/prompts"
)

// Breach says why a text is not shown though it was found or verified; empty when it may be.
type Breach string

// The breaches.
const (
	Markup Breach = "markup" // an element, a link, a picture or a script: answers hold words, and links of our own only
	Leak   Breach = "leak"   // what a model was told
	Orders Breach = "orders" // it speaks to an assistant
	Masked Breach = "masked" // characters that nobody sees, or that turn the order of the text
)

var markup = regexp.MustCompile(`(?i)</?(?:a|abbr|applet|audio|base|body|button|canvas|div|embed|form|frame|frameset|h[1-6]|head|html|iframe|img|input|link|math|meta|object|p|picture|script|select|source|span|style|svg|table|textarea|title|video)(?:\s[^<>]*)?/?>|<!--|<script|<[a-z]+[^>]{0,200}\son[a-z]+\s*=|!?\[[^\]\n]{0,200}\]\(\s*[^)\s]|\bjavascript\s*:|\bdata\s*:\s*(?:text|image|application)/|\bvbscript\s*:|` + "```")

// Guard is the last look at a text before a citizen sees it, whoever wrote it. It knows nothing of the question, and what it stops is
// not shown in any form. It is no replacement of Verify: it stops what is never right, not what is wrong.
func Guard(text string) Breach {
	switch {
	case markup.MatchString(text):
		return Markup
	case prompts.Leaks(text):
		return Leak
	case strings.ContainsFunc(text, unseen):
		return Masked
	case ingest.Speaks(text):
		return Orders
	}
	return ""
}

// unseen are tag characters and overrides of the reading order.
func unseen(r rune) bool {
	return r >= 0xE0000 && r <= 0xE01EF || r == 0x202D || r == 0x202E
}

// forModel gives the passages that a model may read: without the sentences that speak to an assistant.
func forModel(passages []Passage) []Passage {
	out := make([]Passage, len(passages))
	for i, p := range passages {
		p.said = nil
		p.Text = ingest.WithoutInstructions(p.Text)
		if ingest.Speaks(p.Title) {
			p.Title = ""
		}
		if ingest.Speaks(p.Breadcrumb) {
			p.Breadcrumb = ""
		}
		out[i] = p
	}
	return out
}
