package docx

import (
	"regexp"
	"strings"

	"sportello/ingest"
	"sportello/ingest/internal/xmltree"
)

// rePrompt matches what Word itself writes into an empty field. What an author wrote there ("[nome del richiedente]") is text.
var rePrompt = regexp.MustCompile(`(?i)^\W*(?:fare clic|clicca|cliccare|toccare|scegliere un|selezionare un|seleziona un|immettere|inserire il testo|click|tap here|choose an|enter text|select)`)

// control notes a content control and says whether all it shows is the prompt of an empty field.
func (d *document) control(sdt *xmltree.Node) (empty bool) {
	pr := sdt.Child("w:sdtPr")
	prompt := ""
	if h := pr.Child("w:showingPlcHdr"); h != nil && on(h.Attr("w:val"), true) {
		prompt = ingest.Squeeze(runText(sdt.Child("w:sdtContent")))
		empty = prompt == "" || rePrompt.MatchString(prompt)
	}
	d.addControl(pr, prompt)
	return empty
}

// inlineControl reads a content control inside a paragraph: a box to tick is shown as one, a prompt is not text.
func (d *document) inlineControl(sdt *xmltree.Node, g *gathered, link bool) {
	before, from := len(d.fields), g.text.Len()
	if d.control(sdt) && sdt.Child("w:sdtPr").Child("w14:checkbox") == nil {
		g.text.WriteByte(' ')
	} else {
		d.inlineIn(sdt.Child("w:sdtContent"), g, link)
	}
	if len(d.fields) > before && d.fields[before].Name == "" {
		g.unnamed = append(g.unnamed, place{field: before, from: from, to: g.text.Len()})
	}
}

// longLabel is the most of a paragraph that names a field, in bytes.
const longLabel = 120

// nameFields gives a field without a name the words beside it: those after a box to tick, those before a blank to fill in.
func (d *document) nameFields(g *gathered) {
	text := g.text.String()
	for i, p := range g.unnamed {
		f := &d.fields[p.field]
		label := ""
		if f.Type == "checkbox" {
			end := len(text)
			if i+1 < len(g.unnamed) {
				end = g.unnamed[i+1].from
			}
			label = text[p.to:end]
		} else {
			start := 0
			if i > 0 {
				start = g.unnamed[i-1].to
			}
			label = text[start:p.from]
		}
		f.Name = strings.Trim(ingest.Squeeze(label), " :.…_-–|☐☒")
		if len(f.Name) > longLabel {
			f.Name = strings.ToValidUTF8(f.Name[:longLabel], "") + "…"
		}
	}
}

// controlTypes are the properties that make a content control one that a person fills in.
var controlTypes = []struct{ name, kind string }{
	{"w14:checkbox", "checkbox"}, {"w:dropDownList", "choice"}, {"w:comboBox", "choice"}, {"w:date", "text"}, {"w:text", "text"}, {"w:richText", "text"},
}

func (d *document) addControl(pr *xmltree.Node, prompt string) {
	if pr == nil || pr.Child("w:docPartObj") != nil || pr.Child("w:group") != nil {
		return
	}
	kind := ""
	for _, t := range controlTypes {
		if pr.Child(t.name) != nil {
			kind = t.kind
			break
		}
	}
	name := ingest.Squeeze(pr.Child("w:alias").Attr("w:val"))
	for _, n := range []string{ingest.Squeeze(pr.Child("w:tag").Attr("w:val")), prompt} {
		if name == "" {
			name = n
		}
	}
	if kind == "" && (name == "" || pr.Child("w:showingPlcHdr") == nil) {
		return
	}
	if kind == "" {
		kind = "text"
	}
	d.fields = append(d.fields, ingest.Field{Name: name, Type: kind})
}

// legacyField notes a form field of the older kind; its box to tick has no text of its own, so one is written.
func (d *document) legacyField(data *xmltree.Node, g *gathered) {
	if data == nil {
		return
	}
	from := g.text.Len()
	f := ingest.Field{Name: ingest.Squeeze(data.Child("w:name").Attr("w:val")), Type: "text"}
	if reAutoName.MatchString(f.Name) {
		f.Name = ""
	}
	if s := ingest.Squeeze(data.Child("w:statusText").Attr("w:val")); s != "" {
		f.Name = s
	}
	box := data.Child("w:checkBox")
	switch {
	case box != nil:
		f.Type = "checkbox"
		ticked := box.Child("w:checked")
		if ticked == nil {
			ticked = box.Child("w:default")
		}
		if ticked != nil && on(ticked.Attr("w:val"), true) {
			g.text.WriteString("☒")
		} else {
			g.text.WriteString("☐")
		}
	case data.Child("w:ddList") != nil:
		f.Type = "choice"
	}
	d.fields = append(d.fields, f)
	if f.Name == "" {
		g.unnamed = append(g.unnamed, place{field: len(d.fields) - 1, from: from, to: g.text.Len()})
	}
}

// reAutoName matches the names that Word gives to form fields by itself.
var reAutoName = regexp.MustCompile(`(?i)^(?:testo|text|controllo|check|elenco|dropdown|casella)\s*\d+$`)

// runText is the text of the runs below n, whatever their formatting.
func runText(n *xmltree.Node) string {
	if n == nil {
		return ""
	}
	if n.Name == "w:t" {
		return n.Content()
	}
	s := ""
	for _, k := range n.Kids {
		if k.Name != "" {
			s += runText(k)
		}
	}
	return s
}
