package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/it" // the analyser of Italian
)

// bleveBatch is how many passages are put in at once: scorch makes a segment of each batch.
const bleveBatch = 2000

// bleveEngine is bleve with its index type scorch and its Italian analyser, on disk as its users have it. Texts are indexed and not stored:
// neither we nor it give them back here.
type bleveEngine struct {
	dir   string
	index bleve.Index
	batch *bleve.Batch
}

func newBleve() (engine, error) {
	dir, err := os.MkdirTemp("", "bench-bleve-")
	if err != nil {
		return nil, err
	}
	text := bleve.NewTextFieldMapping()
	text.Analyzer, text.Store, text.IncludeInAll, text.IncludeTermVectors, text.DocValues = "it", false, false, false, false
	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt("text", text)
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	x, err := bleve.New(filepath.Join(dir, "index"), m)
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	return &bleveEngine{dir: dir, index: x, batch: x.NewBatch()}, nil
}

func (e *bleveEngine) add(p *passage) error {
	if err := e.batch.Index(p.ID, map[string]string{"text": p.Text}); err != nil {
		return err
	}
	if e.batch.Size() < bleveBatch {
		return nil
	}
	return e.finish()
}

func (e *bleveEngine) finish() error {
	err := e.index.Batch(e.batch)
	e.batch = e.index.NewBatch()
	return err
}

func (e *bleveEngine) search(ctx context.Context, q question, k int) ([]string, error) {
	match := bleve.NewMatchQuery(q.Text)
	match.SetField("text")
	r, err := e.index.SearchInContext(ctx, bleve.NewSearchRequestOptions(match, k, 0, false))
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, h := range r.Hits {
		ids = append(ids, h.ID)
	}
	return ids, nil
}

func (e *bleveEngine) close() error {
	err := e.index.Close()
	if gone := os.RemoveAll(e.dir); err == nil {
		err = gone
	}
	return err
}
