package assistant

import (
	"context"

	"sportello/ingest"
)

// Term is an analysed word of a text with its number of occurrences.
type Term struct {
	Text  string
	Count int
}

// Point is a chunk as an index sees it. An index keeps no text.
type Point struct {
	ID         string // chunk id, a UUID derived from tenant, source, version and ordinal: the same chunk, the same id
	DocumentID string
	Tenant     string
	Visibility ingest.Visibility
	ValidFrom  string // ISO 8601 or empty
	ValidTo    string // ISO 8601 or empty
	Terms      []Term
	Vector     []float32 // unit length; nil until it is embedded
}

// IndexQuery is one search on both legs at once.
type IndexQuery struct {
	Tenants  []string          // the tenant and its ancestors whose shared documents it sees
	Audience ingest.Visibility // Public: public points only; Staff: all
	At       string            // ISO date; points not valid on that day are left out. Empty: no filter by date
	Terms    []Term            // empty: no word leg. Count weighs the term
	Vector   []float32         // nil: no vector leg
	K        int               // hits wanted from each leg
}

// Hit is a chunk with its score on one leg: BM25 for words, cosine for vectors.
type Hit struct {
	ID    string
	Score float64
}

// Index finds points by words and by vectors. Two implementations pass one contract test (indextest.Run): the embedded one and Qdrant.
// An index is derived from the store and may lag behind it; whoever asks checks each hit against the store.
//
// Errors are *fault.Error with code fault.Unavailable when the index cannot be reached.
type Index interface {
	// Replace makes points the only ones of a document, in one step as seen by Search: no moment with both, no moment with
	// neither. No points: the document is gone. Points of one document share tenant and DocumentID.
	Replace(ctx context.Context, tenant, documentID string, points []Point) error
	// Search gives the best K hits of each leg, best first.
	Search(ctx context.Context, q IndexQuery) (words, near []Hit, err error)
	// Count gives the number of points held for a tenant, and how many of them have a vector.
	Count(ctx context.Context, tenant string) (points, vectors int, err error)
	Close() error
}
