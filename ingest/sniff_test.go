package ingest_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"sportello/ingest"
)

// zipped builds a ZIP of parts given as name, content, name, content…
func zipped(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func utf16le(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// ole builds the head of a Compound File whose root entry has a class that begins with data1, and which names a stream.
func ole(data1 uint32, stream string) string {
	b := make([]byte, 512+512)
	copy(b, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	binary.LittleEndian.PutUint16(b[30:], 9)
	binary.LittleEndian.PutUint32(b[48:], 0)
	binary.LittleEndian.PutUint32(b[512+80:], data1)
	return string(b) + utf16le(stream+"\x00")
}

func TestSniff(t *testing.T) {
	types := func(main string) string {
		return `<Types><Override ContentType="application/vnd.` + main + `+xml"/></Types>`
	}
	der := "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x02\x01\x01\x31\x0b"
	tests := []struct {
		name, content string
		want          ingest.Format
	}{
		{"empty.pdf", "", ingest.FormatEmpty},
		{"blank.txt", " \n\n", ingest.FormatEmpty},
		{"scarica.php", "%PDF-1.4\n1 0 obj", ingest.FormatPDF},
		{"a.pdf", "\r\n<!-- noise -->\n%PDF-1.7\n", ingest.FormatPDF},
		{"headless.pdf", "1 0 obj\n<< >>\nendobj\nxref\nstartxref\n9\n%%EOF", ingest.FormatPDF},
		{"debris.pdf", "trailer<</Root 1 0 R>>", ingest.FormatPDF},
		{"debris", " 1 0 obj<<2147483647 0 R>>\nendobj\n", ingest.FormatPDF},
		{"non e.pdf", "not even a pdf file", ingest.FormatText},
		{"modulo.pdf", string(zipped(t, "[Content_Types].xml", types("openxmlformats-officedocument.wordprocessingml.document.main"))), ingest.FormatDOCX},
		{"macro.docm", string(zipped(t, "[Content_Types].xml", types("ms-word.document.macroEnabled.main"))), ingest.FormatDOCX},
		{"no types", string(zipped(t, "word/document.xml", "<a/>")), ingest.FormatDOCX},
		{"tariffe", string(zipped(t, "[Content_Types].xml", types("openxmlformats-officedocument.spreadsheetml.sheet.main"))), ingest.FormatXLSX},
		{"slides", string(zipped(t, "[Content_Types].xml", types("openxmlformats-officedocument.presentationml.presentation.main"))), ingest.FormatPPTX},
		{"testo.zip", string(zipped(t, "mimetype", "application/vnd.oasis.opendocument.text")), ingest.FormatODT},
		{"foglio.zip", string(zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet")), ingest.FormatODS},
		{"presentazione.zip", string(zipped(t, "mimetype", "application/vnd.oasis.opendocument.presentation")), ingest.FormatODP},
		{"disegno.odg", string(zipped(t, "mimetype", "application/vnd.oasis.opendocument.graphics")), ingest.FormatUnknown},
		{"moduli.zip", string(zipped(t, "a.pdf", "%PDF-1.4")), ingest.FormatArchive},
		{"cut.docx", string(zipped(t, "word/document.xml", "<a/>")[:60]), ingest.FormatDOCX},
		{"cut.zip", "PK\x03\x04xxxx", ingest.FormatArchive},
		{"vecchio.doc", ole(0x00020906, "WordDocument"), ingest.FormatDOC},
		{"vecchio", ole(0, "WordDocument"), ingest.FormatDOC},
		{"excel.doc", ole(0x00020820, "WordDocument"), ingest.FormatXLS},
		{"excel", ole(0, "Workbook"), ingest.FormatXLS},
		{"ppt", ole(0x64818d10, ""), ingest.FormatPPT},
		{"ppt2", ole(0, "PowerPoint Document"), ingest.FormatPPT},
		{"chiuso.docx", ole(0, "EncryptedPackage\x00EncryptionInfo"), ingest.FormatLocked},
		{"posta.msg", ole(0, "__properties_version1.0"), ingest.FormatMail},
		{"altro.ole", ole(0, "Contents"), ingest.FormatUnknown},
		{"chiuso.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 504) + "\xec\xa5\xc1\x00" + strings.Repeat("\x00", 7) + "\x01" + utf16le("WordDocument\x00"), ingest.FormatLocked},
		{"short ole", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ingest.FormatUnknown},
		{"modulo.doc", "{\\rtf1\\ansi ciao}", ingest.FormatRTF},
		{"modulo.rtf", "\xef\xbb\xbf {\\rtf1 ciao}", ingest.FormatRTF},
		{"page", "<!DOCTYPE html><title>x</title>", ingest.FormatHTML},
		{"page.aspx", "\n<!-- saved --> <html lang=it><body>ciao", ingest.FormatHTML},
		{"page.xml", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>`, ingest.FormatHTML},
		{"fragment.php", "Benvenuti <p>ciao</p>", ingest.FormatHTML},
		{"fragment", strings.Repeat("<li>voce</li>", 12), ingest.FormatHTML},
		{"utf16.htm", "\xff\xfe" + utf16le("<html><body>ciao</body></html>"), ingest.FormatHTML},
		{"legge.html", `<?xml version="1.0"?><!-- x --><akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"/>`, ingest.FormatAKN},
		{"legge.txt", `<an:akomaNtoso xmlns:an="urn:x"/>`, ingest.FormatAKN},
		{"word2003.xml", `<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="x"/>`, ingest.FormatDOC},
		{"flat.fodt", `<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>`, ingest.FormatDOC},
		{"fattura.xml", `<?xml version="1.0"?><p:FatturaElettronica xmlns:p="x"/>`, ingest.FormatXML},
		{"x.pdf.p7m", der, ingest.FormatP7M},
		{"pem", "-----BEGIN PKCS7-----\nMIA", ingest.FormatP7M},
		{"b64", base64.StdEncoding.EncodeToString([]byte(der + strings.Repeat("x", 60))), ingest.FormatP7M},
		{"smime", "MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\nMIA", ingest.FormatP7M},
		{"cifrato.p7m", strings.Replace(der, "\x07\x02", "\x07\x03", 1), ingest.FormatLocked},
		{"MI chiamo.txt", "MI chiamo Anna e abito in via Roma, numero sette.", ingest.FormatText},
		{"foto.pdf", "\x89PNG\r\n\x1a\n", ingest.FormatImage},
		{"foto", "\xff\xd8\xff\xe0", ingest.FormatImage},
		{"foto.webp", "RIFF\x00\x00\x00\x00WEBPVP8 ", ingest.FormatImage},
		{"voce.wav", "RIFF\x00\x00\x00\x00WAVEfmt ", ingest.FormatAudio},
		{"film.avi", "RIFF\x00\x00\x00\x00AVI LIST", ingest.FormatVideo},
		{"film.mp4", "\x00\x00\x00\x20ftypisom\x00", ingest.FormatVideo},
		{"voce.m4a", "\x00\x00\x00\x20ftypM4A \x00", ingest.FormatAudio},
		{"foto.heic", "\x00\x00\x00\x20ftypheic\x00", ingest.FormatImage},
		{"x.gz", "\x1f\x8b\x08\x00", ingest.FormatArchive},
		{"x.exe", "MZ" + strings.Repeat("\x00", 100) + "PE\x00\x00", ingest.FormatExecutable},
		{"x.bmp", "BM\x20\x00\x00\x00" + strings.Repeat("\x00", 26), ingest.FormatImage},
		{"x.ps", "%!PS-Adobe-3.0\n", ingest.FormatPostScript},
		{"x.eml", "From: a@example.org\nTo: b@example.org\nSubject: ciao\n\ntesto", ingest.FormatMail},
		{"x.bin", "\x00\x01\x02\x03\x04\x05", ingest.FormatUnknown},
		{"a.md", "testo", ingest.FormatMarkdown},
		{"a.md", "<!-- nota -->\n# Titolo\n", ingest.FormatMarkdown},
		{"a.rst", "testo", ingest.FormatRST},
		{"a.csv", "a;b", ingest.FormatCSV},
		{"a.txt", "# non un titolo\n# ma un elenco\n# numerato", ingest.FormatText},
		{"README", "# Titolo\n\n## Sotto\n\ntesto **forte**", ingest.FormatMarkdown},
		{"tabella", "| a | b |\n|---|---|\n| 1 | 2 |", ingest.FormatMarkdown},
		{"capo1", "=========\nCapo 1\n=========\n\nArt. 1\n~~~~~~\n\n.. note:: x\n", ingest.FormatRST},
		{"elenco", "nome;orario;telefono\nAnagrafe;9-12;02 1\nTributi;9-13;02 2\n", ingest.FormatCSV},
		{"virgole", "uno, due\ntre\nquattro, cinque, sei\n", ingest.FormatText},
		{"latin1.dat", "Citt\xe0 di X\ncaff\xe8", ingest.FormatText},
		{"utf16", utf16le("Testo senza segno di ordine"), ingest.FormatText},
		{"utf16be.txt", "\xfe\xff\x00a\x00b", ingest.FormatText},
	}
	for _, tt := range tests {
		if got := ingest.Sniff([]byte(tt.content), tt.name); got != tt.want {
			t.Errorf("Sniff(%.40q, %q) = %s, want %s", tt.content, tt.name, got, tt.want)
		}
	}
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte("%PDF-1.4"), "a.pdf")
	f.Add([]byte("PK\x03\x04"), "a.docx")
	f.Add([]byte(ole(0x00020906, "WordDocument")), "a.doc")
	f.Add([]byte("a;b\nc;d\ne;f"), "a")
	f.Add([]byte("<?xml version='1.0'?><a/>"), "a.xml")
	f.Fuzz(func(t *testing.T, b []byte, name string) {
		if ingest.Sniff(b, name) == "" {
			t.Error("no format")
		}
	})
}
