// Package p7m opens signed files: CMS SignedData (RFC 5652, the CAdES .p7m of public offices) and TimeStampedData (RFC 5544, .tsd),
// as DER, BER with indefinite lengths, PEM, plain base64 or the body of an S/MIME message, and gives the file inside.
//
// The signature is not judged: who signed, whether the certificate was valid and whether the content was changed are not looked at.
// It stores nothing.
package p7m

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"path"
	"strings"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// Config holds the limits. The zero value is the default.
type Config struct {
	MaxBytes int // of the signed file; default 256 MiB
}

// Envelope opens signed files; make it with New.
type Envelope struct{ config Config }

// New gives an envelope with these limits.
func New(c Config) *Envelope {
	if c.MaxBytes <= 0 {
		c.MaxBytes = 256 << 20
	}
	return &Envelope{config: c}
}

// Open implements ingest.Envelope. The inner file's name is the outer one without .p7m, so that messages stay readable.
func (e *Envelope) Open(ctx context.Context, in ingest.Input) (ingest.Input, error) {
	if err := ctx.Err(); err != nil {
		return ingest.Input{}, fault.Wrap(fault.Timeout, err, "%s: stopped before it was read", in.Name)
	}
	if len(in.Bytes) > e.config.MaxBytes {
		return ingest.Input{}, fault.New(fault.TooLarge, "%s: %d MB, more than the limit of %d MB", in.Name, len(in.Bytes)>>20, e.config.MaxBytes>>20)
	}
	raw, err := binary(in.Bytes)
	if err != nil {
		return ingest.Input{}, fault.Wrap(fault.Broken, err, "%s: the signed file is damaged: ask for it again", in.Name)
	}
	content, err := signed(raw)
	switch {
	case errors.Is(err, errDetached):
		return ingest.Input{}, fault.Wrap(fault.NoText, err, "%s: it holds only a signature: give the document that was signed", in.Name)
	case err != nil:
		return ingest.Input{}, fault.Wrap(fault.Broken, err, "%s: the signed file is damaged: ask for it again", in.Name)
	case len(content) == 0:
		return ingest.Input{}, fault.New(fault.NoText, "%s: the file that was signed is empty", in.Name)
	}
	return ingest.Input{Name: innerName(in.Name), Bytes: content}, nil
}

func innerName(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".p7m", ".p7s", ".tsd", ".m7m":
		return strings.TrimSuffix(name, path.Ext(name))
	}
	return name
}

// binary undoes PEM, base64 and S/MIME around the signature.
func binary(b []byte) ([]byte, error) {
	if len(b) > 0 && b[0] == 0x30 {
		return b, nil
	}
	text := bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	text = bytes.ReplaceAll(text, []byte("\r"), nil)
	text = bytes.TrimLeft(text, " \t\n")
	if bytes.HasPrefix(text, []byte("MIME-Version:")) || bytes.HasPrefix(text, []byte("Content-")) {
		if _, body, ok := bytes.Cut(text, []byte("\n\n")); ok {
			text = body
		}
	}
	if bytes.HasPrefix(text, []byte("-----BEGIN ")) {
		_, body, _ := bytes.Cut(text, []byte("\n"))
		body, _, _ = bytes.Cut(body, []byte("-----END "))
		text = body
	}
	clean := make([]byte, 0, len(text))
	for _, c := range text {
		switch {
		case c == '=' || c == ' ' || c == '\n' || c == '\t':
		case c == '+' || c == '/' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
			clean = append(clean, c)
		default:
			return nil, base64.CorruptInputError(len(clean))
		}
	}
	return base64.RawStdEncoding.DecodeString(string(clean))
}
