// Package charset turns the bytes of a text file into UTF-8. It knows what municipal files are written in: UTF-8, UTF-16 with and
// without byte order mark, and Windows-1252 for everything else. It keeps no state and reads no file.
package charset

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// cp1252 holds what Windows-1252 puts at 0x80-0x9f; the five holes stay as the C1 controls, as the WHATWG table has them.
var cp1252 = [32]rune{
	0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f,
	0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
}

// Text decodes b and gives the name of the encoding it took it for. Line ends become "\n"; NUL bytes are dropped. It always succeeds.
func Text(b []byte) (text, encoding string) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		text, encoding = strings.ToValidUTF8(string(b[3:]), "\ufffd"), "utf-8"
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		text, encoding = wide(b[2:], binary.LittleEndian), "utf-16le"
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		text, encoding = wide(b[2:], binary.BigEndian), "utf-16be"
	case mostlyZero(b, 1):
		text, encoding = wide(b, binary.LittleEndian), "utf-16le"
	case mostlyZero(b, 0):
		text, encoding = wide(b, binary.BigEndian), "utf-16be"
	case utf8.Valid(b):
		text, encoding = string(b), "utf-8"
	case nearlyUTF8(b):
		text, encoding = strings.ToValidUTF8(string(b), "\ufffd"), "utf-8"
	default:
		text, encoding = windows1252(b), "windows-1252"
	}
	if strings.ContainsAny(text, "\r\x00") {
		text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(text)
	}
	return text, encoding
}

func wide(b []byte, order binary.ByteOrder) string {
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(u))
}

// mostlyZero says whether seven in ten of the bytes at even or odd places are zero and hardly any other is: Latin text in UTF-16.
func mostlyZero(b []byte, place int) bool {
	b = b[:min(len(b), 4096)]
	var here, there int
	for i, c := range b {
		if c == 0 {
			if i%2 == place {
				here++
			} else {
				there++
			}
		}
	}
	half := len(b) / 2
	return half > 3 && here*10 > half*7 && there*10 < half
}

// nearlyUTF8 accepts a text with many multi-byte characters and a few broken ones, as a file cut in the middle has.
func nearlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	return good > 20*bad
}

func windows1252(b []byte) string {
	var s strings.Builder
	s.Grow(len(b) + len(b)/16)
	for _, c := range b {
		switch {
		case c >= 0x80 && c < 0xa0:
			s.WriteRune(cp1252[c-0x80])
		default:
			s.WriteRune(rune(c))
		}
	}
	return s.String()
}
