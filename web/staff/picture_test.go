package staff_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"strings"
	"testing"

	"sportello/assistant/access"
	"sportello/web/site"
	"sportello/web/staff/stafftest"
)

// drawing is a picture that is half red and half clear.
func drawing(width, height int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width / 2 {
			m.Set(x, y, color.NRGBA{200, 0, 0, 255})
		}
	}
	return m
}

func pngOf(t *testing.T, m image.Image) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A logo is drawn anew: what is served is our own picture, whatever came with the one that was sent.
func TestLogo(t *testing.T) {
	h := stafftest.New(t, nil)
	c := h.As(access.Tenant, stafftest.Comune)
	send := func(name, content string) *stafftest.Answer {
		t.Helper()
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("value", "stemma.png")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
		if err := form.WriteField("csrf", c.Token()); err != nil {
			t.Fatal(err)
		}
		if err := form.Close(); err != nil {
			t.Fatal(err)
		}
		r := c.Request("POST", here+"settings/"+name+"/picture", &body)
		r.Header.Set("Content-Type", form.FormDataContentType())
		return c.Do(r)
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, drawing(900, 300), nil); err != nil {
		t.Fatal(err)
	}
	script := `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
	bomb := pngOf(t, image.NewGray(image.Rect(0, 0, 5000, 5000)))
	for name, tc := range map[string]struct {
		content string
		status  int
	}{
		"a drawing": {script, 422}, "a page": {"<html>", 422}, "cut short": {pngOf(t, drawing(64, 64))[:100], 422}, "too small": {pngOf(t, drawing(16, 16)), 422},
		"more points than are read": {bomb, 422}, "nothing": {"", 422}, "a photo": {photo.String(), 303}, "with a page behind it": {pngOf(t, drawing(64, 64)) + script, 303},
		"too long": {strings.Repeat("x", 5<<20+1), 422},
	} {
		if r := send(site.SettingLogo, tc.content); r.StatusCode != tc.status {
			t.Errorf("%s: %d, want %d", name, r.StatusCode, tc.status)
		}
	}
	send("page.notice", photo.String()).Is(404)
	c.Post(here+"settings/"+site.SettingLogo+"/picture", "value", "x").Is(422)
	c.Post(here+"settings/"+site.SettingLogo, "value", "javascript:alert(1)").Is(422)

	send(site.SettingLogo, pngOf(t, drawing(3000, 1500))+script).Is(303)
	library := site.FromStore(h.Store)
	kept, err := library.Logo(t.Context(), stafftest.Comune)
	if err != nil {
		t.Fatal(err)
	}
	m, format, err := image.Decode(bytes.NewReader(kept))
	if err != nil || format != "png" || m.Bounds().Dx() != 480 || m.Bounds().Dy() != 240 || bytes.Contains(kept, []byte("script")) {
		t.Fatalf("%s %v, %v", format, m.Bounds(), err)
	}
	if r, _, _, a := m.At(100, 100).RGBA(); r>>8 != 200 || a>>8 != 255 {
		t.Errorf("the left side is %v", m.At(100, 100))
	}
	if _, _, _, a := m.At(400, 100).RGBA(); a != 0 {
		t.Errorf("the right side is %v", m.At(400, 100))
	}
	tenant, err := library.Tenant(t.Context(), stafftest.Comune)
	if err != nil || len(tenant.Logo) != 64 {
		t.Errorf("%q %v", tenant.Logo, err)
	}
	if src := c.Get(here+"settings").Page().Find("#page_logo img").AttrOr("src", ""); !strings.HasSuffix(src, "?p="+tenant.Logo) {
		t.Errorf("shown from %q", src)
	}
	c.Post(here+"settings/"+site.SettingLogo, "value", "").Is(303)
	if _, err := library.Logo(t.Context(), stafftest.Comune); err == nil {
		t.Error("a logo that was taken away is served")
	}
}
