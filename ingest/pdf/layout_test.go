package pdf

import (
	"bytes"
	"context"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
	"sportello/ingest"
)

func TestUnhyphen(t *testing.T) {
	known := func(w string) bool { return w == "socioassistenziale" || w == "dopo-scuola" }
	for _, tc := range []struct {
		line, next string
		known      func(string) bool
		head, tail string
		ok         bool
	}{
		{"la ta-", "riffa annua", nil, "la tariffa", "annua", true},
		{"la tariffa gior\u00AD", "naliera", nil, "la tariffa giornaliera", "", true},
		{"settore tecnico-", "amministrativo e", nil, "settore tecnico-amministrativo", "e", true},
		{"servizi socio-", "assistenziale e", known, "servizi socioassistenziale", "e", true},
		{"il dopo-", "scuola", known, "il dopo-scuola", "", true},
		{"Abbiategrasso -", "Milano", nil, "", "", false},
		{"dal 1990-", "fino", nil, "", "", false},
		{"Emilia-", "Romagna", nil, "", "", false},
		{"senza", "trattino", nil, "", "", false},
		{"alla fine-", "", nil, "", "", false},
	} {
		head, tail, ok := unhyphen(tc.line, tc.next, tc.known)
		if head != tc.head || tail != tc.tail || ok != tc.ok {
			t.Errorf("%q + %q: %q, %q, %v", tc.line, tc.next, head, tail, ok)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"ef\uFB01cacia": "efficacia", "\uFB02usso": "flusso", "a\u00A0b": "a b", "\uF0B7": "•", "\uF0A8": "□", "\uF041": "", "x\u200By\x01": "xy",
		"\uF0D8\uF0FC\uF0FE\uF0A7\uF02D\uF0E0": "➢✓☒▪-→",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestQuality(t *testing.T) {
	for name, tc := range map[string]struct {
		text    string
		garbage bool
	}{
		"prose":         {strings.Repeat("Il canone è dovuto dal titolare della concessione o in mancanza dall'occupante di fatto anche abusivo. ", 3), false},
		"names":         {"ROSSI MARIO BIANCHI LUCA VERDI ANNA NERI PAOLO GALLI SARA FERRARI IVO RUSSO ELENA ESPOSITO CIRO ROMANO LIA COLOMBO PIO RICCI ADA MARINO UGO GRECO LEA BRUNO ALDO CONTI EVA COSTA TINA", false},
		"figures":       {strings.Repeat("€ 12,50 18,00 22,30 1.250,00 3,5% 31/12/2024 ", 10), false},
		"fill-in lines": {strings.Repeat("______________ ", 60), false},
		"few words":     {"Comune di Prova", false},
		"empty":         {"", false},
		"arabic":        {strings.Repeat("كيفية الحصول على شهادة ملاءمة السكن ", 10), false},
		"private use":   {strings.Repeat("\uE041\uE042\uE043 \uE044 ", 20), true},
		"broken spaces": {strings.Repeat("efghijkÿ imppqÿ gekj ÿ ÿ ", 20), true},
		"glyph numbers": {"QDWR UHVLGHQWH SHUVRQD ILVLFD VRFGL IDWWR FRGILVF LQGLUL]]R SURY WHOHIRQR GRFXPHQWR LGHQWLWj ULODVFLDWR GDWD OHJDOH UDSSUHVHQWDQWH VHVVR FRQ VHGH LQ TXDQWR LQWHUHVVH GLUHWWR FRQFUHWR DWWXDOH FRUULVSRQGHQWH VLWXD]LRQH JLXULGLFDPHQWH WXWHODWD FROOHJDWD", true},
	} {
		if got := judgeText(tc.text).garbage(); got != tc.garbage {
			t.Errorf("%s: garbage %v: %+v", name, got, judgeText(tc.text))
		}
	}
}

func TestDecodeFonts(t *testing.T) {
	code := func(s string) []glyph {
		var out []glyph
		for _, r := range s {
			g := glyph{r: r - 29}
			switch r {
			case 'à':
				g.r = 106
			case '’':
				g.r = 182
			}
			out = append(out, g)
		}
		return out
	}
	text := "il richiedente dichiara di essere residente nel comune e di avere interesse attualità dell’atto"
	p := &raw{number: 2, fonts: []font{{name: "AAAAAA+Arial"}}, glyphs: code(text)}
	plain := &raw{number: 1, fonts: []font{{name: "Times"}}}
	for _, r := range text {
		plain.glyphs = append(plain.glyphs, glyph{r: r, space: r == ' '})
	}
	if diff := cmp.Diff([]int{2}, decoded(plain, p)); diff != "" {
		t.Error(diff)
	}
	var b strings.Builder
	for _, g := range p.glyphs {
		b.WriteRune(g.r)
	}
	if b.String() != text {
		t.Errorf("got %q", b.String())
	}
	if got := decoded(plain); got != nil {
		t.Errorf("good text decoded: %v", got)
	}
}

func decoded(pages ...*raw) []int {
	var codes fontCodes
	for _, p := range pages {
		codes.take(p)
	}
	return codes.decode(pages)
}

// A page is laid out early only when no later page can change what its fonts say.
func TestFontsSettle(t *testing.T) {
	var codes fontCodes
	p := &raw{fonts: []font{{name: "Times"}}}
	for _, r := range "il richiedente dichiara di essere residente nel comune e di avere interesse " {
		p.glyphs = append(p.glyphs, glyph{r: r, space: r == ' '})
	}
	for n := 0; n < 78; n++ { // 77 bytes each
		codes.take(p)
		if codes.settled(p) {
			t.Fatalf("settled after %d bytes", (n+1)*len(p.glyphs))
		}
	}
	for range 3 {
		codes.take(p)
	}
	if !codes.settled(p) {
		t.Error("not settled after all it needs")
	}
	other := &raw{fonts: []font{{name: "Times"}, {name: "Arial"}}, glyphs: append(p.glyphs[:3:3], glyph{r: 'x', font: 1})}
	if codes.settled(other) {
		t.Error("settled although one of its fonts was not seen")
	}
}

func TestSane(t *testing.T) {
	var d builder
	d.page().text(50, 60, "Testo").picture().done()
	good := d.bytes()
	if !sane(good) {
		t.Error("a small document is not sane")
	}
	d.pack = true
	if !sane(d.bytes()) {
		t.Error("a packed document is not sane")
	}
	for name, b := range map[string][]byte{
		"cut":       good[:len(good)-200],
		"encrypted": bytes.Replace(good, []byte("/Size"), []byte("/Encrypt 9 0 R /Size"), 1),
		"bomb":      bomb(20),
		"bad flate": bytes.Replace(good, []byte("/Length 1 >>"), []byte("/Length 1 /FlateDecode >>"), 1)[:0],
		"empty":     nil,
	} {
		if sane(b) {
			t.Errorf("%s: sane", name)
		}
	}
	lzw := bytes.Replace(good, []byte("/Subtype /Image"), []byte("/Filter /LZWDecode"), 1)
	if !sane(lzw) {
		t.Error("a short LZW stream is not sane")
	}
	flate := bytes.Replace(good, []byte("/Subtype /Image"), []byte("/Filter /FlateDecode"), 1)
	if sane(flate) {
		t.Error("a stream that cannot be unpacked is sane")
	}
}

func TestLayers(t *testing.T) {
	var words []word
	for layer, text := range []string{"sotto", "sopra", "ancora"} {
		for i := range 20 {
			x, y := float64(50+60*(i%5)), float64(100+20*(i/5))
			words = append(words, word{box: box{x, y, x + 50, y + 10}, size: 10, text: text, seq: layer*20 + i})
		}
	}
	got := layers(words)
	if len(got) != 3 {
		t.Fatalf("%d layers", len(got))
	}
	for i, text := range []string{"sotto", "sopra", "ancora"} {
		for _, w := range got[i] {
			if w.text != text {
				t.Errorf("layer %d has %q", i, w.text)
			}
		}
	}
	if got := layers(words[:20]); len(got) != 1 {
		t.Errorf("a plain page has %d layers", len(got))
	}
}

func TestQuarterTurns(t *testing.T) {
	for _, tc := range []struct {
		angle float64
		page  int
		want  int
	}{{0, 0, 0}, {math.Pi / 2, 0, 1}, {0, 1, 1}, {3 * math.Pi / 2, 1, 0}, {math.Pi, 0, 2}, {0.4, 0, -1}, {0.05, 0, 0}, {math.NaN(), 0, 0}, {-1, 0, 0}} {
		if got := quarterTurns(tc.angle, tc.page); got != tc.want {
			t.Errorf("%v on a page turned %d: %d, want %d", tc.angle, tc.page, got, tc.want)
		}
	}
}

func TestLogicalOrder(t *testing.T) {
	line := func(s string) (out []word) {
		for _, w := range strings.Fields(s) {
			out = append(out, word{text: w})
		}
		return out
	}
	for in, want := range map[string]string{
		"uno due tre":        "uno due tre",
		"ד ג 12 Avella ב א":  "א ב 12 Avella ג ד",
		"via Roma א":         "via Roma א",
		"السكن ملاءمة شهادة": "شهادة ملاءمة السكن",
	} {
		if got := (segment{words: line(in)}).text(); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	var pages []*raw
	for _, n := range []int{1, 3, 4, 5, 9} {
		pages = append(pages, &raw{number: n})
	}
	if got := numbers(pages); got != "1, 3-5, 9" {
		t.Error(got)
	}
}

func TestPageNumbers(t *testing.T) {
	for s, want := range map[string]bool{"12": true, "Pagina 3 di 30": true, "- 4 -": true, "pag. 7/9": true, "iv": true, "Art. 7": false, "Comune": false, "": false} {
		if got := isPageNumber(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

// TestScanInColumns reads an OCR's two columns that lean into each other in the order of the OCR.
func TestScanInColumns(t *testing.T) {
	r := &raw{number: 1, width: 600, height: 800, ocr: true}
	seq := 0
	for col := range 2 {
		for l := range 8 {
			for k := range 5 {
				x := float64(50+280*col+50*k) + float64(l*(1-2*col))*8
				y := float64(100 + 20*l)
				r.ready = append(r.ready, word{box: box{x, y, x + 45, y + 12}, size: 12, text: string(rune('a'+col)) + "parola", seq: seq, line: col*8 + l})
				seq++
			}
		}
	}
	p := layout(r)
	if len(p.lines) != 16 {
		t.Fatalf("%d lines", len(p.lines))
	}
	for i, l := range p.lines {
		if want := string(rune('a' + i/8)); !strings.HasPrefix(l.text, want) {
			t.Errorf("line %d is %q", i, l.text)
		}
	}
}

// TestRealTariffs reads a page of fees of a real regulation.
func TestRealTariffs(t *testing.T) {
	b, err := os.ReadFile("../../../shared/data/documents/abbiategrasso/regolamento-canone-unico-legge-160-2019-con-tariffa-cc-28-del-31-3-2021.pdf")
	if err != nil {
		t.Fatal(err)
	}
	got := show(parse(t, newParser(t, Config{}), b).Blocks)
	for _, want := range []string{
		"\n31R Passi Carrabili costruiti dal comune con superficie fino a 9 mq (Riduzione del 50%) | € 17,19 | 0,34 | € 12,89 | 0,26 | € 8,60 | 0,17 [Tipologia Occupazione-PERMANENTI | Tariffa Z1 | ",
		"\n34R fino a 1 mq -Cat. Norm -Opaca | 0,46 | € 22,92 [Fattispecie Esposizioni | Coefficiente | Tariffa]\n",
		"\n30B Articolo 74 – Disposizioni finali e transitorie\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("missing: %q", want)
		}
	}
	if strings.Contains(got, "Pagina 12 di 30") {
		t.Error("page numbers are left")
	}
}

// TestRealFormOfGlyphNumbers reads a form whose text layer is "LQGLUL]]R".
func TestRealFormOfGlyphNumbers(t *testing.T) {
	b, err := os.ReadFile("../../../shared/data/documents/abbiategrasso/modello-accesso-atti-gen.pdf")
	if err != nil {
		t.Fatal(err)
	}
	out := parse(t, newParser(t, Config{}), b)
	if diff := cmp.Diff([]int{1, 2}, out.DecodedPages); diff != "" {
		t.Error(diff)
	}
	if got := show(out.Blocks); !strings.Contains(got, "(indicare l’interesse diretto, concreto e attuale, corrispondente a una situazione giuridicamente tutelata") {
		t.Error(got)
	}
}

func FuzzParse(f *testing.F) {
	var d builder
	d.page().text(50, 60, "Testo di prova").line(10, 10, 500, 10).done()
	d.widgets = []string{`/FT /Tx /T (nome) /V (Maria) /Rect [50 700 200 715] /P 6 0 R`}
	f.Add(d.bytes())
	d.pack = true
	d.page().picture().done()
	f.Add(d.bytes())
	f.Add(bomb(3))
	f.Add([]byte("%PDF-1.7\n"))
	f.Add(d.bytes()[:300])
	p, err := New(Config{CacheDir: testCache(f), MaxPages: 5, MaxTime: 5e9})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = p.Close() })
	f.Fuzz(func(t *testing.T, b []byte) {
		out, err := p.Parse(context.Background(), ingest.Input{Name: "fuzz.pdf", Bytes: b})
		if err != nil {
			if fault.CodeOf(err) == fault.Internal {
				t.Errorf("an error without a code: %v", err)
			}
			return
		}
		for _, k := range out.Blocks {
			if k.Text == "" || k.Page < 1 || strings.ContainsAny(k.Text, "\n\x00") {
				t.Errorf("block %+v", k)
			}
		}
	})
}
