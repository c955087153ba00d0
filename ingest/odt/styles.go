package odt

import (
	"regexp"
	"strconv"
	"strings"

	"sportello/ingest"
	"sportello/ingest/internal/xmltree"
)

// style is a text or paragraph style with its ancestors resolved.
type style struct {
	bold, hidden bool
	colour, back string  // #rrggbb of the letters and behind them
	size         float64 // points; 0 when it says nothing
	outline      int
	list         string // list style that the paragraph style names
	title, toc   bool
}

// level is how one level of a list is numbered.
type level struct {
	bullet         bool
	mark           string // the bullet itself
	format         string // "1", "a", "A", "i", "I" or "" for no number
	prefix, suffix string
	show           int // levels shown: 2 gives "1.2"
	start          int
}

type listStyle struct{ levels [10]level }

type styles struct {
	text     map[string]style // family and name
	lists    map[string]listStyle
	sections map[string]bool // hidden
	outline  listStyle
	language string
	raw      map[string]*xmltree.Node
}

var (
	reTitleName = regexp.MustCompile(`(?i)^(?:title|titolo|titolo principale)$`)
	reTOCName   = regexp.MustCompile(`(?i)^(?:contents_20_\d+|contents(?:_20_|\s)heading|sommario_20_\d+|indice_20_\d+|contents \d+)$`)
	reHeadName  = regexp.MustCompile(`(?i)^(?:heading|titolo|intestazione)(?:_20_|\s)(\d)$`)
)

// readStyles reads the styles of styles.xml and the automatic ones of content.xml, which come later and win.
func readStyles(roots ...*xmltree.Node) styles {
	s := styles{text: map[string]style{}, lists: map[string]listStyle{}, sections: map[string]bool{}, raw: map[string]*xmltree.Node{}}
	for i, root := range roots {
		if root == nil {
			continue
		}
		for _, part := range []string{"office:styles", "office:automatic-styles"} {
			if i == 0 && part == "office:automatic-styles" {
				continue // those of headers and footers
			}
			group := root.Child(part)
			if group == nil {
				continue
			}
			for _, k := range group.Kids {
				s.add(k)
			}
		}
	}
	for key := range s.raw {
		s.resolve(key, 0)
	}
	return s
}

func (s *styles) add(k *xmltree.Node) {
	switch k.Name {
	case "style:style":
		key := k.Attr("style:family") + " " + k.Attr("style:name")
		s.raw[key] = k
		if k.Attr("style:family") == "section" && k.Child("style:section-properties").Attr("text:display") == "none" {
			s.sections[k.Attr("style:name")] = true
		}
	case "text:list-style":
		s.lists[k.Attr("style:name")] = readList(k)
	case "text:outline-style":
		s.outline = readList(k)
	case "style:default-style":
		if t := k.Child("style:text-properties"); k.Attr("style:family") == "paragraph" && t.Attr("fo:language") != "" && t.Attr("fo:language") != "none" {
			s.language = t.Attr("fo:language")
			if c := t.Attr("fo:country"); c != "" && c != "none" {
				s.language += "-" + c
			}
		}
	}
}

func (s *styles) resolve(key string, depth int) style {
	if st, ok := s.text[key]; ok {
		return st
	}
	n := s.raw[key]
	if n == nil || depth > 20 {
		return style{}
	}
	family, name, _ := strings.Cut(key, " ")
	st := style{}
	if parent := n.Attr("style:parent-style-name"); parent != "" {
		st = s.resolve(family+" "+parent, depth+1)
	}
	if t := n.Child("style:text-properties"); t != nil {
		if w := t.Attr("fo:font-weight"); w != "" {
			st.bold = w == "bold" || w >= "600" && w <= "900"
		}
		if v := t.Attr("fo:text-transform"); v != "" {
			st.bold = st.bold || v == "uppercase"
		}
		if v := t.Attr("text:display"); v != "" {
			st.hidden = v == "none" || v == "true"
		}
		if v := t.Attr("fo:color"); v != "" {
			st.colour = v
		}
		if v := t.Attr("fo:background-color"); v != "" {
			st.back = v
		}
		if v, ok := strings.CutSuffix(t.Attr("fo:font-size"), "pt"); ok {
			st.size, _ = strconv.ParseFloat(v, 64)
		}
	}
	for _, part := range []string{"style:paragraph-properties", "style:table-cell-properties"} {
		if v := n.Child(part).Attr("fo:background-color"); v != "" && v != "transparent" {
			st.back = v
		}
	}
	if l, err := strconv.Atoi(n.Attr("style:default-outline-level")); err == nil {
		st.outline = l
	}
	if n.Has("style:list-style-name") {
		st.list = n.Attr("style:list-style-name")
	}
	for _, name := range []string{name, n.Attr("style:display-name")} {
		st.title = st.title || family == "paragraph" && reTitleName.MatchString(name)
		st.toc = st.toc || reTOCName.MatchString(name)
		if m := reHeadName.FindStringSubmatch(name); m != nil && st.outline == 0 {
			st.outline, _ = strconv.Atoi(m[1])
		}
	}
	s.text[key] = st
	return st
}

func (s *styles) paragraph(name string) style { return s.text["paragraph "+name] }
func (s *styles) span(name string) style      { return s.text["text "+name] }

func readList(n *xmltree.Node) listStyle {
	var l listStyle
	for _, k := range n.Kids {
		i, err := strconv.Atoi(k.Attr("text:level"))
		if err != nil || i < 1 || i > 10 {
			continue
		}
		lv := level{prefix: k.Attr("style:num-prefix"), suffix: k.Attr("style:num-suffix"), format: k.Attr("style:num-format"), show: 1, start: 1}
		if v, err := strconv.Atoi(k.Attr("text:display-levels")); err == nil {
			lv.show = min(max(v, 1), 10)
		}
		if v, err := strconv.Atoi(k.Attr("text:start-value")); err == nil {
			lv.start = v
		}
		if k.Name == "text:list-level-style-bullet" || k.Name == "text:list-level-style-image" {
			lv.bullet, lv.mark = true, ingest.Squeeze(k.Attr("text:bullet-char"))
		}
		l.levels[i-1] = lv
	}
	return l
}

// counter holds the numbers of a list, one a level.
type counter struct {
	at    [10]int
	begun [10]bool
}

// next counts an item at level i (from 0) of a list and gives its number as printed, with the space after it.
func (c *counter) next(l listStyle, i int, start int) string {
	i = min(max(i, 0), 9)
	switch {
	case start > 0:
		c.at[i], c.begun[i] = start, true
	case !c.begun[i]:
		c.at[i], c.begun[i] = l.levels[i].start, true
	default:
		c.at[i]++
	}
	for k := i + 1; k < 10; k++ {
		c.begun[k] = false
	}
	return c.render(l, i)
}

func (c *counter) render(l listStyle, i int) string {
	lv := l.levels[i]
	if lv.bullet {
		if strings.ContainsAny(lv.mark, "☐☒☑□") {
			return lv.mark + " "
		}
		return ""
	}
	if lv.format == "" {
		if s := ingest.Squeeze(lv.prefix + lv.suffix); s != "" {
			return s + " "
		}
		return ""
	}
	var parts []string
	for k := max(0, i-lv.show+1); k <= i; k++ {
		f := l.levels[k].format
		if f == "" && k < i {
			continue
		}
		v := c.at[k]
		if !c.begun[k] {
			v = l.levels[k].start
		}
		parts = append(parts, figure(v, f))
	}
	return strings.TrimLeft(lv.prefix, " ") + strings.Join(parts, ".") + strings.TrimRight(lv.suffix, " ") + " "
}

func figure(n int, format string) string {
	switch format {
	case "a":
		return strings.ToLower(ingest.Letters(n))
	case "A":
		return ingest.Letters(n)
	case "i":
		return strings.ToLower(ingest.Roman(n))
	case "I":
		return ingest.Roman(n)
	}
	return strconv.Itoa(n)
}
