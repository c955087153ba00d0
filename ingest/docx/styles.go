package docx

import (
	"regexp"
	"strconv"
	"strings"

	"sportello/ingest/internal/xmltree"
)

// look is what formatting says about a run or a paragraph; nil means that it says nothing and the style decides.
type look struct {
	bold, caps, hidden *bool
	colour, shade      string // RRGGBB of the letters and of what is behind them; "auto" where it says so
	size               int    // of the letters in half points
}

func (l look) over(base look) look {
	if l.bold == nil {
		l.bold = base.bold
	}
	if l.caps == nil {
		l.caps = base.caps
	}
	if l.hidden == nil {
		l.hidden = base.hidden
	}
	if l.colour == "" {
		l.colour = base.colour
	}
	if l.shade == "" {
		l.shade = base.shade
	}
	if l.size == 0 {
		l.size = base.size
	}
	return l
}

func is(b *bool) bool { return b != nil && *b }

// style is a paragraph or character style with its ancestors resolved.
type style struct {
	name    string
	outline int // heading level, 1 to 9; 0 for body text
	num     numRef
	look    look
	toc     bool
	title   bool
}

// numRef is a reference to a list: which one, and its level from 0.
type numRef struct {
	id    string
	level int
	set   bool
}

type styles struct {
	byID     map[string]style
	normal   string // id of the default paragraph style
	language string
}

var (
	// reHeadingName matches the names of heading styles as Word, LibreOffice and Italian templates write them.
	reHeadingName = regexp.MustCompile(`(?i)^(?:heading|titolo|intestazione|überschrift|titre)\s*(\d)$`)
	reTOCName     = regexp.MustCompile(`(?i)^(?:toc|sommario|indice|contents)\s*\d$`)
	reTitleName   = regexp.MustCompile(`(?i)^(?:title|titolo|titolo principale|titolo documento)$`)
)

func readStyles(root *xmltree.Node) styles {
	s := styles{byID: map[string]style{}}
	if root == nil {
		return s
	}
	if l := root.Child("w:docDefaults").Child("w:rPrDefault").Child("w:rPr").Child("w:lang").Attr("w:val"); l != "en-US" { // what programs write when nobody chose
		s.language = l
	}
	raw := map[string]*xmltree.Node{}
	for _, k := range root.Kids {
		if k.Name == "w:style" {
			id := k.Attr("w:styleId")
			raw[id] = k
			if k.Attr("w:type") == "paragraph" && on(k.Attr("w:default"), false) {
				s.normal = id
			}
		}
	}
	for id := range raw {
		s.resolve(id, raw, 0)
	}
	return s
}

// resolve reads a style over the one it is based on.
func (s *styles) resolve(id string, raw map[string]*xmltree.Node, depth int) style {
	if st, ok := s.byID[id]; ok {
		return st
	}
	n := raw[id]
	if n == nil || depth > 20 {
		return style{}
	}
	var st style
	if base := n.Child("w:basedOn").Attr("w:val"); base != "" && base != id {
		st = s.resolve(base, raw, depth+1)
		st.title = false
	}
	st.name = n.Child("w:name").Attr("w:val")
	if m := reHeadingName.FindStringSubmatch(st.name); m != nil {
		st.outline, _ = strconv.Atoi(m[1])
	}
	ppr := n.Child("w:pPr")
	if o := outline(ppr); o >= 0 {
		st.outline = o
	}
	if r := readNumRef(ppr.Child("w:numPr")); r.set {
		if r.id == "" { // a style may give only the level, the list names the style
			r.id = st.num.id
		}
		st.num = r
	}
	st.toc = st.toc || reTOCName.MatchString(st.name)
	st.title = st.title || reTitleName.MatchString(st.name)
	st.look = readLook(n.Child("w:rPr")).over(st.look)
	s.byID[id] = st
	return st
}

// outline gives the heading level that properties set, 0 for body text, -1 when they set none.
func outline(ppr *xmltree.Node) int {
	o := ppr.Child("w:outlineLvl")
	if o == nil {
		return -1
	}
	n, err := strconv.Atoi(o.Attr("w:val"))
	if err != nil || n < 0 || n > 8 {
		return 0
	}
	return n + 1
}

func readNumRef(n *xmltree.Node) numRef {
	if n == nil {
		return numRef{}
	}
	r := numRef{id: n.Child("w:numId").Attr("w:val"), set: true}
	r.level, _ = strconv.Atoi(n.Child("w:ilvl").Attr("w:val"))
	r.level = min(max(r.level, 0), 8)
	return r
}

func readLook(rpr *xmltree.Node) look {
	var l look
	if rpr == nil {
		return l
	}
	for _, k := range rpr.Kids {
		switch k.Name {
		case "w:b":
			l.bold = flag(k)
		case "w:caps":
			l.caps = flag(k)
		case "w:vanish":
			l.hidden = flag(k)
		case "w:color":
			l.colour = strings.ToUpper(k.Attr("w:val"))
			if k.Attr("w:themeColor") != "" && l.colour == "" {
				l.colour = theme(k.Attr("w:themeColor"))
			}
		case "w:shd", "w:highlight":
			l.shade = shading(k)
		case "w:sz":
			l.size, _ = strconv.Atoi(k.Attr("w:val"))
		}
	}
	return l
}

func flag(n *xmltree.Node) *bool {
	v := on(n.Attr("w:val"), true)
	return &v
}

// on reads the Boolean of the standard (ST_OnOff); an absent value is unset.
func on(v string, unset bool) bool {
	switch strings.ToLower(v) {
	case "":
		return unset
	case "0", "false", "off", "none":
		return false
	}
	return true
}
