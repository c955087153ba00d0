package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
)

// benchFillCmd makes a tenant of any size to measure with.
type benchFillCmd struct {
	From     string `required:"" help:"Whose passages are repeated; they must have their vectors." placeholder:"SLUG"`
	Tenant   string `required:"" help:"The tenant to make; it must not be there." placeholder:"SLUG"`
	Passages int    `default:"20000" help:"How many."`
}

func (cmd *benchFillCmd) Help() string {
	return "Example:\n  sportello bench fill --from avella --tenant prova-grande --passages 20000\n\n" +
		"Each passage is one of the tenant's with a number before it, and its vector that passage's turned a little: real text at any size without\n" +
		"hours of embedding. Use a copy of the data folder."
}

// turned is how far a made-up vector lies from the one it repeats: a cosine of about .95, as two passages on the same matter have.
const turned = 0.33

// sample is a passage with its vector.
type sample struct {
	text   string
	vector []float32
}

func (cmd *benchFillCmd) Run(ctx context.Context, s *session) error {
	if cmd.Passages < 1 || cmd.Passages > 10_000_000 {
		return fault.New(fault.Invalid, "write --passages between 1 and 10000000")
	}
	a, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer release(a)
	samples, err := a.samples(ctx, cmd.From)
	if err != nil {
		return err
	}
	if err := a.store.AddTenant(ctx, store.Tenant{Slug: cmd.Tenant, Name: cmd.Tenant}); err != nil {
		return err
	}
	progress := bar(s.stderr, int64(cmd.Passages), "passages", false)
	random := rand.New(rand.NewPCG(1, uint64(cmd.Passages)))
	for done := 0; done < cmd.Passages; done += perDocument {
		if err := a.repeat(ctx, cmd.Tenant, samples, done, min(perDocument, cmd.Passages-done), random); err != nil {
			return err
		}
		_ = progress.Set(done)
	}
	_ = progress.Finish()
	sayf(s.stdout, "%s: %d passages\n", cmd.Tenant, cmd.Passages)
	return nil
}

// samples are the passages of a tenant that have their vector.
func (a *app) samples(ctx context.Context, tenant string) ([]sample, error) {
	if a.embedder == nil {
		return nil, fault.New(fault.Unavailable, "there is no embedding model: sportello doctor says how to add it")
	}
	vectors := map[string][]float32{}
	var ids []string
	err := a.store.EachPoint(ctx, tenant, a.embedder.Model(), func(p assistant.Point) error {
		if p.Vector != nil {
			vectors[p.ID] = p.Vector
			ids = append(ids, p.ID)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []sample
	for len(ids) > 0 {
		some := ids[:min(200, len(ids))]
		ids = ids[len(some):]
		passages, err := a.store.Passages(ctx, assistant.IndexQuery{Tenants: []string{tenant}, Audience: ingest.Staff}, some)
		if err != nil {
			return nil, err
		}
		for _, p := range passages {
			out = append(out, sample{p.Text, vectors[p.ID]})
		}
	}
	if len(out) == 0 {
		return nil, fault.New(fault.NotFound, "%s has no passage with its vector: ingest something into it first", tenant)
	}
	return out, nil
}

// repeat stores one document of n passages and their vectors.
func (a *app) repeat(ctx context.Context, tenant string, samples []sample, first, n int, random *rand.Rand) error {
	d := &ingest.Document{
		Source: fmt.Sprintf("prova/%d.txt", first), Title: fmt.Sprintf("Documento %d", first), Kind: ingest.Altro, Format: "text", Language: "it",
		SHA256: fmt.Sprintf("%064x", first+1), Visibility: ingest.Public,
	}
	var chunks []ingest.Chunk
	chosen := map[int][]float32{}
	for i := range n {
		one, start := samples[random.IntN(len(samples))], len(d.Text)
		d.Text += fmt.Sprintf("%d. %s\n", first+i, one.text)
		chosen[first+i] = one.vector
		chunks = append(chunks, ingest.Chunk{Ordinal: i, Section: -1, Breadcrumb: d.Title, Start: start, End: len(d.Text)})
	}
	if _, err := a.store.Put(ctx, tenant, d, chunks, nil); err != nil {
		return err
	}
	pending, err := a.store.PendingVectors(ctx, a.embedder.Model(), 2*n)
	if err != nil {
		return err
	}
	vectors := make(map[string][]float32, len(pending))
	for _, p := range pending {
		number, _, _ := strings.Cut(p.Text[strings.LastIndexByte(p.Text[:min(len(p.Text), len(d.Title)+1)], '\n')+1:], ".")
		at, err := strconv.Atoi(strings.TrimSpace(number))
		if vector := chosen[at]; err == nil && vector != nil {
			vectors[p.Hash] = near(vector, random)
		}
	}
	return a.store.PutVectors(ctx, a.embedder.Model(), vectors)
}

// near gives a unit vector that lies turned from another.
func near(v []float32, random *rand.Rand) []float32 {
	out, norm := make([]float32, len(v)), 0.0
	spread := turned / math.Sqrt(float64(len(v)))
	for i := range v {
		out[i] = v[i] + float32(random.NormFloat64()*spread)
		norm += float64(out[i]) * float64(out[i])
	}
	for i := range out {
		out[i] = float32(float64(out[i]) / math.Sqrt(norm))
	}
	return out
}
