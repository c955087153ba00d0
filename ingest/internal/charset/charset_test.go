package charset_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"sportello/ingest/internal/charset"
)

func TestText(t *testing.T) {
	for _, tt := range []struct{ in, want, encoding string }{
		{"città", "città", "utf-8"},
		{"\xef\xbb\xbfcittà", "città", "utf-8"},
		{"citt\xe0 \x80 \x93x\x94 \x81", "città € “x” \u0081", "windows-1252"},
		{"\xff\xfec\x00\xe0\x00", "cà", "utf-16le"},
		{"\xfe\xff\x00c\x00\xe0", "cà", "utf-16be"},
		{"a\x00b\x00c\x00d\x00e\x00", "abcde", "utf-16le"},
		{"\x00a\x00b\x00c\x00d\x00e", "abcde", "utf-16be"},
		{"a\r\nb\rc\x00", "a\nb\nc", "utf-8"},
		{strings.Repeat("è", 30) + "\xe0", strings.Repeat("è", 30) + "\ufffd", "utf-8"},
		{"", "", "utf-8"},
	} {
		if text, encoding := charset.Text([]byte(tt.in)); text != tt.want || encoding != tt.encoding {
			t.Errorf("%q: %q, %s", tt.in, text, encoding)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte("citt\xe0\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if text, _ := charset.Text(b); !utf8.ValidString(text) || strings.ContainsAny(text, "\r\x00") {
			t.Errorf("%q", text)
		}
	})
}
