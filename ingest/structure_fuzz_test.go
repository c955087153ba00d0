package ingest

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// FuzzStructure holds Structure and Split to what is true of every document, whatever the blocks: spans nested and inside the text,
// eIds unique, chunks that cover the text and never exceed the limit.
func FuzzStructure(f *testing.F) {
	paths, err := filepath.Glob("testdata/structure/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(a.Files[0].Data), uint8(0))
		f.Add(string(a.Files[0].Data), uint8(60))
	}
	f.Fuzz(func(t *testing.T, in string, n uint8) {
		if len(in) > 20000 {
			return
		}
		d := Structure("x", blocksOf(in))
		checkSpans(t, d)
		limit := 60 + int(n)
		checkChunks(t, d, Split(d, Tokens, limit), Tokens, limit)
	})
}
