package citizen

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"sportello/assistant/fault"
)

// Logo gives the tenant's picture; the address holds its name, so that a browser may keep it.
func (p *Pages) Logo(w http.ResponseWriter, r *http.Request, slug string) error {
	t, err := p.cfg.Library.Tenant(r.Context(), slug)
	if err != nil {
		return err
	}
	picture, err := p.cfg.Library.Logo(r.Context(), slug)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("p") == t.Logo {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(picture))
	return nil
}

// Theme gives the style sheet with the tenant's colour; the address holds the colour, so that a browser may keep it.
func (p *Pages) Theme(w http.ResponseWriter, r *http.Request, slug string) error {
	t, err := p.cfg.Library.Tenant(r.Context(), slug)
	if err != nil {
		return err
	}
	if len(t.Colour) != 7 {
		return fault.New(fault.NotFound, "%s has no colour of its own", slug)
	}
	n, err := strconv.ParseUint(t.Colour[1:], 16, 32)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "the colour of %s", slug)
	}
	deep := n>>16*7/10<<16 | n>>8&0xff*7/10<<8 | n&0xff*7/10
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	if "#"+r.URL.Query().Get("c") == t.Colour {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	_, _ = fmt.Fprintf(w, ":root { --blue: #%06x; --deep: #%06x; }\n", n, deep) // a reader that left is no error of ours
	return nil
}
