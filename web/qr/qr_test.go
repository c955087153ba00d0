package qr_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"sportello/assistant/fault"
	"sportello/web/qr"
)

func TestSVG(t *testing.T) {
	svg, err := qr.SVG("https://sportello.example.it/t/borgoprova/documents/d-1?lang=ar")
	if err != nil {
		t.Fatal(err)
	}
	var root struct {
		XMLName xml.Name `xml:"svg"`
		ViewBox string   `xml:"viewBox,attr"`
	}
	if err := xml.Unmarshal([]byte(svg), &root); err != nil {
		t.Fatal(err)
	}
	// 62 bytes at level M are version 5: 37 modules, and 4 white ones on each side.
	if root.ViewBox != "0 0 45 45" {
		t.Errorf("viewBox %q", root.ViewBox)
	}
	// The finder pattern in the upper left: seven dark modules in its first row.
	if !strings.Contains(svg, "M4 4h7v1h-7z") {
		t.Error("no finder pattern")
	}
	uri, err := qr.DataURI("x")
	if err != nil || !strings.HasPrefix(uri, "data:image/svg+xml;base64,") {
		t.Error(uri, err)
	}
	for _, text := range []string{"", strings.Repeat("x", 2001)} {
		if _, err := qr.DataURI(text); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%d bytes: %v", len(text), err)
		}
	}
}
