package drafting

import (
	"regexp"
	"strings"

	"sportello/assistant/fault"
)

// The language of testo.txt, for a clerk who changes a template:
//
//	== premesse: Premesse ==            a part begins; "[facoltativa]" after its title where an act may do without
//	// a note that nobody sees
//	Visto il preventivo di {ditta.nome} di {importo}.      one line is one paragraph; see Layout for the signs before it
//	{se cup} … {altrimenti} … {fine}    text that stands only when a field is there, or has a value: {se tipo = "lavori"}, {se importo > 5000}, {se non cup}
//	{per ogni v in voci} … {fine}       text for each of a list: {v.nome}
//	{includi ricorso}                   the file comune/ricorso.txt
//	{importo|lettere}                   a way of writing: see filters.go
//	{verificare: la motivazione}        always [VERIFICARE: la motivazione]
//	{{                                  a brace
type nodeKind int

const (
	textNode nodeKind = iota
	valueNode
	ifNode
	loopNode
	includeNode
	verifyNode
)

// node is a piece of a template.
type node struct {
	kind      nodeKind
	value     string   // the text; the path of a value or a loop; the name of an include; what to verify
	filters   []string // of a value, "piu_iva:aliquota"
	variable  string   // of a loop
	condition condition
	then      []node
	otherwise []node
	line      int
}

// fields gives the fields that a node itself names, those of its filters too.
func (n node) fields() []string {
	var out []string
	switch n.kind {
	case valueNode, loopNode:
		out = append(out, n.value)
	case ifNode:
		for _, c := range n.condition {
			out = append(out, c.path)
		}
	}
	for _, f := range n.filters {
		if name, arg, ok := strings.Cut(f, ":"); ok && filterFields[name] {
			out = append(out, strings.Split(arg, ",")...)
		}
	}
	return out
}

var partForm = regexp.MustCompile(`^==\s*([a-z][a-z0-9_]*)\s*:\s*(.*?)\s*==\s*$`)

// parseParts reads testo.txt.
func parseParts(file, text string) ([]partText, error) {
	var parts []partText
	var body strings.Builder
	start := 1
	flush := func() error {
		if len(parts) == 0 {
			if strings.TrimSpace(body.String()) != "" {
				return fault.New(fault.Invalid, "%s, line 1: text before the first part: begin with a line like == oggetto: Oggetto ==", file)
			}
			return nil
		}
		nodes, err := parseText(file, body.String(), start)
		parts[len(parts)-1].nodes = nodes
		return err
	}
	seen := map[string]bool{}
	number := 0
	for line := range strings.Lines(text) {
		number++
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "//") {
			body.WriteString("\n")
			continue
		}
		m := partForm.FindStringSubmatch(trimmed)
		if m == nil {
			if strings.HasPrefix(trimmed, "==") {
				return nil, fault.New(fault.Invalid, "%s, line %d: a part is written == nome: Titolo ==, its name in small letters", file, number)
			}
			body.WriteString(line)
			continue
		}
		if err := flush(); err != nil {
			return nil, err
		}
		if seen[m[1]] {
			return nil, fault.New(fault.Invalid, "%s, line %d: the part %q is there twice", file, number, m[1])
		}
		seen[m[1]] = true
		title, optional := strings.CutSuffix(m[2], "[facoltativa]")
		parts = append(parts, partText{id: m[1], title: strings.TrimSpace(title), optional: optional})
		body.Reset()
		start = number + 1
	}
	if err := flush(); err != nil {
		return nil, err
	}
	if len(parts) == 0 {
		return nil, fault.New(fault.Invalid, "%s: there is no part: begin with a line like == oggetto: Oggetto ==", file)
	}
	return parts, nil
}

// parser reads the text of a part.
type parser struct {
	file string
	text string
	at   int
	line int
}

func parseText(file, text string, line int) ([]node, error) {
	p := &parser{file: file, text: text, line: line}
	nodes, end, err := p.nodes(0)
	if err != nil {
		return nil, err
	}
	if end != "" {
		return nil, p.bad(p.line, "{%s} without {se} or {per ogni} before it", end)
	}
	return nodes, nil
}

func (p *parser) bad(line int, format string, args ...any) error {
	return fault.New(fault.Invalid, p.file+", line %d: "+format, append([]any{line}, args...)...)
}

// maxNesting bounds blocks within blocks.
const maxNesting = 12

// nodes reads up to the end of the text, or to {fine} or {altrimenti}, which it gives.
func (p *parser) nodes(depth int) (out []node, end string, err error) {
	if depth > maxNesting {
		return nil, "", p.bad(p.line, "blocks are nested more than %d deep", maxNesting)
	}
	for p.at < len(p.text) {
		i := strings.IndexAny(p.text[p.at:], "{}")
		if i < 0 {
			out = p.addText(out, p.text[p.at:])
			p.at = len(p.text)
			break
		}
		out = p.addText(out, p.text[p.at:p.at+i])
		p.at += i
		if strings.HasPrefix(p.text[p.at:], "{{") || strings.HasPrefix(p.text[p.at:], "}}") {
			out = p.addText(out, p.text[p.at:p.at+1])
			p.at += 2
			continue
		}
		if p.text[p.at] == '}' {
			return nil, "", p.bad(p.line, "a } without its {: write }} for a brace of the text")
		}
		close := strings.IndexAny(p.text[p.at:], "}\n")
		if close < 0 || p.text[p.at+close] != '}' {
			return nil, "", p.bad(p.line, "a { without its } on the same line: write {{ for a brace of the text")
		}
		tag := strings.TrimSpace(p.text[p.at+1 : p.at+close])
		line := p.line
		p.at += close + 1
		if p.alone(close) {
			p.swallow()
		}
		switch {
		case tag == "fine" || tag == "altrimenti":
			return out, tag, nil
		default:
			n, err := p.tag(tag, line, depth)
			if err != nil {
				return nil, "", err
			}
			out = append(out, n)
		}
	}
	return out, "", nil
}

func (p *parser) addText(out []node, text string) []node {
	if text == "" {
		return out
	}
	p.line += strings.Count(text, "\n")
	return append(out, node{kind: textNode, value: text, line: p.line})
}

// alone says whether the tag that was just read stands on a line of its own: that line is then no paragraph.
func (p *parser) alone(length int) bool {
	start := p.at - length - 1
	before := p.text[strings.LastIndexByte(p.text[:start], '\n')+1 : start]
	after := p.text[p.at:]
	if i := strings.IndexByte(after, '\n'); i >= 0 {
		after = after[:i]
	}
	tag := p.text[start+1 : p.at-1]
	control := tag == "fine" || tag == "altrimenti" || strings.HasPrefix(tag, "se ") || strings.HasPrefix(tag, "per ogni ") || strings.HasPrefix(tag, "includi ")
	return control && strings.TrimSpace(before) == "" && strings.TrimSpace(after) == ""
}

// swallow steps over the rest of the line.
func (p *parser) swallow() {
	if i := strings.IndexByte(p.text[p.at:], '\n'); i >= 0 {
		p.at += i + 1
		p.line++
	} else {
		p.at = len(p.text)
	}
}

var (
	loopForm  = regexp.MustCompile(`^per ogni ([a-z][a-z0-9_]*) in ([a-z][a-z0-9_.]*)$`)
	valueForm = regexp.MustCompile(`^([a-z][a-z0-9_.]*)((?:\|[a-z_]+(?::[^|{}]*)?)*)$`)
)

func (p *parser) tag(tag string, line, depth int) (node, error) {
	n := node{line: line}
	switch {
	case strings.HasPrefix(tag, "se "):
		c, err := parseCondition(strings.TrimPrefix(tag, "se "))
		if err != nil {
			return n, p.bad(line, "{%s}: %v", tag, err)
		}
		n.kind, n.condition = ifNode, c
		return p.block(n, tag, depth)
	case strings.HasPrefix(tag, "per "):
		m := loopForm.FindStringSubmatch(tag)
		if m == nil {
			return n, p.bad(line, "{%s}: write {per ogni voce in voci}", tag)
		}
		n.kind, n.variable, n.value = loopNode, m[1], m[2]
		return p.block(n, tag, depth)
	case strings.HasPrefix(tag, "includi "):
		n.kind, n.value = includeNode, strings.TrimSpace(strings.TrimPrefix(tag, "includi "))
		return n, nil
	case strings.HasPrefix(tag, "verificare:"):
		n.kind, n.value = verifyNode, strings.TrimSpace(strings.TrimPrefix(tag, "verificare:"))
		return n, nil
	}
	m := valueForm.FindStringSubmatch(tag)
	if m == nil {
		return n, p.bad(line, "{%s} is not understood: a field is written {nome} or {gruppo.nome}, with |lettere or another way of writing after it", tag)
	}
	n.kind, n.value = valueNode, m[1]
	for _, f := range strings.Split(m[2], "|")[1:] {
		name, _, _ := strings.Cut(f, ":")
		if filters[name] == nil {
			return n, p.bad(line, "{%s}: there is no way of writing %q: %s", tag, name, strings.Join(filterNames(), ", "))
		}
		n.filters = append(n.filters, f)
	}
	return n, nil
}

// block reads what is between {se} or {per ogni} and its {fine}.
func (p *parser) block(n node, tag string, depth int) (node, error) {
	var end string
	var err error
	if n.then, end, err = p.nodes(depth + 1); err != nil {
		return n, err
	}
	if end == "altrimenti" {
		if n.kind == loopNode {
			return n, p.bad(n.line, "{%s} has no {altrimenti}", tag)
		}
		if n.otherwise, end, err = p.nodes(depth + 1); err != nil {
			return n, err
		}
	}
	if end != "fine" {
		return n, p.bad(n.line, "{%s} has no {fine}", tag)
	}
	return n, nil
}
