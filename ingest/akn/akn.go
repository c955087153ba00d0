// Package akn reads laws and acts in Akoma Ntoso (OASIS LegalDocML 3.0, with or without its namespace) into blocks that carry
// the structure the file declares: parts, articles, commi, lettere, annexes.
//
// It is tolerant of what Normattiva gives: chapters whose number is "-" and whose heading holds Capo and Sezione, eIds with a stray dot
// ("art_1__para_1.__point_a"), paragraphs that are only "((": the eIds it gives are conformant. It stores nothing and follows no reference.
package akn

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/internal/xmltree"
)

// Config holds the limits. The zero value is the default.
type Config struct {
	MaxBytes int // of the file; default 64 MiB
	XML      xmltree.Limits
}

// Parser reads Akoma Ntoso; make it with New.
type Parser struct{ config Config }

// New gives a parser with these limits.
func New(c Config) *Parser {
	if c.MaxBytes <= 0 {
		c.MaxBytes = 64 << 20
	}
	return &Parser{config: c}
}

// Parse implements ingest.Parser.
func (p *Parser) Parse(ctx context.Context, in ingest.Input) (*ingest.Parsed, error) {
	if len(in.Bytes) > p.config.MaxBytes {
		return nil, fault.New(fault.TooLarge, "%s: %d MB of XML, more than the limit of %d MB", in.Name, len(in.Bytes)>>20, p.config.MaxBytes>>20)
	}
	root, err := xmltree.Parse(ctx, in.Bytes, in.Name, nil, p.config.XML)
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(root.Name, "akomaNtoso") {
		return nil, fault.New(fault.Unsupported, "%s: not read: it is XML but not Akoma Ntoso: save it as PDF or DOCX", in.Name)
	}
	r := &reader{ctx: ctx, open: map[ingest.SectionKind]string{}}
	m := readMeta(root)
	r.document(root)
	if err := ctx.Err(); err != nil {
		return nil, fault.Wrap(fault.Timeout, err, "%s: stopped before it was read", in.Name)
	}
	if len(r.out) == 0 {
		return nil, fault.New(fault.NoText, "%s: the act holds no text", in.Name)
	}
	return &ingest.Parsed{Format: string(ingest.FormatAKN), Title: m.title(), Language: m.language, URL: m.address(), Blocks: r.out}, nil
}

// meta is what an act says of itself: in its preface, else in its FRBR identification.
type meta struct {
	kind, date, number, name string // "Decreto legislativo", ISO date, "82", "Codice dell'amministrazione digitale"
	urn                      string // urn:nir:…
	language                 string
}

var (
	reFRBR    = regexp.MustCompile(`/akn/[a-z]{2}/(?:act|bill|doc|statement)/([^/]+)/(?:[^/]+/)?(\d{4}-\d{2}-\d{2}|\d{4})/([^/!@]+)`)
	reURN     = regexp.MustCompile(`^urn:nir:[\w.;:-]+:([\w.]+):(\d{4}-\d{2}-\d{2})(?:;([\w.-]+))?`)
	reCamel   = regexp.MustCompile(`([a-z])([A-Z])`)
	reKindSep = regexp.MustCompile(`[_.\s]+`)
)

func readMeta(root *xmltree.Node) meta {
	var m meta
	if pre := root.Find("preface"); pre != nil {
		m.kind = ingest.Squeeze(pre.Find("docType").Content())
		m.number = strings.Trim(ingest.Squeeze(pre.Find("docNumber").Content()), " .n°")
		m.name = tidy(pre.Find("docTitle").Content())
		m.date = pre.Find("docDate").Attr("date")
	}
	id := root.Find("identification")
	work := id.Find("FRBRWork")
	for _, k := range kids(work) {
		switch k.Name {
		case "FRBRalias":
			if v := k.Attr("value"); strings.HasPrefix(v, "urn:nir:") {
				m.urn = v
			}
		case "FRBRdate":
			if m.date == "" {
				m.date = k.Attr("date")
			}
		case "FRBRthis", "FRBRuri":
			if f := reFRBR.FindStringSubmatch(k.Attr("value")); f != nil {
				m.fill(f[1], f[2], f[3])
			}
		case "FRBRnumber":
			if m.number == "" {
				m.number = k.Attr("value")
			}
		case "FRBRtitle":
			if m.name == "" {
				m.name = tidy(k.Attr("value"))
			}
		}
	}
	if u := reURN.FindStringSubmatch(m.urn); u != nil {
		m.fill(u[1], u[2], u[3])
	}
	if m.name == "" {
		for _, k := range spans(id) {
			if k.Attr("property") == "eli:title" {
				m.name = tidy(k.Attr("content"))
			}
		}
	}
	if l := id.Find("FRBRlanguage").Attr("language"); l != "" {
		m.language = map[string]string{"ita": "it", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "eng": "en", "slv": "sl"}[l]
		if m.language == "" {
			m.language = l
		}
	}
	return m
}

func kids(n *xmltree.Node) []*xmltree.Node {
	if n == nil {
		return nil
	}
	return n.Kids
}

func spans(n *xmltree.Node) []*xmltree.Node {
	var out []*xmltree.Node
	for _, k := range kids(n) {
		if k.Name == "span" {
			out = append(out, k)
		}
		out = append(out, spans(k)...)
	}
	return out
}

func (m *meta) fill(kind, date, number string) {
	if m.kind == "" {
		m.kind = reKindSep.ReplaceAllString(reCamel.ReplaceAllString(kind, "$1 $2"), " ")
	}
	if m.date == "" {
		m.date = date
	}
	if m.number == "" {
		m.number = number
	}
}

var months = []string{"", "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"}

// title names the act as it is cited: "Decreto legislativo 7 marzo 2005, n. 82 — Codice dell'amministrazione digitale".
func (m *meta) title() string {
	label := m.label()
	switch {
	case label == "":
		return m.name
	case m.name == "":
		return label
	}
	return label + " — " + m.name
}

func (m *meta) label() string {
	s := kindName(m.kind)
	if y, rest, ok := strings.Cut(m.date, "-"); ok && s != "" {
		mm, dd, _ := strings.Cut(rest, "-")
		month, _ := strconv.Atoi(mm)
		day, _ := strconv.Atoi(dd)
		if month >= 1 && month <= 12 && day >= 1 && day <= 31 {
			s += " " + strconv.Itoa(day) + " " + months[month] + " " + y
		}
	}
	if m.number != "" && s != "" {
		s += ", n. " + m.number
	}
	return s
}

// kindName writes the kind of an act as in a sentence.
func kindName(kind string) string {
	s := strings.ToLower(ingest.Squeeze(kind))
	if s == "" {
		return ""
	}
	for _, w := range []string{"presidente", "repubblica", "consiglio", "ministri", "ministro", "giunta", "regionale di", "commissario"} {
		s = strings.ReplaceAll(s, " "+w, " "+strings.ToUpper(w[:1])+w[1:])
	}
	if s == "decreto legge" {
		s = "decreto-legge"
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// address is the permanent address of the act on Normattiva, which resolves urn:nir names.
func (m *meta) address() string {
	if m.urn == "" {
		return ""
	}
	return "https://www.normattiva.it/uri-res/N2Ls?" + m.urn
}

// tidy takes the marks of recent changes, outer parentheses and the final stop off a rubric or title.
func tidy(s string) string {
	s = strings.NewReplacer("((", "", "))", "").Replace(s)
	s = strings.ReplaceAll(strings.Trim(ingest.Squeeze(s), " .-–—"), " ,", ",")
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") && strings.Count(s, "(") == 1 {
		s = strings.Trim(s[1:len(s)-1], " .")
	}
	return s
}
