package html

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"sportello/ingest"
)

// What the style attribute of an element does to hide it besides display and visibility. Style sheets are not read: what scripts and
// widths of the screen show and hide again is the text of honest pages.
var (
	reOffScreen = regexp.MustCompile(`(?i)(?:(?:^|[;\s])(?:left|top|right|bottom|text-indent|margin-left|margin-top)\s*:\s*-\s*\d{3,}|translate[xy]?\(\s*-\s*\d{3,}|clip(?:-path)?\s*:\s*(?:rect\(\s*0(?:px)?[ ,]+0|inset\(\s*(?:50|100)%))`)
	reNoInk     = regexp.MustCompile(`(?i)(?:^|[;\s])opacity\s*:\s*0?\.?0*\s*(?:;|$|!)|(?:^|[;\s])color\s*:\s*(?:transparent|rgba\([^)]*,\s*0(?:\.0+)?\s*\))`)
	reTiny      = regexp.MustCompile(`(?i)(?:^|[;\s])font-size\s*:\s*(?:0*(?:\.\d+)?|1(?:\.\d+)?)\s*(?:px|pt|em|rem|%|;|$)`)
	reTinyEm    = regexp.MustCompile(`(?i)font-size\s*:\s*1(?:\.\d+)?\s*(?:em|rem)`)
	reNoRoom    = regexp.MustCompile(`(?i)(?:^|[;\s])(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*(?:;|$)`)
	reClipped   = regexp.MustCompile(`(?i)overflow\s*:\s*hidden`)
	reColour    = regexp.MustCompile(`(?i)(?:^|[;\s])color\s*:\s*(#[0-9a-f]{3,6}|white|rgba?\([^)]*\))`)
	reBack      = regexp.MustCompile(`(?i)background(?:-color|-image)?\s*:`)
	reBackIs    = regexp.MustCompile(`(?i)background(?:-color)?\s*:\s*(#[0-9a-f]{3,6}|white|black|rgba?\([^)]*\))`)
)

// unseen says how the style of an element keeps its text from a reader; empty when it does not.
func unseen(n *html.Node) ingest.FindingKind {
	style := attr(n, "style")
	switch {
	case style == "":
		if n.DataAtom == atom.Font && white(attr(n, "color")) && !painted(n) {
			return ingest.FoundColour
		}
		return ""
	case reOffScreen.MatchString(style):
		return ingest.FoundOffPage
	case reNoInk.MatchString(style):
		return ingest.FoundInvisible
	case reTiny.MatchString(style) && !reTinyEm.MatchString(style):
		return ingest.FoundTiny
	case reNoRoom.MatchString(style) && reClipped.MatchString(style):
		return ingest.FoundHidden
	}
	m := reColour.FindStringSubmatch(style)
	if m == nil {
		return ""
	}
	if b := reBackIs.FindStringSubmatch(style); b != nil {
		if strings.EqualFold(b[1], m[1]) {
			return ingest.FoundColour
		}
		return ""
	}
	if white(m[1]) && !painted(n) {
		return ingest.FoundColour
	}
	return ""
}

// painted says whether something around an element may put a colour behind it: a class can, so that only text within plain elements is
// surely on white.
func painted(n *html.Node) bool {
	for ; n != nil && n.DataAtom != atom.Body; n = n.Parent {
		if attr(n, "class") != "" || attr(n, "bgcolor") != "" || attr(n, "background") != "" || reBack.MatchString(attr(n, "style")) {
			return true
		}
	}
	return n != nil && (attr(n, "bgcolor") != "" || attr(n, "class") != "" || reBack.MatchString(attr(n, "style")))
}

// white says whether a colour cannot be told from white.
func white(colour string) bool {
	c := strings.ToLower(strings.TrimSpace(colour))
	if c == "white" {
		return true
	}
	if hex, ok := strings.CutPrefix(c, "#"); ok {
		if len(hex) == 3 {
			hex = strings.Repeat(hex[:1], 2) + strings.Repeat(hex[1:2], 2) + strings.Repeat(hex[2:], 2)
		}
		v, err := strconv.ParseUint(hex, 16, 32)
		return err == nil && len(hex) == 6 && v>>16&255 >= 235 && v>>8&255 >= 235 && v&255 >= 235
	}
	if in, ok := strings.CutPrefix(strings.TrimPrefix(strings.TrimPrefix(c, "rgba"), "rgb"), "("); ok {
		parts := strings.FieldsFunc(strings.TrimSuffix(in, ")"), func(r rune) bool { return r == ',' || r == ' ' || r == '/' })
		if len(parts) < 3 {
			return false
		}
		for _, p := range parts[:3] {
			if v, err := strconv.Atoi(p); err != nil || v < 235 {
				return false
			}
		}
		return true
	}
	return false
}

const maxUnseen = 500 // elements of a page that are looked at for what they hide

// besides notes what the page says to nobody: in elements that are hidden for sure, the rest (menus that open, what is for screen
// readers, comments, descriptions) only when it speaks to an assistant.
func (p *page) besides(root, main *html.Node, out *ingest.Parsed) {
	inMain := false
	for n, left := root, maxUnseen*20; n != nil && left > 0; left-- {
		if n == main {
			inMain = true
		}
		switch n.Type {
		case html.CommentNode:
			out.Hide(ingest.FoundComment, n.Data, 0)
		case html.ElementNode:
			switch n.DataAtom {
			case atom.Img, atom.Area, atom.Input:
				out.Hide(ingest.FoundAlternative, attr(n, "alt"), 0)
			case atom.Meta:
				out.Hide(ingest.FoundMetadata, attr(n, "content"), 0)
			}
			for _, name := range []string{"title", "aria-label", "aria-description", "data-prompt"} {
				out.Hide(ingest.FoundAlternative, attr(n, name), 0)
			}
			kind := unseen(n)
			if kind == "" && hidden(n) {
				kind = ingest.FoundHidden
			}
			if kind == "" && !reSkipClass.MatchString(attr(n, "class")+" "+attr(n, "id")) && n.DataAtom != atom.Template && n.DataAtom != atom.Noscript {
				break
			}
			text := ingest.Squeeze(rawText(n))
			if kind == "" { // around the content: read on, for what is hidden in it
				if len(text) < 2000 && ingest.Speaks(text) {
					out.Hide(ingest.FoundHidden, text, 0)
				}
				break
			}
			switch {
			case ingest.Speaks(text):
				out.Hide(kind, text, 0)
			case inMain && within(n, main) && certain(n, kind) && !around(n) && len(text) >= 20:
				out.Hide(kind, text, 0)
			}
			if n = after(n, root); n == nil {
				return
			}
			continue
		}
		n = next(n, root)
	}
}

// certain says whether hiding an element is not what a menu or a screen reader's aid does.
func certain(n *html.Node, kind ingest.FindingKind) bool {
	if kind != ingest.FoundHidden {
		return !reSkipClass.MatchString(attr(n, "class") + " " + attr(n, "id"))
	}
	return reHiddenStyle.MatchString(attr(n, "style")) || has(n, "hidden")
}

// around says whether an element is of what stands around the content.
func around(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && (neverRead[n.DataAtom] || skipRoles[strings.ToLower(attr(n, "role"))] || n.DataAtom == atom.Form ||
			reSkipClass.MatchString(attr(n, "class")+" "+attr(n, "id"))) {
			return true
		}
	}
	return false
}

func within(n, main *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == main {
			return true
		}
	}
	return false
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
