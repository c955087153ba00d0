package html

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"sportello/ingest"
)

var errTooMany = errors.New("too many nodes")

// page is what a first look over the tree finds: metadata, the candidates for main content, what is declared in JSON-LD.
type page struct {
	config    Config
	nodes     int
	lang      string
	canonical string
	saved     string // where a copying program or a browser says it saved the page from
	ogTitle   string
	ogSite    string
	docTitle  string
	service   string // data-element="service-title"
	mains     []*html.Node
	body      *html.Node
	declared  []declared
	warnings  []string
	deep      bool // something nested too deep was left out
	loose     bool // class names are not believed
}

func newPage(c Config) *page { return &page{config: c} }

// survey visits every node once, without recursion: a hostile page may nest as deep as it is long.
func (p *page) survey(ctx context.Context, root *html.Node) error {
	for n := root; n != nil; n = next(n, root) {
		if p.nodes++; p.nodes > p.config.MaxNodes {
			return errTooMany
		}
		if p.nodes%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch n.Type {
		case html.ElementNode:
			p.look(n)
		case html.CommentNode:
			if m := reSavedFrom.FindStringSubmatch(n.Data); m != nil && p.saved == "" {
				if p.saved = m[1]; !strings.Contains(p.saved, "://") {
					p.saved = "https://" + p.saved
				}
			}
		}
	}
	return nil
}

// next gives the node after n in document order inside root.
func next(n, root *html.Node) *html.Node {
	if n.FirstChild != nil {
		return n.FirstChild
	}
	for ; n != nil && n != root; n = n.Parent {
		if n.NextSibling != nil {
			return n.NextSibling
		}
	}
	return nil
}

var reMainID = regexp.MustCompile(`(?i)^(?:main|content|main-?content|contenuto|contenuti|page-?content|region-content|corpo|principale|maincontent|primary)$`)

func (p *page) look(n *html.Node) {
	switch n.DataAtom {
	case atom.Html:
		p.lang = strings.TrimSpace(attr(n, "lang"))
		if p.lang == "" {
			p.lang = strings.TrimSpace(attr(n, "xml:lang"))
		}
	case atom.Body:
		p.body = n
	case atom.Title:
		if p.docTitle == "" {
			p.docTitle = ingest.Squeeze(rawText(n))
		}
	case atom.Link:
		if strings.EqualFold(attr(n, "rel"), "canonical") && p.canonical == "" {
			p.canonical = strings.TrimSpace(attr(n, "href"))
		}
	case atom.Meta:
		switch strings.ToLower(attr(n, "property") + attr(n, "name")) {
		case "og:title":
			p.ogTitle = ingest.Squeeze(attr(n, "content"))
		case "og:site_name":
			p.ogSite = ingest.Squeeze(attr(n, "content"))
		case "og:url":
			if u := strings.TrimSpace(attr(n, "content")); p.canonical == "" || !strings.Contains(p.canonical, "://") && strings.Contains(u, "://") {
				p.canonical = u
			}
		}
	case atom.Script:
		if strings.EqualFold(strings.TrimSpace(attr(n, "type")), "application/ld+json") {
			p.declared = append(p.declared, readJSONLD(rawText(n))...)
		}
	}
	if n.DataAtom == atom.Main || strings.EqualFold(attr(n, "role"), "main") || reMainID.MatchString(attr(n, "id")) {
		p.mains = append(p.mains, n)
	}
	if attr(n, "data-element") == "service-title" {
		p.service = ingest.Squeeze(rawText(n))
	}
}

// mainContent is the declared main part with the most text when it holds a fair share of the page's, else the body.
func (p *page) mainContent(root *html.Node) *html.Node {
	var best *html.Node
	most := 0
	for _, n := range p.mains {
		if size := p.textSize(n); size > most {
			best, most = n, size
		}
	}
	whole := p.body
	if whole == nil {
		whole = root
	}
	if best == nil || most == 0 || most < 200 && p.textSize(whole) > 20*most {
		best = whole
	}
	p.loosen(best)
	return best
}

// loosen gives up judging by class names where that leaves next to nothing of a page with text: some themes call the frame of
// everything "with-sidebar". Links do not count: a page whose rest is a menu stays as it is.
func (p *page) loosen(main *html.Node) {
	strict := p.proseSize(main)
	if strict >= 250 {
		return
	}
	p.loose = true
	p.loose = p.proseSize(main) > max(500, 5*strict)
}

// proseSize counts the letters of what would be read under n outside links.
func (p *page) proseSize(n *html.Node) int {
	size := 0
	for c := n; c != nil; {
		if c.Type == html.ElementNode && c != n && (c.DataAtom == atom.A || p.skipped(c)) {
			c = after(c, n)
			continue
		}
		if c.Type == html.TextNode {
			size += len(strings.TrimSpace(c.Data))
		}
		c = next(c, n)
	}
	return size
}

// textSize counts the letters of what would be read under n.
func (p *page) textSize(n *html.Node) int {
	size := 0
	for c := n; c != nil; {
		if c.Type == html.ElementNode && c != n && p.skipped(c) {
			c = after(c, n)
			continue
		}
		if c.Type == html.TextNode {
			size += len(strings.TrimSpace(c.Data))
		}
		c = next(c, n)
	}
	return size
}

// after gives the node that follows the whole subtree of n inside root.
func after(n, root *html.Node) *html.Node {
	for ; n != nil && n != root; n = n.Parent {
		if n.NextSibling != nil {
			return n.NextSibling
		}
	}
	return nil
}

// reSavedFrom reads the note of HTTrack and the mark of the web that browsers leave.
var reSavedFrom = regexp.MustCompile(`^\s*(?:Mirrored from|saved from url=\(\d+\))\s*((?:https?://)?[\w.-]+\.[a-z]{2,}/\S*)`)

// address is the page's own canonical address when it is one, else where it was saved from.
func (p *page) address() string {
	if strings.HasPrefix(p.canonical, "http://") || strings.HasPrefix(p.canonical, "https://") {
		return p.canonical
	}
	return p.saved
}

// title is the service's own title, else the first h1 read, else og:title, else <title> without the name of the site.
func (p *page) title(blocks []ingest.Block) string {
	if p.service != "" {
		return p.service
	}
	for _, b := range blocks {
		if b.Kind == ingest.Heading && b.Level == 1 {
			return b.Text
		}
	}
	if p.ogTitle != "" {
		return withoutSite(p.ogTitle, p.ogSite)
	}
	return withoutSite(p.docTitle, p.ogSite)
}

var (
	reTitleCut = regexp.MustCompile(`\s+(?:[|–—·»«:]|-{1,2}|::)\s+`)
	reSiteName = regexp.MustCompile(`(?i)^(?:comune|città|citta|municipio|unione|provincia|sito|portale|home)\b`)
)

// withoutSite takes the name of the site off a title: "Comune di X - Anagrafe" and "Anagrafe | Comune di X" are Anagrafe.
func withoutSite(title, site string) string {
	var keep []string
	for _, part := range reTitleCut.Split(title, -1) {
		part = strings.Trim(part, " -–|")
		if part == "" || strings.EqualFold(part, site) || reSiteName.MatchString(part) {
			continue
		}
		keep = append(keep, part)
	}
	if len(keep) == 0 {
		return title
	}
	return strings.Join(keep, " - ")
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// rawText is all text under n, as it is.
func rawText(n *html.Node) string {
	var b strings.Builder
	for c := n; c != nil; c = next(c, n) {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}
