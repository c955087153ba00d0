package assistant

import (
	_ "embed"
	"regexp"
	"slices"
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
	Astray Breach = "astray" // an address outside of where public administrations are, see hosts.txt
	Masked Breach = "masked" // characters that nobody sees, or that turn the order of the text
)

var markup = regexp.MustCompile(`(?i)</?(?:a|abbr|applet|audio|base|body|button|canvas|div|embed|form|frame|frameset|h[1-6]|head|html|iframe|img|input|link|math|meta|object|p|picture|script|select|source|span|style|svg|table|textarea|title|video)(?:\s[^<>]*)?/?>|<!--|<script|<[a-z]+[^>]{0,200}\son[a-z]+\s*=|\bon(?:error|load|click|focus|mouse[a-z]+|toggle|begin)\s*=|!?\[[^\]\n]{0,200}\]\(\s*[^)\s]|\bjavascript\s*:|\bdata\s*:\s*(?:text|image|application)/|\bvbscript\s*:|` + "```")

// Guard is the last look at a text before a citizen sees it, whoever wrote it. It knows nothing of the question, and what it stops is
// not shown in any form. It is no replacement of Verify: it stops what is never right, not what is wrong.
func Guard(text string) Breach {
	switch {
	case markup.MatchString(text):
		return Markup
	case strays(text):
		return Astray
	case prompts.Leaks(text):
		return Leak
	case strings.ContainsFunc(text, unseen):
		return Masked
	case ingest.Speaks(text):
		return Orders
	}
	return ""
}

//go:embed hosts.txt
var hostsFile string

// homes are the ends of the names of hosts that an answer may name, of hosts.txt.
var homes = func() (out []string) {
	for line := range strings.Lines(hostsFile) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out = append(out, "."+line)
		}
	}
	return out
}()

var webAddress = regexp.MustCompile(`(?i)\b(?:https?|ftp)\s?:\s?//\s?([^\s/"'<>)\]?#]+)|\bwww\.([a-z0-9][a-z0-9.-]*)`)

// strays says whether a text names an address that is not of the kind that the documents of a comune send people to: a page of a document
// that somebody tampered with is quoted as any other, and people trust what the comune's assistant shows.
func strays(text string) bool {
	for _, m := range webAddress.FindAllStringSubmatch(text, -1) {
		host := strings.ToLower(strings.TrimRight(m[1]+m[2], ".,;:-"))
		host, _, _ = strings.Cut(host[strings.LastIndexByte(host, '@')+1:], ":")
		if !strings.Contains(host, ".") && m[2] != "" { // "www.comune" broken at the end of a line
			continue
		}
		if !slices.ContainsFunc(homes, func(home string) bool { return strings.HasSuffix("."+host, home) }) {
			return true
		}
	}
	return false
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
