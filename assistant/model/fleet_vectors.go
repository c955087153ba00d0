package model

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"

	"sportello/assistant/fault"
)

// sameVectors are texts on which two servers of one embedding model must agree before the second is used: vectors of different models never
// meet, and a name at a server says little about what is behind it.
var sameVectors = []string{
	"La tassa sui rifiuti si paga in due rate, il 16 giugno e il 16 dicembre.",
	"How do I renew my identity card?",
	"كيف أطلب شهادة الميلاد؟",
}

// agree is the cosine that two files of one model reach when one is rounded more (8 bits and 16: .999 and more); other models of the
// same size lie far below.
const agree = 0.99

// proof compares the vectors of a server with those of the first one.
type proof struct {
	embedder *Embedder
	first    *member
	path     string // where the first one's are kept, so that the others are known while it is away
}

func newProof(e *Embedder, first *member, keep, identity string) *proof {
	p := &proof{embedder: e, first: first}
	if keep != "" {
		sum := sha256.Sum256([]byte(identity))
		p.path = filepath.Join(keep, "agree-"+hex.EncodeToString(sum[:8])+".json")
	}
	return p
}

func (p *proof) of(ctx context.Context, m *member) error {
	want, err := p.kept(ctx)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "not compared with the first server: %s", fault.MessageOf(err))
	}
	got, err := p.embedder.embed(onlyAt(ctx, m), sameVectors, p.embedder.prefix.passage)
	if err != nil {
		return err
	}
	for i := range want {
		if len(got[i]) != len(want[i]) {
			return fault.New(fault.Invalid, "its vectors have %d dimensions and those of the first server %d: it has another model", len(got[i]), len(want[i]))
		}
		var dot float64
		for j := range want[i] {
			dot += float64(want[i][j]) * float64(got[i][j])
		}
		if dot < agree {
			return fault.New(fault.Invalid, "its vectors are not those of the first server (cosine %.3f): it has another model", dot)
		}
	}
	return nil
}

func (p *proof) kept(ctx context.Context) (vectors [][]float32, err error) {
	if b, err := os.ReadFile(p.path); err == nil && json.Unmarshal(b, &vectors) == nil && len(vectors) == len(sameVectors) {
		return vectors, nil
	}
	if vectors, err = p.embedder.embed(onlyAt(ctx, p.first), sameVectors, p.embedder.prefix.passage); err != nil || p.path == "" {
		return vectors, err
	}
	b, err := json.Marshal(vectors)
	if err == nil && os.MkdirAll(filepath.Dir(p.path), 0o755) == nil {
		_ = os.WriteFile(p.path, b, 0o600) // when it cannot be kept it is asked for again
	}
	return vectors, err
}
