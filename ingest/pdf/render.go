package pdf

import (
	"image"
	"math"
)

const maxPixels = 40_000_000 // of a rendering: a larger page gets fewer dots per inch

// render paints the 1-based page n in grey.
func (d *document) render(n, dpi int) (*image.Gray, float64, error) {
	m := d.m
	pg := m.call("FPDF_LoadPage", d.h, uint64(n-1))
	if pg == 0 {
		return nil, 0, errFormat
	}
	defer m.call("FPDF_ClosePage", pg)
	v := newView(m, pg)
	scale := float64(dpi) / 72
	if area := v.width * v.height * scale * scale; area > maxPixels {
		scale *= math.Sqrt(maxPixels / area)
	}
	w, h := int(math.Round(v.width*scale)), int(math.Round(v.height*scale))
	if w < 1 || h < 1 {
		return nil, 0, errFormat
	}
	const gray = 1 // FPDFBitmap_Gray
	bmp := m.call("FPDFBitmap_CreateEx", uint64(w), uint64(h), gray, 0, 0)
	if bmp == 0 {
		return nil, 0, errMemory
	}
	defer m.call("FPDFBitmap_Destroy", bmp)
	m.call("FPDFBitmap_FillRect", bmp, 0, 0, uint64(w), uint64(h), 0xFFFFFFFF)
	const annotations, grayscale = 0x01, 0x08 // FPDF_ANNOT, FPDF_GRAYSCALE
	m.call("FPDF_RenderPageBitmap", bmp, pg, 0, 0, uint64(w), uint64(h), 0, annotations|grayscale)
	buf, stride := uint32(m.call("FPDFBitmap_GetBuffer", bmp)), int(m.call("FPDFBitmap_GetStride", bmp))
	img := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		copy(img.Pix[y*img.Stride:y*img.Stride+w], m.bytes(buf+uint32(y*stride), w))
	}
	return img, scale, nil
}
