package model

import (
	"net/http"
	"strings"

	"github.com/tmc/langchaingo/llms/openai"

	"sportello/assistant/fault"
	"sportello/assistant/model/engine"
)

// How the managed embedding engine is run; measured on two cores, see bench_test.go.
const (
	embeddingSlots  = 4    // texts computed together
	embeddingBatch  = 2048 // tokens computed together
	requestTokens   = 4096
	requestsAtOnce  = 3
	requestsAtOther = 4 // at a remote server
)

func (o *opener) embedding() error {
	ep := o.cfg.Embedding
	f, err := o.find(engine.Embedding, ep, engine.Config{Context: defaultWindow, Parallel: embeddingSlots, Batch: embeddingBatch})
	if err != nil || f == nil {
		return err
	}
	e := &Embedder{
		model: f.status.ID, batch: requestTokens, flight: requestsAtOther, window: ep.Window,
		prefix: prefixes{ep.QueryPrefix, ep.PassagePrefix}, recent: newRecent(recentQueries),
		counter: func() counter { return estimate{} },
	}
	name := ep.Model
	if f.managed {
		name = f.entry.Name
		e.window, e.flight = f.entry.Context, requestsAtOnce
		e.prefix = prefixes{f.entry.QueryPrefix, f.entry.PassagePrefix}
		e.counter = vocabulary(f.file.Path, o.cfg.Logger)
	} else if e.prefix == (prefixes{}) && isE5(name) {
		e.prefix = prefixes{"query: ", "passage: "}
	}
	if e.window <= 0 {
		e.window = defaultWindow
	}
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
	o.set.Embedder = e
	o.set.status = append(o.set.status, f.status)
	return nil
}

// isE5 recognises the E5 family, whose texts want a prefix, by the name at a server.
func isE5(name string) bool {
	n := strings.ToLower(name)
	return strings.Contains(n, "e5-small") || strings.Contains(n, "e5-base") || strings.Contains(n, "e5-large")
}
