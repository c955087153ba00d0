package pdf

import "sportello/ingest"

// maxNotes is how many annotations of a page are asked what they say.
const maxNotes = 500

// readNotes gives what the comments on an open page say: they are no text of it.
func readNotes(m *module, pg uint64, page, annots int) []ingest.Finding {
	var out []ingest.Finding
	buf := m.alloc(maxName)
	defer m.free(buf)
	key := m.scratch()
	for i := range min(annots, maxNotes) {
		a := m.call("FPDFPage_GetAnnot", pg, uint64(i))
		if a == 0 {
			continue
		}
		if m.call("FPDFAnnot_GetSubtype", a) != widget {
			m.mem.Write(key, []byte("Contents\x00"))
			if n := m.call("FPDFAnnot_GetStringValue", a, uint64(key), uint64(buf), maxName); n > 2 && n <= maxName {
				if s := clean(utf16String(m.bytes(buf, int(n)))); s != "" {
					out = append(out, ingest.Finding{Kind: ingest.FoundComment, Text: s, Page: page})
				}
			}
		}
		m.call("FPDFPage_CloseAnnot", a)
	}
	return out
}
