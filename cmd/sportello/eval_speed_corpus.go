package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"

	"sportello/assistant/eval"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
)

// someTexts takes texts that wait for their vectors, and gives them back.
func (a *app) someTexts(ctx context.Context, n int) ([]string, error) {
	pending, err := a.store.PendingVectors(ctx, a.embedder.Model(), n)
	if err != nil {
		return nil, err
	}
	if len(pending) == 0 {
		return nil, fault.New(fault.Invalid, "the documents gave no passages to measure with")
	}
	var texts, hashes []string
	for _, p := range pending {
		texts, hashes = append(texts, p.Text), append(hashes, p.Hash)
	}
	return texts, a.store.ReleaseVectors(ctx, a.embedder.Model(), hashes)
}

// readTexts gives the texts of everything that was ingested and has no vector.
func (a *app) readTexts(ctx context.Context) ([]string, error) {
	pending, err := a.store.PendingVectors(ctx, "none", 1<<20)
	if err != nil {
		return nil, err
	}
	if len(pending) == 0 {
		return nil, fault.New(fault.Invalid, "the documents gave no passages to measure with")
	}
	texts := make([]string, len(pending))
	for i, p := range pending {
		texts[i] = p.Text
	}
	return texts, nil
}

// perDocument is how many passages a made-up document has.
const perDocument = 100

// fillWith makes a tenant of n passages: the texts, each time with other numbers, and vectors of no meaning.
func (a *app) fillWith(ctx context.Context, tenant string, texts []string, n int) error {
	if err := a.store.AddTenant(ctx, store.Tenant{Slug: tenant, Name: tenant}); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(1, uint64(n)))
	for done := 0; done < n; done += perDocument {
		d := &ingest.Document{
			Source: fmt.Sprintf("made/%d.txt", done), Title: fmt.Sprintf("Documento %d", done), Kind: ingest.Altro, Format: "text", Language: "it",
			SHA256: fmt.Sprintf("%064x", done+1), Visibility: ingest.Public,
		}
		var chunks []ingest.Chunk
		for i := range min(perDocument, n-done) {
			start := len(d.Text)
			d.Text += fmt.Sprintf("%d. %s\n", done+i, texts[random.IntN(len(texts))])
			chunks = append(chunks, ingest.Chunk{Ordinal: i, Section: -1, Breadcrumb: d.Title, Start: start, End: len(d.Text)})
		}
		if _, err := a.store.Put(ctx, tenant, d, chunks, nil); err != nil {
			return err
		}
	}
	return a.makeUpVectors(ctx, random)
}

func (a *app) makeUpVectors(ctx context.Context, random *rand.Rand) error {
	probe, err := a.embedder.EmbedQuery(ctx, "prova")
	if err != nil {
		return err
	}
	for {
		pending, err := a.store.PendingVectors(ctx, a.embedder.Model(), 1000)
		if err != nil || len(pending) == 0 {
			return err
		}
		vectors := make(map[string][]float32, len(pending))
		for _, p := range pending {
			v, norm := make([]float32, len(probe)), 0.0
			for i := range v {
				v[i] = float32(random.NormFloat64())
				norm += float64(v[i]) * float64(v[i])
			}
			for i := range v {
				v[i] = float32(float64(v[i]) / math.Sqrt(norm))
			}
			vectors[p.Hash] = v
		}
		if err := a.store.PutVectors(ctx, a.embedder.Model(), vectors); err != nil {
			return err
		}
	}
}

// readQuestions gives the Italian questions of a file, those of the demo when there is none.
func readQuestions(file string) ([]string, error) {
	if file == "" {
		return demoQuestions, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", file)
	}
	defer func() { _ = f.Close() }()
	rows, err := eval.ReadRows(f)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, r := range rows {
		if r.Lang == "it" && strings.TrimSpace(r.Question) != "" {
			out = append(out, r.Question)
		}
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "%s holds no Italian question", file)
	}
	return out, nil
}
