package eval

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/ingest"
	"sportello/ingest/docx"
	"sportello/ingest/html"
	"sportello/ingest/pdf"
	"sportello/ingest/text"
)

var updateTwoSided = flag.Bool("update-twosided", false, "write testdata/twosided.txt anew")

const (
	sharedData   = "../../../shared/data"
	demoSources  = "../../cmd/sportello/demo/source"
	goldenFile   = "testdata/twosided.txt"
	mayFallBy    = .02 // of a committed figure, when a parser or a rule changes
	literalEvery = 3   // one sentence of a document in so many
)

// readGoldDocuments parses the documents that the development questions cite. A legacy DOC needs LibreOffice and is left out.
func readGoldDocuments(t *testing.T) ([]Row, map[string]*ingest.Document) {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedData, "eval/questions/questions.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := ReadRows(f)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := pdf.New(pdf.Config{CacheDir: filepath.Join(os.TempDir(), "sportello-test-pdfium")})
	if err != nil {
		t.Fatal(err)
	}
	parsers := ingest.NewRegistry(map[ingest.Format]ingest.Parser{
		ingest.FormatPDF: reader, ingest.FormatHTML: html.New(html.Config{}), ingest.FormatDOCX: docx.New(docx.Config{}),
		ingest.FormatMarkdown: text.NewMarkdown(text.Config{}), ingest.FormatRST: text.NewRST(text.Config{}), ingest.FormatText: text.New(text.Config{}),
	})
	var rows []Row
	for _, r := range all {
		if r.Kind == "answerable" && r.Lang == "it" && !strings.HasSuffix(r.Gold[0].Doc, ".doc") {
			rows = append(rows, r)
		}
	}
	docs, err := ReadDocuments(filepath.Join(sharedData, "documents"), rows, func(path string) (*ingest.Parsed, error) {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		return parsers.Parse(context.Background(), ingest.Input{Name: path, Bytes: b})
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows, docs
}

// readParaphrases parses the demo's documents and reads the statements written about them.
func readParaphrases(t *testing.T) []Case {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(demoSources, "*.md"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no documents in %s: %v", demoSources, err)
	}
	docs := map[string]*ingest.Document{}
	parser := text.NewMarkdown(text.Config{})
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		p, err := parser.Parse(context.Background(), ingest.Input{Name: name, Bytes: b})
		if err != nil {
			t.Fatal(err)
		}
		docs[name] = ingest.Structure(name, p)
	}
	f, err := os.Open("testdata/paraphrases.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cases, err := ParaphraseCases(f, docs)
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// TestTwoSided measures Verify on the reference answers and on sentences of the documents, true and made false, and compares
// with the committed figures.
func TestTwoSided(t *testing.T) {
	rows, docs := readGoldDocuments(t)
	m := NewTwoSided()
	for _, c := range AnswerCases(rows, func(r Row) []assistant.Passage { return GoldPassages(r, docs) }) {
		m.Add(c)
	}
	var passages [][]assistant.Passage
	for _, d := range SortedDocuments(docs) {
		passages = append(passages, DocumentPassages(d))
	}
	for _, c := range LiteralCases(passages, literalEvery) {
		m.Add(c)
	}
	for _, c := range readParaphrases(t) {
		m.Add(c)
	}
	t.Logf("\n%s", m)
	if *updateTwoSided {
		if err := os.WriteFile(goldenFile, []byte(m.Lines()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := os.Open(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		parts := strings.Split(sc.Text(), " | ")
		var right, n int
		if len(parts) != 3 {
			t.Fatalf("%s: a line is not group | kind | right/n: %q", goldenFile, sc.Text())
		}
		if _, err := fmt.Sscanf(parts[2], "%d/%d", &right, &n); err != nil || n == 0 {
			t.Fatalf("%s: %q: %v", goldenFile, sc.Text(), err)
		}
		if got, was := m.Rate(parts[0], parts[1]), float64(right)/float64(n); got < was-mayFallBy {
			t.Errorf("%s, %s: %.3f, committed %.3f", parts[0], parts[1], got, was)
			for _, x := range m.Failed {
				if x.Group == parts[0] && x.Kind == parts[1] {
					t.Logf("  %s %s %s", x.ID, x.Verdict, x.Text)
				}
			}
		}
	}
}

func TestMutate(t *testing.T) {
	passages := []assistant.Passage{{ID: "p", Text: "La domanda va presentata entro 60 giorni. Il rimborso non è dovuto oltre 90 giorni, salvo che il gestore lo chieda. Il costo è di 10 euro."}}
	tests := []struct {
		statement string
		class     Class
		want      []string
	}{
		{"La domanda va presentata entro 60 giorni.", NumberSwapped, []string{"La domanda va presentata entro 90 giorni."}},
		{"La domanda va presentata entro 60 giorni.", DigitChanged, []string{"La domanda va presentata entro 70 giorni."}},
		{"La domanda va presentata entro 60 giorni.", NegationAdded, []string{"La domanda non va presentata entro 60 giorni."}},
		{"Si paga da 25 a 500 euro.", NumbersExchanged, nil},
		{"Servono 2 copie entro 60 giorni e 3 foto entro 90 giorni.", NumbersExchanged, []string{"Servono 3 copie entro 60 giorni e 2 foto entro 90 giorni."}},
		{"Il rimborso non è dovuto, salvo che il gestore lo chieda.", ExceptionDropped, []string{"Il rimborso non è dovuto."}},
		{"Il rimborso non è dovuto al gestore.", NegationRemoved, []string{"Il rimborso è dovuto al gestore."}},
		{"Non solo il gestore può chiederlo.", NegationRemoved, nil},
		{"È vietato fumare.", NegationRemoved, nil},
		{"Fumare è vietato qui.", NegationRemoved, []string{"Fumare è consentito qui."}},
		{"Se piove la fiera è rinviata.", ExceptionDropped, nil},
		{"La fiera si tiene in piazza anche se piove forte.", ExceptionDropped, nil},
		{"I rifiuti pericolosi sono esclusi dal servizio comunale.", ExceptionDropped, nil},
		{"La fiera è sospesa in caso di lutto o se piove forte.", ExceptionDropped, []string{"La fiera è sospesa in caso di lutto."}},
		{"La fiera si tiene in piazza; se piove per tutto il giorno, la sala è aperta.", ExceptionDropped, []string{"La fiera si tiene in piazza; la sala è aperta."}},
		{"La sala resta aperta a meno che non piova.", NegationRemoved, nil},
	}
	for _, tt := range tests {
		var got []string
		for _, m := range Mutate(tt.statement, passages) {
			if m.Class == tt.class {
				got = append(got, m.Text)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s of %q (-want +got):\n%s", tt.class, tt.statement, diff)
		}
	}
}

func TestMutateSubject(t *testing.T) {
	for _, m := range Mutate("Il gestore dispone il rimborso per le utenze domestiche.", nil) {
		if m.Class != SubjectChanged {
			t.Errorf("unexpected %s: %q", m.Class, m.Text)
		}
		if strings.Contains(m.Text, "gestore") && strings.Contains(m.Text, "rimborso") && strings.Contains(m.Text, "domestiche") && strings.Contains(m.Text, "utenze") {
			t.Errorf("nothing changed: %q", m.Text)
		}
	}
}
