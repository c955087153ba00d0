package citizen

import (
	"bytes"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// originalTypes are the types that a browser may show in place; everything else is a download. HTML is never shown: it would
// run on our address.
var originalTypes = map[string]struct {
	mime   string
	inline bool
}{
	"pdf":      {"application/pdf", true},
	"docx":     {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", false},
	"odt":      {"application/vnd.oasis.opendocument.text", false},
	"xlsx":     {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false},
	"doc":      {"application/msword", false},
	"rtf":      {"application/rtf", false},
	"html":     {"text/html; charset=utf-8", false},
	"akn":      {"application/xml", false},
	"csv":      {"text/csv; charset=utf-8", false},
	"text":     {"text/plain; charset=utf-8", true},
	"markdown": {"text/plain; charset=utf-8", true},
	"rst":      {"text/plain; charset=utf-8", true},
}

// Original sends the file as it was ingested. A signed envelope (.p7m) keeps its own name and is a download.
func (p *Pages) Original(w http.ResponseWriter, r *http.Request, slug, id string) error {
	d, err := p.public(r, slug, id)
	if err != nil {
		return err
	}
	file, err := p.cfg.Library.Original(r.Context(), slug, id)
	if err != nil {
		return err
	}
	kind, ok := originalTypes[d.Format]
	if !ok || strings.EqualFold(path.Ext(file.Name), ".p7m") {
		kind.mime, kind.inline = "application/octet-stream", false
	}
	disposition := "attachment"
	if kind.inline {
		disposition = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", kind.mime)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": path.Base(file.Name)}))
	// What the comune uploaded runs nothing here, whatever it holds. No sandbox: the browser's PDF viewer would not open.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "private, max-age=300")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file.Bytes))
	return nil
}
