package docx

import (
	"strconv"
	"strings"

	"sportello/ingest"
	"sportello/ingest/internal/xmltree"
)

// level is how one level of a list is numbered.
type level struct {
	start   int
	format  string // decimal, lowerLetter, upperRoman, bullet… (17.18.59)
	text    string // "Art. %1", "%1.%2)"
	suffix  string // tab, space or nothing
	restart int    // -1: after any higher level; 0: never; n: after level n (1-based)
	legal   bool   // all numbers of the text in decimal
}

// list is an abstract numbering: the counters belong to it, so that lists that share it go on counting.
type list struct {
	levels [9]level
	count  [9]int
	begun  [9]bool
}

type instance struct {
	list  *list
	start [9]int // override, -1 for none
	used  [9]bool
}

type numbering struct {
	byID    map[string]*instance
	byStyle map[string]numRef // a paragraph style that a level names
}

func readNumbering(root *xmltree.Node, st styles) numbering {
	n := numbering{byID: map[string]*instance{}, byStyle: map[string]numRef{}}
	if root == nil {
		return n
	}
	abstract := map[string]*xmltree.Node{}
	byLink := map[string]*xmltree.Node{} // styleLink -> the definition that a numStyleLink elsewhere means
	for _, k := range root.Kids {
		if k.Name == "w:abstractNum" {
			abstract[k.Attr("w:abstractNumId")] = k
			if l := k.Child("w:styleLink").Attr("w:val"); l != "" {
				byLink[l] = k
			}
		}
	}
	lists := map[string]*list{}
	for _, k := range root.Kids {
		if k.Name != "w:num" {
			continue
		}
		id, ref := k.Attr("w:numId"), k.Child("w:abstractNumId").Attr("w:val")
		def := abstract[ref]
		if def == nil {
			continue
		}
		if l := lists[ref]; l == nil {
			src := def
			if link := byLink[def.Child("w:numStyleLink").Attr("w:val")]; link != nil {
				src = link
			}
			lists[ref] = readList(src)
			for _, lv := range src.Kids {
				if s := lv.Child("w:pStyle").Attr("w:val"); s != "" {
					n.byStyle[s] = numRef{id: id, level: ilvl(lv), set: true}
				}
			}
		}
		in := &instance{list: lists[ref]}
		for i := range in.start {
			in.start[i] = -1
		}
		for _, o := range k.Kids {
			if o.Name != "w:lvlOverride" {
				continue
			}
			i := ilvl(o)
			if lv := o.Child("w:lvl"); lv != nil { // a level defined anew makes a list of its own
				own := *in.list
				own.levels[i] = readLevel(lv)
				in.list = &own
			}
			if v, err := strconv.Atoi(o.Child("w:startOverride").Attr("w:val")); err == nil {
				in.start[i] = v
			}
		}
		n.byID[id] = in
	}
	for sid, s := range st.byID { // the style's own numPr gives the list, the list's pStyle gives the level
		if r, ok := n.byStyle[sid]; ok && s.num.set && s.num.id != "" {
			n.byStyle[sid] = numRef{id: s.num.id, level: r.level, set: true}
		}
	}
	return n
}

func ilvl(n *xmltree.Node) int {
	i, _ := strconv.Atoi(n.Attr("w:ilvl"))
	return min(max(i, 0), 8)
}

func readList(n *xmltree.Node) *list {
	l := &list{}
	for i := range l.levels {
		l.levels[i] = level{start: 1, format: "decimal", restart: -1}
	}
	for _, k := range n.Kids {
		if k.Name == "w:lvl" {
			l.levels[ilvl(k)] = readLevel(k)
		}
	}
	return l
}

func readLevel(n *xmltree.Node) level {
	lv := level{start: 1, format: "decimal", restart: -1, suffix: n.Child("w:suff").Attr("w:val"), text: n.Child("w:lvlText").Attr("w:val")}
	if v, err := strconv.Atoi(n.Child("w:start").Attr("w:val")); err == nil {
		lv.start = v
	}
	if f := n.Child("w:numFmt").Attr("w:val"); f != "" {
		lv.format = f
	} else if f := n.Find("w:numFmt").Attr("w:val"); f != "" { // inside mc:AlternateContent
		lv.format = f
	}
	if v, err := strconv.Atoi(n.Child("w:lvlRestart").Attr("w:val")); err == nil {
		lv.restart = v
	}
	if l := n.Child("w:isLgl"); l != nil {
		lv.legal = on(l.Attr("w:val"), true)
	}
	return lv
}

// next counts one paragraph at a level of a list and gives its number as printed with the space after it; "" for a bullet,
// except where the bullet is a box to tick.
func (n *numbering) next(ref numRef) (mark string, listed bool) {
	in := n.byID[ref.id]
	if in == nil || ref.id == "0" {
		return "", false
	}
	l, i := in.list, ref.level
	lv := l.levels[i]
	if lv.format == "bullet" {
		if s := ingest.Squeeze(lv.text); strings.ContainsAny(s, "☐☒☑□") {
			return s + " ", true
		}
		return "", true
	}
	if in.start[i] >= 0 && !in.used[i] {
		l.count[i], l.begun[i] = in.start[i], true
	} else if !l.begun[i] {
		l.count[i], l.begun[i] = lv.start, true
	} else {
		l.count[i]++
	}
	in.used[i] = true
	for k := i + 1; k < 9; k++ {
		if r := l.levels[k].restart; r == -1 || r > 0 && i < r {
			l.begun[k] = false
		}
	}
	if lv.format == "none" && !strings.ContainsAny(lv.text, "%") && lv.text == "" {
		return "", false
	}
	text := l.render(i)
	if text == "" {
		return "", lv.format != "none"
	}
	if lv.suffix == "nothing" {
		return text, true
	}
	return text + " ", true
}

// render fills %1 … %9 of the level's text.
func (l *list) render(i int) string {
	lv := l.levels[i]
	var b strings.Builder
	for k := 0; k < len(lv.text); k++ {
		if lv.text[k] == '%' && k+1 < len(lv.text) && lv.text[k+1] >= '1' && lv.text[k+1] <= '9' {
			j := int(lv.text[k+1] - '1')
			format := l.levels[j].format
			if lv.legal {
				format = "decimal"
			}
			v := l.count[j]
			if !l.begun[j] {
				v = l.levels[j].start
			}
			b.WriteString(figure(v, format))
			k++
			continue
		}
		b.WriteByte(lv.text[k])
	}
	return ingest.Squeeze(b.String())
}

// ordinals are what lists called "ordinalText" print in Italian.
var ordinals = []string{"", "Primo", "Secondo", "Terzo", "Quarto", "Quinto", "Sesto", "Settimo", "Ottavo", "Nono", "Decimo"}

// figure writes a number in a format of ST_NumberFormat; unknown ones in decimal.
func figure(n int, format string) string {
	switch format {
	case "none", "bullet":
		return ""
	case "lowerLetter":
		return strings.ToLower(ingest.Letters(n))
	case "upperLetter":
		return ingest.Letters(n)
	case "lowerRoman":
		return strings.ToLower(ingest.Roman(n))
	case "upperRoman":
		return ingest.Roman(n)
	case "decimalZero":
		if n >= 0 && n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "ordinal":
		return strconv.Itoa(n) + "°"
	case "ordinalText":
		if n > 0 && n < len(ordinals) {
			return ordinals[n]
		}
	}
	return strconv.Itoa(n)
}
