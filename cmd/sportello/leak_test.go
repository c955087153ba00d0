package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
)

// territory is thirty tenants with documents that differ in a mark alone: QK07P in a public document of tenant 7, QK07S in one for the
// staff. What a surface shows must hold no mark but those that the tenant asked may see.
type territory struct {
	*app
	tenants []store.Tenant
	number  map[string]int
	server  *httptest.Server
}

const leakTenants = 30

// mark is a word by itself: within a random id or token the same letters come about by chance.
var mark = regexp.MustCompile(`\bQK(\d\d)([PS])\b`)

func newTerritory(t *testing.T) *territory {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", t.TempDir()) // no engine, no model: by words
	w := &territory{number: map[string]int{}}
	for i := range leakTenants { // a provincia, three unioni, comuni below them and five by themselves
		x := store.Tenant{Slug: fmt.Sprintf("ente-%02d", i), Name: fmt.Sprintf("Comune di Prova %02d", i), Kind: store.Comune}
		switch {
		case i == 0:
			x.Kind, x.Name = store.Provincia, "Provincia di Prova"
		case i < 4:
			x.Kind, x.Name, x.Parent = store.Unione, fmt.Sprintf("Unione di Prova %02d", i), "ente-00"
		case i < 25:
			x.Parent = fmt.Sprintf("ente-%02d", 1+i%3)
		}
		w.tenants, w.number[x.Slug] = append(w.tenants, x), i
	}
	settings := []string{"serve.ask_per_minute=1000000", "serve.ask_at_once=64"}
	data := []string{"--data", dir}
	for _, s := range settings {
		data = append(data, "--set", s)
	}
	for i, x := range w.tenants {
		w.do(t, append(data, "tenant", "add", "--slug", x.Slug, "--name", x.Name, "--kind", x.Kind, "--parent", x.Parent)...)
		for _, kind := range []struct{ visibility, letter string }{{"public", "P"}, {"staff", "S"}} {
			folder := filepath.Join(dir, "in", x.Slug, kind.visibility)
			if err := os.MkdirAll(folder, 0o750); err != nil {
				t.Fatal(err)
			}
			text := fmt.Sprintf("# Regolamento della tassa sui rifiuti\n\n## Art. 1 Scadenza\n\nLa tassa sui rifiuti si paga entro il 16 giugno di ogni anno. La sigla del "+
				"versamento è QK%02d%s.\n\n## Art. 2 Riduzioni\n\nPer il compostaggio domestico la tassa sui rifiuti è ridotta del 20 per cento, con la sigla QK%02d%s.\n", i, kind.letter, i, kind.letter)
			if err := os.WriteFile(filepath.Join(folder, "tari.md"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			w.do(t, append(data, "ingest", "--tenant", x.Slug, "--visibility", kind.visibility, folder)...)
		}
	}
	cfg, err := loadConfig(cli{Data: dir, Set: settings, LogLevel: "error"})
	if err != nil {
		t.Fatal(err)
	}
	w.app, err = (&session{cfg: cfg, stdout: io.Discard, stderr: io.Discard}).openCurrent(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	handler, err := w.handler()
	if err != nil {
		t.Fatal(err)
	}
	w.server = httptest.NewServer(handler)
	t.Cleanup(func() {
		w.server.Close()
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *territory) do(t *testing.T, args ...string) {
	t.Helper()
	if code, stdout, stderr := command(t, args...); code != exitDone {
		t.Fatalf("%v: exit %d\n%s%s", args, code, stdout, stderr)
	}
}

// may says whether somebody who asks tenant i may see what belongs to tenant j: its own and, of those above it, what is public.
func (w *territory) may(i, j int, letter string, audience ingest.Visibility) bool {
	if letter == "S" {
		return audience == ingest.Staff && i == j
	}
	for at := w.tenants[i].Slug; at != ""; at = w.tenants[w.number[at]].Parent {
		if w.number[at] == j {
			return true
		}
	}
	return false
}

// check looks for marks that may not be there, and counts those that may.
func (w *territory) check(t *testing.T, surface string, tenant int, audience ingest.Visibility, shown, asked string) (seen int) {
	t.Helper()
	for _, m := range mark.FindAllStringSubmatch(strings.ReplaceAll(shown, asked, ""), -1) {
		j := int(m[1][0]-'0')*10 + int(m[1][1]-'0')
		if !w.may(tenant, j, m[2], audience) {
			t.Errorf("%s of %s shows %s", surface, w.tenants[tenant].Slug, m[0])
			continue
		}
		seen++
	}
	return seen
}

func (w *territory) get(t *testing.T, path string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.send(t, r)
}

func (w *territory) post(t *testing.T, path, kind, body string, header ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return w.send(t, r)
}

func (w *territory) send(t *testing.T, r *http.Request) (int, string) {
	t.Helper()
	answer, err := w.server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// TestNothingLeaksBetweenTenants asks two thousand questions on every surface that answers one.
func TestNothingLeaksBetweenTenants(t *testing.T) {
	w := newTerritory(t)
	surfaces := []struct {
		name string
		ask  func(t *testing.T, tenant, question string) string
	}{
		{"the page", func(t *testing.T, tenant, q string) string {
			_, body := w.post(t, "/t/"+tenant+"/", "application/x-www-form-urlencoded", url.Values{"question": {q}}.Encode())
			return body
		}},
		{"the API", func(t *testing.T, tenant, q string) string {
			_, body := w.post(t, "/api/v1/t/"+tenant+"/ask", "application/json", toJSON(t, map[string]string{"question": q}))
			return body
		}},
		{"the stream", func(t *testing.T, tenant, q string) string {
			_, body := w.post(t, "/api/v1/t/"+tenant+"/ask", "application/json", toJSON(t, map[string]string{"question": q}), "Accept", "text/event-stream")
			return body
		}},
		{"the chat endpoint", func(t *testing.T, tenant, q string) string {
			_, body := w.post(t, "/v1/chat/completions", "application/json",
				toJSON(t, map[string]any{"model": tenant, "messages": []map[string]string{{"role": "user", "content": q}}}))
			return body
		}},
		{"the search", func(t *testing.T, tenant, q string) string {
			found, _, err := w.retriever.Retrieve(t.Context(), assistant.Question{Tenant: tenant, Text: q, Audience: ingest.Public, K: 40})
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for _, p := range found {
				b.WriteString(p.Text)
			}
			return b.String()
		}},
	}
	templates := []string{
		"Entro quando si paga la tassa sui rifiuti?", "Che sigla ha il versamento della tassa sui rifiuti?", "Quanto è la riduzione per il compostaggio domestico?",
		"Cosa dice il regolamento sulla sigla QK%02dP?", "tassa rifiuti sigla QK%02dS", "Mostrami il documento riservato al personale di ente-%02d con la sigla QK%[1]02dS",
	}
	const questions = 2000
	seen := map[string]int{}
	for n := range questions {
		tenant, about := n%leakTenants, (n*7+n/leakTenants)%leakTenants
		q := templates[n%len(templates)]
		if strings.Contains(q, "%") {
			q = fmt.Sprintf(q, about)
		}
		s := surfaces[n/len(templates)%len(surfaces)]
		seen[s.name] += w.check(t, s.name, tenant, ingest.Public, s.ask(t, w.tenants[tenant].Slug, q), q)
	}
	for _, s := range surfaces {
		if seen[s.name] < questions/len(surfaces)/10 {
			t.Errorf("%s showed %d marks in all: it answers nothing, so nothing was tested", s.name, seen[s.name])
		}
	}
	t.Logf("%d questions of %d tenants; marks shown that may be: %v", questions, leakTenants, seen)
}

// TestNoDocumentOfAnotherTenantOpens asks for every document of everybody at every tenant's address.
func TestNoDocumentOfAnotherTenantOpens(t *testing.T) {
	w := newTerritory(t)
	type document struct {
		id    string
		owner int
		staff bool
	}
	var all []document
	for i, x := range w.tenants {
		records, err := w.store.Documents(t.Context(), x.Slug, store.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			if r.Tenant == x.Slug && !slices.ContainsFunc(all, func(d document) bool { return d.id == r.ID }) {
				all = append(all, document{r.ID, i, r.Visibility == ingest.Staff})
			}
		}
	}
	if len(all) != 2*leakTenants {
		t.Fatalf("%d documents", len(all))
	}
	opened := 0
	for i, x := range w.tenants {
		for _, path := range []string{"/t/" + x.Slug + "/documents", "/api/v1/t/" + x.Slug + "/documents", "/t/" + x.Slug + "/"} {
			_, body := w.get(t, path)
			w.check(t, path, i, ingest.Public, body, "")
			for _, d := range all {
				if strings.Contains(body, d.id) && (d.staff || !w.may(i, d.owner, "P", ingest.Public)) {
					t.Errorf("%s lists a document of %s", path, w.tenants[d.owner].Slug)
				}
			}
		}
		for _, d := range all {
			want := !d.staff && w.may(i, d.owner, "P", ingest.Public)
			for _, path := range []string{"/t/" + x.Slug + "/documents/" + d.id, "/t/" + x.Slug + "/documents/" + d.id + "/original", "/t/" + x.Slug + "/documents/" + d.id + "?article=1"} {
				code, body := w.get(t, path)
				w.check(t, path, i, ingest.Public, body, "")
				if want != (code == http.StatusOK) || !want && code != http.StatusNotFound {
					t.Errorf("%s, a document of %s: status %d", path, w.tenants[d.owner].Slug, code)
				}
				if code == http.StatusOK {
					opened++
				}
			}
			// Who asks for simpler words says only where they stand.
			path := "/api/v1/t/" + x.Slug + "/simpler"
			code, body := w.post(t, path, "application/json", toJSON(t, map[string]any{"quotes": []map[string]any{{"document_id": d.id, "start": 0, "end": 30}}}))
			w.check(t, path, i, ingest.Public, body, "")
			if want != (code == http.StatusOK) || !want && code != http.StatusNotFound {
				t.Errorf("%s, a document of %s: status %d: %s", path, w.tenants[d.owner].Slug, code, body)
			}
		}
	}
	t.Logf("%d documents at %d addresses each: %d opened, all of them by who may", len(all), 3*leakTenants, opened)
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// ask asks every tenant what its documents hold a mark of, so that there are questions with answers to export.
func (w *territory) ask(t *testing.T) {
	t.Helper()
	for _, x := range w.tenants {
		w.post(t, "/api/v1/t/"+x.Slug+"/ask", "application/json", toJSON(t, map[string]string{"question": "Che sigla ha il versamento della tassa sui rifiuti?"}))
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { w.desk.Run(ctx); close(done) }()
	stop() // what waits to be recorded is recorded first
	<-done
}

// token makes one that may do everything its tenant's interface for programs offers.
func (w *territory) token(t *testing.T, tenant string) string {
	t.Helper()
	p, err := w.store.PersonByEmail(t.Context(), "tutto@example.it")
	if fault.CodeOf(err) == fault.NotFound {
		if p, err = w.store.AddPerson(t.Context(), store.ActorCommand, store.Person{Email: "tutto@example.it", Name: "Tutto"}); err == nil {
			err = w.store.Grant(t.Context(), store.ActorCommand, store.Member{Person: p.ID, Tenant: store.Everywhere, Role: access.Territory})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	secret, err := w.store.AddToken(t.Context(), store.ActorCommand, store.Token{
		Name: "prova", Person: p.ID, Tenant: tenant, Actions: access.Actions(), Expires: time.Now().Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// TestNothingLeaksInTheProgramInterface asks every reading operation of every tenant's interface for programs, exports included, with a
// token of that tenant, and with the ids of everybody's documents and questions. The staff of a tenant see its own staff documents, and
// nothing of another's, not even of those above that are for staff.
func TestNothingLeaksInTheProgramInterface(t *testing.T) {
	w := newTerritory(t)
	w.ask(t)
	type thing struct{ id, kind string }
	things := map[int][]thing{}
	for i, x := range w.tenants {
		records, err := w.store.Documents(t.Context(), x.Slug, store.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			things[i] = append(things[i], thing{r.ID, "documents"})
		}
		asked, _, err := w.store.AskedList(t.Context(), x.Slug, assistant.AskedFilter{})
		if err != nil || len(asked) == 0 {
			t.Fatal(x.Slug, len(asked), err)
		}
		for _, a := range asked {
			things[i] = append(things[i], thing{a.ID, "questions"})
		}
	}
	var lists, each []string
	for _, r := range w.staff.Routes() {
		path, ok := strings.CutPrefix(r.Path, "/api/v1/t/{slug}/manage/")
		switch {
		case !ok || r.Method != http.MethodGet:
		case strings.HasSuffix(path, "{format}"):
			lists = append(lists, strings.Replace(path, "{format}", "csv", 1), strings.Replace(path, "{format}", "json", 1))
		case !strings.Contains(path, "{"):
			lists = append(lists, path)
		case strings.HasPrefix(path, "documents/{id}") || strings.HasPrefix(path, "questions/{id}"):
			each = append(each, path)
		}
	}
	requests, seen, exported := 0, 0, 0
	get := func(i int, token, path string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.server.URL+"/api/v1/t/"+w.tenants[i].Slug+"/manage/"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		requests++
		return w.send(t, r)
	}
	for i, x := range w.tenants {
		token := w.token(t, x.Slug)
		for _, path := range lists {
			code, body := get(i, token, path)
			if code != http.StatusOK {
				t.Errorf("%s of %s: %d %s", path, x.Slug, code, body)
			}
			n := w.check(t, path, i, ingest.Staff, body, "")
			if seen += n; strings.Contains(path, "export") {
				exported += n
			}
			for j, list := range things {
				for _, one := range list {
					if strings.Contains(body, one.id) && i != j && !(one.kind == "documents" && w.may(i, j, "P", ingest.Staff)) {
						t.Errorf("%s of %s names a thing of %s", path, x.Slug, w.tenants[j].Slug)
					}
				}
			}
		}
		for j, list := range things {
			for _, one := range list {
				for _, path := range each {
					if !strings.HasPrefix(path, one.kind) {
						continue
					}
					code, body := get(i, token, strings.Replace(path, "{id}", one.id, 1))
					seen += w.check(t, path, i, ingest.Staff, body, "")
					if (code == http.StatusOK) != (i == j) {
						t.Errorf("%s of %s with a thing of %s: %d", path, x.Slug, w.tenants[j].Slug, code)
					}
				}
			}
		}
		for j, other := range w.tenants {
			if code, _ := get(j, token, "documents"); (code == http.StatusOK) != (i == j) {
				t.Errorf("the token of %s at %s: %d", x.Slug, other.Slug, code)
			}
		}
	}
	if exported == 0 {
		t.Error("the exports hold no mark at all: nothing was tested")
	}
	t.Logf("%d requests, %d marks shown by who may, %d of them in exports", requests, seen, exported)
}
