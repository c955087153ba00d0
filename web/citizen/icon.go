package citizen

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strconv"

	"sportello/assistant/fault"
)

// Icon gives the handler of the tenant's icon of a size: a white speech bubble on its colour, within the circle that phones cut out.
func (p *Pages) Icon(size int) func(http.ResponseWriter, *http.Request, string) error {
	return func(w http.ResponseWriter, r *http.Request, slug string) error {
		t, err := p.cfg.Library.Tenant(r.Context(), slug)
		if err != nil {
			return err
		}
		colour := t.Colour
		if len(colour) != 7 {
			colour = ownColour
		}
		n, err := strconv.ParseUint(colour[1:], 16, 32)
		if err != nil {
			return fault.Wrap(fault.Internal, err, "the colour of %s", slug)
		}
		var out bytes.Buffer
		if err := png.Encode(&out, bubble(size, color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255})); err != nil {
			return fault.Wrap(fault.Internal, err, "icon")
		}
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Cache-Control", "public, max-age=86400")
		_, _ = w.Write(out.Bytes()) // a reader that left is no error of ours
		return nil
	}
}

// bubble draws each pixel from sixteen points.
func bubble(size int, ground color.RGBA) image.Image {
	const fine = 4
	m := image.NewRGBA(image.Rect(0, 0, size, size))
	unit := 1 / float64(size*fine)
	for y := range size {
		for x := range size {
			white := 0
			for i := range fine * fine {
				if inBubble((float64(x*fine+i%fine)+.5)*unit, (float64(y*fine+i/fine)+.5)*unit) {
					white++
				}
			}
			mix := func(c uint8) uint8 { return uint8((int(c)*(fine*fine-white) + 255*white) / (fine * fine)) }
			m.SetRGBA(x, y, color.RGBA{mix(ground.R), mix(ground.G), mix(ground.B), 255})
		}
	}
	return m
}

// inBubble says of a point of the unit square whether it is of the bubble: a rounded box with a tail and two lines of text left out.
func inBubble(x, y float64) bool {
	const left, right, top, bottom, round = .22, .78, .26, .64, .07
	dx, dy := max(left+round-x, x-(right-round), 0), max(top+round-y, y-(bottom-round), 0)
	box := x >= left && x <= right && y >= top && y <= bottom && dx*dx+dy*dy <= round*round
	tail := x >= .32 && y >= bottom-.02 && y <= .76 && x-.32 <= (.76-y)*1.2
	text := x >= .32 && (y >= .38 && y <= .425 && x <= .68 || y >= .48 && y <= .525 && x <= .56)
	return (box || tail) && !text
}
