package assistant

import (
	"context"
	"errors"
)

// Embedder turns texts into unit vectors. Implementations split what is too long for their model and average; they never
// refuse a text for its length.
type Embedder interface {
	// EmbedPassages gives one vector a text, in order.
	EmbedPassages(ctx context.Context, texts []string) ([][]float32, error)
	EmbedQuery(ctx context.Context, text string) ([]float32, error)
	// Model identifies the model by the sha256 of its file, or by name and address for a remote one. Vectors of different
	// models never meet.
	Model() string
}

// Draft is a statement proposed by a model, not yet verified. Sources are 1-based positions in the passages it was given.
type Draft struct {
	Text    string
	Sources []int
}

// ErrSpent says that a tenant's tokens of today are used up: its answers are quotes until tomorrow.
var ErrSpent = errors.New("the tokens of today are used up")

// Generator phrases an answer from passages, statement by statement.
//
// emit is called for each draft as soon as it is whole; an error of emit stops the generation and is returned. A stream that
// ends before the model said it was done is an error (fault.Unavailable), after the drafts that were whole were emitted.
type Generator interface {
	Generate(ctx context.Context, q Question, passages []Passage, emit func(Draft) error) error
	Name() string
}

// Reranker orders passages by how well they answer a question, best first, with a relevance between 0 and 1.
type Reranker interface {
	Rerank(ctx context.Context, question string, texts []string) (scores []float64, err error)
}

// Library is the truth that every hit is checked against.
type Library interface {
	// Lineage gives the tenant's slug first and then its ancestors'. Unknown tenant: fault.NotFound.
	Lineage(ctx context.Context, tenant string) ([]string, error)
	// Passages gives the live passages among ids that the query may see, in the order of ids; what was repealed, replaced,
	// is not visible to the audience, not in force on the day asked or belongs to a tenant outside q.Tenants is left out.
	Passages(ctx context.Context, q IndexQuery, ids []string) ([]Passage, error)
	// Contacts gives the offices of the tenant.
	Contacts(ctx context.Context, tenant string) ([]Contact, error)
}

// Retriever finds passages for a question, best first.
type Retriever interface {
	Retrieve(ctx context.Context, q Question) ([]Passage, Timings, error)
}
