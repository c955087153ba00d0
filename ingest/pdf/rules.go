package pdf

const (
	maxObjects  = 20000 // of a page that are looked at for lines
	maxSegments = 2000  // of one path
	thin        = 3.0   // points: what is thinner is a line
)

const (
	objectPath  = 2 // FPDF_PAGEOBJ_PATH
	objectImage = 3 // FPDF_PAGEOBJ_IMAGE
	objectForm  = 5 // FPDF_PAGEOBJ_FORM
)

// readObjects finds what is drawn on a page: the lines that border its tables, and how much of it pictures cover.
func readObjects(m *module, pg uint64, v view, out *raw) {
	n := int(int32(m.call("FPDFPage_CountObjects", pg)))
	get, kind := m.fn("FPDFPage_GetObject"), m.fn("FPDFPageObj_GetType")
	place := func(b [4]float64) box { return v.box(b[0], b[1], b[2], b[3]) }
	for i := range min(n, maxObjects) {
		if i&255 == 255 {
			m.check()
		}
		o := m.invoke(get, pg, uint64(i))
		if o == 0 {
			continue
		}
		switch m.invoke(kind, o) {
		case objectPath:
			out.drawings++
			if len(out.glyphs) > 0 {
				readPath(m, o, v, out)
				if b, ok := bounds(m, o); ok {
					readFill(m, o, place(b), true, out)
				}
			}
		case objectImage, objectForm: // a form may hold a picture
			b, ok := bounds(m, o)
			if !ok {
				continue
			}
			share := place(b).share(v)
			out.images = min(1, out.images+share)
			if m.invoke(kind, o) == objectForm {
				readForm(m, o, [6]float64{1, 0, 0, 1, 0, 0}, v, out, 0)
				continue
			}
			out.pictures = min(1, out.pictures+share)
			readFill(m, o, place(b), false, out)
		}
	}
}

// readForm finds what the objects inside a form cover; mat maps its surroundings to the page.
func readForm(m *module, form uint64, mat [6]float64, v view, out *raw, depth int) {
	own, _ := matrix(m, form)
	mat = times(own, mat)
	n := int(int32(m.call("FPDFFormObj_CountObjects", form)))
	for i := range min(n, maxObjects) {
		if i&255 == 255 {
			m.check()
		}
		o := m.call("FPDFFormObj_GetObject", form, uint64(i))
		if o == 0 {
			continue
		}
		kind := m.call("FPDFPageObj_GetType", o)
		if kind == objectForm && depth < 4 {
			readForm(m, o, mat, v, out, depth+1)
			continue
		}
		if kind != objectPath && kind != objectImage {
			continue
		}
		b, ok := bounds(m, o)
		if !ok {
			continue
		}
		x0, y0 := apply(mat, b[0], b[1])
		x1, y1 := apply(mat, b[2], b[3])
		at := v.box(x0, y0, x1, y1)
		if kind == objectImage {
			out.pictures = min(1, out.pictures+at.share(v))
		}
		readFill(m, o, at, kind == objectPath, out)
	}
}

// bounds gives left, bottom, right, top of an object in the space it stands in.
func bounds(m *module, o uint64) (b [4]float64, ok bool) {
	p := m.scratch()
	if m.call("FPDFPageObj_GetBounds", o, uint64(p), uint64(p+4), uint64(p+8), uint64(p+12)) == 0 {
		return b, false
	}
	for i := range b {
		b[i] = m.float32At(p + uint32(4*i))
	}
	return b, true
}

func matrix(m *module, o uint64) ([6]float64, bool) {
	p := m.scratch()
	mat := [6]float64{1, 0, 0, 1, 0, 0}
	if m.call("FPDFPageObj_GetMatrix", o, uint64(p)) == 0 {
		return mat, false
	}
	for i := range mat {
		mat[i] = m.float32At(p + uint32(4*i))
	}
	return mat, true
}

// times gives the matrix that first applies a, then b.
func times(a, b [6]float64) [6]float64 {
	return [6]float64{
		a[0]*b[0] + a[1]*b[2], a[0]*b[1] + a[1]*b[3], a[2]*b[0] + a[3]*b[2], a[2]*b[1] + a[3]*b[3],
		a[4]*b[0] + a[5]*b[2] + b[4], a[4]*b[1] + a[5]*b[3] + b[5],
	}
}

func apply(mat [6]float64, x, y float64) (float64, float64) {
	return mat[0]*x + mat[2]*y + mat[4], mat[1]*x + mat[3]*y + mat[5]
}

// share is how much of the page a box covers.
func (b box) share(v view) float64 {
	if area := v.width * v.height; area > 0 {
		return b.width() * b.height() / area
	}
	return 0
}

// readPath adds the lines of one path: itself when it is thin, else its straight segments when there are few.
func readPath(m *module, o uint64, v view, out *raw) {
	p := m.scratch()
	if m.call("FPDFPageObj_GetBounds", o, uint64(p), uint64(p+4), uint64(p+8), uint64(p+12)) == 0 {
		return
	}
	b := v.box(m.float32At(p), m.float32At(p+4), m.float32At(p+8), m.float32At(p+12))
	if r, ok := asRule(b); ok {
		out.rules = append(out.rules, r)
		return
	}
	if b.width() <= thin && b.height() <= thin { // a dot
		return
	}
	n := int(int32(m.call("FPDFPath_CountSegments", o)))
	if n < 2 || n > maxSegments {
		return
	}
	// The matrix of the object maps its segments to page space.
	mat, _ := matrix(m, o)
	var fx, fy, px, py float64 // start of the sub-path, last point
	for i := 0; i < n; i++ {
		seg := m.call("FPDFPath_GetPathSegment", o, uint64(i))
		if seg == 0 || m.call("FPDFPathSegment_GetPoint", seg, uint64(p), uint64(p+4)) == 0 {
			return
		}
		x, y := m.float32At(p), m.float32At(p+4)
		x, y = v.point(apply(mat, x, y))
		switch m.call("FPDFPathSegment_GetType", seg) {
		case 2: // FPDF_SEGMENT_MOVETO
			fx, fy = x, y
		case 0: // FPDF_SEGMENT_LINETO
			addRule(out, px, py, x, y)
		}
		px, py = x, y
		if m.call("FPDFPathSegment_GetClose", seg) != 0 {
			addRule(out, px, py, fx, fy)
			px, py = fx, fy
		}
	}
}

func addRule(out *raw, x0, y0, x1, y1 float64) {
	if r, ok := asRule(box{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)}); ok {
		out.rules = append(out.rules, r)
	}
}

// asRule says whether a box is so thin that it is a line, and long enough to border a cell.
func asRule(b box) (rule, bool) {
	switch {
	case b.height() <= thin && b.width() > 2*thin:
		return rule{box: b}, true
	case b.width() <= thin && b.height() > 2*thin:
		return rule{box: b, vertical: true}, true
	}
	return rule{}, false
}
