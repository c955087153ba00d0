package html

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// neverRead are elements whose content is not text of the page.
var neverRead = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Svg: true, atom.Iframe: true, atom.Object: true, atom.Embed: true,
	atom.Canvas: true, atom.Audio: true, atom.Video: true, atom.Head: true, atom.Nav: true, atom.Aside: true, atom.Dialog: true, atom.Button: true,
	atom.Select: true, atom.Textarea: true, atom.Input: true, atom.Datalist: true, atom.Map: true, atom.Math: true,
}

// skipRoles are the landmarks (WAI-ARIA) around the content.
var skipRoles = map[string]bool{
	"navigation": true, "banner": true, "contentinfo": true, "search": true, "complementary": true, "dialog": true, "alertdialog": true, "menu": true,
	"menubar": true, "tree": true, "toolbar": true, "progressbar": true,
}

// reSkipClass matches words of a class or id that mark what stands around the content of a page.
var reSkipClass = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:breadcrumbs?|cookies?(?:bar|banner|-?consent|-?notice|-?law)?|gdpr|skip-?links?|navbar|navigation|nav|menu|submenu|megamenu|sidebar|subnav|offcanvas|` +
	`footer|site-?footer|page-?footer|social|share|sharing|addthis|pagination|pager|back-?to-?top|scroll-?top|torna-?su|sr-only|visually-hidden|visuallyhidden|u-hiddenvisually|screen-reader-text|` +
	`modal|popup|cmp-rating|rating|feedback|searchbox|search-form|print-only|navscroll|page-index|it-page-index|tagcloud)(?:$|[\s_-])`)

// reHeaderish matches the top of a site where it is not a <header>.
var reHeaderish = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:site-?header|page-?header-?top|it-header\S*|header-?wrapper|topbar|top-?bar|masthead)(?:$|[\s_-])`)

var reHiddenStyle = regexp.MustCompile(`(?i)(?:display\s*:\s*none|visibility\s*:\s*hidden)`)

// skipped says whether an element and all below it is not part of what the page says: hidden, or around the content.
func (p *page) skipped(n *html.Node) bool {
	if hidden(n) || unseen(n) != "" {
		return true
	}
	element := attr(n, "data-element")
	if strings.HasPrefix(element, "service-") && element != "service-link" {
		return false // declared to be content, wherever the theme puts it
	}
	if strings.HasPrefix(element, "feedback") || element == "breadcrumb" || element == "page-index" || element == "main-navigation" {
		return true
	}
	if neverRead[n.DataAtom] {
		switch n.DataAtom {
		case atom.Aside:
			return !holdsService(n)
		case atom.Button: // the titles of an accordion are buttons
			return !inside(n, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Summary) && !strings.Contains(attr(n, "class"), "accordion")
		}
		return true
	}
	if skipRoles[strings.ToLower(attr(n, "role"))] {
		return true
	}
	switch n.DataAtom {
	case atom.Html, atom.Body, atom.Main, atom.Article, atom.Table, atom.Tbody, atom.Tr, atom.Td, atom.Th, atom.P, atom.H1, atom.H2, atom.H3, atom.Form:
		return false
	case atom.Header:
		return !inside(n, atom.Main, atom.Article, atom.Section)
	case atom.Footer:
		return !inside(n, atom.Article, atom.Blockquote)
	}
	if p.loose {
		return false
	}
	names := attr(n, "class") + " " + attr(n, "id")
	if names == " " || !reSkipClass.MatchString(names) && !reHeaderish.MatchString(names) {
		return false
	}
	return !holdsMain(n)
}

// hidden elements are not shown to a person who reads the page.
func hidden(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return a.Val != "until-found"
		case "aria-hidden":
			if strings.EqualFold(a.Val, "true") {
				return true
			}
		case "style":
			if reHiddenStyle.MatchString(a.Val) {
				return true
			}
		case "class":
			if hiddenClass(a.Val) {
				return true
			}
		}
	}
	return false
}

// hiddenClass knows Bootstrap's d-none, unless another class shows the element on larger screens.
func hiddenClass(class string) bool {
	none := false
	for _, c := range strings.Fields(class) {
		switch {
		case c == "d-none" || c == "hidden" || c == "is-hidden" || c == "u-hidden":
			none = true
		case strings.HasPrefix(c, "d-") && c != "d-print-none":
			return false
		}
	}
	return none
}

func inside(n *html.Node, kinds ...atom.Atom) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		for _, k := range kinds {
			if p.DataAtom == k {
				return true
			}
		}
	}
	return false
}

// holdsMain guards against themes that give the frame of the whole page a class such as "has-sidebar nav-open".
func holdsMain(n *html.Node) bool {
	for c := n; c != nil; c = next(c, n) {
		if c.Type == html.ElementNode && (c.DataAtom == atom.Main || strings.EqualFold(attr(c, "role"), "main") || c != n && reMainID.MatchString(attr(c, "id"))) {
			return true
		}
	}
	return false
}

func holdsService(n *html.Node) bool {
	for c := n; c != nil; c = next(c, n) {
		if e := attr(c, "data-element"); strings.HasPrefix(e, "service-") && e != "service-link" {
			return true
		}
	}
	return false
}
