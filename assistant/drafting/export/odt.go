package export

import (
	"fmt"
	"strings"

	"sportello/assistant/drafting"
)

// Names of the schemas of an OpenDocument file (OASIS OpenDocument 1.3).
const odfNS = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.3"`

const odtMime = "application/vnd.oasis.opendocument.text"

// OpenFile writes a draft as ODT.
func OpenFile(d *drafting.Draft, look Look) ([]byte, error) {
	pic, err := look.picture()
	if err != nil {
		return nil, err
	}
	manifest := `<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="` + odtMime + `"/>`
	for _, name := range []string{"content.xml", "styles.xml", "meta.xml"} {
		manifest += `<manifest:file-entry manifest:full-path="` + name + `" manifest:media-type="text/xml"/>`
	}
	if pic != nil {
		manifest += fmt.Sprintf(`<manifest:file-entry manifest:full-path="Pictures/stemma.%s" manifest:media-type="image/%s"/>`, pic.kind, pic.kind)
	}
	entries := []entry{
		{name: "mimetype", data: []byte(odtMime), stored: true},
		{name: "META-INF/manifest.xml", data: xmlf(`<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">%s</manifest:manifest>`, manifest)},
		{name: "meta.xml", data: xmlf(`<office:document-meta %s><office:meta><dc:title>%s</dc:title><dc:language>%s</dc:language><meta:initial-creator>%s</meta:initial-creator><meta:creation-date>%s</meta:creation-date></office:meta></office:document-meta>`, odfNS, escaped(subject(d)), escaped(look.language()), escaped(look.Body), stamp(d.MadeAt))},
		{name: "styles.xml", data: xmlf(openStyles, odfNS, strings.Split(look.language(), "-")[0], openHeader(pic, look))},
		{name: "content.xml", data: xmlf(`<office:document-content %s><office:automatic-styles>%s</office:automatic-styles><office:body><office:text>%s</office:text></office:body></office:document-content>`, odfNS, openAutomatic, openBody(d))},
	}
	if pic != nil {
		entries = append(entries, entry{name: "Pictures/stemma." + pic.kind, data: pic.data})
	}
	return pack(entries, d.MadeAt)
}

func openBody(d *drafting.Draft) string {
	var b strings.Builder
	list := "" // the list that is open
	closeList := func() {
		if list != "" {
			b.WriteString(`</text:list>`)
			list = ""
		}
	}
	seen := map[string]bool{}
	for i, x := range blocks(d) {
		want := ""
		switch x.paragraph.Layout {
		case drafting.Numbered:
			want = fmt.Sprintf("Elenco%d", x.numbers)
		case drafting.Bullet:
			want = "Punti"
		}
		if want != list || x.table != nil {
			closeList()
		}
		switch {
		case x.table != nil:
			b.WriteString(openTable(x.table, i))
		case want != "":
			if list == "" {
				going := ""
				if want != "Punti" && seen[want] { // numbers go on after a paragraph between them
					going = ` text:continue-list="` + want + `"`
				}
				id := ""
				if want != "Punti" && !seen[want] {
					id = ` xml:id="` + want + `"`
				}
				style := "Numeri"
				if want == "Punti" {
					style = "Punti"
				}
				b.WriteString(`<text:list` + id + ` text:style-name="` + style + `"` + going + `>`)
				list, seen[want] = want, true
			}
			b.WriteString(`<text:list-item><text:p text:style-name="Punto">` + openRuns(x.paragraph.Text()) + `</text:p></text:list-item>`)
		case x.paragraph.Layout == drafting.Heading:
			b.WriteString(`<text:h text:style-name="Heading_20_1" text:outline-level="1">` + openRuns(x.paragraph.Text()) + `</text:h>`)
		default:
			style := map[drafting.Layout]string{drafting.Centre: "Centrato", drafting.Right: "Firma"}[x.paragraph.Layout]
			if style == "" {
				style = "Standard"
			}
			if x.first && i > 0 && style == "Standard" {
				style = "Prima"
			}
			b.WriteString(`<text:p text:style-name="` + style + `">` + openRuns(x.paragraph.Text()) + `</text:p>`)
		}
	}
	closeList()
	return b.String()
}

func openRuns(text string) string {
	var b strings.Builder
	for _, r := range split(text) {
		s := strings.ReplaceAll(escaped(r.text), "  ", ` <text:s/>`)
		if r.open {
			s = `<text:span text:style-name="Aperto">` + s + `</text:span>`
		}
		b.WriteString(s)
	}
	return b.String()
}

func openTable(rows [][]string, n int) string {
	rows, columns := grid(rows)
	var b strings.Builder
	fmt.Fprintf(&b, `<table:table table:name="Tabella%d" table:style-name="Tabella"><table:table-column table:number-columns-repeated="%d"/>`, n, columns)
	for i, row := range rows {
		style := "Cella"
		if i == 0 {
			b.WriteString(`<table:table-header-rows>`)
			style = "IntestazioneCella"
		}
		b.WriteString(`<table:table-row>`)
		for _, cell := range row {
			b.WriteString(`<table:table-cell table:style-name="Riquadro" office:value-type="string"><text:p text:style-name="` + style + `">` + openRuns(cell) + `</text:p></table:table-cell>`)
		}
		b.WriteString(`</table:table-row>`)
		if i == 0 {
			b.WriteString(`</table:table-header-rows>`)
		}
	}
	b.WriteString(`</table:table>`)
	return b.String()
}

func openHeader(pic *picture, look Look) string {
	text := look.Body
	if look.Draft {
		text = strings.TrimSpace(text + "  BOZZA")
	}
	out := ""
	if pic != nil {
		out = fmt.Sprintf(`<text:p text:style-name="Header"><draw:frame draw:name="Stemma" text:anchor-type="as-char" svg:width="%.2fcm" svg:height="%.2fcm"><draw:image xlink:href="Pictures/stemma.%s" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/><svg:title>Stemma dell'ente</svg:title></draw:frame></text:p>`, float64(pic.width)/360000, float64(pic.height)/360000, pic.kind)
	}
	return out + `<text:p text:style-name="Header">` + openRuns(text) + `</text:p>`
}

const openAutomatic = `<style:style style:name="Tabella" style:family="table"><style:table-properties style:width="17cm" table:align="margins" table:border-model="collapsing" fo:margin-bottom="0.2cm"/></style:style>` +
	`<style:style style:name="Riquadro" style:family="table-cell"><style:table-cell-properties fo:padding="0.1cm" fo:border="0.5pt solid #808080"/></style:style>` +
	`<style:style style:name="Aperto" style:family="text"><style:text-properties fo:background-color="#ffff00"/></style:style>`

const openStyles = `<office:document-styles %s><office:font-face-decls><style:font-face style:name="Liberation Serif" svg:font-family="'Liberation Serif'"/></office:font-face-decls><office:styles>` +
	`<style:default-style style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.2cm" fo:line-height="110%%"/><style:text-properties style:font-name="Liberation Serif" fo:font-size="11pt" fo:language="%s" fo:country="IT"/></style:default-style>` +
	`<style:style style:name="Standard" style:family="paragraph" style:class="text"><style:paragraph-properties fo:text-align="justify"/></style:style>` +
	`<style:style style:name="Prima" style:display-name="Prima di una parte" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:margin-top="0.4cm"/></style:style>` +
	`<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:parent-style-name="Standard" style:default-outline-level="1"><style:paragraph-properties fo:text-align="center" fo:keep-with-next="always" fo:margin-top="0.3cm"/><style:text-properties fo:font-weight="bold"/></style:style>` +
	`<style:style style:name="Centrato" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:text-align="center" fo:keep-with-next="always"/><style:text-properties fo:font-weight="bold"/></style:style>` +
	`<style:style style:name="Firma" style:display-name="Firma atto" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:text-align="end"/></style:style>` +
	`<style:style style:name="Punto" style:family="paragraph" style:parent-style-name="Standard"/>` +
	`<style:style style:name="Cella" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:text-align="start" fo:margin-bottom="0cm"/></style:style>` +
	`<style:style style:name="IntestazioneCella" style:display-name="Intestazione cella" style:family="paragraph" style:parent-style-name="Cella"><style:text-properties fo:font-weight="bold"/></style:style>` +
	`<style:style style:name="Header" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:text-align="center" fo:margin-bottom="0cm"/><style:text-properties fo:font-size="9pt"/></style:style>` +
	`<style:style style:name="Footer" style:family="paragraph" style:parent-style-name="Header"/>` +
	`<text:list-style style:name="Numeri"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix=")"><style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.75cm" fo:margin-left="0.75cm"/></style:list-level-properties></text:list-level-style-number></text:list-style>` +
	`<text:list-style style:name="Punti"><text:list-level-style-bullet text:level="1" text:bullet-char="-"><style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.75cm" fo:margin-left="0.75cm"/></style:list-level-properties></text:list-level-style-bullet></text:list-style>` +
	`</office:styles><office:automatic-styles><style:page-layout style:name="Pagina"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin-top="1.2cm" fo:margin-bottom="1.2cm" fo:margin-left="2cm" fo:margin-right="2cm"/><style:header-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-bottom="0.4cm"/></style:header-style><style:footer-style><style:header-footer-properties fo:min-height="0.6cm" fo:margin-top="0.3cm"/></style:footer-style></style:page-layout></office:automatic-styles>` +
	`<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="Pagina"><style:header>%s</style:header><style:footer><text:p text:style-name="Footer"><text:page-number text:select-page="current">1</text:page-number></text:p></style:footer></style:master-page></office:master-styles></office:document-styles>`
