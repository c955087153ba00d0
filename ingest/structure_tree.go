package ingest

import (
	"strconv"
	"strings"
)

// levels of the tree: a section ends where one of its own level or of a larger part begins.
var levels = map[SectionKind]int{
	SecPreamble: 0, SecIndex: 0, SecAllegato: 0, SecPart: 1, SecTitolo: 2, SecCapo: 3, SecSezione: 4, SecHeading: 5,
	SecArticle: 20, SecComma: 21, SecLettera: 22, SecNumero: 23,
}

func (m mark) depth() int {
	switch {
	case m.operative || m.top:
		return 0
	case m.kind == SecHeading:
		return 5 + m.level
	}
	return levels[m.kind]
}

// names of the kinds in eIds, as the Akoma Ntoso naming convention shortens them.
var eidNames = map[SectionKind]string{
	SecPreamble: "preamble", SecIndex: "toc", SecAllegato: "att", SecPart: "part", SecTitolo: "title", SecCapo: "chp", SecSezione: "sec",
	SecHeading: "hcontainer", SecArticle: "art", SecComma: "para", SecLettera: "point", SecNumero: "point", SecTable: "table",
}

// tree builds sections from marks.
type tree struct {
	secs  []Section
	depth []int
	open  []int // indexes of the open sections, outermost first
	used  map[string]int
	lists map[int]int // lists begun in a section
}

// start opens a section at a byte of the text; prevEnd is where the text before it ends.
func (t *tree) start(m mark, depth, at, prevEnd int) {
	for len(t.open) > 0 {
		top := t.open[len(t.open)-1]
		if t.depth[top] < depth && t.secs[top].Kind != SecPreamble && t.secs[top].Kind != SecIndex {
			break
		}
		t.secs[top].End = max(prevEnd, t.secs[top].Start)
		t.open = t.open[:len(t.open)-1]
	}
	parent := -1
	if len(t.open) > 0 {
		parent = t.open[len(t.open)-1]
	}
	t.secs = append(t.secs, Section{Kind: m.kind, Number: m.number, Rubric: m.rubric, Parent: parent, Start: at, End: -1, EID: t.eid(m, parent)})
	t.depth = append(t.depth, depth)
	t.open = append(t.open, len(t.secs)-1)
}

// closeAll ends what is open.
func (t *tree) closeAll(end int) {
	for _, i := range t.open {
		t.secs[i].End = max(end, t.secs[i].Start)
	}
	t.open = nil
}

// eid names a section: articles by their number alone, since it is unique in an act, and within an annex after the annex.
func (t *tree) eid(m mark, parent int) string {
	prefix := ""
	for p := parent; p >= 0; p = t.secs[p].Parent {
		k := t.secs[p].Kind
		if m.kind == SecArticle && k != SecAllegato || k == SecTable {
			continue
		}
		prefix = t.secs[p].EID + "__"
		break
	}
	name := eidNames[m.kind]
	if m.kind == SecLettera || m.kind == SecNumero {
		if opensList(m.number) || t.lists[parent] == 0 {
			t.lists[parent]++
		}
		prefix += "list_" + strconv.Itoa(t.lists[parent]) + "__"
	}
	id := prefix + name
	if n := eidNumber(m.number); n != "" {
		id += "_" + n
	} else if m.kind != SecPreamble || t.used[id] > 0 {
		k := t.used[id+"#"] + 1
		t.used[id+"#"] = k
		id += "_" + strconv.Itoa(k)
	}
	t.used[id]++
	if n := t.used[id]; n > 1 {
		id += "-" + strconv.Itoa(n)
		t.used[id]++
	}
	return id
}

func opensList(number string) bool {
	return number == "a" || number == "A" || number == "1" || number == "i"
}

// eidNumber keeps letters and digits of a number and turns the rest into hyphens.
func eidNumber(n string) string {
	n = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, n)
	return strings.Trim(n, "-")
}

// sections turns the marks of the lines into the sections of the text composed from them.
func (s *scan) sections() []Section {
	t := &tree{used: map[string]int{}, lists: map[int]int{}}
	end := func(i int) int {
		if i == 0 {
			return 0
		}
		return s.lines[i-1].end
	}
	idx := 0
	for i := range s.lines {
		l := &s.lines[i]
		if idx < len(s.indexes) && s.indexes[idx].to == i {
			t.start(mark{}, -1, l.start, end(i))
			t.drop()
			idx++
		}
		if idx < len(s.indexes) && s.indexes[idx].from == i {
			t.start(mark{kind: SecIndex}, 0, l.start, end(i))
			continue
		}
		if l.index || l.mark.kind == "" {
			if i == 0 && !l.index && s.hasStructure() {
				t.start(mark{kind: SecPreamble}, 0, l.start, 0)
			}
			continue
		}
		t.start(l.mark, l.mark.depth(), l.start, end(i))
		if l.mark.body {
			t.start(mark{kind: SecComma, number: "1"}, levels[SecComma], l.start+l.runIn, l.start+l.runIn)
		}
	}
	if n := len(s.lines); n > 0 {
		t.closeAll(s.lines[n-1].end)
	}
	return s.withTables(t)
}

// drop takes back a section that was started only to close what was open.
func (t *tree) drop() {
	n := len(t.secs) - 1
	t.secs, t.depth, t.open = t.secs[:n], t.depth[:n], t.open[:len(t.open)-1]
}

func (s *scan) hasStructure() bool {
	for i := range s.lines {
		switch s.lines[i].mark.kind {
		case SecArticle, SecPart, SecTitolo, SecCapo, SecSezione:
			return true
		}
	}
	return len(s.acts) > 0
}
