package ingest

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"path"
	"regexp"
	"strings"
	"unicode/utf16"
)

// Sniff tells the format of b by its content. The extension of name only decides between formats that are all plain text
// (Markdown, reStructuredText, CSV, text), and whether text with a few tags is HTML: a PDF named .php is a PDF.
// It never fails: what it does not know is FormatUnknown.
func Sniff(b []byte, name string) Format {
	ext := strings.TrimPrefix(strings.ToLower(path.Ext(strings.ReplaceAll(name, `\`, "/"))), ".")
	if f := sniffMagic(b); f != "" {
		return f
	}
	if isPDF(b) {
		return FormatPDF
	}
	head, ok := textHead(b)
	if !ok {
		return FormatUnknown
	}
	if strings.TrimSpace(head) == "" && len(bytes.TrimSpace(b)) == len(strings.TrimSpace(head)) {
		return FormatEmpty
	}
	return sniffText(head, ext)
}

// magics are signatures at the first byte.
var magics = []struct {
	prefix string
	format Format
}{
	{"\x89PNG\r\n", FormatImage}, {"\xff\xd8\xff", FormatImage}, {"GIF8", FormatImage}, {"II*\x00", FormatImage}, {"MM\x00*", FormatImage},
	{"\x00\x00\x00\x0cjP  ", FormatImage}, {"8BPS", FormatImage}, {"\xd7\xcd\xc6\x9a", FormatImage},
	{"ID3", FormatAudio}, {"fLaC", FormatAudio}, {"OggS", FormatAudio}, {"#!AMR", FormatAudio}, {"MThd", FormatAudio}, {"\xff\xfb", FormatAudio},
	{"\x1a\x45\xdf\xa3", FormatVideo}, {"\x00\x00\x01\xba", FormatVideo}, {"FLV\x01", FormatVideo},
	{"\x1f\x8b\x08", FormatArchive}, {"7z\xbc\xaf\x27\x1c", FormatArchive}, {"Rar!\x1a", FormatArchive}, {"BZh", FormatArchive}, {"\xfd7zXZ", FormatArchive},
	{"\x28\xb5\x2f\xfd", FormatArchive}, {"MSCF", FormatArchive},
	{"\x7fELF", FormatExecutable}, {"\xca\xfe\xba\xbe", FormatExecutable}, {"SQLite format 3\x00", FormatUnknown},
	{"{\\rtf", FormatRTF},
}

func sniffMagic(b []byte) Format {
	if len(b) == 0 {
		return FormatEmpty
	}
	s := bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if t := bytes.TrimLeft(s, " \t\r\n"); bytes.HasPrefix(t, []byte("{\\rtf")) {
		return FormatRTF
	}
	switch {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")), bytes.HasPrefix(b, []byte("PK\x05\x06")):
		return sniffZIP(b)
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return sniffOLE(b)
	case isSigned(b):
		return FormatP7M
	case len(b) > 2 && b[0] == 0x30 && bytes.Contains(b[:min(len(b), 24)], envelopedOID):
		return FormatLocked
	case len(b) > 12 && bytes.HasPrefix(b, []byte("RIFF")):
		switch string(b[8:12]) {
		case "WAVE":
			return FormatAudio
		case "AVI ":
			return FormatVideo
		case "WEBP":
			return FormatImage
		}
	case len(b) > 12 && string(b[4:8]) == "ftyp":
		switch brand := string(b[8:12]); {
		case brand == "heic" || brand == "heix" || brand == "mif1" || brand == "avif":
			return FormatImage
		case brand == "M4A " || brand == "M4B ":
			return FormatAudio
		}
		return FormatVideo
	case bytes.HasPrefix(b, []byte("MZ")) && bytes.Contains(b[:min(len(b), 1024)], []byte("PE\x00\x00")):
		return FormatExecutable
	case bytes.HasPrefix(b, []byte("BM")) && len(b) > 26 && int(binary.LittleEndian.Uint32(b[2:])) == len(b):
		return FormatImage
	}
	for _, m := range magics {
		if bytes.HasPrefix(b, []byte(m.prefix)) {
			return m.format
		}
	}
	return ""
}

// rePDFDebris is the start of a PDF whose header is lost: an object or a trailer.
var rePDFDebris = regexp.MustCompile(`^\s*(?:%PDF|\d+ \d+ obj\s*<<|trailer\s*<<)`)

// isPDF accepts the header anywhere in the first 1024 bytes, as readers do (ISO 32000-1, annex H.3.4.1), and a file that lost its
// header but has objects and a trailer, or begins with one: its own reader says best that it is damaged.
func isPDF(b []byte) bool {
	head := b[:min(len(b), 1024)]
	if bytes.Contains(head, []byte("%PDF-")) {
		return true
	}
	if t := bytes.TrimLeft(head, " \t\r\n\xef\xbb\xbf"); bytes.HasPrefix(t, []byte("<")) {
		return false
	}
	if rePDFDebris.Match(head) {
		return true
	}
	tail := b[max(0, len(b)-2048):]
	return bytes.Contains(b, []byte(" obj")) && bytes.Contains(b, []byte("endobj")) &&
		(bytes.Contains(tail, []byte("%%EOF")) || bytes.Contains(tail, []byte("startxref")))
}

// signedOID is the DER of object identifier 1.2.840.113549.1.7.2, SignedData (RFC 5652, section 5.1).
var signedOID = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}

// envelopedOID is 1.2.840.113549.1.7.3, EnvelopedData: encrypted for somebody. stampedOID is 1.2.840.113549.1.9.16.1.31, TimeStampedData (RFC 5544).
var (
	envelopedOID = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03}
	stampedOID   = []byte{0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x1f}
)

// isSigned recognizes a CMS SignedData as DER or BER, PEM, plain base64, or the body of an S/MIME message.
func isSigned(b []byte) bool {
	if len(b) > 2 && b[0] == 0x30 && (bytes.Contains(b[:min(len(b), 24)], signedOID) || bytes.Contains(b[:min(len(b), 28)], stampedOID)) {
		return true
	}
	t := bytes.TrimLeft(b[:min(len(b), 8192)], " \t\r\n\xef\xbb\xbf")
	for _, label := range []string{"PKCS7", "PKCS #7 SIGNED DATA", "CMS"} {
		if bytes.HasPrefix(t, []byte("-----BEGIN "+label+"-----")) {
			return true
		}
	}
	if bytes.HasPrefix(t, []byte("MIME-Version:")) || bytes.HasPrefix(t, []byte("Content-")) {
		head, _, _ := bytes.Cut(bytes.ReplaceAll(t, []byte("\r"), nil), []byte("\n\n"))
		return bytes.Contains(bytes.ToLower(head), []byte("pkcs7-mime"))
	}
	if !bytes.HasPrefix(t, []byte("MI")) {
		return false
	}
	var clean []byte
	for _, c := range t {
		if c == '\r' || c == '\n' {
			continue
		}
		if clean = append(clean, c); len(clean) == 32 {
			break
		}
	}
	der, err := base64.StdEncoding.DecodeString(string(clean))
	return err == nil && bytes.Contains(der, signedOID)
}

// textHead gives the first part of b as text, whatever its encoding, or false when b is binary.
func textHead(b []byte) (string, bool) {
	head := b[:min(len(b), 64<<10)]
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return utf16Text(head[2:], binary.LittleEndian), true
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return utf16Text(head[2:], binary.BigEndian), true
	}
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	var nulEven, nulOdd, control int
	for i, c := range head {
		switch {
		case c == 0 && i%2 == 0:
			nulEven++
		case c == 0:
			nulOdd++
		case c < 0x20 && !strings.ContainsRune("\t\n\v\f\r\x1b\x1a", rune(c)), c == 0x7f:
			control++
		}
	}
	half := len(head) / 2
	switch {
	case half > 3 && nulOdd*10 > half*7 && nulEven*10 < half:
		return utf16Text(head, binary.LittleEndian), true
	case half > 3 && nulEven*10 > half*7 && nulOdd*10 < half:
		return utf16Text(head, binary.BigEndian), true
	case nulEven+nulOdd > 0 && (nulEven+nulOdd)*1000 > len(head), control*100 > len(head):
		return "", false
	}
	return string(head), true
}

func utf16Text(b []byte, order binary.ByteOrder) string {
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(u))
}

var (
	reXMLRoot = regexp.MustCompile(`(?s)^\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>\s*)*<([\w.-]+:)?([\w.-]+)([^>]*)`)
	reHTML    = regexp.MustCompile(`(?is)^\s*(?:<\?xml.*?\?>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|script|style|div|table|p|h1|a|br|b|font|iframe)[\s/>]`)
	reHTMLTag = regexp.MustCompile(`(?i)<(?:/?(?:html|head|body|div|table|td|tr|ul|li|p|span|h[1-6])\b[^>]*|!doctype html[^>]*)>`)
	reMailTop = regexp.MustCompile(`(?i)^(?:(?:return-path|received|from|to|date|subject|message-id|mime-version|delivered-to|x-[\w-]+):[^\n]*\n(?:[ \t][^\n]*\n)*){3}`)
)

// sniffText tells apart the formats that are text.
func sniffText(head, ext string) Format {
	trimmed := strings.TrimSpace(head)
	webExt := ext == "html" || ext == "htm" || ext == "xhtml" || ext == "php" || ext == "asp" || ext == "aspx" || ext == "jsp"
	if strings.HasPrefix(trimmed, "<?xml") || strings.HasPrefix(trimmed, "<") {
		if f := sniffXML(trimmed); f != "" {
			return f
		}
		if reHTML.MatchString(trimmed) && (ext != "md" && ext != "markdown" || reHTML.MatchString(stripComments(trimmed)) && strings.Contains(strings.ToLower(trimmed), "<html")) {
			return FormatHTML
		}
	}
	if tags := len(reHTMLTag.FindAllStringIndex(head, 12)); tags >= 12 && ext != "md" && ext != "markdown" && ext != "rst" && ext != "txt" || webExt && tags > 0 {
		return FormatHTML
	}
	if strings.HasPrefix(trimmed, "<?xml") {
		return FormatXML
	}
	if strings.HasPrefix(trimmed, "%!PS") {
		return FormatPostScript
	}
	if reMailTop.MatchString(strings.ReplaceAll(head, "\r\n", "\n")) {
		return FormatMail
	}
	return sniffPlain(head, ext)
}

func stripComments(s string) string {
	for strings.HasPrefix(s, "<!--") {
		_, after, ok := strings.Cut(s, "-->")
		if !ok {
			return ""
		}
		s = strings.TrimSpace(after)
	}
	return s
}

// sniffXML looks at the root element.
func sniffXML(s string) Format {
	m := reXMLRoot.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	root, attrs := m[2], m[3]
	switch {
	case strings.EqualFold(root, "akomaNtoso"):
		return FormatAKN
	case strings.EqualFold(root, "html"):
		return FormatHTML
	case root == "wordDocument" || root == "package" && strings.Contains(attrs, "2006/xmlPackage"):
		return FormatDOC
	case root == "document" && strings.Contains(attrs, "opendocument"):
		return FormatDOC // flat OpenDocument: read through LibreOffice as well
	}
	return ""
}
