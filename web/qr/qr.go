// Package qr draws an address as a QR code, for paper and for pages without a request more. It stores nothing and calls nobody.
package qr

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"sportello/assistant/fault"
)

// quiet is the white border that readers need, in modules (ISO/IEC 18004, 9.1).
const quiet = 4

// SVG gives the picture of a text of at most 2,000 bytes as a drawing that scales.
func SVG(text string) (string, error) {
	if text == "" || len(text) > 2000 {
		return "", fault.New(fault.Invalid, "a QR code takes from 1 to 2000 bytes, not %d", len(text))
	}
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "a QR code of %d bytes", len(text))
	}
	n := code.Bounds().Dx()
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, n+2*quiet, n+2*quiet, n+2*quiet, n+2*quiet)
	for y := range n {
		for x := 0; x < n; x++ {
			from := x
			for x < n && dark(code, x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.String(), nil
}

func dark(code barcode.Barcode, x, y int) bool {
	r, _, _, _ := code.At(x, y).RGBA()
	return r == 0
}

// DataURI gives the same as the address of a picture within the page.
func DataURI(text string) (string, error) {
	svg, err := SVG(text)
	if err != nil {
		return "", err
	}
	return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(svg)), nil
}
