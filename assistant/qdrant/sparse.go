package qdrant

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"slices"

	client "github.com/qdrant/go-client/qdrant"

	"sportello/assistant"
)

// BM25's constants, those of the embedded index; the mean length is that of a chunk of a regulation in analysed terms. A fixed one keeps a point's
// weights independent of the other points, so that nothing has to be written again when documents come and go.
const (
	bm25K1     = 0.9
	bm25B      = 0.5
	meanLength = 110
)

// sparse gives the dimensions and weights of a chunk's words: BM25 without the part that the server adds.
func sparse(terms []assistant.Term) *client.Vector {
	length := 0
	for _, t := range terms {
		length += t.Count
	}
	norm := bm25K1 * (1 - bm25B + bm25B*float64(length)/meanLength)
	return vectorOf(terms, func(count int) float32 {
		return float32(float64(count) * (bm25K1 + 1) / (float64(count) + norm))
	})
}

// wanted gives the dimensions and weights of a question's words.
func wanted(terms []assistant.Term) *client.Vector {
	return vectorOf(terms, func(count int) float32 { return float32(count) })
}

// vectorOf writes terms as a sparse vector: a term's dimension is a hash of it. Two terms that share one are added up: with
// 2^32 dimensions and some hundred thousand words that is rarer than a typing error.
func vectorOf(terms []assistant.Term, weigh func(count int) float32) *client.Vector {
	weights := make(map[uint32]float32, len(terms))
	for _, t := range terms {
		weights[dimension(t.Text)] += weigh(t.Count)
	}
	dims := make([]uint32, 0, len(weights))
	for d := range weights {
		dims = append(dims, d)
	}
	slices.Sort(dims)
	values := make([]float32, len(dims))
	for i, d := range dims {
		values[i] = weights[d]
	}
	return client.NewVectorSparse(dims, values)
}

func dimension(term string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(term)) // never fails
	return h.Sum32()
}

// hash is a short name for something long.
func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}
