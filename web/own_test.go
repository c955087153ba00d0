package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sportello/assistant"
	"sportello/web"
	"sportello/web/sitetest"
)

// asked asks once more in a conversation, and gives its token and code once the question is kept.
func (b *behind) askedBy(conversation string, kept int) (token, code string) {
	b.t.Helper()
	body, err := json.Marshal(map[string]string{"question": "Quando apre la segretissima?", "conversation": conversation})
	if err != nil {
		b.t.Fatal(err)
	}
	var got struct{ Conversation, Code string }
	if err := json.Unmarshal([]byte(text(b.t, b.post(askPath, string(body)))), &got); err != nil {
		b.t.Fatal(err)
	}
	for range 1000 {
		list, _, err := b.store.AskedList(b.t.Context(), sitetest.Comune, assistant.AskedFilter{})
		if err != nil {
			b.t.Fatal(err)
		}
		if len(list) == kept {
			return got.Conversation, got.Code
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.t.Fatalf("no %d questions are kept", kept)
	return "", ""
}

// A person looks at what is kept of a conversation by its code, takes it along and has it erased, without JavaScript; others keep theirs.
func TestOwnConversation(t *testing.T) {
	b := newBehind(t, sitetest.Quoted())
	token, code := b.askedBy("", 1)
	if _, same := b.askedBy(token, 2); same != code {
		t.Errorf("the conversation changed its code from %s to %s", code, same)
	}
	_, other := b.askedBy("", 3)
	page1 := page(t, b.ask("/t/borgoprova/?lang=it", "Quando apre?"), 200)
	shown := has(t, page1, 1, "form.own-code")
	if got := shown.Find("code").Text(); len(got) != 19 || shown.AttrOr("method", "") != "post" || strings.Contains(shown.AttrOr("action", ""), got) {
		t.Errorf("under the answer: %q", got)
	}
	const path = "/t/borgoprova/data?lang=it"
	send := func(code, step string) *http.Response {
		return b.harness.form(path, url.Values{"code": {code}, "step": {step}})
	}
	for _, wrong := range []struct{ code, want string }{{"", "Questo non è un codice"}, {"ABCD", "Questo non è un codice"}, {"ABCD-EFGH-JKMN-PQRS", "non c’è niente di conservato"}} {
		for _, step := range []string{"show", "file", "erase"} {
			doc := page(t, send(wrong.code, step), 200)
			if got := doc.Find("#own-problem").Text(); !strings.Contains(got, wrong.want) || doc.Find("#own-code").AttrOr("value", "") != wrong.code {
				t.Errorf("%s %q: %q", step, wrong.code, got)
			}
		}
	}
	doc := page(t, send(strings.ToLower(strings.ReplaceAll(code, "-", " ")), "show"), 200)
	has(t, doc, 2, ".own-kept > li")
	if got := doc.Find(".own-kept").Text(); strings.Count(got, "Quando apre la segretissima?") != 2 {
		t.Errorf("kept: %s", got)
	}
	file := send(code, "file")
	var kept assistant.Kept
	if err := json.Unmarshal([]byte(text(t, file)), &kept); err != nil || len(kept.Questions) != 2 || !strings.Contains(file.Header.Get("Content-Disposition"), "attachment") || file.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%+v %v %v", kept, err, file.Header)
	}
	if got := page(t, send(code, "erase"), 200).Find(".own-done").Text(); !strings.Contains(got, "non è conservato più niente") {
		t.Errorf("erased: %s", got)
	}
	if got := page(t, send(code, "show"), 200).Find("#own-problem").Text(); !strings.Contains(got, "niente di conservato") {
		t.Errorf("again: %s", got)
	}
	has(t, page(t, send(other, "show"), 200), 1, ".own-kept > li")
	if log := b.log.String(); strings.Contains(log, code) || strings.Contains(log, "segretissima") {
		t.Errorf("in the log: %s", log)
	}

	_, router := description(t, b.harness)
	for _, tt := range []struct {
		what, code string
		status     int
		want       string
	}{
		{"export", other, 200, "segretissima"}, {"erase", other, 200, `"questions":1`}, {"erase", other, 404, "not_found"}, {"export", "x", 400, "invalid"},
	} {
		path, body := "/api/v1/t/borgoprova/conversation/"+tt.what, `{"code":"`+tt.code+`"}`
		res := b.post(path, body)
		conforms(t, router, request(http.MethodPost, path, body, "Content-Type", "application/json"), body, res)
		if got := text(t, res); res.StatusCode != tt.status || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %d %s", tt.what, res.StatusCode, got)
		}
	}
}

// Codes cannot be tried one after the other.
func TestCodesCannotBeTried(t *testing.T) {
	b := newBehind(t, sitetest.Quoted(), func(c *web.Config) { c.AskPerMinute, c.HoldBack = 20, -1 })
	counts := map[int]int{}
	for range 12 {
		counts[b.harness.form("/t/borgoprova/data", url.Values{"code": {string(assistant.NewCode())}}).StatusCode]++
		counts[b.post("/api/v1/t/borgoprova/conversation/erase", `{"code":"`+assistant.NewCode().String()+`"}`).StatusCode]++
	}
	if counts[429] != 14 {
		t.Errorf("answers by status: %v", counts)
	}
}

// Where nothing is kept there is no code and nothing to look up.
func TestNoDeskNoCodes(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	has(t, page(t, h.ask("/t/borgoprova/", "a"), 200), 0, "form.own-code")
	has(t, page(t, h.get("/t/borgoprova/data"), 200), 0, "#own")
}
