package html

import (
	"net/url"
	"path"
	"regexp"
	"strings"
)

var (
	// reAside is what stands beside a link to a file without being part of its name: size, date, kind of file.
	reAside = regexp.MustCompile(`(?i)[(\[]?\s*(?:\b(?:pdf|docx?|odt|xlsx?|rtf|zip|p7m)\b\s*[-,–]?\s*)?\b\d+(?:[.,]\d+)?\s*(?:k|m|g)?(?:b|byte|bytes)\b\s*[)\]]?|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b|[(\[]\s*(?:formato\s+|file\s+)?(?:pdf|docx?|odt|xlsx?|rtf|zip|p7m)\s*[)\]]`)
	// reGeneric is the text of a link that does not say what it is.
	reGeneric = regexp.MustCompile(`(?i)^\W*(?:(?:scarica(?:re)?|download|apri|leggi|vedi|visualizza|consulta|clicca|link|allegato|allegati|documento|file|modulo|qui|il|lo|la|pdf|docx?|odt|xlsx?|rtf|zip|formato|in)\W*)+$`)
	reBeside  = regexp.MustCompile(`(?i)\b(?:scarica|download|apri|file|formato|dimensione|dimensioni|peso|aggiornato|il|del|data|pubblicato)\b`)
	reForm    = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:mod(?:ul[oi]|ell[oi]|ulistica|\d*)?|domand[ae]|richiest[ae]|istanz[ae]|dichiarazion[ei]|autocertificazion[ei]|autodichiarazion[ei]|deleg[ae]|comunicazion[ei]|denunci[ae]|segnalazion[ei]|fac[ -]?simile|scheda di iscrizione|iscrizion[ei]|ricors[oi]|esposto)(?:[^\pL]|$)`)
	reIsForm  = regexp.MustCompile(`(?i)^(?:mod(?:ul[oi]|ell[oi]|ulistica)?)(?:[^\pL]|$)`)
	reNotForm = regexp.MustCompile(`(?i)^(?:avvis[oi]|regolament[oi]|deliber\w*|determin\w*|tariff\w*|tabell\w*|band[oi]|ordinanz[ae]|istruzion[ei]|guid[ae]|informativ[ae]|informazioni|elenc\w*|graduatori[ae]|verbal[ei]|d[lg][cg]|det|[cg]c)(?:[^\pL]|$)`)
	reIsDoc   = regexp.MustCompile(`(?i)^(?:documento|documenti)(?:[^\pL]|$)`)
)

// fileTypes are the extensions of addresses that are documents, with the word shown for them.
var fileTypes = map[string]string{
	"pdf": "PDF", "doc": "DOC", "docx": "DOCX", "odt": "ODT", "rtf": "RTF", "xls": "XLS", "xlsx": "XLSX", "ods": "ODS", "csv": "CSV", "ppt": "PPT", "pptx": "PPTX",
	"zip": "ZIP", "txt": "TXT", "p7m": "P7M", "dot": "DOC", "dotx": "DOCX", "xml": "XML", "epub": "EPUB", "7z": "7Z", "rar": "RAR", "dwg": "DWG",
}

// fileType gives the kind of document an address points to, "" when it points to a page.
func fileType(href string) string {
	if u, err := url.Parse(href); err == nil {
		if u.Scheme == "mailto" || u.Scheme == "tel" || u.Path == "" {
			return ""
		}
		href = u.Path
	}
	name := strings.ToLower(path.Base(href))
	ext := strings.TrimPrefix(path.Ext(name), ".")
	if ext == "p7m" {
		if inner := fileTypes[strings.TrimPrefix(path.Ext(strings.TrimSuffix(name, ".p7m")), ".")]; inner != "" {
			return inner
		}
	}
	return fileTypes[ext]
}

// fileText is the passage for a link to a file: what it is, its name as printed, the kind of file.
func fileText(name, kind string) string {
	lead := "Documento: "
	words := strings.ReplaceAll(name, "_", " ")
	switch {
	case reIsForm.MatchString(words), reIsDoc.MatchString(words):
		lead = ""
	case reForm.MatchString(words) && !reNotForm.MatchString(words):
		lead = "Modulo: "
	}
	if fileTypes[strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))] != "" || strings.HasSuffix(name, "("+kind+")") {
		return lead + name
	}
	return lead + name + " (" + kind + ")"
}

// onlyLink says whether what stands beside a link adds nothing to it: punctuation, a size, a date, "download".
func onlyLink(plain string) bool {
	plain = reAside.ReplaceAllString(plain, " ")
	plain = reBeside.ReplaceAllString(plain, " ")
	return strings.Trim(plain, " \t-–—•·*|.,;:()[]>»\u00a0") == ""
}
