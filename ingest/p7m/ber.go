package p7m

import (
	"bytes"
	"errors"
)

var (
	errDetached = errors.New("no content inside the signature")
	errTree     = errors.New("not a CMS structure")
	errShort    = errors.New("cut short")
	errDeep     = errors.New("nested too deep")
)

// Tags used here (X.690, 8.1.2): class and constructed bit included.
const (
	tagOctets     = 0x04
	tagOID        = 0x06
	tagSequence   = 0x30
	tagContext0   = 0xa0
	constructed   = 0x20
	maxDepth      = 64
	indefiniteEnd = 0x00
)

var (
	oidSigned  = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}
	oidStamped = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x1f}
)

// element is one BER element. body is its content; of one with indefinite length, the content without the end mark.
type element struct {
	tag  byte
	body []byte
}

// next reads the element at the start of b and gives what follows it.
func next(b []byte, depth int) (e element, rest []byte, err error) {
	if depth > maxDepth {
		return e, nil, errDeep
	}
	if len(b) < 2 {
		return e, nil, errShort
	}
	e.tag = b[0]
	at := 1
	if e.tag&0x1f == 0x1f { // long tag: not used by CMS, skipped
		for at < len(b) && b[at]&0x80 != 0 {
			at++
		}
		if at++; at >= len(b) {
			return e, nil, errShort
		}
	}
	first := b[at]
	at++
	switch {
	case first < 0x80:
		return cut(e, b, at, int(first))
	case first == 0x80:
		return indefinite(e, b[at:], depth)
	}
	n := int(first & 0x7f)
	if n > 8 || at+n > len(b) {
		return e, nil, errShort
	}
	size := 0
	for _, c := range b[at : at+n] {
		if size > len(b) {
			return e, nil, errShort
		}
		size = size<<8 | int(c)
	}
	return cut(e, b, at+n, size)
}

func cut(e element, b []byte, at, size int) (element, []byte, error) {
	if size < 0 || size > len(b)-at {
		return e, nil, errShort
	}
	e.body = b[at : at+size]
	return e, b[at+size:], nil
}

// indefinite finds the end of an element that does not give its length: its children one after the other up to two zero bytes.
func indefinite(e element, b []byte, depth int) (element, []byte, error) {
	if e.tag&constructed == 0 {
		return e, nil, errTree
	}
	at := b
	for {
		if len(at) < 2 {
			return e, nil, errShort
		}
		if at[0] == indefiniteEnd && at[1] == 0 {
			e.body = b[:len(b)-len(at)]
			return e, at[2:], nil
		}
		_, rest, err := next(at, depth+1)
		if err != nil {
			return e, nil, err
		}
		at = rest
	}
}

// signed walks ContentInfo to the content that was signed (RFC 5652, sections 3 and 5) or stamped (RFC 5544, section 2).
func signed(b []byte) ([]byte, error) {
	info, _, err := next(b, 0)
	if err != nil {
		return nil, err
	}
	if info.tag != tagSequence {
		return nil, errTree
	}
	kind, rest, err := next(info.body, 1)
	if err != nil || kind.tag != tagOID {
		return nil, errTree
	}
	wrapped, _, err := next(rest, 1)
	if err != nil || wrapped.tag != tagContext0 {
		return nil, errTree
	}
	data, _, err := next(wrapped.body, 2)
	if err != nil {
		return nil, err
	}
	switch {
	case data.tag != tagSequence:
		return nil, errTree
	case bytes.Equal(kind.body, oidSigned):
		return encapsulated(data.body)
	case bytes.Equal(kind.body, oidStamped):
		return stamped(data.body)
	}
	return nil, errTree
}

// encapsulated reads SignedData: version, digest algorithms, then the content.
func encapsulated(b []byte) ([]byte, error) {
	for range 2 {
		_, rest, err := next(b, 3)
		if err != nil {
			return nil, err
		}
		b = rest
	}
	content, _, err := next(b, 3)
	if err != nil {
		return nil, err
	}
	if content.tag != tagSequence {
		return nil, errTree
	}
	kind, rest, err := next(content.body, 4)
	if err != nil || kind.tag != tagOID {
		return nil, errTree
	}
	if len(rest) == 0 {
		return nil, errDetached
	}
	wrapped, _, err := next(rest, 4)
	if err != nil {
		return nil, err
	}
	if wrapped.tag != tagContext0 {
		return nil, errTree
	}
	inner, _, err := next(wrapped.body, 5)
	if err != nil {
		return nil, err
	}
	if inner.tag&^constructed != tagOctets { // PKCS #7 1.5 puts other types there as they are
		return wrapped.body, nil
	}
	return octets(inner, 5)
}

// stamped reads TimeStampedData: the first octet string is the content.
func stamped(b []byte) ([]byte, error) {
	for len(b) > 0 {
		e, rest, err := next(b, 3)
		if err != nil {
			return nil, err
		}
		if e.tag&^constructed == tagOctets {
			return octets(e, 3)
		}
		b = rest
	}
	return nil, errDetached
}

// octets joins the pieces of an octet string.
func octets(e element, depth int) ([]byte, error) {
	if e.tag&constructed == 0 {
		return e.body, nil
	}
	if depth > maxDepth {
		return nil, errDeep
	}
	var out []byte
	for b := e.body; len(b) > 0; {
		piece, rest, err := next(b, depth+1)
		if err != nil {
			return nil, err
		}
		if piece.tag&^constructed != tagOctets {
			return nil, errTree
		}
		part, err := octets(piece, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
		b = rest
	}
	return out, nil
}
