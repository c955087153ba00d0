package text

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"

	"sportello/ingest"
)

var (
	reAdorn     = regexp.MustCompile(`^([!-/:-@[-` + "`" + `{-~])[!-/:-@[-` + "`" + `{-~]*$`)
	reRSTBullet = regexp.MustCompile(`^(\s*)(?:([-*+–])\s+|([•‣⁃▪◦])\s*)(\S.*)$`)
	reRSTEnum   = regexp.MustCompile(`^(\s*)(\(?(?:\d{1,4}(?:-?(?:bis|ter|quater|quinquies|sexies|septies|octies))?|[a-zA-Z]|[ivxlcdmIVXLCDM]{1,6}|#)[.)])\s+(\S.*)$`)
	reTightEnum = regexp.MustCompile(`^(\s*)(\d{1,3}\.)(\p{Lu}\S*\s.*)$`) // "2.Ai sensi…": no enumeration to docutils, a comma to its author
	reDirective = regexp.MustCompile(`^(\s*)\.\. (?:\|([^|]+)\| )?([\w:-]+)::(?:\s+(.*))?$`)
	reTarget    = regexp.MustCompile(`^\s*\.\. _.+?:(?:\s|$)`)
	reFootnote  = regexp.MustCompile(`^\s*\.\. \[([^\]]+)\]\s+(.*)$`)
	reFieldLine = regexp.MustCompile(`^\s*:([^:\s][^:]*):(?:\s+(.*))?$`)
	reLineBlock = regexp.MustCompile(`^\s*\|(?: (.*))?$`)
	reSimple    = regexp.MustCompile(`^\s*={2,}(?:\s+={2,})+\s*$`)
)

// kept are the directives whose content is text of the document; those that draw, index, include or run are dropped with it.
var kept = map[string]bool{
	"note": true, "warning": true, "attention": true, "tip": true, "important": true, "hint": true, "caution": true, "danger": true, "error": true,
	"admonition": true, "seealso": true, "topic": true, "sidebar": true, "epigraph": true, "highlights": true, "pull-quote": true, "container": true,
	"figure": true, "table": true, "rst-class": true, "compound": true, "parsed-literal": true, "glossary": true, "versionadded": true, "versionchanged": true,
}

// rstReader reads reStructuredText in one pass, tolerant of what docutils would refuse (short underlines, missing blank lines).
type rstReader struct {
	ctx    context.Context
	lines  []string
	out    []ingest.Block
	styles []string          // section adornments in order of appearance: their place is the level
	subst  map[string]string // |name| replace:: text
	open   []string
	field  bool   // the open paragraph is a field of a field list
	item   string // the enumerator of the open item, or a bullet
	auto   int    // last number given to "#."
	depth  int
}

const maxNesting = 20

func restructured(ctx context.Context, text string) []ingest.Block {
	r := &rstReader{ctx: ctx, lines: strings.Split(expandTabs(text), "\n"), subst: map[string]string{}}
	for _, l := range r.lines {
		if m := reDirective.FindStringSubmatch(l); m != nil && m[2] != "" && m[3] == "replace" {
			r.subst[m[2]] = m[4]
		}
	}
	r.run()
	return r.out
}

func expandTabs(s string) string { return strings.ReplaceAll(s, "\t", "        ") }

// nested reads the body of a directive or of a frame with the sections and substitutions known so far.
func (r *rstReader) nested(body string) {
	if r.depth >= maxNesting {
		return
	}
	n := &rstReader{ctx: r.ctx, lines: strings.Split(body, "\n"), styles: r.styles, subst: r.subst, depth: r.depth + 1}
	n.run()
	r.out, r.styles = append(r.out, n.out...), n.styles
}

func (r *rstReader) run() {
	for i := 0; i < len(r.lines) && r.ctx.Err() == nil; {
		i += r.step(i)
	}
	r.flush()
}

// step reads what begins at line i and gives the number of lines it took, at least 1.
func (r *rstReader) step(i int) int {
	line := strings.TrimRight(r.lines[i], " ")
	bare := strings.TrimSpace(line)
	if bare == "" {
		r.flush()
		return 1
	}
	if n := r.section(i); n > 0 {
		return n
	}
	switch {
	case reGrid.MatchString(line):
		r.flush()
		t := asciiTable(r.lines[i:])
		if inner, ok := boxed(t, r.lines[i:]); ok {
			r.nested(inner)
		} else {
			r.table(t.cells, t.header)
		}
		return t.lines
	case reSimple.MatchString(line) && len(r.open) == 0:
		cells, header, n := simpleTable(r.lines[i:])
		r.table(cells, header)
		return n
	case strings.HasPrefix(bare, "..") && (bare == ".." || bare[2] == ' ') && len(r.open) == 0:
		return r.explicit(i)
	case strings.HasPrefix(bare, "|") && reLineBlock.MatchString(line) && len(r.open) == 0:
		if s := r.inline(reLineBlock.FindStringSubmatch(line)[1]); s != "" {
			r.out = append(r.out, ingest.Block{Text: s})
		}
		return 1
	case (len(r.open) == 0 || r.field) && reFieldLine.MatchString(line):
		r.flush()
		m := reFieldLine.FindStringSubmatch(line)
		r.field = true
		if m[2] != "" {
			r.open = []string{m[1] + ": " + m[2]}
		}
		return 1
	}
	r.text(line)
	return 1
}

// text adds a line to the open paragraph, or begins a list item.
func (r *rstReader) text(line string) {
	begins := len(r.open) == 0 || r.item != ""
	if m := reRSTBullet.FindStringSubmatch(line); m != nil && begins {
		r.flush()
		r.item, r.open = "-", []string{m[4]}
		return
	}
	m := reRSTEnum.FindStringSubmatch(line)
	if m == nil {
		m = reTightEnum.FindStringSubmatch(line)
	}
	if m != nil && begins {
		r.flush()
		r.item = m[2]
		if strings.Contains(m[2], "#") {
			r.auto++
			r.item = strings.Replace(m[2], "#", itoa(r.auto), 1)
		}
		r.open = []string{m[3]}
		return
	}
	if len(r.open) > 0 && r.item == "" && !r.field { // a quotation ends, or a term is followed by its definition
		if in, was := indent(line), indent(r.open[0]); in == 0 && was > 0 || in > was && len(r.open) == 1 {
			r.flush()
		}
	}
	r.open = append(r.open, line)
}

func (r *rstReader) flush() {
	if len(r.open) == 0 {
		r.field = false
		return
	}
	raw := strings.Join(r.open, "\n")
	switch {
	case strings.TrimSpace(raw) == "::":
		raw = ""
	case strings.HasSuffix(raw, "::"):
		raw = strings.TrimSuffix(raw, ":")
	}
	s := r.inline(raw)
	b := ingest.Block{Text: s}
	switch {
	case r.item == "-":
		b.Kind = ingest.Item
	case r.item != "":
		b.Kind, b.Text = ingest.Item, r.item+" "+s
	default:
		r.auto = 0
		b.Bold = strings.HasPrefix(raw, "**") && strings.HasSuffix(raw, "**") && strings.Count(raw, "**") == 2
	}
	if m := reOneLink.FindStringSubmatch(strings.TrimSpace(raw)); m != nil {
		b.Link = m[1]
	}
	if s != "" {
		r.out = append(r.out, b)
	}
	r.open, r.item, r.field = nil, "", false
}

func (r *rstReader) table(cells [][]string, header int) {
	for _, row := range cells {
		for i := range row {
			row[i] = r.inline(row[i])
		}
	}
	r.out = append(r.out, rows(cells, header)...)
}

// section reads a title with its adornment, over and under or under only, and gives the lines it took, 0 when there is none.
func (r *rstReader) section(i int) int {
	at := func(k int) string {
		if k < len(r.lines) {
			return strings.TrimRight(r.lines[k], " ")
		}
		return ""
	}
	line, next, third := at(i), at(i+1), at(i+2)
	switch {
	case adorns(line, 4) && strings.TrimSpace(next) != "" && !adorns(next, 4) && adorns(third, 4) && third[0] == line[0]:
		r.flush()
		r.heading(line[:1]+line[:1], next)
		return 3
	case len(r.open) == 0 && !adorns(line, 4) && indent(line) == 0 && adorns(next, 3) && (len(next) >= 4 || len(next) >= utf8.RuneCountInString(line)):
		if reDirective.MatchString(line) {
			return 0
		}
		r.heading(next[:1], line)
		return 2
	case len(r.open) == 0 && adorns(line, 4) && !reGrid.MatchString(line): // a transition
		return 1
	}
	return 0
}

func (r *rstReader) heading(style, title string) {
	level := 0
	for k, s := range r.styles {
		if s == style {
			level = k + 1
		}
	}
	if level == 0 {
		r.styles = append(r.styles, style)
		level = len(r.styles)
	}
	if s := r.inline(title); s != "" {
		r.out = append(r.out, ingest.Block{Kind: ingest.Heading, Level: level, Text: s})
	}
}

// adorns says whether a line is n or more times the same mark.
func adorns(l string, n int) bool {
	return len(l) >= n && reAdorn.MatchString(l) && strings.Trim(l, l[:1]) == "" && !strings.HasPrefix(l, "|")
}

func indent(l string) int { return len(l) - len(strings.TrimLeft(l, " ")) }

// explicit reads what begins with "..": a directive, a footnote, a target or a comment, with its indented body.
func (r *rstReader) explicit(i int) int {
	line := strings.TrimRight(r.lines[i], " ")
	n := 1
	for i+n < len(r.lines) && (strings.TrimSpace(r.lines[i+n]) == "" || indent(r.lines[i+n]) > indent(line)) {
		n++
	}
	body := dedent(r.lines[i+1 : i+n])
	m := reDirective.FindStringSubmatch(line)
	switch {
	case m == nil && reFootnote.MatchString(line):
		f := reFootnote.FindStringSubmatch(line)
		r.out = append(r.out, ingest.Block{Text: r.inline("[" + f[1] + "] " + f[2] + "\n" + strings.Join(body, "\n"))})
	case m == nil || reTarget.MatchString(line) || m[2] != "":
	case m[3] == "list-table":
		r.listTable(m[4], options(&body), body)
	case m[3] == "csv-table":
		r.csvTable(m[4], options(&body), body)
	case m[3] == "rubric":
		r.out = append(r.out, ingest.Block{Text: r.inline(m[4]), Bold: true})
	case kept[m[3]]:
		options(&body)
		lead := ""
		if m[3] != "figure" && m[3] != "rst-class" && m[3] != "container" {
			lead = m[4]
		}
		r.nested(lead + "\n\n" + strings.Join(body, "\n"))
	}
	return n
}

// options takes the ":name: value" lines off the top of a directive's body.
func options(body *[]string) map[string]string {
	o := map[string]string{}
	for len(*body) > 0 {
		m := reFieldLine.FindStringSubmatch((*body)[0])
		if m == nil {
			break
		}
		o[m[1]] = m[2]
		*body = (*body)[1:]
	}
	return o
}

func dedent(lines []string) []string {
	least := -1
	for _, l := range lines {
		if strings.TrimSpace(l) != "" && (least < 0 || indent(l) < least) {
			least = indent(l)
		}
	}
	out := make([]string, len(lines))
	for i, l := range lines {
		if len(l) >= least && least > 0 {
			l = l[least:]
		}
		out[i] = l
	}
	return out
}
