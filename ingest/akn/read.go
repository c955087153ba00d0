package akn

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"sportello/ingest"
	"sportello/ingest/internal/xmltree"
)

type reader struct {
	ctx     context.Context
	out     []ingest.Block
	annexes int
	open    map[ingest.SectionKind]string // eIds of the parts named in headings that are open
}

// containers are the parts above the article, with the kind of section they are.
var containers = map[string]ingest.SectionKind{
	"part": ingest.SecPart, "book": ingest.SecPart, "tome": ingest.SecPart, "title": ingest.SecTitolo, "chapter": ingest.SecCapo, "section": ingest.SecSezione,
	"subsection": ingest.SecSezione, "division": ingest.SecSezione,
}

// eidName are the element names in eIds (Akoma Ntoso Naming Convention 1.0, 5.1).
var eidName = map[ingest.SectionKind]string{
	ingest.SecPart: "part", ingest.SecTitolo: "title", ingest.SecCapo: "chp", ingest.SecSezione: "sec", ingest.SecArticle: "art", ingest.SecComma: "para",
	ingest.SecLettera: "point", ingest.SecNumero: "point", ingest.SecAllegato: "att",
}

// document reads an act or a collection of documents.
func (r *reader) document(n *xmltree.Node) {
	for _, k := range n.Kids {
		if r.ctx.Err() != nil {
			return
		}
		switch k.Name {
		case "meta", "":
		case "preface":
			r.preface(k)
		case "preamble":
			r.mark("", ingest.SecPreamble, "", "", "preamble")
			r.flow(k)
		case "body", "mainBody", "fragmentBody":
			r.body(k, "")
		case "attachments", "components", "component", "collectionBody":
			r.document(k)
		case "attachment", "annex":
			r.annex(k)
		case "conclusions", "coverPage":
			r.flow(k)
		case "documentRef":
		default:
			r.document(k)
		}
	}
}

func (r *reader) mark(text string, kind ingest.SectionKind, number, rubric, eid string) {
	r.out = append(r.out, ingest.Block{Kind: ingest.Mark, Text: text, Part: &ingest.Part{Kind: kind, Number: number, Rubric: rubric, EID: eid}})
}

// preface gives the heading of the act as printed: kind, date and number on a line, then the title, then the notes.
func (r *reader) preface(n *xmltree.Node) {
	kind, date, number, title := n.Find("docType"), n.Find("docDate"), n.Find("docNumber"), n.Find("docTitle")
	if kind == nil || title == nil {
		r.flow(n)
		return
	}
	s := ingest.Squeeze(kind.Content() + " " + text(date))
	if number != nil {
		s += ", n. " + strings.Trim(ingest.Squeeze(number.Content()), " .n°")
	}
	r.out = append(r.out, ingest.Block{Text: s, Bold: true})
	if t := ingest.Squeeze(title.Content()); t != "" {
		r.out = append(r.out, ingest.Block{Text: t, Bold: true})
	}
	for _, note := range notes(n, nil) {
		r.flow(note)
	}
}

func text(n *xmltree.Node) string {
	if n == nil {
		return ""
	}
	return n.Content()
}

func notes(n *xmltree.Node, out []*xmltree.Node) []*xmltree.Node {
	for _, k := range n.Kids {
		if k.Name == "authorialNote" {
			out = append(out, k)
		} else {
			out = notes(k, out)
		}
	}
	return out
}

// body reads parts and articles. prefix is the eId of what holds them.
func (r *reader) body(n *xmltree.Node, prefix string) {
	for _, k := range n.Kids {
		if r.ctx.Err() != nil {
			return
		}
		if kind, ok := containers[k.Name]; ok {
			r.container(k, kind, prefix)
			continue
		}
		switch k.Name {
		case "article", "rule":
			r.article(k, prefix)
		case "paragraph", "subparagraph", "clause", "list", "point", "indent", "alinea", "level":
			r.within(k, prefix, 0)
		case "hcontainer", "transitional", "proviso":
			if name := strings.ToLower(k.Attr("name")); strings.HasPrefix(name, "alleg") || strings.HasPrefix(name, "annex") {
				r.annex(k)
				continue
			}
			r.heading(k)
			r.body(k, prefix)
		case "attachment", "annex", "doc":
			r.annex(k)
		case "num", "heading", "subheading", "meta":
		case "content", "intro", "wrapUp", "wrap":
			r.flow(k)
		default:
			r.one(k)
		}
	}
}

// reNamed finds the parts that a heading names itself: "Capo I PRINCIPI GENERALI Sezione I Definizioni".
var reNamed = regexp.MustCompile(`(?:^|[\s(])((?i:parte|titolo|capo|sezione))\s+([IVXLC]+(?:[ -]?(?:bis|ter|quater|quinquies|sexies|septies|octies|novies|decies))?|\d+|(?i:prim[ao]|second[ao]|terz[ao]|unic[ao]))(?:[\s.:–—)-]+|$)`)

var namedKinds = map[string]ingest.SectionKind{"parte": ingest.SecPart, "titolo": ingest.SecTitolo, "capo": ingest.SecCapo, "sezione": ingest.SecSezione}

// container reads a part above the article. Where number and heading are packed in the heading it marks each part named there.
func (r *reader) container(n *xmltree.Node, kind ingest.SectionKind, prefix string) {
	num, head := ingest.Squeeze(text(n.Child("num"))), ingest.Squeeze(text(n.Child("heading")))
	bare := strings.Trim(num, " -–—.")
	whole := ingest.Squeeze(bare + " " + head)
	if reOnlyMarks.MatchString(whole) {
		r.body(n, prefix)
		return
	}
	eid := ""
	if named := reNamed.FindAllStringSubmatchIndex(whole, -1); len(named) > 0 && strings.Trim(whole[:named[0][2]], " (") == "" {
		for i, m := range named {
			end := len(whole)
			k := namedKinds[strings.ToLower(whole[m[2]:m[3]])]
			number := strings.ReplaceAll(whole[m[4]:m[5]], " ", "-")
			eid = join(r.above(k), eidName[k]+"_"+eidPart(number))
			r.open[k] = eid
			start := m[2] // with the mark of a recent change before it
			for start > 0 && whole[start-1] == '(' {
				start--
			}
			if i+1 < len(named) {
				for end = named[i+1][2]; end > start && strings.IndexByte(" (", whole[end-1]) >= 0; {
					end--
				}
			}
			r.mark(whole[start:end], k, number, tidy(whole[m[1]:end]), eid)
		}
	} else {
		number := partNumber(bare)
		eid = cleanEID(n)
		if eid == "" {
			eid = join(prefix, eidName[kind]+"_"+eidPart(number))
		}
		r.mark(whole, kind, number, tidy(head), eid)
	}
	r.body(n, eid)
}

var reNumber = regexp.MustCompile(`(?i)(\d+|[ivxlc]+|[a-z]{1,3}|unico)\s*[°º]?\s*(?:[-–.\s/]?\s*(bis|ter|quater|quinquies|sexies|septies|octies|novies|decies|undecies|duodecies|terdecies|quaterdecies|quindecies|sexdecies))?(?:\.\d+)?\s*[.)\]:]*$`)

// ranks orders the parts above the article from the largest.
var ranks = []ingest.SectionKind{ingest.SecPart, ingest.SecTitolo, ingest.SecCapo, ingest.SecSezione}

// above gives the eId of the part that holds one of kind k, and forgets the parts that it closes.
func (r *reader) above(k ingest.SectionKind) string {
	prefix := ""
	closed := false
	for _, rank := range ranks {
		switch {
		case rank == k:
			closed = true
		case closed:
			delete(r.open, rank)
		case r.open[rank] != "":
			prefix = r.open[rank]
		}
	}
	return prefix
}

// partNumber takes the number out of "Art. 5-bis.", "1-ter.", "a)", "CAPO IV".
func partNumber(s string) string {
	s = strings.Trim(tidyMarks(s), " .-–—()[]:\"“”«»")
	for _, w := range []string{"articolo", "art.", "art", "capo", "titolo", "parte", "sezione", "allegato", "comma", "n."} {
		if len(s) > len(w) && strings.EqualFold(s[:len(w)], w) {
			s = strings.TrimLeft(s[len(w):], " .")
			break
		}
	}
	m := reNumber.FindStringSubmatch(s)
	if m == nil || len(m[0]) != len(s) {
		return strings.ReplaceAll(strings.TrimRight(s, ".)"), " ", "-")
	}
	if m[2] != "" {
		return m[1] + "-" + strings.ToLower(m[2])
	}
	return strings.TrimRight(s, ".):")
}

func tidyMarks(s string) string { return strings.NewReplacer("((", "", "))", "").Replace(s) }

// article marks an article and reads what is in it.
func (r *reader) article(n *xmltree.Node, prefix string) {
	num, head := ingest.Squeeze(text(n.Child("num"))), ingest.Squeeze(text(n.Child("heading")))
	number := partNumber(num)
	eid := join(annexOf(prefix), "art_"+eidPart(number))
	if number == "" {
		if eid = cleanEID(n); eid != "" {
			number = strings.TrimPrefix(eid, "art_")
		}
	}
	var rubric *xmltree.Node
	if head == "" {
		head, rubric = rubricBelow(n)
	}
	r.mark(ingest.Squeeze(num+" "+head), ingest.SecArticle, number, tidy(head), eid)
	for _, k := range n.Kids {
		if k.Name != "num" && k.Name != "heading" && k != rubric {
			r.within(k, eid, 0)
		}
	}
}

// longRubric is the most a rubric takes, in bytes.
const longRubric = 400

// rubricBelow finds the rubric of an article without heading where Normattiva leaves it: in a first paragraph without number, in
// parentheses, or as a phrase without a full stop above numbered commi.
func rubricBelow(n *xmltree.Node) (string, *xmltree.Node) {
	var found *xmltree.Node
	text := ""
	for _, k := range n.Kids {
		if k.Name == "" || k.Name == "num" || k.Name == "heading" {
			continue
		}
		if found != nil {
			if numbered := k.Name == "paragraph" && k.Child("num") != nil; numbered || reOnlyMarks.MatchString(ingest.Squeeze(k.Content())) {
				return text, found
			}
			return "", nil
		}
		s := ingest.Squeeze(k.Content())
		if k.Name != "paragraph" || k.Child("num") != nil {
			return "", nil
		}
		if reOnlyMarks.MatchString(s) {
			continue
		}
		bare := ingest.Squeeze(tidyMarks(s))
		switch t := strings.TrimRight(bare, " ."); {
		case len(t) >= longRubric || strings.Contains(strings.ToUpper(t), "ABROGAT"):
			return "", nil
		case strings.HasPrefix(t, "(") && strings.HasSuffix(t, ")"):
			return s, k
		case t != bare || strings.HasSuffix(t, ";") || strings.HasSuffix(t, ":"):
			return "", nil
		}
		text, found = s, k
	}
	return "", nil
}

// within reads what is inside an article. depth counts the lists around.
func (r *reader) within(n *xmltree.Node, prefix string, depth int) {
	switch n.Name {
	case "paragraph", "subparagraph", "clause":
		r.numbered(n, ingest.SecComma, prefix, depth)
	case "list":
		for _, k := range n.Kids {
			r.within(k, prefix, depth)
		}
	case "point", "indent", "alinea", "subclause":
		kind := ingest.SecLettera
		if depth > 0 {
			kind = ingest.SecNumero
		}
		r.numbered(n, kind, prefix, depth+1)
	case "heading", "subheading":
		r.lines(inline(n), false)
	case "content", "intro", "wrapUp", "wrap":
		r.flow(n)
	default:
		r.one(n)
	}
}

// numbered marks a comma, lettera or numero with its number and the first line of its text; the rest follows as paragraphs. One
// without a number is text of what it stands in.
func (r *reader) numbered(n *xmltree.Node, kind ingest.SectionKind, prefix string, depth int) {
	num := ingest.Squeeze(text(n.Child("num")))
	number := partNumber(num)
	eid := prefix
	from := len(r.out)
	if number != "" {
		eid = join(prefix, eidName[kind]+"_"+eidPart(number))
		r.mark(num, kind, number, tidy(text(n.Child("heading"))), eid)
	}
	for _, k := range n.Kids {
		if k.Name != "num" {
			r.within(k, eid, depth)
		}
	}
	if number != "" && len(r.out) > from+1 && r.out[from+1].Kind == ingest.Paragraph { // number and first line on one line, as printed
		r.out[from].Text = ingest.Squeeze(num + " " + r.out[from+1].Text)
		r.out = append(r.out[:from+1], r.out[from+2:]...)
	}
}

// annex marks an attachment by its own heading, or by its place.
func (r *reader) annex(n *xmltree.Node) {
	r.annexes++
	num, head := ingest.Squeeze(text(n.Child("num"))), ingest.Squeeze(text(n.Child("heading")))
	inner := n
	if d := n.Child("doc"); d != nil {
		inner = d
	}
	if num == "" && head == "" {
		head = ingest.Squeeze(text(inner.Find("docTitle")))
		if head == "" {
			head = ingest.Squeeze(inner.Attr("name"))
		}
	}
	number := ""
	if m := reAnnex.FindStringSubmatch(ingest.Squeeze(num + " " + head)); m != nil {
		number = m[1]
	}
	id := number
	if id == "" {
		id = strconv.Itoa(r.annexes)
	}
	label := ingest.Squeeze(num + " " + head)
	if label == "" {
		label = "Allegato " + id
	}
	eid := "att_" + eidPart(id)
	r.mark(label, ingest.SecAllegato, number, tidy(head), eid)
	for _, k := range inner.Kids {
		switch k.Name {
		case "num", "heading", "meta":
		case "body", "mainBody":
			r.body(k, eid)
		case "preface", "preamble", "conclusions":
			r.flow(k)
		case "attachments":
			r.document(k)
		default:
			if inner == n {
				r.body(&xmltree.Node{Kids: []*xmltree.Node{k}}, eid)
			} else {
				r.one(k)
			}
		}
	}
}

var reAnnex = regexp.MustCompile(`(?i)^allegato\s+(?:n\.\s*)?([A-Z]{1,2}|\d+|[IVX]+)\b`)

func (r *reader) heading(n *xmltree.Node) {
	if s := ingest.Squeeze(text(n.Child("num")) + " " + text(n.Child("heading"))); s != "" {
		r.out = append(r.out, ingest.Block{Kind: ingest.Heading, Level: 2, Text: s})
	}
}
