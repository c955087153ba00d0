package pdf

import (
	"bytes"
	"compress/zlib"
	"io"
)

const (
	maxContent    = 96 << 20 // bytes of all streams that are not pictures or fonts, unpacked, times what forms multiply
	maxInflate    = 24 << 20 // of one stream
	maxRepetition = 4096     // how often nested forms may repeat each other
)

// sane says whether a document is surely read in seconds, so that the engine that cannot be stopped may have it. It looks at
// the bytes only: it trusts no length, follows no reference, and goes through the file once. What it cannot judge, an
// encrypted or damaged file for example, is not sane.
//
// What makes PDFium take long on a page is the amount of content, and forms that draw each other: a chain of forms that each
// draw the next one twice grows as 2^n. Pictures and fonts cost nothing when only the text is read.
func sane(b []byte) bool {
	tail := b[max(0, len(b)-2048):]
	if !bytes.Contains(tail, []byte("startxref")) || !bytes.Contains(tail, []byte("%%EOF")) || bytes.Contains(b, []byte("/Encrypt")) {
		return false
	}
	content, repetition := int64(0), int64(1)
	for at := 0; ; {
		s, ok := nextStream(b, at)
		if !ok {
			break
		}
		at = s.end
		if s.is("/Image") || s.is("/FontFile") || s.is("/Length1") || s.is("/Type1C") || s.is("/CIDFontType0C") || s.is("/OpenType") || s.is("/Metadata") {
			continue
		}
		n, draws, ok := s.weight()
		if !ok {
			return false
		}
		content += n
		if s.is("/Form") && draws > 1 {
			repetition *= int64(draws)
		}
		if repetition > maxRepetition || content*repetition > maxContent {
			return false
		}
	}
	return content > 0
}

// stream is a stream object as its bytes show it.
type stream struct {
	dict, data []byte
	end        int
}

// maxDict is how long the dictionary before a stream may be.
const maxDict = 4096

// nextStream finds the next stream at or after a place.
func nextStream(b []byte, at int) (stream, bool) {
	i := bytes.Index(b[at:], []byte("stream"))
	if i < 0 {
		return stream{}, false
	}
	i += at
	start := i + len("stream")
	if start < len(b) && b[start] == '\r' {
		start++
	}
	if start < len(b) && b[start] == '\n' {
		start++
	}
	end := bytes.Index(b[start:], []byte("endstream"))
	if end < 0 {
		return stream{data: b[start:], end: len(b)}, true
	}
	dict := b[max(at, i-maxDict):i]
	if k := bytes.LastIndex(dict, []byte(" obj")); k >= 0 {
		dict = dict[k:]
	}
	return stream{dict: dict, data: b[start : start+end], end: start + end + len("endstream")}, true
}

func (s stream) is(name string) bool { return bytes.Contains(s.dict, []byte(name)) }

// weight gives the unpacked size of a stream, and how often it draws something else.
func (s stream) weight() (n int64, draws int, ok bool) {
	data := s.data
	switch {
	case s.is("/FlateDecode") || s.is("/Fl"):
		r, err := zlib.NewReader(bytes.NewReader(data))
		if err != nil {
			return 0, 0, false
		}
		out, err := io.ReadAll(io.LimitReader(r, maxInflate+1))
		if len(out) > maxInflate || err != nil && len(out) == 0 {
			return 0, 0, false
		}
		data = out
	case s.is("/LZWDecode"), s.is("/RunLengthDecode"): // rare, and they expand
		return int64(len(data)) * 64, 1, len(data) < 1<<16
	}
	if s.is("/Form") {
		draws = bytes.Count(data, []byte(" Do"))
	}
	return int64(len(data)), draws, true
}
