package export

import (
	"fmt"
	"strings"

	"sportello/assistant/drafting"
)

// Names of the schemas that a WordprocessingML file is written in (ECMA-376, transitional).
const (
	wordNS     = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	drawingNS  = `xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"`
	relation   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	contentOf  = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	packageRel = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`
)

// WordFile writes a draft as DOCX.
func WordFile(d *drafting.Draft, look Look) ([]byte, error) {
	pic, err := look.picture()
	if err != nil {
		return nil, err
	}
	body, lists := wordBody(d)
	types := `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`
	if pic != nil {
		types += fmt.Sprintf(`<Default Extension="%s" ContentType="image/%s"/>`, pic.kind, pic.kind)
	}
	for _, x := range []string{"document.main", "styles", "numbering", "settings", "header", "footer"} {
		name := map[string]string{"document.main": "document", "header": "header1", "footer": "footer1"}[x]
		if name == "" {
			name = x
		}
		types += fmt.Sprintf(`<Override PartName="/word/%s.xml" ContentType="%s%s+xml"/>`, name, contentOf, x)
	}
	types += `<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>`
	headerRels := ""
	if pic != nil {
		headerRels = fmt.Sprintf(`<Relationship Id="rId1" Type="%simage" Target="media/stemma.%s"/>`, relation, pic.kind)
	}
	entries := []entry{
		{name: "[Content_Types].xml", data: xmlf(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">%s</Types>`, types)},
		{name: "_rels/.rels", data: xmlf(packageRel, fmt.Sprintf(`<Relationship Id="rId1" Type="%sofficeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>`, relation))},
		{name: "docProps/core.xml", data: xmlf(`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>%s</dc:title><dc:creator>%s</dc:creator><dc:language>%s</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">%s</dcterms:created></cp:coreProperties>`, escaped(subject(d)), escaped(look.Body), escaped(look.language()), stamp(d.MadeAt))},
		{name: "word/document.xml", data: xmlf(`<w:document %s><w:body>%s<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`, wordNS, body)},
		{name: "word/_rels/document.xml.rels", data: xmlf(packageRel, fmt.Sprintf(`<Relationship Id="rId1" Type="%[1]sstyles" Target="styles.xml"/><Relationship Id="rId2" Type="%[1]snumbering" Target="numbering.xml"/><Relationship Id="rId3" Type="%[1]sheader" Target="header1.xml"/><Relationship Id="rId4" Type="%[1]sfooter" Target="footer1.xml"/><Relationship Id="rId5" Type="%[1]ssettings" Target="settings.xml"/>`, relation))},
		{name: "word/styles.xml", data: xmlf(wordStyles, wordNS, escaped(look.language()))},
		{name: "word/numbering.xml", data: xmlf(`<w:numbering %s>%s</w:numbering>`, wordNS, wordNumbering(lists))},
		{name: "word/settings.xml", data: xmlf(`<w:settings %s><w:defaultTabStop w:val="709"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`, wordNS)},
		{name: "word/header1.xml", data: xmlf(`<w:hdr %s %s>%s</w:hdr>`, wordNS, drawingNS, wordHeader(pic, look))},
		{name: "word/_rels/header1.xml.rels", data: xmlf(packageRel, headerRels)},
		{name: "word/footer1.xml", data: xmlf(`<w:ftr %s><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>`, wordNS)},
	}
	if pic != nil {
		entries = append(entries, entry{name: "word/media/stemma." + pic.kind, data: pic.data})
	}
	return pack(entries, d.MadeAt)
}

// wordBody writes the paragraphs, and gives how many lists of numbers there are.
func wordBody(d *drafting.Draft) (string, int) {
	var b strings.Builder
	lists := 0
	for _, x := range blocks(d) {
		if x.table != nil {
			b.WriteString(wordTable(x.table))
			continue
		}
		style, more := wordStyleOf(x.paragraph.Layout), ""
		switch x.paragraph.Layout {
		case drafting.Numbered:
			more = fmt.Sprintf(`<w:numPr><w:ilvl w:val="0"/><w:numId w:val="%d"/></w:numPr>`, x.numbers+1)
			lists = max(lists, x.numbers)
		case drafting.Bullet:
			more = `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>`
		}
		if x.first && b.Len() > 0 {
			more += `<w:spacing w:before="240"/>`
		}
		b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/>` + more + `</w:pPr>` + wordRuns(x.paragraph.Pieces) + `</w:p>`)
	}
	return b.String(), lists
}

func wordStyleOf(l drafting.Layout) string {
	switch l {
	case drafting.Heading:
		return "Heading1"
	case drafting.Centre:
		return "Centrato"
	case drafting.Right:
		return "Firma"
	case drafting.Numbered, drafting.Bullet:
		return "Punto"
	}
	return "Normal"
}

// wordRuns writes pieces; what is open to be verified stands on yellow.
func wordRuns(pieces []drafting.Piece) string {
	var text strings.Builder
	for _, p := range pieces {
		text.WriteString(p.Text)
	}
	var b strings.Builder
	for _, run := range split(text.String()) {
		properties := ""
		if run.open {
			properties = `<w:rPr><w:highlight w:val="yellow"/></w:rPr>`
		}
		b.WriteString(`<w:r>` + properties + `<w:t xml:space="preserve">` + escaped(run.text) + `</w:t></w:r>`)
	}
	return b.String()
}

// run is a piece of a line; open ones are left to be verified.
type run struct {
	text string
	open bool
}

// split parts a line at what is left to be verified.
func split(s string) []run {
	var out []run
	for {
		i := strings.Index(s, "[VERIFICARE:")
		if i < 0 {
			break
		}
		end := strings.IndexByte(s[i:], ']')
		if end < 0 {
			break
		}
		if i > 0 {
			out = append(out, run{text: s[:i]})
		}
		out = append(out, run{s[i : i+end+1], true})
		s = s[i+end+1:]
	}
	if s != "" {
		out = append(out, run{text: s})
	}
	return out
}

func wordTable(rows [][]string) string {
	rows, columns := grid(rows)
	const width = 9638
	var b strings.Builder
	fmt.Fprintf(&b, `<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="%d" w:type="dxa"/><w:tblLook w:val="0420" w:firstRow="1"/></w:tblPr><w:tblGrid>`, width)
	for range columns {
		fmt.Fprintf(&b, `<w:gridCol w:w="%d"/>`, width/columns)
	}
	b.WriteString(`</w:tblGrid>`)
	for i, row := range rows {
		b.WriteString(`<w:tr>`)
		style := "Cella"
		if i == 0 {
			b.WriteString(`<w:trPr><w:tblHeader/></w:trPr>`)
			style = "Intestazionecella"
		}
		for _, cell := range row {
			fmt.Fprintf(&b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr>%s</w:p></w:tc>`, width/columns, style, wordRuns([]drafting.Piece{{Text: cell}}))
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl><w:p><w:pPr><w:pStyle w:val="Spazio"/></w:pPr></w:p>`)
	return b.String()
}

// wordNumbering gives the bullet and as many lists of numbers as the draft has, each from 1.
func wordNumbering(lists int) string {
	var b strings.Builder
	level := func(id int, format, text string) {
		fmt.Fprintf(&b, `<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="425" w:hanging="425"/></w:pPr></w:lvl></w:abstractNum>`, id, format, text)
	}
	level(0, "bullet", "-")
	for i := 1; i <= lists; i++ {
		level(i, "decimal", "%1)")
	}
	for i := 0; i <= lists; i++ {
		fmt.Fprintf(&b, `<w:num w:numId="%d"><w:abstractNumId w:val="%d"/></w:num>`, i+1, i)
	}
	return b.String()
}

func wordHeader(pic *picture, look Look) string {
	text := look.Body
	if look.Draft {
		text = strings.TrimSpace(text + "  BOZZA")
	}
	drawing := ""
	if pic != nil {
		drawing = fmt.Sprintf(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%[1]d" cy="%[2]d"/><wp:docPr id="1" name="Stemma" descr="Stemma dell'ente"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="Stemma"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[1]d" cy="%[2]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`, pic.width, pic.height)
		return `<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>` + drawing + `</w:p><w:p><w:pPr><w:pStyle w:val="Header"/><w:spacing w:after="160"/></w:pPr><w:r><w:t xml:space="preserve">` + escaped(text) + `</w:t></w:r></w:p>`
	}
	return `<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:t xml:space="preserve">` + escaped(text) + `</w:t></w:r></w:p>`
}

const wordStyles = `<w:styles %s><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Liberation Serif" w:hAnsi="Liberation Serif" w:cs="Liberation Serif"/><w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="%s"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
	`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:jc w:val="both"/></w:pPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:jc w:val="center"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:customStyle="1" w:styleId="Centrato"><w:name w:val="Centrato"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:jc w:val="center"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:customStyle="1" w:styleId="Firma"><w:name w:val="Firma atto"/><w:basedOn w:val="Normal"/><w:pPr><w:jc w:val="right"/></w:pPr></w:style>` +
	`<w:style w:type="paragraph" w:customStyle="1" w:styleId="Punto"><w:name w:val="Punto"/><w:basedOn w:val="Normal"/></w:style>` +
	`<w:style w:type="paragraph" w:customStyle="1" w:styleId="Cella"><w:name w:val="Cella"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="40" w:after="40"/><w:jc w:val="left"/></w:pPr></w:style>` +
	`<w:style w:type="paragraph" w:customStyle="1" w:styleId="Intestazionecella"><w:name w:val="Intestazione cella"/><w:basedOn w:val="Cella"/><w:rPr><w:b/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:customStyle="1" w:styleId="Spazio"><w:name w:val="Spazio"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Header"><w:name w:val="header"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="0"/><w:jc w:val="center"/></w:pPr><w:rPr><w:sz w:val="18"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Footer"><w:name w:val="footer"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="0"/><w:jc w:val="center"/></w:pPr><w:rPr><w:sz w:val="18"/></w:rPr></w:style>` +
	`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="108" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>` +
	`<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="808080"/><w:left w:val="single" w:sz="4" w:space="0" w:color="808080"/><w:bottom w:val="single" w:sz="4" w:space="0" w:color="808080"/><w:right w:val="single" w:sz="4" w:space="0" w:color="808080"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="808080"/><w:insideV w:val="single" w:sz="4" w:space="0" w:color="808080"/></w:tblBorders></w:tblPr></w:style></w:styles>`
