package model

import (
	"context"
	"path/filepath"

	"sportello/assistant/fault"
)

// Vectors says how vectors are made, so that a later process can make more of the same when the configuration has gone on to another
// embedding model. It holds no key.
type Vectors struct {
	Identity      string `json:"identity"` // assistant.Embedder.Model
	Inner         string `json:"inner"`    // of the model below the means, see Centred
	Model         string `json:"model"`    // name at the server or in the catalogue
	Address       string `json:"address,omitempty"`
	QueryPrefix   string `json:"query_prefix,omitempty"`
	PassagePrefix string `json:"passage_prefix,omitempty"`
	Window        int    `json:"window,omitempty"`
}

// Vectors says how the vectors of the Set's embedding model are made; the zero value when it has none.
func (s *Set) Vectors() Vectors { return s.vectors }

// OpenEarlier opens the embedding model that v tells of, and no other, beside that of cfg. fault.NotFound when it is no longer to be had:
// it was removed, is another one by now, or its means are lost.
func OpenEarlier(ctx context.Context, cfg Config, v Vectors) (*Set, error) {
	key := ""
	if v.Address != "" && v.Address == cfg.Embedding.Address {
		key = cfg.Embedding.Key
	}
	cfg.DataDir = filepath.Join(cfg.DataDir, "earlier") // its engine runs beside the other's
	cfg.Embedding = Endpoint{Address: v.Address, Model: v.Model, Key: key, QueryPrefix: v.QueryPrefix, PassagePrefix: v.PassagePrefix, Window: v.Window}
	cfg.Chat, cfg.Rerank = Endpoint{Model: None}, Endpoint{Model: None}
	s, err := Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	gone := func(why string) (*Set, error) {
		_ = s.Close() // nothing was started
		return nil, fault.New(fault.NotFound, "the earlier embedding model %s %s", v.Model, why)
	}
	c, ok := s.Embedder.(*Centred)
	if !ok {
		return gone("is not installed")
	}
	if s.vectors.Inner != v.Inner {
		return gone("is not what it was")
	}
	if c.Model() != v.Identity { // the texts of the means are others now: those that were made then are kept
		c = &Centred{inner: c.inner, model: v.Identity, path: meansPath(s.keep, v.Identity)}
		if c.means = c.kept(); c.means == nil {
			return gone("was measured by means that are lost")
		}
		s.Embedder = c
	}
	return s, nil
}
