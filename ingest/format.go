package ingest

// Format names what the bytes of a file are. Its string is what Parsed.Format and Document.Format carry.
type Format string

// Formats that a parser can be given for.
const (
	FormatPDF      Format = "pdf"
	FormatDOCX     Format = "docx"
	FormatODT      Format = "odt"
	FormatHTML     Format = "html"
	FormatAKN      Format = "akn" // Akoma Ntoso XML
	FormatMarkdown Format = "markdown"
	FormatRST      Format = "rst" // reStructuredText
	FormatText     Format = "text"
	FormatCSV      Format = "csv"
	FormatXLSX     Format = "xlsx"
	FormatODS      Format = "ods"
	FormatDOC      Format = "doc" // Word 97-2003, and the single-file XML of Word 2003
	FormatXLS      Format = "xls"
	FormatPPT      Format = "ppt"
	FormatPPTX     Format = "pptx"
	FormatODP      Format = "odp"
	FormatRTF      Format = "rtf"
	FormatP7M      Format = "p7m" // CMS SignedData: a file with its signature around it
)

// Formats that are recognized so that the message to the person can say what the file is.
const (
	FormatEmpty      Format = "empty"
	FormatLocked     Format = "locked" // an Office file behind a password
	FormatImage      Format = "image"
	FormatAudio      Format = "audio"
	FormatVideo      Format = "video"
	FormatArchive    Format = "archive" // a ZIP, RAR, 7z… of files
	FormatMail       Format = "mail"
	FormatXML        Format = "xml" // XML that is not Akoma Ntoso
	FormatPostScript Format = "postscript"
	FormatExecutable Format = "executable"
	FormatUnknown    Format = "unknown"
)

// advice says what a clerk can do with a file that no parser reads.
var advice = map[Format]string{
	FormatImage:      "it is a picture: scan it to PDF, so that its text can be recognized",
	FormatAudio:      "it is a sound recording, not a document",
	FormatVideo:      "it is a video, not a document",
	FormatArchive:    "it is an archive of files: extract it and give the files",
	FormatMail:       "it is an e-mail message: save its attachments and give those",
	FormatXML:        "it is XML but not Akoma Ntoso: save it as PDF or DOCX",
	FormatPostScript: "it is PostScript: save it as PDF",
	FormatExecutable: "it is a program, not a document",
	FormatUnknown:    "its content is of no known format: save it as PDF, DOCX or ODT",
	FormatDOC:        "it is a Word 97-2003 document: save it as DOCX or PDF",
	FormatRTF:        "it is RTF: save it as DOCX or PDF",
	FormatXLS:        "it is an Excel 97-2003 sheet: save it as XLSX",
	FormatPPT:        "it is a PowerPoint presentation: save it as PDF",
	FormatPPTX:       "it is a PowerPoint presentation: save it as PDF",
	FormatODP:        "it is a presentation: save it as PDF",
}
