package sheet

import (
	"context"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/internal/archive"
	"sportello/ingest/internal/blocktest"
)

func TestGolden(t *testing.T) {
	t.Run("csv", func(t *testing.T) { blocktest.GoldenIn(t, "testdata/csv", NewCSV(Config{}), blocktest.First) })
	t.Run("xlsx", func(t *testing.T) { blocktest.GoldenIn(t, "testdata/xlsx", NewXLSX(Config{}), blocktest.Zipped) })
	t.Run("ods", func(t *testing.T) { blocktest.GoldenIn(t, "testdata/ods", NewODS(Config{}), blocktest.Zipped) })
}

func TestLimits(t *testing.T) {
	ods := func(body string) []byte {
		return blocktest.Zipped(t, []txtar.File{{Name: "content.xml", Data: []byte(`<o:d xmlns:o="` + ns + `office:1.0" xmlns:table="` + ns + `table:1.0" xmlns:text="` + ns + `text:1.0"><o:body><o:spreadsheet>` + body + `</o:spreadsheet></o:body></o:d>`)}}).Bytes
	}
	cell := `<table:table-row table:number-rows-repeated="50"><table:table-cell table:number-columns-repeated="200"><text:p>x</text:p></table:table-cell></table:table-row>`
	for name, tt := range map[string]struct {
		parser *Parser
		b      []byte
		code   fault.Code
	}{
		"csv bytes":   {NewCSV(Config{MaxBytes: 3}), []byte("a;b;c"), fault.TooLarge},
		"csv rows":    {NewCSV(Config{MaxRows: 3}), []byte(strings.Repeat("a;b\n", 10)), fault.TooLarge},
		"csv empty":   {NewCSV(Config{}), []byte("\n\n"), fault.NoText},
		"ods rows":    {NewODS(Config{MaxRows: 20}), ods("<table:table>" + cell + "</table:table>"), fault.TooLarge},
		"ods cells":   {NewODS(Config{}), ods("<table:table>" + strings.Repeat(cell, 300) + "</table:table>"), fault.TooLarge},
		"ods part":    {NewODS(Config{Archive: archive.Limits{Part: 10}}), ods(""), fault.TooLarge},
		"ods no zip":  {NewODS(Config{}), []byte("x"), fault.Broken},
		"xlsx no zip": {NewXLSX(Config{}), []byte("x"), fault.Broken},
	} {
		if _, err := tt.parser.Parse(t.Context(), ingest.Input{Name: "x", Bytes: tt.b}); fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := NewCSV(Config{}).Parse(ctx, ingest.Input{Bytes: []byte("a;b")}); fault.CodeOf(err) != fault.Timeout {
		t.Errorf("cancelled: %v", err)
	}
	p, err := NewODS(Config{MaxSheets: 1, MaxColumns: 3}).Parse(t.Context(), ingest.Input{Bytes: ods(`<table:table table:name="uno">` + cell + `</table:table><table:table table:name="due">` + cell + `</table:table>`)})
	if err != nil || p.Title != "uno" || p.Blocks[1].Text != "x | x | x" {
		t.Errorf("one sheet, three columns: %s", blocktest.Dump(p, err))
	}
}

func TestNumberFormats(t *testing.T) {
	for _, tt := range []struct{ code, raw, want string }{
		{"", "1234567.891", "1234567,891"},
		{"", "0.30000000000000004", "0,3"},
		{"General", "12", "12"},
		{"@", "007", "7"},
		{"", "testo", "testo"},
		{"#,##0", "1234567", "1.234.567"},
		{"#,##0.00", "-1234.5", "-1.234,50"},
		{`"€" 0.00`, "5", "€ 5,00"},
		{"0.0%", "0.225", "22,5%"},
		{"0.##", "3.10", "3,1"},
		{"d mmm yyyy", "46023", "01/01/2026"},
		{"h:mm", "0.75", "18:00"},
		{"mm:ss", "0.5", "12:00:00"},
		{"yyyy-mm-dd", "1", "01/01/1900"},
		{"yyyy-mm-dd", "-5", "-5"},
		{`0" mq"`, "42", "42 mq"},
		{`_-* #,##0.00\ [$€-410]_-`, "10", "10,00 €"},
	} {
		if got := readFormat(tt.code).show(tt.raw, false); got != tt.want {
			t.Errorf("%q of %s: %q, want %q", tt.code, tt.raw, got, tt.want)
		}
	}
	if got := readFormat("dd/mm/yyyy").show("0", true); got != "01/01/1904" {
		t.Errorf("1904: %q", got)
	}
}

func FuzzCSV(f *testing.F)  { fuzz(f, "testdata/csv", NewCSV(Config{}), blocktest.First) }
func FuzzXLSX(f *testing.F) { fuzz(f, "testdata/xlsx", NewXLSX(small), blocktest.Zipped) }
func FuzzODS(f *testing.F)  { fuzz(f, "testdata/ods", NewODS(small), blocktest.Zipped) }

var small = Config{Archive: archive.Limits{Total: 4 << 20}}

func fuzz(f *testing.F, dir string, p *Parser, input func(testing.TB, []txtar.File) ingest.Input) {
	blocktest.SeedsIn(f, dir, input)
	f.Fuzz(func(t *testing.T, b []byte) { blocktest.Sane(t, p, b) })
}
