package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
)

// builder writes small PDFs for tests: pages of 595 x 842 points with Helvetica in a regular and a bold cut.
type builder struct {
	pages   []string // content streams
	widgets []string // annotations of the first page, as dictionaries
	extra   string   // entries of the catalogue
	pack    bool     // FlateDecode
	rotate  int
}

// page adds a page and gives its canvas.
func (b *builder) page() *canvas { return &canvas{b: b} }

type canvas struct {
	b   *builder
	buf strings.Builder
}

// text writes a line with its baseline at x, y from the top left corner.
func (c *canvas) text(x, y float64, s string) *canvas { return c.write("F1", 10, x, y, s) }
func (c *canvas) bold(x, y float64, s string) *canvas { return c.write("F2", 10, x, y, s) }

func (c *canvas) write(font string, size, x, y float64, s string) *canvas {
	s = strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(s)
	fmt.Fprintf(&c.buf, "BT /%s %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n", font, size, x, 842-y, s)
	return c
}

// line draws a border.
func (c *canvas) line(x0, y0, x1, y1 float64) *canvas {
	fmt.Fprintf(&c.buf, "%g %g m %g %g l S\n", x0, 842-y0, x1, 842-y1)
	return c
}

// picture paints a grey image over most of the page.
func (c *canvas) picture() *canvas {
	c.buf.WriteString("q 500 0 0 700 40 60 cm /Im1 Do Q\n")
	return c
}

func (c *canvas) raw(s string) *canvas {
	c.buf.WriteString(s)
	return c
}

func (c *canvas) done() { c.b.pages = append(c.b.pages, c.buf.String()) }

func (b *builder) bytes() []byte {
	var out bytes.Buffer
	var at []int
	obj := func(format string, args ...any) {
		at = append(at, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n", len(at))
		fmt.Fprintf(&out, format, args...)
		out.WriteString("\nendobj\n")
	}
	out.WriteString("%PDF-1.4\n")
	n := len(b.pages)
	first := 6 // first page object
	var kids, annots strings.Builder
	for i := range n {
		fmt.Fprintf(&kids, "%d 0 R ", first+2*i)
	}
	for i := range b.widgets {
		fmt.Fprintf(&annots, "%d 0 R ", first+2*n+i)
	}
	form := ""
	if len(b.widgets) > 0 {
		form = fmt.Sprintf("/AcroForm << /Fields [%s] /DR << /Font << /F1 3 0 R >> >> /DA (/F1 10 Tf 0 g) >>", annots.String())
	}
	obj("<< /Type /Catalog /Pages 2 0 R %s %s >>", form, b.extra)
	obj("<< /Type /Pages /Count %d /Kids [%s] >>", n, kids.String())
	obj("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	obj("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>")
	obj("<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 1 >>\nstream\n\x80\nendstream")
	for i, p := range b.pages {
		an := ""
		if i == 0 && len(b.widgets) > 0 {
			an = "/Annots [" + annots.String() + "]"
		}
		obj("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate %d /Contents %d 0 R %s /Resources << /Font << /F1 3 0 R /F2 4 0 R >> /XObject << /Im1 5 0 R >> >> >>",
			b.rotate, first+2*i+1, an)
		filter := ""
		if b.pack {
			var z bytes.Buffer
			w := zlib.NewWriter(&z)
			_, _ = w.Write([]byte(p))
			_ = w.Close()
			p, filter = z.String(), "/Filter /FlateDecode"
		}
		obj("<< /Length %d %s >>\nstream\n%s\nendstream", len(p), filter, p)
	}
	for _, w := range b.widgets {
		obj("<< /Type /Annot /Subtype /Widget %s >>", w)
	}
	xref := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, a := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return out.Bytes()
}
