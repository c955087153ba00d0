package odt_test

import (
	"context"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/internal/archive"
	"sportello/ingest/internal/blocktest"
	"sportello/ingest/odt"
)

func TestGolden(t *testing.T) {
	blocktest.Golden(t, odt.New(odt.Config{}), blocktest.Zipped)
}

func document(t testing.TB, body string) ingest.Input {
	return blocktest.Zipped(t, []txtar.File{{Name: "content.xml", Data: []byte(`<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:text>` + body + `</office:text></office:body></office:document-content>`)}})
}

func TestLimits(t *testing.T) {
	many := document(t, strings.Repeat("<text:p>x</text:p>", 100))
	for name, tt := range map[string]struct {
		config odt.Config
		in     ingest.Input
		code   fault.Code
	}{
		"blocks": {odt.Config{MaxBlocks: 10}, many, fault.TooLarge},
		"part":   {odt.Config{Archive: archive.Limits{Part: 100}}, many, fault.TooLarge},
		"depth":  {odt.Config{}, document(t, strings.Repeat("<text:section>", 300)+strings.Repeat("</text:section>", 300)), fault.TooLarge},
		"no zip": {odt.Config{}, ingest.Input{Name: "x", Bytes: []byte("PK")}, fault.Broken},
	} {
		if _, err := odt.New(tt.config).Parse(t.Context(), tt.in); fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := odt.New(odt.Config{}).Parse(ctx, many); fault.CodeOf(err) != fault.Timeout {
		t.Errorf("cancelled: %v", err)
	}
}

// TestRepeats asks for a million rows and columns that are not there.
func TestRepeats(t *testing.T) {
	in := document(t, `<table:table><table:table-row table:number-rows-repeated="999999999"><table:table-cell table:number-columns-repeated="999999999"><text:p>x</text:p></table:table-cell></table:table-row></table:table>`)
	p, err := odt.New(odt.Config{}).Parse(t.Context(), in)
	if err != nil || len(p.Blocks) > 50 {
		t.Errorf("%d blocks, %v", len(p.Blocks), err)
	}
}

func FuzzParse(f *testing.F) {
	blocktest.Seeds(f, blocktest.Zipped)
	p := odt.New(odt.Config{Archive: archive.Limits{Total: 4 << 20}})
	f.Fuzz(func(t *testing.T, b []byte) { blocktest.Sane(t, p, b) })
}

// FuzzBody puts the bytes where they reach the reader: in the body of a text.
func FuzzBody(f *testing.F) {
	f.Add(`<table:table><table:table-row><table:table-cell table:number-columns-repeated="7"><text:p/></table:table-cell></table:table-row></table:table>`)
	f.Add(`<text:list><text:list-item text:start-value="9"><text:h text:outline-level="99">x</text:h></text:list-item></text:list>`)
	p := odt.New(odt.Config{})
	f.Fuzz(func(t *testing.T, body string) { blocktest.Sane(t, p, document(t, body).Bytes) })
}
