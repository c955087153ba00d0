package ingest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sportello/assistant/fault"
	"sportello/ingest"
)

type parserFunc func(ctx context.Context, in ingest.Input) (*ingest.Parsed, error)

func (f parserFunc) Parse(ctx context.Context, in ingest.Input) (*ingest.Parsed, error) {
	return f(ctx, in)
}

type envelopeFunc func(ctx context.Context, in ingest.Input) (ingest.Input, error)

func (f envelopeFunc) Open(ctx context.Context, in ingest.Input) (ingest.Input, error) {
	return f(ctx, in)
}

func plainText(_ context.Context, in ingest.Input) (*ingest.Parsed, error) {
	return &ingest.Parsed{Format: "text", Blocks: []ingest.Block{{Text: string(in.Bytes)}}}, nil
}

func TestRegistry(t *testing.T) {
	signed := "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
	r := ingest.NewRegistry(map[ingest.Format]ingest.Parser{
		ingest.FormatText: parserFunc(plainText),
		ingest.FormatPDF:  parserFunc(func(context.Context, ingest.Input) (*ingest.Parsed, error) { panic("index out of range") }),
		ingest.FormatHTML: parserFunc(func(context.Context, ingest.Input) (*ingest.Parsed, error) {
			return &ingest.Parsed{Blocks: []ingest.Block{{Text: " "}}}, nil
		}),
		ingest.FormatCSV: parserFunc(func(context.Context, ingest.Input) (*ingest.Parsed, error) {
			return nil, fault.New(fault.TooLarge, "big")
		}),
	}).WithEnvelopes(map[ingest.Format]ingest.Envelope{
		ingest.FormatP7M: envelopeFunc(func(_ context.Context, in ingest.Input) (ingest.Input, error) {
			return ingest.Input{Name: in.Name, Bytes: in.Bytes[len(signed):]}, nil
		}),
		ingest.FormatRTF: envelopeFunc(func(_ context.Context, in ingest.Input) (ingest.Input, error) {
			return ingest.Input{Name: in.Name, Bytes: []byte("dentro")}, nil
		}),
		ingest.FormatXLS: envelopeFunc(func(_ context.Context, in ingest.Input) (ingest.Input, error) { return in, nil }),
		ingest.FormatPPT: envelopeFunc(func(context.Context, ingest.Input) (ingest.Input, error) {
			return ingest.Input{}, fault.New(fault.Unsupported, "install it")
		}),
	}).WithLimits(ingest.Limits{Bytes: 4096})
	tests := []struct {
		name, content string
		format        string
		code          fault.Code
		message       string
	}{
		{"a.txt", "ciao", "text", "", ""},
		{"a.txt.p7m", signed + "ciao", "text", "", ""},
		{"a.txt.p7m.p7m", signed + signed + "ciao", "text", "", ""},
		{"a.rtf", "{\\rtf1}", "rtf", "", ""},
		{"a.pdf", "%PDF-1.4", "", fault.Broken, "a.pdf: the reader of pdf failed on it"},
		{"a.html", "<html>", "", fault.NoText, "holds no text"},
		{"a.csv", "a;b", "", fault.TooLarge, "big"},
		{"a.xls", ole(0, "Workbook"), "", fault.TooLarge, "wrapped"},
		{"a.ppt", ole(0, "PowerPoint Document"), "", fault.Unsupported, "install it"},
		{"a.doc", ole(0, "WordDocument"), "", fault.Unsupported, "Word 97-2003"},
		{"a.docx", ole(0, "EncryptedPackage\x00EncryptionInfo"), "", fault.Encrypted, "password"},
		{"a.png", "\x89PNG\r\n", "", fault.Unsupported, "picture"},
		{"a.md", "# x", "", fault.Unsupported, "markdown is not read"},
		{"a.bin", "\x00\x01\x02", "", fault.Unsupported, "no known format"},
		{"a.zip", string(zipped(t, "x", "y")), "", fault.Unsupported, "extract it"},
		{"vuoto", "", "", fault.NoText, "empty"},
		{"grande", strings.Repeat("x", 5000), "", fault.TooLarge, "limit"},
	}
	for _, tt := range tests {
		p, err := r.Parse(t.Context(), ingest.Input{Name: tt.name, Bytes: []byte(tt.content)})
		switch {
		case fault.CodeOf(err) != tt.code:
			t.Errorf("%s: code %q (%v), want %q", tt.name, fault.CodeOf(err), err, tt.code)
		case err != nil && !strings.Contains(fault.MessageOf(err), tt.message):
			t.Errorf("%s: message %q, want %q in it", tt.name, fault.MessageOf(err), tt.message)
		case err == nil && p.Format != tt.format:
			t.Errorf("%s: format %q, want %q", tt.name, p.Format, tt.format)
		}
	}
}

func TestRegistryTime(t *testing.T) {
	for name, parse := range map[string]parserFunc{
		"honours the context": func(ctx context.Context, _ ingest.Input) (*ingest.Parsed, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
		"has its own error": func(ctx context.Context, _ ingest.Input) (*ingest.Parsed, error) {
			<-ctx.Done()
			return nil, fault.Wrap(fault.Timeout, ctx.Err(), "page 7")
		},
		"does not look at it": func(context.Context, ingest.Input) (*ingest.Parsed, error) {
			time.Sleep(time.Hour)
			return nil, errors.New("late")
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := ingest.NewRegistry(map[ingest.Format]ingest.Parser{ingest.FormatText: parse}).WithLimits(ingest.Limits{Time: time.Minute})
			_, err := r.Parse(t.Context(), ingest.Input{Name: "a.txt", Bytes: []byte("x")})
			if fault.CodeOf(err) != fault.Timeout {
				t.Errorf("%s: %v", name, err)
			}
			time.Sleep(2 * time.Hour) // lets the parser that was left behind end
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := ingest.NewRegistry(map[ingest.Format]ingest.Parser{ingest.FormatText: parserFunc(func(ctx context.Context, _ ingest.Input) (*ingest.Parsed, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})})
	if _, err := r.Parse(ctx, ingest.Input{Name: "a.txt", Bytes: []byte("x")}); fault.CodeOf(err) != fault.Timeout || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
