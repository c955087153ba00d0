package model

import (
	"context"
	"net/http"
	"strings"

	"github.com/tmc/langchaingo/llms/openai"

	"sportello/assistant/fault"
	"sportello/assistant/model/engine"
	"sportello/assistant/recent"
)

// How the managed embedding engine is run. One text is computed at a time, so a batch holds one: in a larger one each token is
// compared with those of the other texts too and thrown away, which costs up to twice the CPU and 1.5 GB instead of 0.6.
// Requests are small so that a question asked during an ingestion waits for a few texts and not for a hundred.
const (
	embeddingSlots = 4
	managedRequest = 1024 // tokens
	managedFlight  = 2    // requests at once: one computed, one waiting
	remoteRequest  = 8192
	remoteFlight   = 4
)

func (o *opener) embedding() error {
	ep := o.cfg.Embedding
	f, err := o.find(engine.Embedding, ep, engine.Config{Context: defaultWindow, Parallel: embeddingSlots, Batch: defaultWindow})
	if err != nil || f == nil {
		return err
	}
	e := &Embedder{
		model: f.status.ID, batch: remoteRequest, flight: remoteFlight, window: ep.Window,
		prefix: prefixes{ep.QueryPrefix, ep.PassagePrefix}, recent: recent.New[string, []float32](recentQueries),
		counter: func() counter { return estimate{} },
	}
	name := f.status.Model
	if f.managed {
		name = f.entry.Name
		e.window, e.batch, e.flight = min(f.entry.Context, defaultWindow), managedRequest, managedFlight
		e.prefix = prefixes{f.entry.QueryPrefix, f.entry.PassagePrefix}
		e.counter = vocabulary(f.file.Path, o.cfg.Logger)
	} else if e.prefix == (prefixes{}) && isE5(name) {
		e.prefix = prefixes{"query: ", "passage: "}
	}
	if e.window <= 0 {
		e.window = defaultWindow
	}
	e.asked = newGather(e.flight, func(ctx context.Context, texts []string) ([][]float32, error) {
		return e.embed(ctx, texts, e.prefix.query)
	})
	llm, err := openai.New(
		openai.WithToken("-"), // wire sets the key
		openai.WithBaseURL(base+"/v1"),
		openai.WithModel(name),
		openai.WithEmbeddingModel(name),
		openai.WithHTTPClient(&http.Client{Transport: f.wire}),
	)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "the embedding model cannot be set up")
	}
	e.client = llm
	if fleet := f.wire.fleet; len(fleet.members) > 1 {
		fleet.watch.prove = newProof(e, fleet.members[0], o.set.keep, f.status.ID).of
	}
	o.set.Embedder = NewCentred(e, o.set.keep)
	o.set.vectors = Vectors{
		Identity: o.set.Embedder.Model(), Inner: f.status.ID, Model: name, Address: f.status.Address, QueryPrefix: ep.QueryPrefix, PassagePrefix: ep.PassagePrefix, Window: ep.Window,
	}
	o.set.status = append(o.set.status, f.status)
	return nil
}

// isE5 recognises the E5 family, whose texts want a prefix, by the name at a server.
func isE5(name string) bool {
	n := strings.ToLower(name)
	return strings.Contains(n, "e5-small") || strings.Contains(n, "e5-base") || strings.Contains(n, "e5-large")
}
