package staff

import (
	"bytes"
	"context"
	"image"
	"image/color"
	_ "image/jpeg" // a format of image.Decode
	"image/png"
	"io"
	"net/http"

	"sportello/assistant/fault"
)

// Limits of a picture that is sent. It is drawn anew: what we serve is our own PNG, without what cameras and makers of malice put in.
const (
	pictureBytes  = 5 << 20
	picturePixels = 16 << 20 // read, four bytes each in memory
	pictureLeast  = 32       // height in pixels: less is a smudge
	pictureHeight = 240      // kept: three times that of the head of the page
	pictureWidth  = 720
)

// redraw gives a picture as PNG in the size that is kept. problem is the key of a message that says what is wrong with it.
func redraw(raw []byte) (out []byte, problem string) {
	known, format, err := image.DecodeConfig(bytes.NewReader(raw))
	switch {
	case err != nil || format != "png" && format != "jpeg":
		return nil, "setting_problem_picture"
	case known.Width*known.Height > picturePixels:
		return nil, "setting_problem_picture_large"
	case known.Height < pictureLeast || known.Width < pictureLeast:
		return nil, "setting_problem_picture_small"
	}
	src, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, "setting_problem_picture"
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, shrink(src, pictureWidth, pictureHeight)); err != nil {
		return nil, "setting_problem_picture"
	}
	return buf.Bytes(), ""
}

// shrink gives a picture that fits within a size: each pixel is the mean of those it stands for.
func shrink(src image.Image, width, height int) image.Image {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	if h > height {
		w, h = max(w*height/h, 1), height
	}
	if w > width {
		w, h = width, max(h*width/w, 1)
	}
	out := image.NewNRGBA64(image.Rect(0, 0, w, h))
	for y := range h {
		top, bottom := b.Min.Y+y*b.Dy()/h, b.Min.Y+max((y+1)*b.Dy()/h, y*b.Dy()/h+1)
		for x := range w {
			left, right := b.Min.X+x*b.Dx()/w, b.Min.X+max((x+1)*b.Dx()/w, x*b.Dx()/w+1)
			out.Set(x, y, mean(src, image.Rect(left, top, right, bottom)))
		}
	}
	return out
}

func mean(src image.Image, r image.Rectangle) color.Color {
	var red, green, blue, alpha, n uint64
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			cr, cg, cb, ca := src.At(x, y).RGBA()
			red, green, blue, alpha, n = red+uint64(cr), green+uint64(cg), blue+uint64(cb), alpha+uint64(ca), n+1
		}
	}
	return color.RGBA64{uint16(red / n), uint16(green / n), uint16(blue / n), uint16(alpha / n)} //nolint:gosec // means of 16 bits
}

// savePicture keeps the picture of a setting; what the setting holds is the picture's name.
func (c *Console) savePicture(w http.ResponseWriter, r *http.Request, v *Visit) error {
	s, err := c.settingOf(r.PathValue("key"))
	if err != nil {
		return err
	}
	if s.Kind != Picture {
		return fault.New(fault.NotFound, "%s is no picture", s.Key)
	}
	wrong := func(problem string) error {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("settings_problem")
		return c.drawSettings(w, r, v, s.Key, "", v.L.T(problem))
	}
	file, _, err := r.FormFile("value")
	if err != nil {
		return wrong("setting_problem_picture_none")
	}
	defer func() { _ = file.Close() }() // it was only read
	raw, err := io.ReadAll(io.LimitReader(file, pictureBytes+1))
	if err != nil {
		return bodyFault(err)
	}
	_, problem, err := c.keepPicture(r.Context(), v, s.Key, raw)
	switch {
	case err != nil:
		return err
	case problem != "":
		return wrong(problem)
	}
	return v.Done(w, r, v.URL("settings")+"#"+s.Name(), "settings_done_saved")
}

// keepPicture draws a picture anew, keeps it and gives its name, which is the value of the setting. problem is the key of a message.
func (c *Console) keepPicture(ctx context.Context, v *Visit, key string, raw []byte) (name, problem string, err error) {
	if len(raw) > pictureBytes {
		return "", "setting_problem_picture_large", nil
	}
	drawn, problem := redraw(raw)
	if problem != "" {
		return "", problem, nil
	}
	if name, err = c.store.PutPicture(ctx, drawn); err != nil {
		return "", "", err
	}
	return name, "", c.store.PutSetting(ctx, v.Actor(), v.Tenant.Slug, key, name)
}
