package model

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tmc/langchaingo/embeddings"
	"golang.org/x/sync/errgroup"

	"sportello/assistant/fault"
	"sportello/assistant/recent"
)

// Embedder turns texts into unit vectors; see assistant.Embedder for the contract. It is safe for concurrent use.
type Embedder struct {
	client  embeddings.EmbedderClient
	model   string // identity
	prefix  prefixes
	window  int // tokens the model reads, prefix and special tokens included
	counter func() counter
	batch   int                              // tokens of a request
	flight  int                              // requests at once
	recent  *recent.Cache[string, []float32] // of questions, by their normal text; it ends with the process
	asked   *gather                          // questions on their way
}

type prefixes struct{ query, passage string }

const (
	maxTexts      = 32  // of a request: some servers take no more
	smallestHalf  = 16  // bytes under which a refused text is not halved further
	recentQueries = 512 // 0.8 MB at 384 dimensions
)

// Model identifies the model: see assistant.Embedder.
func (e *Embedder) Model() string { return e.model }

// Tokens counts the tokens of a text as the model does, special tokens included and the prefix left out.
func (e *Embedder) Tokens(text string) int { return e.counter().Count(normal(text)) }

// EmbedQuery gives the vector of a question.
func (e *Embedder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	text = normal(text)
	if v, ok := e.recent.Get(text); ok {
		return slices.Clone(v), nil
	}
	v, err := e.asked.vector(ctx, text)
	if err != nil {
		return nil, err
	}
	e.recent.Put(text, v)
	return slices.Clone(v), nil
}

// EmbedPassages gives one vector a text, in order.
func (e *Embedder) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	normalised := make([]string, len(texts))
	for i, t := range texts {
		normalised[i] = normal(t)
	}
	return e.embed(ctx, normalised, e.prefix.passage)
}

// window is a part of a text that the model reads at once.
type window struct {
	text   int // position in the caller's texts
	input  string
	tokens int
	vector []float32
}

func (e *Embedder) embed(ctx context.Context, texts []string, prefix string) ([][]float32, error) {
	var all []window
	for i, t := range texts {
		all = append(all, e.windows(i, t, prefix)...)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(e.flight)
	for _, b := range e.batches(all) {
		g.Go(func() error { return e.request(ctx, b, prefix) })
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	out := make([][]float32, len(texts))
	for _, w := range all {
		if out[w.text] == nil {
			out[w.text] = make([]float32, len(w.vector))
		}
		if len(out[w.text]) != len(w.vector) {
			return nil, fault.New(fault.Unavailable, "the embedding model gave vectors of different sizes")
		}
		add(out[w.text], w.vector, float32(w.tokens))
	}
	for _, v := range out {
		unit(v)
	}
	return out, nil
}

// windows cuts a text into what the model reads. A short text is not counted: each character is at most two tokens.
func (e *Embedder) windows(i int, text, prefix string) []window {
	if short := 2*utf8.RuneCountInString(prefix+text) + 3; short <= e.window {
		return []window{{text: i, input: prefix + text, tokens: short / 4}}
	}
	c := e.counter()
	limit := e.window - (c.Count(prefix) - 2)
	var out []window
	for rest := text; rest != ""; rest = strings.TrimLeftFunc(rest, unicode.IsSpace) {
		n, tokens := c.Cut(rest, limit)
		out = append(out, window{text: i, input: prefix + strings.TrimSpace(rest[:n]), tokens: tokens})
		rest = rest[n:]
	}
	return out
}

// batches groups windows into requests by tokens.
func (e *Embedder) batches(all []window) [][]window {
	var out [][]window
	start, tokens := 0, 0
	for i, w := range all {
		if i > start && (tokens+w.tokens > e.batch || i-start == maxTexts) {
			out = append(out, all[start:i])
			start, tokens = i, 0
		}
		tokens += w.tokens
	}
	if start < len(all) {
		out = append(out, all[start:])
	}
	return out
}

// request embeds windows in place. When the server finds a text too long all the same, the request is halved until it is that text, and the
// text until it fits.
func (e *Embedder) request(ctx context.Context, batch []window, prefix string) error {
	inputs := make([]string, len(batch))
	for i, w := range batch {
		inputs[i] = w.input
	}
	ctx, c := withCall(ctx)
	vectors, err := e.client.CreateEmbedding(ctx, inputs)
	if err != nil {
		err = callError(ctx, c, err, "the embedding model gave no vectors")
	}
	switch {
	case err == nil:
		for i := range batch {
			batch[i].vector = unit(vectors[i])
		}
		return nil
	case fault.CodeOf(err) != fault.TooLarge:
		return err
	case len(batch) > 1:
		half := len(batch) / 2
		if err := e.request(ctx, batch[:half], prefix); err != nil {
			return err
		}
		return e.request(ctx, batch[half:], prefix)
	}
	return e.halve(ctx, &batch[0], prefix, err)
}

func (e *Embedder) halve(ctx context.Context, w *window, prefix string, refused error) error {
	text := strings.TrimPrefix(w.input, prefix)
	if len(text) < smallestHalf {
		return refused
	}
	at := middle(text)
	halves := []window{
		{input: prefix + text[:at], tokens: at},
		{input: prefix + text[at:], tokens: len(text) - at},
	}
	for i := range halves {
		if err := e.request(ctx, halves[i:i+1], prefix); err != nil {
			return err
		}
	}
	w.vector = make([]float32, len(halves[0].vector))
	for _, h := range halves {
		add(w.vector, h.vector, float32(h.tokens))
	}
	unit(w.vector)
	return nil
}

// middle gives a place to cut near the middle, after a space when there is one.
func middle(text string) int {
	half := len(text) / 2
	if i := strings.LastIndexByte(text[:half], ' '); i > len(text)/4 {
		return i + 1
	}
	for !utf8.RuneStart(text[half]) {
		half++
	}
	return half
}

// callError prefers what the transport found to what langchaingo says of it.
func callError(ctx context.Context, c *call, err error, message string) error {
	found := c.failure()
	switch {
	case found != nil:
		var f *fault.Error
		if errors.As(found, &f) {
			return f
		}
		return found
	case ctx.Err() != nil:
		return cancelled(ctx)
	}
	return fault.Wrap(fault.Unavailable, err, "%s", message)
}
