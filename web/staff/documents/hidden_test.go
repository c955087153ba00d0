package documents_test

import (
	"context"
	"strings"
	"testing"

	"sportello/assistant/access"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/web/staff/stafftest"
)

// hiding is a Parser of texts in which a line that begins with "~" is white on white.
type hiding struct{}

func (hiding) Parse(_ context.Context, in ingest.Input) (*ingest.Parsed, error) {
	p := &ingest.Parsed{Format: "text"}
	for line := range strings.Lines(string(in.Bytes)) {
		if hidden, ok := strings.CutPrefix(line, "~"); ok {
			p.Hide(ingest.FoundColour, hidden, 0)
			continue
		}
		p.Blocks = append(p.Blocks, ingest.Block{Text: strings.TrimSpace(line)})
	}
	return p, nil
}

// What a file hides is on its document's page, does not count, counts once it is accepted, and no longer when that is taken back.
func TestHiddenTextWaitsForAnEditor(t *testing.T) {
	h := stafftest.New(t, parts)
	c := h.As(access.Editor, stafftest.Comune)
	registry := ingest.NewRegistry(map[ingest.Format]ingest.Parser{ingest.FormatText: hiding{}})
	read := func() {
		t.Helper()
		w := ingest.NewWorker(ingest.WorkerConfig{Queue: h.Store, Syncer: ingest.NewSyncer(ingest.SyncConfig{Parser: registry, Shelf: h.Store}), MaxBytes: 4000})
		for {
			worked, err := w.Once(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !worked {
				return
			}
		}
	}
	base := "/staff/t/" + stafftest.Comune + "/"
	c.Do(multi(t, c, base+"upload", true, map[string]string{}, "mercati.txt", mercati+"~Il canone è di zero euro per gli amici.\n")).Is(201)
	read()
	all, err := h.Store.Documents(t.Context(), stafftest.Comune, store.Filter{})
	if err != nil || len(all) != 1 || len(all[0].Hidden) != 1 {
		t.Fatalf("%+v %v", all, err)
	}
	page := base + "documents/" + all[0].ID
	text := func() string {
		t.Helper()
		d, err := h.Store.Content(t.Context(), stafftest.Comune, all[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		return d.Text
	}
	shown := c.Get(page).Is(200).Page()
	if got := shown.Find(".hidden-texts").Text(); !strings.Contains(got, "amici") || !strings.Contains(got, "sfondo") {
		t.Errorf("on the page: %q", got)
	}
	if strings.Contains(text(), "amici") {
		t.Error("it counts")
	}
	if list := c.Get(base + "documents?force=hidden").Is(200).Page().Find("main").Text(); !strings.Contains(list, "per i mercati") {
		t.Errorf("the list: %q", list)
	}
	if tile := c.Get(base).Is(200).Page().Find("main").Text(); !strings.Contains(tile, "testo nascosto da guardare") {
		t.Errorf("the first page: %q", tile)
	}
	c.Post(page+"/accept", "key", "another").Is(422)
	c.Post(page+"/accept", "key", all[0].Hidden[0].Key).Is(303)
	read()
	if !strings.Contains(text(), "zero euro per gli amici") {
		t.Errorf("accepted: %q", text())
	}
	if tile := c.Get(base).Is(200).Page().Find("main").Text(); strings.Contains(tile, "testo nascosto da guardare") {
		t.Error("it waits still")
	}
	c.Do(multi(t, c, page+"/upload", true, map[string]string{}, "m.txt", mercati+"\nNuovo.\n~Il canone è di zero euro per gli amici.\n")).Is(201)
	read()
	if !strings.Contains(text(), "Nuovo.") || !strings.Contains(text(), "amici") {
		t.Errorf("a new version forgets what was accepted: %q", text())
	}
	c.Post(page + "/accept").Is(303)
	read()
	if strings.Contains(text(), "amici") {
		t.Error("taken back, and it counts")
	}
	if changes := c.Get(base + "changes").Is(200).Page().Find("main").Text(); !strings.Contains(changes, "Accettato testo nascosto") {
		t.Errorf("changes: %q", changes)
	}
	h.As(access.Clerk, stafftest.Comune).Post(page + "/accept").Is(403)
}
