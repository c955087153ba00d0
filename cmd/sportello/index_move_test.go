package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sportello/assistant/qdrant/qdranttest"
)

// Questions are asked all the while that a living installation moves its index to Qdrant and back, and that a document comes in meanwhile: none fails, and
// none misses what it found before. QDRANT_ADDR names a real server to do the same with.
func TestIndexMovesWhileItAnswers(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	model := newMeanings(t)
	address := os.Getenv("QDRANT_ADDR")
	if address == "" {
		_, address = qdranttest.Listen(t)
	}
	folder := filepath.Join(dir, "docs")
	if err := os.MkdirAll(folder, 0o750); err != nil {
		t.Fatal(err)
	}
	write := func(name, title, article string) {
		t.Helper()
		text := fmt.Sprintf("# Regolamento %s\n\n## Art. 1 Disposizioni\n\n%s\n", title, article)
		for i := range 12 {
			text += fmt.Sprintf("\n## Art. %d Norme su %s\n\nComma numero %d: il responsabile del servizio provvede per %s con determinazione %d.\n", i+2, title, i, title, i)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("biblioteca.md", "della biblioteca", "La biblioteca ha questo orario di apertura: dalle 14 alle 18.")
	write("mensa.md", "della mensa", "Il costo della mensa è di 4 euro a pasto.")
	write("cimitero.md", "del cimitero", "Il cimitero ha questo orario: dalle 8 alle 17.")
	set := []string{"embedding.address=" + model.URL, "embedding.model=uno", "qdrant.address=" + address, fmt.Sprintf("qdrant.collection=move_%d", os.Getpid()), "qdrant.exact=true"}
	sportello := func(want int, args ...string) string {
		t.Helper()
		var out bytes.Buffer
		all := []string{"--data", filepath.Join(dir, "data")}
		for _, one := range set {
			all = append(all, "--set", one)
		}
		if code := run(t.Context(), append(all, args...), &out, &out); code != want {
			t.Fatalf("%v ended with %d: %s", args, code, out.String())
		}
		return out.String()
	}
	sportello(exitDone, "tenant", "add", "--slug", "prova", "--name", "Comune di Prova")
	sportello(exitDone, "ingest", "--tenant", "prova", folder)
	socket, addr := openSocket(t)
	s := startServer(t, socket, filepath.Join(dir, "data"), set...)
	defer s.stop()
	asking := &always{base: "http://" + addr, tenant: "prova", want: map[string]string{
		"Wann plimfra zwombratel?": "docs/biblioteca.md", "Quanto trabbe vundel?": "docs/mensa.md", "Che orario ha il cimitero?": "docs/cimitero.md",
	}}
	kind := func(want string) func() bool { return func() bool { return s.answering.Load().kind == want } }
	asking.during(t, "a move to Qdrant", func() {
		if out := sportello(exitDone, "index", "move", "--to", "qdrant"); !strings.Contains(out, "the same five for 1.000 of 3 questions, 5.00 of five on the mean") {
			t.Errorf("%s", out)
		}
		s.waitFor(t, "Qdrant", kind("qdrant"))
		write("stadio.md", "dello stadio", "Il costo dello stadio è di 9 euro.")
		sportello(exitDone, "ingest", "--tenant", "prova", folder)
		s.waitFor(t, "the new document", func() bool {
			found, err := asking.ask("Quanto trabbe stadio?")
			return err == nil && len(found) > 0 && found[0] == "docs/stadio.md"
		})
	})
	if out := sportello(exitDone, "doctor"); !strings.Contains(out, "qdrant (spostato; la configurazione dice embedded)") || !strings.Contains(out, "green") {
		t.Errorf("%s", out)
	}
	if out := sportello(exitDone, "index", "move", "--to", "qdrant"); !strings.Contains(out, "answers already") {
		t.Errorf("%s", out)
	}
	// A bar that no index can reach moves nothing.
	sportello(exitFailed, "index", "move", "--to", "embedded", "--least", "1.1")
	asking.during(t, "a move back", func() {
		sportello(exitDone, "index", "move", "--to", "embedded")
		s.waitFor(t, "the embedded index", kind("embedded"))
	})
	// Who writes another index in the configuration is obeyed.
	set = append(set, "index=qdrant")
	if out := sportello(exitDone, "doctor"); !strings.Contains(out, "qdrant ") || strings.Contains(out, "(spostato") {
		t.Errorf("%s", out)
	}
}
