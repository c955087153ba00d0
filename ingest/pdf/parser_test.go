package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// testCache keeps the compiled PDFium between runs of the tests.
func testCache(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(os.TempDir(), "sportello-test-pdfium")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func newParser(t testing.TB, cfg Config) *Parser {
	t.Helper()
	cfg.CacheDir = testCache(t)
	p, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func parse(t *testing.T, p *Parser, b []byte) *ingest.Parsed {
	t.Helper()
	out, err := p.Parse(context.Background(), ingest.Input{Name: "prova.pdf", Bytes: b})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// show writes blocks one a line: R row, B bold, > wraps, and the header of a row.
func show(blocks []ingest.Block) string {
	var b strings.Builder
	for _, k := range blocks {
		flags := ""
		if k.Kind == ingest.Row {
			flags += "R"
		}
		if k.Bold {
			flags += "B"
		}
		if k.Wraps {
			flags += ">"
		}
		fmt.Fprintf(&b, "%d%s %s", k.Page, flags, k.Text)
		if k.Header != "" {
			fmt.Fprintf(&b, " [%s]", k.Header)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestParagraphs(t *testing.T) {
	var d builder
	d.page().
		bold(50, 100, "Art. 12 - Riduzioni").
		text(50, 120, "1. Il canone si applica sulla base della tariffa standard annua e della ta-").
		text(50, 133, "riffa giornaliera, con le riduzioni previste dal presente regolamento comunale").
		text(50, 146, "e dalla legge.").
		text(50, 159, "2. Restano ferme le disposizioni socio-").
		text(50, 172, "assistenziali.").
		bold(50, 200, "Art. 13 - Esenzioni").
		done()
	want := `1B Art. 12 - Riduzioni
1> 1. Il canone si applica sulla base della tariffa standard annua e della tariffa
1> giornaliera, con le riduzioni previste dal presente regolamento comunale
1 e dalla legge.
1 2. Restano ferme le disposizioni socio-assistenziali.
1B Art. 13 - Esenzioni
`
	p := newParser(t, Config{})
	for _, pack := range []bool{false, true} {
		d.pack = pack
		if diff := cmp.Diff(want, show(parse(t, p, d.bytes()).Blocks)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestColumns(t *testing.T) {
	var d builder
	c := d.page().bold(50, 80, "Regolamento comunale per la disciplina del servizio di trasporto scolastico e mensa")
	for i := range 8 {
		c.text(50, 110+13*float64(i), fmt.Sprintf("sinistra %d parole della prima colonna di testo", i))
		c.text(320, 114+13*float64(i), fmt.Sprintf("destra %d parole della seconda colonna di testo", i))
	}
	c.text(50, 260, "In fondo una riga che attraversa tutta la pagina da un margine fino quasi all'altro.").done()
	var got []string
	for _, b := range parse(t, newParser(t, Config{}), d.bytes()).Blocks {
		got = append(got, strings.Join(strings.Fields(b.Text)[:2], " "))
	}
	want := []string{"Regolamento comunale"}
	for _, side := range []string{"sinistra", "destra"} {
		for i := range 8 {
			want = append(want, fmt.Sprintf("%s %d", side, i))
		}
	}
	want = append(want, "In fondo")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRuledTable(t *testing.T) {
	var d builder
	c := d.page().text(50, 80, "Tariffe in vigore")
	xs := []float64{50, 250, 350, 450}
	ys := []float64{100, 120, 150, 170, 190}
	for _, y := range ys {
		c.line(xs[0], y, xs[3], y)
	}
	for _, x := range xs {
		c.line(x, ys[0], x, ys[4])
	}
	c.text(55, 114, "Tipologia").text(255, 114, "Zona 1").text(355, 114, "Zona 2").
		text(55, 133, "Occupazione con tende fisse o").text(55, 145, "retraibili").text(255, 139, "10,31").text(355, 139, "7,74").
		text(55, 164, "Dissuasori di sosta").text(355, 164, "25,79").
		text(55, 184, "Passi carrabili").text(255, 184, "17,19").text(355, 184, "12,89").
		done()
	want := `1 Tariffe in vigore
1R Tipologia | Zona 1 | Zona 2
1R Occupazione con tende fisse o retraibili | 10,31 | 7,74 [Tipologia | Zona 1 | Zona 2]
1R Dissuasori di sosta |  | 25,79 [Tipologia | Zona 1 | Zona 2]
1R Passi carrabili | 17,19 | 12,89 [Tipologia | Zona 1 | Zona 2]
`
	if diff := cmp.Diff(want, show(parse(t, newParser(t, Config{}), d.bytes()).Blocks)); diff != "" {
		t.Error(diff)
	}
}

func TestGroupedRows(t *testing.T) {
	var d builder
	c := d.page()
	for _, y := range []float64{100, 120, 160} {
		c.line(50, y, 350, y)
	}
	c.line(150, 140, 350, 140) // the first column spans two rows
	for _, x := range []float64{50, 150, 250, 350} {
		c.line(x, 100, x, 160)
	}
	c.text(55, 114, "Categoria").text(155, 114, "Zona").text(255, 114, "Euro").
		text(55, 134, "Mercato").text(155, 134, "centro").text(255, 134, "3,00").
		text(155, 154, "periferia").text(255, 154, "2,00").done()
	want := `1R Categoria | Zona | Euro
1R Mercato | centro | 3,00 [Categoria | Zona | Euro]
1R | periferia | 2,00 [Categoria | Zona | Euro | Mercato]
`
	if diff := cmp.Diff(want, show(parse(t, newParser(t, Config{}), d.bytes()).Blocks)); diff != "" {
		t.Error(diff)
	}
}

func TestUnruledTable(t *testing.T) {
	var d builder
	d.page().
		text(50, 100, "Carta di identità").text(300, 100, "22,00").
		text(50, 114, "Certificato di residenza").text(300, 114, "0,52").
		text(50, 128, "Copia conforme").text(300, 128, "1,00").
		text(50, 200, "1.").text(75, 200, "Un punto di un elenco, che non è una cella.").
		text(50, 214, "2.").text(75, 214, "Un altro punto dello stesso elenco di prima.").
		done()
	want := `1R Carta di identità | 22,00
1R Certificato di residenza | 0,52
1R Copia conforme | 1,00
1 1. Un punto di un elenco, che non è una cella.
1 2. Un altro punto dello stesso elenco di prima.
`
	b := bytes.ReplaceAll(d.bytes(), []byte("à"), []byte{0xE0, ' '}) // WinAnsi
	b = bytes.ReplaceAll(b, []byte("è"), []byte{0xE8, ' '})
	got := strings.ReplaceAll(show(parse(t, newParser(t, Config{}), b).Blocks), "è  ", "è ")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRunningLines(t *testing.T) {
	var d builder
	for i := 1; i <= 4; i++ {
		d.page().text(50, 40, "Comune di Prova - Regolamento TARI").
			text(50, 200, fmt.Sprintf("Testo della pagina numero %d del regolamento.", i)).
			text(280, 800, fmt.Sprintf("Pagina %d di 4", i)).done()
	}
	p := newParser(t, Config{})
	want := `1 Comune di Prova - Regolamento TARI
1 Testo della pagina numero 1 del regolamento.
2 Testo della pagina numero 2 del regolamento.
3 Testo della pagina numero 3 del regolamento.
4 Testo della pagina numero 4 del regolamento.
`
	if diff := cmp.Diff(want, show(parse(t, p, d.bytes()).Blocks)); diff != "" {
		t.Error(diff)
	}
	if got := len(parse(t, newParser(t, Config{KeepRunning: true}), d.bytes()).Blocks); got != 12 {
		t.Errorf("kept running lines: %d blocks, want 12", got)
	}
	out := parse(t, newParser(t, Config{MaxPages: 2}), d.bytes())
	if out.Pages != 4 || len(out.Warnings) != 1 || out.Blocks[len(out.Blocks)-1].Page != 2 {
		t.Errorf("limit of pages: %d pages, warnings %q", out.Pages, out.Warnings)
	}
}

func TestFields(t *testing.T) {
	d := builder{widgets: []string{
		`/FT /Tx /T (cognome) /TU (Cognome del richiedente) /Rect [50 700 200 715] /P 6 0 R`,
		`/FT /Btn /T (residente) /Rect [50 660 60 670] /P 6 0 R`,
		`/FT /Btn /Ff 65536 /T (stampa) /Rect [50 640 60 650] /P 6 0 R`,
		`/FT /Ch /T (comune) /Opt [(Avella) (Baiano)] /V (Baiano) /Rect [50 620 200 635] /P 6 0 R`,
		`/FT /Tx /T (importo) /V (cento euro) /DA (/F1 10 Tf 0 g) /Rect [50 600 200 615] /P 6 0 R`,
		`/FT /Sig /T (firma) /Rect [50 560 200 590] /P 6 0 R`,
	}}
	d.page().text(50, 60, "Domanda di contributo").done()
	out := parse(t, newParser(t, Config{}), d.bytes())
	want := []ingest.Field{
		{Name: "Cognome del richiedente", Type: "text", Page: 1}, {Name: "residente", Type: "checkbox", Page: 1},
		{Name: "comune", Type: "choice", Page: 1}, {Name: "importo", Type: "text", Page: 1}, {Name: "firma", Type: "signature", Page: 1},
	}
	if diff := cmp.Diff(want, out.Fields); diff != "" {
		t.Error(diff)
	}
	if got := show(out.Blocks); !strings.Contains(got, "cento euro") || !strings.Contains(got, "Baiano") {
		t.Errorf("filled values are missing:\n%s", got)
	}
}

func TestTurnedPages(t *testing.T) {
	for _, tc := range []struct {
		name   string
		rotate int
		matrix string
	}{
		{"upright", 0, "1 0 0 1 100 700"},
		{"page turned, text upright on it", 90, "0 1 -1 0 100 100"},
		{"page turned back", 270, "0 -1 1 0 400 700"},
		{"upside down", 180, "-1 0 0 -1 400 400"},
		{"text upwards", 0, "0 1 -1 0 100 100"},
		{"text downwards", 0, "0 -1 1 0 400 700"},
		{"text upside down", 0, "-1 0 0 -1 400 400"},
		{"askew", 0, "0.7 0.7 -0.7 0.7 100 100"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := builder{rotate: tc.rotate}
			d.page().raw("BT /F1 10 Tf " + tc.matrix + " Tm 13 TL (prima riga di testo) Tj T* (seconda riga) Tj ET\n").done()
			got := show(parse(t, newParser(t, Config{}), d.bytes()).Blocks)
			got = strings.Join(strings.Fields(strings.NewReplacer("1>", "", "1 ", "").Replace(got)), " ")
			if got != "prima riga di testo seconda riga" {
				t.Errorf("got %q", got)
			}
		})
	}
}

// fakeOCR reads the same words in every picture.
type fakeOCR struct {
	words []ingest.OCRWord
	ready error
	err   error
	seen  chan image.Rectangle
}

func (f fakeOCR) Ready(context.Context) error { return f.ready }

func (f fakeOCR) Read(_ context.Context, img *image.Gray, _ int) ([]ingest.OCRWord, error) {
	if f.seen != nil {
		f.seen <- img.Bounds()
	}
	return f.words, f.err
}

func ocrLines(lines ...string) []ingest.OCRWord {
	var out []ingest.OCRWord
	for i, l := range lines {
		for k, w := range strings.Fields(l) {
			x := 100 + 120*float64(k)
			out = append(out, ingest.OCRWord{Text: w, X0: x, X1: x + 100, Y0: 100 + 50*float64(i), Y1: 130 + 50*float64(i), Line: i, Confidence: 0.9})
		}
	}
	return append(out, ingest.OCRWord{Text: "~", X0: 900, X1: 910, Y0: 900, Y1: 910, Line: len(lines), Confidence: 0.1})
}

func TestScannedPages(t *testing.T) {
	var d builder
	d.page().text(50, 60, "Una pagina di testo vero, che non serve leggere con altro.").done()
	d.page().picture().done()
	d.page().picture().text(50, 30, "Protocollo 123").done()
	seen := make(chan image.Rectangle, 10)
	p := newParser(t, Config{OCR: fakeOCR{words: ocrLines("Avviso di pagamento", "entro il mese"), seen: seen}})
	out := parse(t, p, d.bytes())
	want := `1 Una pagina di testo vero, che non serve leggere con altro.
2 Avviso di pagamento
2 entro il mese
3 Avviso di pagamento
3 entro il mese
`
	if diff := cmp.Diff(want, strings.ReplaceAll(show(out.Blocks), ">", "")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{2, 3}, out.OCRPages); diff != "" {
		t.Error(diff)
	}
	if got := <-seen; got.Dx() != 1653 || got.Dy() != 2339 { // A4 at 200 dots per inch
		t.Errorf("rendered as %v", got)
	}

	missing := fault.New(fault.Unsupported, "tesseract is not installed")
	out = parse(t, newParser(t, Config{OCR: fakeOCR{ready: missing}}), d.bytes())
	if len(out.Warnings) != 1 || !strings.Contains(out.Warnings[0], "pages 2-3: no text, and tesseract is not installed") {
		t.Errorf("warnings %q", out.Warnings)
	}
	out = parse(t, newParser(t, Config{OCR: fakeOCR{err: errors.New("broken")}, OCRPages: 1}), d.bytes())
	if len(out.Warnings) != 2 {
		t.Errorf("warnings %q", out.Warnings)
	}

	var scan builder
	scan.page().picture().done()
	for _, cfg := range []Config{{}, {OCR: fakeOCR{ready: missing}}, {OCR: fakeOCR{}}} {
		_, err := newParser(t, cfg).Parse(context.Background(), ingest.Input{Name: "scansione.pdf", Bytes: scan.bytes()})
		if fault.CodeOf(err) != fault.NoText {
			t.Errorf("a scan without OCR: %v", err)
		}
	}
}

func TestGlyphCodesAreDroppedOrRead(t *testing.T) {
	var d builder
	c := d.page()
	for i := range 30 {
		c.text(50, 60+13*float64(i), "8 1 # ; !% = 2 & * ! 3 # 5 = z - & ; ) > < k * + $ 0 * + < 3q# ! > @ < =")
	}
	c.done()
	_, err := newParser(t, Config{}).Parse(context.Background(), ingest.Input{Name: "codici.pdf", Bytes: d.bytes()})
	if fault.CodeOf(err) != fault.NoText {
		t.Errorf("codes taken for text: %v", err)
	}
	out := parse(t, newParser(t, Config{OCR: fakeOCR{words: ocrLines("testo vero")}}), d.bytes())
	if got := show(out.Blocks); got != "1 testo vero\n" {
		t.Errorf("got %q", got)
	}
}

func TestFaults(t *testing.T) {
	var d builder
	d.page().text(50, 60, "Testo").done()
	good := d.bytes()
	encrypted, err := os.ReadFile("../../../shared/data/robustness/pdf/tika/testunicodepassword.pdf")
	if err != nil {
		t.Fatal(err)
	}
	var empty builder
	empty.page().done()
	for _, tc := range []struct {
		name string
		cfg  Config
		b    []byte
		want fault.Code
	}{
		{"not a PDF", Config{}, []byte("<html>"), fault.Broken},
		{"broken", Config{}, []byte("%PDF-1.4\n1 0 obj\nnothing"), fault.Broken},
		{"user password", Config{}, encrypted, fault.Encrypted},
		{"empty page", Config{}, empty.bytes(), fault.NoText},
		{"too large", Config{MaxBytes: 100}, good, fault.TooLarge},
		{"too slow", Config{MaxTime: time.Nanosecond}, good, fault.Timeout},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := newParser(t, tc.cfg).Parse(context.Background(), ingest.Input{Name: "prova.pdf", Bytes: tc.b})
			if fault.CodeOf(err) != tc.want {
				t.Errorf("got %v, want %s", err, tc.want)
			}
			if !strings.Contains(fault.MessageOf(err), "prova.pdf") {
				t.Errorf("the message does not name the file: %v", err)
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := newParser(t, Config{}).Parse(ctx, ingest.Input{Name: "prova.pdf", Bytes: good}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled call gives %v", err)
	}
	p := newParser(t, Config{})
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Parse(context.Background(), ingest.Input{Name: "prova.pdf", Bytes: good}); err == nil {
		t.Error("a closed parser reads")
	}
}

func TestNoHeader(t *testing.T) {
	var d builder
	d.page().text(50, 60, "Testo").done()
	for _, b := range [][]byte{append([]byte("HTTP/1.1 200 OK\n\n"), d.bytes()...), bytes.TrimPrefix(d.bytes(), []byte("%PDF-1.4\n"))} {
		if got := show(parse(t, newParser(t, Config{}), b).Blocks); got != "1 Testo\n" {
			t.Errorf("got %q", got)
		}
	}
}

// TestEndlessPage has forms that draw each other 2^30 times: the time limit ends it.
func TestEndlessPage(t *testing.T) {
	if testing.Short() {
		t.Skip("takes the time limit")
	}
	b := bomb(30)
	if sane(b) {
		t.Fatal("the bomb looks sane")
	}
	_, err := newParser(t, Config{MaxTime: 2 * time.Second}).Parse(context.Background(), ingest.Input{Name: "bomba.pdf", Bytes: b})
	if code := fault.CodeOf(err); code != fault.Timeout && code != fault.NoText {
		t.Errorf("got %v", err)
	}
}

// bomb builds a page whose form draws a form twice, and so on, down to a line of text.
func bomb(depth int) []byte {
	var d builder
	d.page().raw("/Fm0 Do\n").done()
	b := string(d.bytes())
	b = strings.Replace(b, "/Im1 5 0 R", "/Im1 5 0 R /Fm0 100 0 R", 1)
	var forms strings.Builder
	for i := range depth {
		body := fmt.Sprintf("/Fm%d Do /Fm%d Do", i+1, i+1)
		if i == depth-1 {
			body = "BT /F1 10 Tf 50 50 Td (x) Tj ET"
		}
		fmt.Fprintf(&forms, "%d 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> /XObject << /Fm%d %d 0 R >> >> /Length %d >>\nstream\n%s\nendstream\nendobj\n",
			100+i, i+1, 101+i, len(body), body)
	}
	i := strings.Index(b, "xref\n")
	return []byte(b[:i] + forms.String() + "trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n")
}
