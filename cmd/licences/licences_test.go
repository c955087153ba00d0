package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A licence that is not allowed, one that nobody knows and a component without a text are found; what is written is the same each time.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	cache := filepath.Join(dir, "mod")
	t.Setenv("GOMODCACHE", cache)
	put := func(path, text string) string {
		t.Helper()
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const mit = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software. The above copyright notice and this permission notice shall be included in all copies."
	var parts []string
	for _, n := range strings.Split("abcdefghij", "") {
		put("mod/example.org/!m"+n+"@v1.0.0/LICENSE", mit)
		parts = append(parts, `{"type":"library","name":"example.org/M`+n+`","version":"v1.0.0","evidence":{"licenses":[{"license":{"id":"MIT"}}]}}`)
	}
	list := func(more string) string {
		return put("raw.json", `{"serialNumber":"x","metadata":{"timestamp":"now","component":{"name":"sportello"}},"components":[`+strings.Join(parts, ",")+more+`]}`)
	}
	out := filepath.Join(dir, "out")
	if err := os.Mkdir(out, 0o750); err != nil {
		t.Fatal(err)
	}
	said, err := request{sbom: list(""), version: "v1", out: out, date: time.Unix(0, 0).UTC()}.run()
	if err != nil || !strings.Contains(said, "10 components") || !strings.Contains(said, "MIT 10") {
		t.Fatalf("%q %v", said, err)
	}
	if b, err := os.ReadFile(filepath.Join(out, "sbom.cdx.json")); err != nil || strings.Contains(string(b), "serialNumber") || !strings.Contains(string(b), "1970-01-01") {
		t.Errorf("serial number or moment: %v", err)
	}
	put("mod/example.org/x@v1.0.0/COPYING", "GNU AFFERO GENERAL PUBLIC LICENSE")
	put("mod/example.org/y@v1.0.0/README", "")
	for name, more := range map[string]string{
		"not allowed": `,{"type":"library","name":"example.org/x","version":"v1.0.0","evidence":{"licenses":[{"license":{"id":"AGPL-3.0-only"}}]}}`,
		"not known":   `,{"type":"library","name":"example.org/x","version":"v1.0.0"}`,
		"no file":     `,{"type":"library","name":"example.org/y","version":"v1.0.0"}`,
	} {
		if said, err := (request{sbom: list(more)}).run(); err == nil {
			t.Errorf("%s: %s", name, said)
		}
	}
}
