package documents

import (
	"regexp"

	"sportello/locales"
)

// readings puts what a parser says of a file, which is in English as on the command line, into a clerk's words. A test looks that there is
// a row for each sentence that a parser may say.
var readings = []struct {
	says *regexp.Regexp
	key  string
}{
	{regexp.MustCompile(`^only the first (\S+) of (\S+) pages were read$`), "reading_pages_first"},
	{regexp.MustCompile(`^page (\S+): could not be read$`), "reading_page_broken"},
	{regexp.MustCompile(`^pages (.+): not given to the OCR, the limit is (\S+) pages of a document$`), "reading_pages_limit"},
	{regexp.MustCompile(`^pages (.+): the OCR could not read them$`), "reading_pages_failed"},
	{regexp.MustCompile(`^pages ([^:]+): .+, and `), "reading_pages_no_ocr"},
	{regexp.MustCompile(`^the OCR stopped at page (\S+)[,:] `), "reading_ocr_stopped"},
	{regexp.MustCompile(`^read as (.+)$`), "reading_encoding"},
	{regexp.MustCompile(`^nesting deeper than .+ left out$`), "reading_nesting"},
	{regexp.MustCompile(`^sheets after the (\S+)th not read$`), "reading_sheets"},
	{regexp.MustCompile(`^sheet (.+) not read: `), "reading_sheet"},
	{regexp.MustCompile(`^texts of the cells not read: `), "reading_cells"},
	{regexp.MustCompile(`^formats of the figures not read: `), "reading_formats"},
	{regexp.MustCompile(`^a line is not well formed: `), "reading_line"},
	{regexp.MustCompile(`^an embedded document is not read$`), "reading_embedded"},
	{regexp.MustCompile(`^part .+ not read: `), "reading_part"},
}

// reading gives the words for a warning.
func reading(l *locales.Localizer, warning string) string {
	for _, r := range readings {
		if m := r.says.FindStringSubmatch(warning); m != nil {
			data := locales.Data{}
			for i, part := range m[1:] {
				data[string(rune('A'+i))] = part
			}
			return l.T(r.key, data)
		}
	}
	return l.T("reading_other")
}
