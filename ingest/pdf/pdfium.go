package pdf

import (
	"context"
	"errors"
	"strings"
	"unicode/utf16"

	"sportello/ingest"
)

// document is an open document in PDFium.
type document struct {
	m     *module
	data  uint32
	h     uint64
	pages int
	form  *form // nil without fillable fields
}

var (
	errPassword = errors.New("a password is needed")
	errFormat   = errors.New("not a readable PDF")
)

// openDocument loads a document. Errors: errPassword, errFormat.
func openDocument(m *module, b []byte) (*document, error) {
	p := m.alloc(len(b) + 1)
	if !m.mem.Write(p, b) {
		return nil, errMemory
	}
	h := m.call("FPDF_LoadMemDocument", uint64(p), uint64(len(b)), 0)
	if h == 0 {
		code := m.call("FPDF_GetLastError")
		m.free(p)
		if code == 4 || code == 5 { // FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
			return nil, errPassword
		}
		return nil, errFormat
	}
	return &document{m: m, data: p, h: h, pages: int(int32(m.call("FPDF_GetPageCount", h)))}, nil
}

func (d *document) close() {
	if d.form != nil {
		d.form.close()
	}
	d.m.call("FPDF_CloseDocument", d.h)
	d.m.free(d.data)
	d.m.release()
}

// meta gives an entry of the document's information, "Title" for example.
func (d *document) meta(tag string) string {
	name := d.m.scratch()
	d.m.mem.Write(name, append([]byte(tag), 0))
	n := d.m.call("FPDF_GetMetaText", d.h, uint64(name), 0, 0)
	if n <= 2 || n > 1<<16 {
		return ""
	}
	p := d.m.alloc(int(n))
	defer d.m.free(p)
	d.m.call("FPDF_GetMetaText", d.h, uint64(name), uint64(p), n)
	return utf16String(d.m.bytes(p, int(n)))
}

func utf16String(b []byte) string {
	u := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		c := uint16(b[i]) | uint16(b[i+1])<<8
		if c == 0 {
			break
		}
		u = append(u, c)
	}
	return string(utf16.Decode(u))
}

// page reads the 1-based page n. Annotations (filled fields, stamps) are flattened into it first, for they are text too.
func (d *document) page(ctx context.Context, n int) (*raw, error) {
	m := d.m
	pg := m.call("FPDF_LoadPage", d.h, uint64(n-1))
	if pg == 0 {
		return nil, errFormat
	}
	var values []word
	var notes []ingest.Finding
	if annots := int(int32(m.call("FPDFPage_GetAnnotCount", pg))); annots > 0 {
		notes = readNotes(m, pg, n, annots)
		if d.form != nil {
			values = d.form.page(pg, newView(m, pg), n, annots)
		}
		m.call("FPDFPage_Flatten", pg, 0)
		m.call("FPDF_ClosePage", pg)
		if pg = m.call("FPDF_LoadPage", d.h, uint64(n-1)); pg == 0 {
			return nil, errFormat
		}
	}
	defer m.call("FPDF_ClosePage", pg)

	v := newView(m, pg)
	out := &raw{number: n, width: v.width, height: v.height, values: values}
	if tp := m.call("FPDFText_LoadPage", pg); tp != 0 {
		readGlyphs(m, tp, v, out)
		m.call("FPDFText_ClosePage", tp)
	}
	readObjects(m, pg, v, out)
	out.notes = append(out.notes, notes...)
	out.hide()
	return out, ctx.Err()
}

// view maps PDFium's page space, which ignores the page's rotation, to what is displayed.
type view struct {
	width, height            float64
	left, bottom, right, top float64
	turn                     int // quarter turns clockwise
}

func newView(m *module, pg uint64) view {
	p := m.scratch()
	v := view{turn: int(m.call("FPDFPage_GetRotation", pg)) & 3}
	m.call("FPDF_GetPageBoundingBox", pg, uint64(p))
	v.left, v.top, v.right, v.bottom = m.float32At(p), m.float32At(p+4), m.float32At(p+8), m.float32At(p+12)
	v.width, v.height = v.right-v.left, v.top-v.bottom
	if v.turn&1 == 1 {
		v.width, v.height = v.height, v.width
	}
	return v
}

func (v view) point(x, y float64) (float64, float64) {
	switch v.turn {
	case 1:
		return y - v.bottom, x - v.left
	case 2:
		return v.right - x, y - v.bottom
	case 3:
		return v.top - y, v.right - x
	}
	return x - v.left, v.top - y
}

func (v view) box(l, b, r, t float64) box {
	x0, y0 := v.point(l, b)
	x1, y1 := v.point(r, t)
	return box{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)}
}

// readGlyphs copies the characters of a page out of PDFium.
func readGlyphs(m *module, tp uint64, v view, out *raw) {
	n := uint64(int32(m.call("FPDFText_CountChars", tp)))
	if int64(n) <= 0 {
		return
	}
	unicode, loose, object := m.fn("FPDFText_GetUnicode"), m.fn("FPDFText_GetLooseCharBox"), m.fn("FPDFText_GetTextObject")
	p := m.scratch()
	out.glyphs = make([]glyph, 0, n)
	fonts := map[string]int{}
	var current uint64
	var style run
	var high rune // first half of a surrogate pair
	for i := uint64(0); i < n; i++ {
		if i&1023 == 1023 {
			m.check()
		}
		r := rune(uint32(m.invoke(unicode, tp, i)))
		if utf16.IsSurrogate(r) {
			if r = utf16.DecodeRune(high, r); r == utf16.DecodeRune(0, 0) {
				high = rune(uint32(m.stack[0]))
				continue
			}
		}
		switch {
		case r == 0, r == 0xFFFE, r == 0xFFFF:
			continue
		case r == 2: // PDFium's mark for a hyphen at the end of a line
			r = '-'
		case (r == '\r' || r == '\n' || r == '\t') && m.call("FPDFText_IsGenerated", tp, i) == 0:
			// not a control but a glyph number, see fontCodes
		case r == ' ', r == '\r', r == '\n', r == '\t', r == 0xA0:
			out.glyphs = append(out.glyphs, glyph{r: ' ', space: true})
			continue
		}
		if obj := m.invoke(object, tp, i); obj != current {
			current = obj
			style = readRun(m, tp, i, v)
			style.font = readFont(m, tp, i, fonts, out)
			style.ink = len(out.inks)
			out.inks = append(out.inks, readInk(m, tp, i, obj))
		}
		if m.invoke(loose, tp, i, uint64(p)) == 0 {
			continue
		}
		l, b, r2, t := m.float32At(p), m.float32At(p+12), m.float32At(p+8), m.float32At(p+4)
		tiny := style.tiny && max(t-b, r2-l) < 1.5*tinyLetters
		l, b, r2, t = style.extent(l, b, r2, t)
		out.glyphs = append(out.glyphs, glyph{r: r, box: v.box(l, b, r2, t), font: style.font, turn: style.turn, ink: style.ink, tiny: tiny})
	}
}

// readFont gives the index in out.fonts of the font of character i.
func readFont(m *module, tp, i uint64, seen map[string]int, out *raw) int {
	p := m.scratch()
	n := m.call("FPDFText_GetFontInfo", tp, i, uint64(p), 200, uint64(p+200))
	name := ""
	if n > 1 && n <= 200 {
		name = string(m.bytes(p, int(n)-1))
	}
	flags, _ := m.mem.ReadUint32Le(p + 200)
	if n == 0 {
		flags = 0
	}
	key := name
	if flags&forceBold != 0 {
		key += "\x00b"
	}
	k, ok := seen[key]
	if !ok {
		k = len(out.fonts)
		seen[key] = k
		out.fonts = append(out.fonts, font{name: name, bold: flags&forceBold != 0 || boldName(name)})
	}
	return k
}

const forceBold = 1 << 18 // of a font descriptor's Flags, ISO 32000-1 table 123

// boldName says whether a font's name says that it is bold.
func boldName(name string) bool {
	if i := strings.IndexByte(name, '+'); i == 6 { // the tag of a subset
		name = name[7:]
	}
	n := strings.ToLower(name)
	for _, w := range [...]string{"bold", "black", "heavy", "grassetto", "-demi", "demibold", "semibold", "extrabold"} {
		if strings.Contains(n, w) {
			return true
		}
	}
	return strings.HasSuffix(n, "-bd") || strings.HasSuffix(n, "bx10") || strings.HasSuffix(n, "bx12")
}
