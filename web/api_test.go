package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/web"
	"sportello/web/sitetest"
)

func (h *harness) post(path, body string, headers ...string) *http.Response {
	return h.do(request(http.MethodPost, path, body, append([]string{"Content-Type", "application/json"}, headers...)...))
}

const askPath = "/api/v1/t/borgoprova/ask"

// description loads the served OpenAPI file and gives a router for it.
func description(t *testing.T, h *harness) (*openapi3.T, routers.Router) {
	t.Helper()
	r := h.get("/api/openapi.yaml")
	if r.StatusCode != 200 || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/yaml") {
		t.Fatalf("openapi.yaml: %d %s", r.StatusCode, r.Header.Get("Content-Type"))
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(text(t, r)))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return doc, router
}

// conforms checks a request and its response against the description.
func conforms(t *testing.T, router routers.Router, r *http.Request, body string, res *http.Response) {
	t.Helper()
	route, params, err := router.FindRoute(r)
	if err != nil {
		t.Fatalf("%s %s is not described: %v", r.Method, r.URL, err)
	}
	r.Body = io.NopCloser(strings.NewReader(body))
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}}
	if res.StatusCode == 200 {
		if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
			t.Errorf("%s %s: request: %v", r.Method, r.URL, err)
		}
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	res.Body = io.NopCloser(bytes.NewReader(b))
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: res.StatusCode, Header: res.Header}
	out.SetBodyBytes(b)
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		t.Errorf("%s %s: response: %v\n%s", r.Method, r.URL, err, b)
	}
}

func TestOpenAPIIsTrue(t *testing.T) {
	answers := map[string]*assistant.Answer{"quoted": sitetest.Quoted(), "phrased": sitetest.Phrased(), "refused": sitetest.Refusal(assistant.NoSource), "emergency": {Status: assistant.Refused, Reason: assistant.Emergency}}
	for name, answer := range answers {
		h := newHarness(t, answer)
		_, router := description(t, h)
		for _, tc := range []struct{ method, path, body string }{
			{http.MethodPost, askPath, `{"question":"Quando apre?"}`},
			{http.MethodPost, askPath, `{"question":"Quando apre?","language":"it","conversation":"AAAAAAAAAAAAAAAAAAAAAA"}`},
			{http.MethodPost, askPath, `{"question":""}`},
			{http.MethodPost, "/api/v1/t/nowhere/ask", `{"question":"Quando apre?"}`},
			{http.MethodPost, "/api/v1/t/borgoprova/simpler", `{"language":"sq","quotes":[{"document_id":"d-tari","start":216,"end":302}]}`},
			{http.MethodPost, "/api/v1/t/borgoprova/simpler", `{"quotes":[]}`},
			{http.MethodPost, "/api/v1/t/borgoprova/simpler", `{"quotes":[{"document_id":"d-staff","start":0,"end":3}]}`},
			{http.MethodPost, "/api/v1/t/nowhere/simpler", `{"quotes":[{"document_id":"d-tari","start":216,"end":302}]}`},
			{http.MethodPost, "/api/v1/t/borgoprova/conversation/export", `{"code":"ABCD-EFGH-JKMN-PQRS"}`},
			{http.MethodPost, "/api/v1/t/borgoprova/conversation/erase", `{"code":"no"}`},
			{http.MethodPost, "/api/v1/t/nowhere/conversation/erase", `{"code":"ABCD-EFGH-JKMN-PQRS"}`},
			{http.MethodGet, "/api/v1/t/borgoprova/documents", ""},
			{http.MethodGet, "/api/v1/t/nowhere/documents", ""},
			{http.MethodGet, "/v1/models", ""},
			{http.MethodGet, "/v1/models/borgoprova", ""},
			{http.MethodGet, "/v1/models/nowhere", ""},
			{http.MethodPost, "/v1/chat/completions", `{"model":"borgoprova","messages":[{"role":"user","content":"Quando apre?"}]}`},
			{http.MethodPost, "/v1/chat/completions", `{"model":"borgoprova","temperature":0,"messages":[{"role":"system","content":"x"},{"role":"user","content":[{"type":"text","text":"Quando apre?"}]}]}`},
			{http.MethodPost, "/v1/chat/completions", `{"model":"","messages":[{"role":"user","content":"x"}]}`},
		} {
			r := request(tc.method, tc.path, tc.body, "Content-Type", "application/json")
			t.Run(name+" "+tc.path, func(t *testing.T) { conforms(t, router, r, tc.body, h.do(r)) })
		}
	}
}

func TestAPIAsk(t *testing.T) {
	h := newHarness(t, sitetest.Phrased())
	r := h.post(askPath, `{"question":"Quando apre?","language":"auto"}`, "Accept-Language", "en")
	if r.StatusCode != 200 || r.Header.Get("X-AI-Generated") != "true" || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	var got struct {
		assistant.AnswerJSON
		Conversation string
		Suggestions  []string
		AI           struct {
			Generated bool
			Notice    string
		}
	}
	if err := json.Unmarshal([]byte(text(t, r)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Status != assistant.Answered || len(got.Statements) != 2 || got.Statements[0].Citations[0].Quote != sitetest.Hours || !got.AI.Generated || got.AI.Notice == "" || len(got.Suggestions) != 2 || !got.Statements[0].Translated {
		t.Errorf("%+v", got)
	}
	if q := h.asker.Asked[0]; q.Language != "" || q.PageLanguage != "en" || q.Audience != "public" {
		t.Errorf("asked %+v", q)
	}
	_ = text(t, h.post(askPath, `{"question":"E poi?","conversation":"`+got.Conversation+`"}`))
	if after := h.asker.Asked[1].After; after == nil || after.Question != "Quando apre?" || after.Article != "2" {
		t.Errorf("asked after %+v", after)
	}
	if forged := text(t, h.post(askPath, `{"question":"E poi?","conversation":"<script>"}`)); strings.Contains(forged, "script") {
		t.Error("a token that is not ours came back")
	}
	if after := h.asker.Asked[2].After; after != nil {
		t.Errorf("a token that is not ours gave %+v", after)
	}
}

func TestAPIErrors(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	for _, tc := range []struct {
		name, path, body, kind string
		status                 int
		code                   fault.Code
	}{
		{"no JSON", askPath, `question`, "application/json", 400, fault.Invalid},
		{"cut JSON", askPath, `{"question":`, "application/json", 400, fault.Invalid},
		{"two values", askPath, `{"question":"a"}{}`, "application/json", 400, fault.Invalid},
		{"nothing", askPath, ``, "application/json", 400, fault.Invalid},
		{"unknown field", askPath, `{"domanda":"a"}`, "application/json", 400, fault.Invalid},
		{"a form", askPath, `question=a`, "application/x-www-form-urlencoded", 400, fault.Invalid},
		{"bad language", askPath, `{"question":"a","language":"; DROP"}`, "application/json", 400, fault.Invalid},
		{"too long", askPath, `{"question":"` + strings.Repeat("a", 1001) + `"}`, "application/json", 413, fault.TooLarge},
		{"too long with what is dropped", askPath, `{"question":"` + strings.Repeat("a", 999) + `\u0082  "}`, "application/json", 413, fault.TooLarge},
		{"far too long", askPath, `{"question":"` + strings.Repeat("a", 70_000) + `"}`, "application/json", 413, fault.TooLarge},
		{"unknown tenant", "/api/v1/t/nowhere/ask", `{"question":"a"}`, "application/json", 404, fault.NotFound},
		{"unknown address", "/api/v1/nothing", `{}`, "application/json", 404, fault.NotFound},
		{"unknown model", "/v1/chat/completions", `{"model":"nowhere","messages":[{"role":"user","content":"a"}]}`, "application/json", 404, fault.NotFound},
		{"no message", "/v1/chat/completions", `{"model":"borgoprova","messages":[]}`, "application/json", 400, fault.Invalid},
		{"strange content", "/v1/chat/completions", `{"model":"borgoprova","messages":[{"role":"user","content":7}]}`, "application/json", 400, fault.Invalid},
	} {
		r := h.do(request(http.MethodPost, tc.path, tc.body, "Content-Type", tc.kind))
		var got struct {
			Error struct {
				Code          fault.Code
				Message, Type string
			}
		}
		if err := json.Unmarshal([]byte(text(t, r)), &got); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if r.StatusCode != tc.status || got.Error.Code != tc.code || got.Error.Message == "" || (got.Error.Type != "") != strings.HasPrefix(tc.path, "/v1/") {
			t.Errorf("%s: %d %+v, want %d %s", tc.name, r.StatusCode, got.Error, tc.status, tc.code)
		}
	}
	if r := h.get(askPath); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET gives %d", r.StatusCode)
	}
	if len(h.asker.Asked) != 0 {
		t.Error("a wrong request was asked")
	}
}

// events reads a whole stream: name and data of each event.
func events(t *testing.T, r *http.Response) (out [][2]string) {
	t.Helper()
	if kind := r.Header.Get("Content-Type"); r.StatusCode != 200 || !strings.HasPrefix(kind, "text/event-stream") {
		t.Fatalf("%d %s: %s", r.StatusCode, kind, text(t, r))
	}
	for part := range strings.SplitSeq(strings.TrimSpace(text(t, r)), "\n\n") {
		var e [2]string
		for line := range strings.SplitSeq(part, "\n") {
			if name, ok := strings.CutPrefix(line, "event: "); ok {
				e[0] = name
			}
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				e[1] = data
			}
		}
		out = append(out, e)
	}
	return out
}

func names(list [][2]string) (out []string) {
	for _, e := range list {
		out = append(out, e[0])
	}
	return out
}

func TestAPIStream(t *testing.T) {
	h := newHarness(t, sitetest.Phrased())
	r := h.post(askPath, `{"question":"Quando apre?"}`, "Accept", "text/event-stream")
	if r.Header.Get("X-AI-Generated") != "per-statement" {
		t.Error("no mark in the header")
	}
	got := events(t, r)
	if diff := cmp.Diff([]string{"statement", "statement", "answer"}, names(got)); diff != "" {
		t.Fatal(diff)
	}
	var st assistant.StatementJSON
	if err := json.Unmarshal([]byte(got[1][1]), &st); err != nil || st.Text != "I residenti entrano con la tessera." || st.Origin != assistant.FromModel {
		t.Errorf("statement %+v, %v", st, err)
	}
	if r := h.post(askPath, `{"question":""}`, "Accept", "text/event-stream"); r.StatusCode != 400 {
		t.Errorf("a wrong question streams with %d", r.StatusCode)
	}
}

func TestStreamThatBreaksEndsWithAnError(t *testing.T) {
	h := newHarness(t, nil)
	broken := errors.New("the model exploded")
	h.asker.Script = func(ctx context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error) {
		if err := emit(sitetest.Phrased().Statements[0]); err != nil {
			return nil, err
		}
		return nil, broken
	}
	got := events(t, h.post(askPath, `{"question":"a"}`, "Accept", "text/event-stream"))
	if diff := cmp.Diff([]string{"statement", "answer"}, names(got)); diff != "" || !strings.Contains(got[1][1], `"overloaded"`) {
		t.Errorf("%s%v", diff, got)
	}
	// On the page the statement that was shown gives way to the refusal.
	got = events(t, h.ask("/t/borgoprova/", "a", "Accept", "text/event-stream"))
	if diff := cmp.Diff([]string{"statement", "answer"}, names(got)); diff != "" || !strings.Contains(got[1][1], `"replace":true`) || strings.Contains(got[1][1], "exploded") {
		t.Errorf("%s%v", diff, got)
	}
}

func TestPageStream(t *testing.T) {
	h := newHarness(t, sitetest.Phrased())
	got := events(t, h.ask("/t/borgoprova/?lang=fr", "Quand ?", "Accept", "text/event-stream"))
	if diff := cmp.Diff([]string{"statement", "statement", "answer"}, names(got)); diff != "" {
		t.Fatal(diff)
	}
	var answer struct {
		HTML, Conversation, Lang, Dir string
		Replace, Generated            bool
	}
	if err := json.Unmarshal([]byte(got[2][1]), &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Replace || !answer.Generated || answer.Lang != "fr" || answer.Dir != "ltr" || !strings.Contains(answer.HTML, "traduction automatique") {
		t.Errorf("%+v", answer)
	}
	// The language turned out to be another than the page's: what was streamed is replaced.
	a := sitetest.Quoted()
	a.Language = "ar"
	h.asker.Script = sitetest.Says(a, 0)
	got = events(t, h.ask("/t/borgoprova/", "متى", "Accept", "text/event-stream"))
	if err := json.Unmarshal([]byte(got[1][1]), &answer); err != nil || !answer.Replace || answer.Dir != "rtl" || !strings.Contains(answer.HTML, "statements") {
		t.Errorf("%+v %v", answer, err)
	}
	got = events(t, h.ask("/t/borgoprova/", " ", "Accept", "text/event-stream"))
	if diff := cmp.Diff([][2]string{{"problem", `{"text":"Scrivi prima la domanda."}`}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestChatCompletions(t *testing.T) {
	h := newHarness(t, sitetest.Quoted(), func(c *web.Config) { c.PublicURL = "https://sportello.example.it/" })
	body := `{"model":"borgoprova","messages":[{"role":"user","content":"prima"},{"role":"assistant","content":"x"},{"role":"user","content":"Quando apre?"}]%s}`
	r := h.post("/v1/chat/completions", strings.Replace(body, "%s", "", 1))
	var whole struct {
		Choices []struct {
			Message struct{ Role, Content string }
			Finish  string `json:"finish_reason"`
		}
	}
	if err := json.Unmarshal([]byte(text(t, r)), &whole); err != nil {
		t.Fatal(err)
	}
	if h.asker.Asked[0].Text != "Quando apre?" {
		t.Errorf("asked %q", h.asker.Asked[0].Text)
	}
	content := whole.Choices[0].Message.Content
	cite := sitetest.Cite(sitetest.Hours, "2", 1)
	want := "«" + sitetest.Hours + "» [1]\n\n[1] Regolamento per la gestione dei rifiuti, art. 2: https://sportello.example.it/t/borgoprova/documents/d-tari?" +
		url.Values{"article": {"2"}, "start": {itoa(cite.Start)}, "end": {itoa(cite.End)}}.Encode() + "#cited\n\nUfficio Tributi · lunedì e giovedì 9-12 · +39 02 555 0100 · tributi@borgoprova.example.it"
	if diff := cmp.Diff(want, content); diff != "" || whole.Choices[0].Finish != "stop" {
		t.Errorf("content (-want +got):\n%s", diff)
	}
	var streamed strings.Builder
	got := events(t, h.post("/v1/chat/completions", strings.Replace(body, "%s", `,"stream":true`, 1)))
	for _, e := range got[:len(got)-1] {
		var chunk struct {
			Object  string
			Choices []struct {
				Delta struct{ Content string }
			}
		}
		if err := json.Unmarshal([]byte(e[1]), &chunk); err != nil || chunk.Object != "chat.completion.chunk" {
			t.Fatal(e, err)
		}
		streamed.WriteString(chunk.Choices[0].Delta.Content)
	}
	if diff := cmp.Diff(want, strings.TrimSpace(streamed.String())); diff != "" || got[len(got)-1][1] != "[DONE]" {
		t.Errorf("streamed (-want +got):\n%s", diff)
	}
	got = events(t, h.post("/v1/chat/completions", strings.Replace(body, "%s", `,"stream":true,"stream_options":{"include_usage":true}`, 1)))
	if last := got[len(got)-2][1]; !strings.Contains(last, `"choices":[]`) || !strings.Contains(last, `"total_tokens":0`) {
		t.Errorf("the last chunk %s", last)
	}
	h.asker.Script = sitetest.Says(sitetest.Refusal(assistant.Emergency), 0)
	if got := text(t, h.post("/v1/chat/completions", strings.Replace(body, "%s", "", 1))); !strings.Contains(got, "112") || !strings.Contains(got, "1522") {
		t.Errorf("emergency: %s", got)
	}
}

// A client of the chat keeps the conversation itself: what the user asked before goes with the question.
func TestChatHasAConversation(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	body := `{"model":"borgoprova","messages":[{"role":"user","content":"Quando apre?"},{"role":"assistant","content":"Il sabato."},{"role":"user","content":"e il martedì?"}]}`
	if r := h.post("/v1/chat/completions", body); r.StatusCode != http.StatusOK {
		t.Fatal(r.StatusCode)
	}
	if asked := h.asker.Asked[0]; asked.Text != "e il martedì?" || !slices.Equal(asked.Earlier, []string{"Quando apre?"}) {
		t.Errorf("asked %+v", asked)
	}
}
