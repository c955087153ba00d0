package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/access"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/ingest/text"
	"sportello/web/staff/stafftest"
)

// about are the forms that change documents and settings. The rest is about people, what citizens said, and what is being written, which has
// revisions of its own.
var about = []string{"documents/", "bulk/", "upload", "addresses", "changes/", "offices/", "settings/", "site", "tenant", "tokens", "webhooks", "switch/"}

// Every form of the console about documents and settings can be undone, and all is as before then; or it is written why not.
func TestEverythingCanBeUndone(t *testing.T) {
	file, err := os.Open("testdata/console_undo.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	said, done := map[string]bool{}, 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		left, form, _ := strings.Cut(line, " =")
		words := strings.Fields(left) // method, path, what stands for its parameter
		path := words[1]
		said[path] = true
		if form = strings.TrimSpace(form); strings.HasPrefix(form, "- ") {
			continue
		}
		done++
		t.Run(path, func(t *testing.T) {
			h := newUndoing(t)
			if len(words) > 2 {
				path = path[:strings.Index(path, "{")] + h.fill(words[2]) + path[strings.Index(path, "}")+1:]
			}
			before := h.state()
			h.send(path, h.fill(form))
			if cmp.Equal(before, h.state()) {
				t.Fatalf("%s changed nothing", path)
			}
			entries, err := h.Store.Journal(t.Context(), stafftest.Comune, 1, 0)
			if err != nil {
				t.Fatal(err)
			}
			h.send(fmt.Sprintf("changes/%d/undo", entries[0].ID), "")
			if diff := cmp.Diff(before, h.state()); diff != "" {
				t.Errorf("%s undone: %s", path, diff)
			}
		})
	}
	var forms []string
	for _, r := range stafftest.New(t, allParts(t)).Console.Routes() {
		path, ok := strings.CutPrefix(r.Path, "/staff/t/{slug}/")
		if ok && r.Method == http.MethodPost && slices.ContainsFunc(about, func(p string) bool { return strings.HasPrefix(path, p) }) {
			forms = append(forms, path)
		}
	}
	for _, path := range forms {
		if !said[path] {
			t.Errorf("POST %s has no line in testdata/console_undo.txt", path)
		}
	}
	for path := range said {
		if !slices.Contains(forms, path) {
			t.Errorf("POST %s of testdata/console_undo.txt is not in the console", path)
		}
	}
	if done < 15 {
		t.Errorf("only %d forms were undone", done)
	}
}

// undoing is a comune with something of every kind, and its administrator.
type undoing struct {
	*stafftest.House
	t      *testing.T
	client *stafftest.Client
	names  map[string]string
}

func newUndoing(t *testing.T) *undoing {
	t.Helper()
	h := &undoing{House: stafftest.New(t, allParts(t)), t: t, names: map[string]string{}}
	h.client = h.As(access.Territory, stafftest.Comune)
	ctx, s := t.Context(), h.Store
	put := func(source, body string) string {
		d := &ingest.Document{Source: source, Title: "Regolamento " + source, Kind: ingest.Regolamento, Format: "text", Language: "it", Visibility: ingest.Public, Text: body}
		r, err := s.Put(ctx, stafftest.Comune, d, []ingest.Chunk{{Section: -1, End: len(body)}}, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return r.ID
	}
	_ = put("tari.txt", "La rata si paga entro il 16 giugno.")
	h.names["@doc"] = put("tari.txt", "La rata si paga entro il 18 giugno.")
	h.names["@other"], h.names["@fixed"], h.names["@repealed"] = put("b.txt", "Altro."), put("c.txt", "Corretto."), put("d.txt", "Non più in vigore.")
	title, actor := "Un titolo a mano", h.client.Person.ID
	for id, e := range map[string]store.Edit{"@fixed": {Fix: store.Fix{Title: &title}}, "@repealed": {State: store.Repealed, Reason: "vecchio"}} {
		if _, err := s.Edit(ctx, stafftest.Comune, actor, []string{h.names[id]}, e); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	h.names["@address"], err = s.PutAddress(ctx, stafftest.Comune, actor, store.Address{Hours: 24, Watched: ingest.Watched{Address: ingest.Address{URL: "https://www.comune.it/atti", Kind: ingest.AddressPage}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutOffices(ctx, stafftest.Comune, []store.Office{{Name: "Tributi", Hours: "martedì 9-12"}, {Name: "Anagrafe"}}); err != nil {
		t.Fatal(err)
	}
	for key, value := range map[string]string{store.SettingTone: "formal", store.SettingHosts: "www.comune.it"} {
		if err := s.PutSetting(ctx, actor, stafftest.Comune, key, value); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func (h *undoing) fill(form string) string {
	for name, value := range h.names {
		form = strings.ReplaceAll(form, name, value)
	}
	return form
}

// send sends a form, and does what it gave the server to do.
func (h *undoing) send(path, form string) {
	h.t.Helper()
	path = "/staff/t/" + stafftest.Comune + "/" + path
	var b bytes.Buffer
	kind := "application/x-www-form-urlencoded"
	switch form {
	case "@file", "@picture":
		w := multipart.NewWriter(&b)
		field, name, bytes := "files", "nuovo.txt", []byte("Regolamento nuovo\n\nArt. 1 Oggetto\nSi paga entro il 30 giugno.\n")
		if form == "@picture" {
			field, name, bytes = "value", "stemma.png", square(h.t)
		}
		part, err := w.CreateFormFile(field, name)
		if err == nil {
			_, err = part.Write(bytes)
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			h.t.Fatal(err)
		}
		kind = w.FormDataContentType()
	default:
		values, err := url.ParseQuery(form)
		if err != nil {
			h.t.Fatal(err)
		}
		b.WriteString(values.Encode())
	}
	r := h.client.Request(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-CSRF-Token", h.client.Token())
	if got := h.client.Do(r); got.StatusCode != http.StatusSeeOther {
		h.t.Fatalf("POST %s %s: %d %s", path, form, got.StatusCode, got.Page().Find("main").Text())
	}
	worker := ingest.NewWorker(ingest.WorkerConfig{Queue: h.Store, Syncer: ingest.NewSyncer(ingest.SyncConfig{Parser: text.New(text.Config{}), Shelf: h.Store})})
	if _, err := worker.Once(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func square(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// state is all that a tenant's documents and settings are, as text. Numbers of versions go on when something is undone, so they are not
// part of it; the text is.
func (h *undoing) state() (out []string) {
	h.t.Helper()
	ctx, s, slug := h.t.Context(), h.Store, stafftest.Comune
	add := func(what string, value any, err error) {
		h.t.Helper()
		if err != nil {
			h.t.Fatal(err)
		}
		b, err := json.Marshal(value)
		if err != nil {
			h.t.Fatal(err)
		}
		out = append(out, what+" "+string(b))
	}
	documents, err := s.Documents(ctx, slug, store.Filter{})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, d := range documents {
		if d.State == store.Retired { // put aside: nobody is answered with it
			continue
		}
		c, err := s.Content(ctx, slug, d.ID)
		if err != nil {
			h.t.Fatal(err)
		}
		fixed, file, err := s.Fixed(ctx, slug, d.ID)
		add("document "+d.Source, []any{d.Title, d.Kind, d.State, d.Reason, d.Visibility, d.Shared, d.SupersededBy, d.Approval, d.ValidFrom, d.ValidTo, d.Year, d.Office, c.Text, fixed, file}, err)
	}
	offices, err := s.Offices(ctx, slug)
	add("offices", offices, err)
	settings, err := s.Settings(ctx, slug)
	add("settings", settings, err)
	tenant, err := s.Tenant(ctx, slug)
	add("tenant", tenant, err)
	addresses, err := s.Addresses(ctx, slug)
	for _, a := range addresses {
		add("address", []any{a.Address, a.Hours, a.Options}, nil)
	}
	add("addresses", len(addresses), err)
	slices.Sort(out)
	return out
}
