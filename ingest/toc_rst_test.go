package ingest_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"sportello/ingest"
	"sportello/ingest/text"
)

// parseRST reads the chapters of one of the regulations in reStructuredText.
func parseRST(t *testing.T, name string) []*ingest.Document {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(shared, "documents", name+"-rst", "*.rst"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: no chapters (%v)", name, err)
	}
	var out []*ingest.Document
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := text.NewRST(text.Config{}).Parse(context.Background(), ingest.Input{Name: path, Bytes: raw})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, ingest.Structure(path, parsed))
	}
	return out
}
