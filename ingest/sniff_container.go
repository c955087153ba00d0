package ingest

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"
)

// sniffZIP tells the format of a ZIP by its mimetype entry (OpenDocument, EPUB) or its content types (Office Open XML). A ZIP
// whose directory is damaged is judged by the names in its bytes, so that the message speaks of the right format.
func sniffZIP(b []byte) Format {
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return sniffZIPNames(b)
	}
	parts := map[string]Format{}
	for _, f := range r.File {
		switch name := strings.TrimPrefix(f.Name, "/"); {
		case name == "mimetype":
			if t := openDocument(zipEntry(f, 200)); t != "" {
				return t
			}
		case strings.EqualFold(name, "[Content_Types].xml"):
			if t := officeOpen(zipEntry(f, 1<<20)); t != "" {
				return t
			}
		case name == "content.xml":
			parts["content"] = FormatODT
		case strings.HasPrefix(name, "word/document"):
			parts["word"] = FormatDOCX
		case strings.HasPrefix(name, "xl/workbook"):
			parts["xl"] = FormatXLSX
		case strings.HasPrefix(name, "ppt/presentation"):
			parts["ppt"] = FormatPPTX
		}
	}
	for _, k := range []string{"word", "xl", "ppt", "content"} {
		if f, ok := parts[k]; ok {
			return f
		}
	}
	return FormatArchive
}

func zipEntry(f *zip.File, limit int64) string {
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer func() { _ = r.Close() }()
	b, _ := io.ReadAll(io.LimitReader(r, limit))
	return string(b)
}

func openDocument(mime string) Format {
	mime = strings.TrimSpace(mime)
	switch {
	case strings.HasPrefix(mime, "application/vnd.oasis.opendocument.text"):
		return FormatODT
	case strings.HasPrefix(mime, "application/vnd.oasis.opendocument.spreadsheet"):
		return FormatODS
	case strings.HasPrefix(mime, "application/vnd.oasis.opendocument.presentation"):
		return FormatODP
	case strings.HasPrefix(mime, "application/vnd.oasis.opendocument"), strings.HasPrefix(mime, "application/epub"):
		return FormatUnknown
	}
	return ""
}

func officeOpen(types string) Format {
	switch {
	case strings.Contains(types, "wordprocessingml.document.main"), strings.Contains(types, "wordprocessingml.template.main"),
		strings.Contains(types, "ms-word.document.macroEnabled.main"), strings.Contains(types, "ms-word.template.macroEnabledTemplate.main"):
		return FormatDOCX
	case strings.Contains(types, "spreadsheetml.sheet.main"), strings.Contains(types, "spreadsheetml.template.main"),
		strings.Contains(types, "ms-excel.sheet.macroEnabled.main"), strings.Contains(types, "ms-excel.template.macroEnabled.main"):
		return FormatXLSX
	case strings.Contains(types, "presentationml.presentation.main"), strings.Contains(types, "presentationml.slideshow.main"):
		return FormatPPTX
	}
	return ""
}

func sniffZIPNames(b []byte) Format {
	for _, n := range []struct {
		name   string
		format Format
	}{{"word/", FormatDOCX}, {"xl/", FormatXLSX}, {"ppt/", FormatPPTX}, {"opendocument.spreadsheet", FormatODS}, {"opendocument.presentation", FormatODP},
		{"opendocument.text", FormatODT}, {"content.xml", FormatODT}, {"[Content_Types].xml", FormatDOCX}} {
		if bytes.Contains(b, []byte(n.name)) {
			return n.format
		}
	}
	return FormatArchive
}

// sniffOLE tells the format of a Compound File (MS-CFB): by the class of its root entry, else by the streams it names.
func sniffOLE(b []byte) Format {
	has := func(name string) bool {
		u := utf16.Encode([]rune(name))
		raw := make([]byte, 2*len(u)+2)
		for i, c := range u {
			binary.LittleEndian.PutUint16(raw[2*i:], c)
		}
		return bytes.Contains(b, raw)
	}
	if has("EncryptedPackage") && has("EncryptionInfo") || wordEncrypted(b) {
		return FormatLocked
	}
	switch {
	case oleRootClass(b, 0x00020906), oleRootClass(b, 0x00020900), oleRootClass(b, 0x00020907):
		return FormatDOC
	case oleRootClass(b, 0x00020820), oleRootClass(b, 0x00020810):
		return FormatXLS
	case oleRootClass(b, 0x64818d10):
		return FormatPPT
	}
	switch {
	case has("WordDocument"):
		return FormatDOC
	case has("PowerPoint Document"):
		return FormatPPT
	case has("Workbook"), has("Book"):
		return FormatXLS
	case has("__properties_version1.0"):
		return FormatMail
	}
	return FormatUnknown
}

// wordEncrypted looks at the flag fEncrypted in the head of a Word 97-2003 text (MS-DOC, 2.5.2), which stands in the first sector as
// Word writes the file.
func wordEncrypted(b []byte) bool {
	return len(b) > 524 && b[512] == 0xec && b[513] == 0xa5 && b[523]&1 != 0
}

// oleRootClass says whether the class identifier of the root entry, the first of the directory, begins with data1.
func oleRootClass(b []byte, data1 uint32) bool {
	if len(b) < 512 {
		return false
	}
	shift := binary.LittleEndian.Uint16(b[30:])
	sector := binary.LittleEndian.Uint32(b[48:])
	if shift < 7 || shift > 16 || sector > 1<<24 {
		return false
	}
	at := (int64(sector) + 1) << shift
	if at+128 > int64(len(b)) {
		return false
	}
	return binary.LittleEndian.Uint32(b[at+80:]) == data1
}
