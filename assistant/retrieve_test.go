package assistant_test

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/index"
	"sportello/assistant/lexicon"
	"sportello/ingest"
)

// shelf is a library in memory.
type shelf struct{ passages []assistant.Passage }

func (s shelf) Lineage(_ context.Context, tenant string) ([]string, error) {
	if tenant != "avella" {
		return nil, fault.New(fault.NotFound, "there is no tenant %q", tenant)
	}
	return []string{"avella", "unione"}, nil
}

func (s shelf) Passages(_ context.Context, _ assistant.IndexQuery, ids []string) ([]assistant.Passage, error) {
	var out []assistant.Passage
	for _, id := range ids {
		for _, p := range s.passages {
			if p.ID == id {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

func (s shelf) Contacts(context.Context, string) ([]assistant.Contact, error) { return nil, nil }

// topics embeds a text as the topics it names, in any language: a stand-in for a model.
type topics struct{ err error }

func (e topics) vector(text string) []float32 {
	v := []float32{0.1, 0.1, 0.1, 0.1}
	for i, words := range []string{"rifiut immondizia tari waste 垃圾", "cimiter cemetery", "multa sanzion fine", "mercat market"} {
		for _, w := range strings.Fields(words) {
			for _, have := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
				if have == w || len(w) > 4 && strings.HasPrefix(have, w) {
					v[i] = 1
				}
			}
		}
	}
	length := 0.0
	for _, x := range v {
		length += float64(x * x)
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(length))
	}
	return v
}

func (e topics) EmbedPassages(_ context.Context, texts []string) ([][]float32, error) {
	var out [][]float32
	for _, t := range texts {
		out = append(out, e.vector(t))
	}
	return out, e.err
}

func (e topics) EmbedQuery(_ context.Context, text string) ([]float32, error) {
	return e.vector(text), e.err
}

func (e topics) Model() string { return "topics" }

var library = shelf{[]assistant.Passage{
	{ID: "1", DocumentID: "tari", Tenant: "avella", Article: "12", Title: "Regolamento TARI", Text: "Art. 12 Riduzioni. La tariffa dei rifiuti è ridotta del 20 per cento per chi fa il compost."},
	{ID: "2", DocumentID: "tari", Tenant: "avella", Article: "13", Title: "Regolamento TARI", Text: "Art. 13 Scadenze. Il versamento della tariffa si effettua in due rate."},
	{ID: "3", DocumentID: "cimitero", Tenant: "unione", Article: "12", Title: "Regolamento del cimitero", Text: "Art. 12 Orario del cimitero. È aperto dalle 8 alle 18."},
	{ID: "4", DocumentID: "tariffe23", Tenant: "avella", Year: "2023", Title: "Tariffe 2023", Text: "Tariffe del mercato per l'anno 2023: zona 1 euro 40,50 al metro quadro."},
	{ID: "5", DocumentID: "tariffe24", Tenant: "avella", Year: "2024", Title: "Tariffe 2024", Text: "Tariffe del mercato per l'anno 2024: zona 1 euro 42,00 al metro quadro."},
	{ID: "6", DocumentID: "copia", Tenant: "avella", Title: "Regolamento del cimitero (copia)", Text: "Art. 12 Orario del cimitero. È aperto dalle 8 alle 18."},
	{ID: "7", DocumentID: "delibera", Tenant: "avella", Approval: ingest.Act{Number: "028", Date: "2021-03-31"}, Title: "Delibera", Text: "Il Consiglio approva il bilancio e delibera di darne notizia."},
	{ID: "8", DocumentID: "altra", Tenant: "avella", Approval: ingest.Act{Number: "28", Date: "2019-03-31"}, Title: "Delibera", Text: "Il Consiglio delibera la delibera sulle delibere."},
}}

func newRetriever(t *testing.T, e assistant.Embedder) *assistant.HybridRetriever {
	t.Helper()
	x := index.New(index.Config{})
	for _, p := range library.passages {
		point := assistant.Point{ID: p.ID, DocumentID: p.DocumentID + p.ID, Tenant: p.Tenant, Visibility: ingest.Public}
		for _, w := range lexicon.Terms(p.Title + "\n" + p.Text) {
			point.Terms = append(point.Terms, assistant.Term(w))
		}
		point.Vector = topics{}.vector(p.Title + " " + p.Text)
		if err := x.Replace(context.Background(), p.Tenant, point.DocumentID, []assistant.Point{point}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := assistant.NewRetriever(assistant.RetrieverConfig{
		Index: x, Library: library, Embedder: e, Closeness: assistant.Closeness{Low: 0.2, High: 1}, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRetrieve(t *testing.T) {
	for _, c := range []struct{ name, question, first string }{
		{"words of the citizen", "Quanto mi scalano sull'immondizia se faccio il compost?", "1"},
		{"an article of one of two regulations", "art. 12 del regolamento TARI", "1"},
		{"the same article of the other", "cosa dice l'articolo 12 del cimitero?", "3"},
		{"the year asked for", "tariffe mercato 2023 zona 1", "4"},
		{"the other year", "tariffe del mercato nel 2024", "5"},
		{"the act with its year", "delibera 28 del 2021", "7"},
		{"another language", "Is there a discount on waste?", "1"},
		{"another script", "垃圾", "1"},
	} {
		for name, e := range map[string]assistant.Embedder{"both legs": topics{}, "failing model": topics{err: errors.New("no route")}, "words only": nil} {
			got, timings, err := newRetriever(t, e).Retrieve(context.Background(), assistant.Question{Tenant: "avella", Text: c.question, Audience: ingest.Public})
			if err != nil {
				t.Fatal(err)
			}
			if len(got) == 0 || got[0].ID != c.first {
				t.Errorf("%s, %s: %v, want %s first", c.name, name, passageIDs(got), c.first)
			}
			if timings.Retrieve < timings.Embed {
				t.Errorf("%s: timings %+v", c.name, timings)
			}
			for _, p := range got {
				if p.Score < 0 || p.Score > 1 {
					t.Errorf("%s: score %v", c.name, p.Score)
				}
			}
		}
	}
}

func passageIDs(ps []assistant.Passage) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.ID)
	}
	return out
}

func TestRetrieveKeepsOneOfTheSame(t *testing.T) {
	got, _, err := newRetriever(t, topics{}).Retrieve(context.Background(), assistant.Question{Tenant: "avella", Text: "orario del cimitero", K: 3})
	if err != nil {
		t.Fatal(err)
	}
	found := passageIDs(got)
	if slices.Contains(found, "3") == slices.Contains(found, "6") {
		t.Errorf("%v: of passages 3 and 6, which say the same, one is wanted", found)
	}
	if len(got) > 3 {
		t.Errorf("%d passages, 3 were asked for", len(got))
	}
}

func TestRetrieveErrors(t *testing.T) {
	r := newRetriever(t, topics{})
	if _, _, err := r.Retrieve(context.Background(), assistant.Question{Tenant: "nowhere", Text: "x"}); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("unknown tenant: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := r.Retrieve(ctx, assistant.Question{Tenant: "avella", Text: "rifiuti"}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	got, _, err := r.Retrieve(context.Background(), assistant.Question{Tenant: "avella", Text: ""})
	if diff := cmp.Diff(nil, err); diff != "" || len(got) == 0 {
		t.Errorf("an empty question finds %v, %v", got, err)
	}
}
