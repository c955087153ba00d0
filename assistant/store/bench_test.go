package store

import (
	"fmt"
	"strings"
	"testing"

	"sportello/assistant"
)

// filled gives a store with documents of 100 chunks each, of about 900 bytes, all with vectors of 384 dimensions.
func filled(b *testing.B, documents int) *Store {
	b.Helper()
	s, err := Open(b.Context(), Config{Dir: b.TempDir(), Analyze: words, AnalyzerVersion: 1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	if err := s.AddTenant(b.Context(), Tenant{Slug: "avella", Name: "Avella"}); err != nil {
		b.Fatal(err)
	}
	for i := range documents {
		putLong(b, s, i)
	}
	for {
		pending, err := s.PendingVectors(b.Context(), "m", 500)
		if err != nil {
			b.Fatal(err)
		}
		if len(pending) == 0 {
			return s
		}
		vectors := map[string][]float32{}
		for _, p := range pending {
			vectors[p.Hash] = unit(p.Hash, 384)
		}
		if err := s.PutVectors(b.Context(), "m", vectors); err != nil {
			b.Fatal(err)
		}
	}
}

func putLong(b *testing.B, s *Store, i int) {
	b.Helper()
	articles := make([]string, 100)
	for j := range articles {
		var text strings.Builder
		for k := range 120 {
			fmt.Fprintf(&text, "parola%d ", (i*7919+j*104729+k*31)%5000)
		}
		articles[j] = text.String()
	}
	d, chunks, original := document(fmt.Sprintf("atti/%d.txt", i), fmt.Sprintf("Regolamento %d", i), articles...)
	if _, err := s.Put(b.Context(), "avella", d, chunks, original); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkEachPoint(b *testing.B) {
	s := filled(b, 200)
	for b.Loop() {
		n := 0
		if err := s.EachPoint(b.Context(), "avella", "m", func(assistant.Point) error { n++; return nil }); err != nil || n != 20000 {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkPut(b *testing.B) {
	s := filled(b, 0)
	for i := 0; b.Loop(); i++ {
		putLong(b, s, i)
	}
}

func BenchmarkPassages(b *testing.B) {
	s := filled(b, 200)
	var ids []string
	if err := s.EachPoint(b.Context(), "avella", "", func(p assistant.Point) error { ids = append(ids, p.ID); return nil }); err != nil {
		b.Fatal(err)
	}
	q := assistant.IndexQuery{Tenants: []string{"avella"}}
	for i := 0; b.Loop(); i++ {
		var wanted []string
		for j := range 50 {
			wanted = append(wanted, ids[(i*131+j*397)%len(ids)])
		}
		if p, err := s.Passages(b.Context(), q, wanted); err != nil || len(p) != 50 {
			b.Fatal(len(p), err)
		}
	}
}

func BenchmarkPendingNone(b *testing.B) {
	s := filled(b, 200)
	for b.Loop() {
		if p, err := s.PendingVectors(b.Context(), "m", 64); err != nil || len(p) != 0 {
			b.Fatal(len(p), err)
		}
	}
}

func BenchmarkSeq(b *testing.B) {
	s := filled(b, 1)
	for b.Loop() {
		if _, err := s.Seq(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
