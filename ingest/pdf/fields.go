package pdf

import "sportello/ingest"

const (
	widget    = 20 // FPDF_ANNOT_WIDGET
	maxFields = 3000
	maxName   = 2048 // bytes of UTF-16
)

// form reads the fillable fields of a document.
type form struct {
	m      *module
	info   uint64
	handle uint64
	buf    uint32
	seen   map[string]bool
	fields []ingest.Field
}

// openForm prepares a document's form; nil when it has none.
func (d *document) openForm() *form {
	m := d.m
	if m.call("FPDF_GetFormType", d.h) == 0 { // FORMTYPE_NONE
		return nil
	}
	info := m.call("FPDF_FORMFILLINFO_Create")
	if info == 0 {
		return nil
	}
	h := m.call("FPDFDOC_InitFormFillEnvironment", d.h, info)
	if h == 0 {
		return nil
	}
	return &form{m: m, info: info, handle: h, buf: m.alloc(maxName), seen: map[string]bool{}}
}

func (f *form) close() {
	f.m.call("FPDFDOC_ExitFormFillEnvironment", f.handle)
	f.m.free(f.buf)
}

// page adds the fields of an open page. A field with several widgets, as the buttons of one choice, counts once. The label
// that the author gave for a reader is preferred to the technical name.
// Filled values that the page does not draw are given as words at the place of their widget.
func (f *form) page(pg uint64, v view, n, annots int) (values []word) {
	m := f.m
	for i := range min(annots, maxFields) {
		if len(f.fields) >= maxFields {
			return values
		}
		a := m.call("FPDFPage_GetAnnot", pg, uint64(i))
		if a == 0 {
			continue
		}
		if m.call("FPDFAnnot_GetSubtype", a) == widget {
			name := f.text("FPDFAnnot_GetFormFieldName", a)
			kind := fieldType(int32(m.call("FPDFAnnot_GetFormFieldType", f.handle, a)))
			if name != "" && kind != "" && !f.seen[name] {
				f.seen[name] = true
				if label := f.label(a); label != "" {
					name = label
				}
				f.fields = append(f.fields, ingest.Field{Name: name, Type: kind, Page: n})
			}
			if kind == "text" || kind == "choice" {
				values = append(values, f.value(a, v)...)
			}
		}
		m.call("FPDFPage_CloseAnnot", a)
	}
	return values
}

// label gives the name that the author wrote for a reader, entry TU of a field.
func (f *form) label(annot uint64) string {
	key := f.m.scratch()
	f.m.mem.Write(key, []byte("TU\x00"))
	n := f.m.call("FPDFAnnot_GetStringValue", annot, uint64(key), uint64(f.buf), maxName)
	if n <= 2 || n > maxName {
		return ""
	}
	return clean(utf16String(f.m.bytes(f.buf, int(n))))
}

// value gives what was filled in when the field has no appearance that would show it.
func (f *form) value(annot uint64, v view) []word {
	m, p := f.m, f.m.scratch()
	m.mem.Write(p, []byte("AP\x00"))
	if m.call("FPDFAnnot_HasKey", annot, uint64(p)) != 0 {
		return nil
	}
	text := f.text("FPDFAnnot_GetFormFieldValue", annot)
	if text == "" || m.call("FPDFAnnot_GetRect", annot, uint64(p)) == 0 {
		return nil
	}
	b := v.box(m.float32At(p), m.float32At(p+12), m.float32At(p+8), m.float32At(p+4))
	size := min(b.height(), 12)
	return []word{{box: box{b.x0, b.midY() - size/2, b.x1, b.midY() + size/2}, text: text, size: size}}
}

func (f *form) text(fn string, annot uint64) string {
	n := f.m.call(fn, f.handle, annot, uint64(f.buf), maxName)
	if n <= 2 || n > maxName {
		return ""
	}
	return clean(utf16String(f.m.bytes(f.buf, int(n))))
}

// fieldType names PDFium's types of fields as ingest.Field does; push buttons are nothing to fill in.
func fieldType(t int32) string {
	switch t {
	case 2, 3: // FPDF_FORMFIELD_CHECKBOX, RADIOBUTTON
		return "checkbox"
	case 4, 5: // COMBOBOX, LISTBOX
		return "choice"
	case 6: // TEXTFIELD
		return "text"
	case 7: // SIGNATURE
		return "signature"
	}
	return ""
}
