package minutes_test

import (
	"archive/zip"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"io/fs"
	"net/url"
	"strings"
	"testing"

	"sportello/assistant/access"
	"sportello/assistant/drafting"
	said "sportello/assistant/drafting/minutes"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
	"sportello/web/staff/minutes"
	"sportello/web/staff/stafftest"
)

const here = "/staff/t/" + stafftest.Comune + "/"

// teller is a chat model that writes what it is told to.
type teller struct {
	says string
	err  error
}

func (teller) Name() string { return "copione" }

func (t *teller) Phrase(context.Context, said.Speech) (string, error) { return t.says, t.err }

func part(t *testing.T, model said.Phraser) func(*store.Store) []staff.Part {
	t.Helper()
	l, err := drafting.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return func(s *store.Store) []staff.Part {
		return []staff.Part{minutes.New(minutes.Config{Store: s, Library: l, Phraser: model, Tool: "prova 1", Key: func() (ed25519.PrivateKey, error) { return key, nil }})}
	}
}

func TestMatrix(t *testing.T) { stafftest.Matrix(t, part(t, &teller{})) }

func text(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// unzip gives one file of an archive.
func unzip(t *testing.T, data, name string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := fs.ReadFile(z, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
}

// speech is what one voice says, long enough to be told.
const speech = "[00:00:10] Bruno: Il bilancio ha un avanzo di 12.000 euro che va speso per la scuola del paese. Il tetto della scuola perde acqua da due anni e i bambini hanno i secchi in aula. " +
	"Chiedo che la Giunta presenti un progetto per il tetto entro la primavera, perché i lavori si fanno soltanto con la scuola chiusa. Le altre spese possono aspettare, il tetto della scuola no."

// session makes a session with a transcript and gives the address of its page.
func session(t *testing.T, h *stafftest.House, c *stafftest.Client) string {
	t.Helper()
	at := c.Post(here+"minutes", "organ", "consiglio", "day", "2026-03-26").Is(303).Header.Get("Location")
	at = strings.TrimSuffix(strings.SplitN(at, "?", 2)[0], "/frame")
	id := at[strings.LastIndexByte(at, '/')+1:]
	if _, err := h.Store.ChangeMeeting(t.Context(), "prova", stafftest.Comune, id, 0, "", func(m *store.Meeting) error {
		m.Body = `{"organo":"consiglio","data":"2026-03-26","componenti":[{"nome":"Anna Rolando","carica":"Sindaca"},{"nome":"Dario Bruno"}],"punti":[{"titolo":"Bilancio"}],"diario":[{"id":"a","testo":"presenti tutti"},{"id":"b","testo":"punto 1"}]}`
		x, err := said.Read("seduta.txt", []byte(speech))
		if err != nil {
			return err
		}
		x.Call("voce 1", "Dario Bruno")
		x.Mark(0, 1)
		m.Transcript = text(t, x)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return at
}

// A model's summary is proposed and marked, what the transcript does not say is not in it, and a person accepts or refuses it.
func TestProposal(t *testing.T) {
	model := &teller{says: "Il Consigliere Bruno dice che il bilancio ha un avanzo di 12.000 euro, che va speso per la scuola del paese. Chiede che la Giunta presenti un progetto per il tetto entro la primavera. Il costo è di 99.000 euro."}
	h := stafftest.New(t, part(t, model))
	c := h.As(access.Segretario, stafftest.Comune)
	at := session(t, h, c)
	c.Post(at+"/propose", "part", "9 voce 9").Is(404)
	c.Post(at+"/accept", "part", "1 voce 1").Is(409)
	c.Post(at+"/propose", "part", "1 voce 1").Is(303)
	page := c.Get(at + "/verbale").Is(200)
	if got := page.Page().Find(".minutes-paper .o-model").Text(); !strings.Contains(got, "entro la primavera") || strings.Contains(got, "99.000") {
		t.Errorf("proposed: %q", got)
	}
	if strings.Contains(page.Text, "99.000") || !strings.Contains(page.Text, "proposto da copione") {
		t.Error("what the model invented is on the page, or nothing says that it is the model's")
	}
	c.Get(at + "/export?final=true").Is(409)
	c.Post(at+"/final", "format", "txt", "reason", "Serve oggi").Is(409) // no reason makes a model's words final
	c.Post(at+"/accept", "part", "1 voce 1").Is(303)
	page = c.Get(at + "/verbale").Is(200)
	if page.Page().Find(".minutes-paper .o-model").Length() > 0 || !strings.Contains(page.Page().Find(".minutes-paper .from-person").Text(), "entro la primavera") {
		t.Error("accepted, and still the model's, or gone")
	}
	c.Post(at+"/parts", "part", "1 voce 1", "text", "").Is(303)
	if got := c.Get(at + "/verbale").Page().Find(".minutes-paper").Text(); !strings.Contains(got, "«Il bilancio ha un avanzo di 12.000 euro") {
		t.Errorf("refused: %q", got)
	}
	model.says = "Il Sindaco promette 99.000 euro e una funivia a Malaspina."
	c.Post(at+"/propose", "part", "1 voce 1").Is(409)
	model.err = fault.New(fault.Unavailable, "gone")
	c.Post(at+"/propose", "part", "1 voce 1").Is(503)
	if got := c.Get(at + "/verbale").Text; strings.Contains(got, "funivia") {
		t.Error("what was refused by the turns is on the page")
	}
	none := stafftest.New(t, part(t, nil))
	c = none.As(access.Segretario, stafftest.Comune)
	at = session(t, none, c)
	if got := c.Get(at + "/verbale").Text; strings.Contains(got, "/propose") {
		t.Error("without a model there is a button for it")
	}
	c.Post(at+"/propose", "part", "1 voce 1").Is(503)
}

// A blocked verbale is made final by somebody who approves acts, with a reason that stays in the audit log and in the manifest.
func TestOverride(t *testing.T) {
	h := stafftest.New(t, part(t, nil))
	c := h.As(access.Segretario, stafftest.Comune)
	at := session(t, h, c)
	if c.Get(at+"/verbale").Is(200).Page().Find(".act-override").Length() != 1 {
		t.Fatal("a blocked verbale offers no override")
	}
	c.Post(at+"/final", "format", "txt", "reason", " ").Is(422)
	c.Post(at+"/final", "format", "txt", "reason", strings.Repeat("x", 501)).Is(422)
	c.Post(at+"/final", "format", "exe", "reason", "Serve oggi").Is(422)
	h.As(access.Editor, stafftest.Comune).Post(at+"/final", "format", "txt", "reason", "Serve oggi").Is(403)
	file := c.Post(at+"/final", "format", "txt", "reason", "Serve oggi in Prefettura").Is(200)
	manifest := unzip(t, file.Text, "verbale-consiglio-2026-03-26.txt.manifesto.json")
	if !strings.Contains(manifest, `"override": "Serve oggi in Prefettura"`) || !strings.Contains(manifest, `"final": true`) {
		t.Errorf("the manifest: %s", manifest)
	}
	log, err := h.Store.Audit(t.Context(), store.AuditFilter{Tenants: []string{stafftest.Comune}, Action: "meeting.override"})
	if err != nil || len(log) != 1 || log[0].Note != "Serve oggi in Prefettura" || !strings.HasSuffix(at, url.PathEscape(log[0].Object)) {
		t.Errorf("the audit log: %v %v", log, err)
	}
}
