package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"sportello/assistant"
	"sportello/locales"
	"sportello/web/sitetest"
	"sportello/web/widget"
)

// maxWidget is what the widget may add to a page: script, styles and labels, as they are sent.
const maxWidget = 30 << 10

const elsewhere = "https://www.comune.borgoprova.example.it"

func embedding(h *harness, origins ...string) *harness {
	for i := range h.library.TenantList {
		if h.library.TenantList[i].Slug == sitetest.Comune {
			h.library.TenantList[i].WidgetOrigins = origins
		}
	}
	return h
}

// script gives the script as it is sent, packed and unpacked.
func script(t *testing.T, h *harness) (packed, plain []byte) {
	t.Helper()
	r := h.get("/widget.js", "Accept-Encoding", "gzip")
	packed = []byte(text(t, r))
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err = io.ReadAll(z); err != nil {
		t.Fatal(err)
	}
	return packed, plain
}

// wordCall is the script asking for a text by its key.
var wordCall = regexp.MustCompile(`\bt\("([a-z0-9_]+)"`)

func TestWidgetScript(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	packed, plain := script(t, h)
	t.Logf("widget.js: %d bytes as sent, %d unpacked", len(packed), len(plain))
	if len(packed) > maxWidget {
		t.Errorf("the widget has %d bytes, at most %d", len(packed), maxWidget)
	}
	// What a strict policy forbids, what would store something, what would set markup from text.
	for _, never := range []string{"innerHTML", "insertAdjacentHTML", "outerHTML", "eval(", "new Function", ".style.", `"style"`, "localStorage", "sessionStorage", "document.cookie", "indexedDB", "import(", "http://"} {
		if bytes.Contains(bytes.ReplaceAll(plain, []byte("http://www.w3.org/2000/svg"), nil), []byte(never)) {
			t.Errorf("the script has %s", never)
		}
	}
	r := h.get("/widget.js")
	for header, want := range map[string]string{"Content-Type": "text/javascript; charset=utf-8", "Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "public, max-age=3600"} {
		if got := r.Header.Get(header); got != want {
			t.Errorf("%s = %q", header, got)
		}
	}
	if again := h.get("/widget.js", "If-None-Match", "W/"+r.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("the same script again gives %d", again.StatusCode)
	}
}

func TestWidgetWords(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	for _, l := range locales.Languages() {
		r := h.get("/t/borgoprova/widget.json?lang=" + l.Tag)
		var words widget.Words
		if err := json.Unmarshal([]byte(text(t, r)), &words); err != nil || r.StatusCode != 200 {
			t.Fatalf("%d %v", r.StatusCode, err)
		}
		if words.Lang != l.Tag || words.Dir != l.Dir || words.Name != "Comune di Borgoprova" || words.Home != "/t/borgoprova/?lang="+l.Tag || len(words.Starters) == 0 {
			t.Errorf("%+v", words)
		}
		for key, value := range words.Texts {
			if value == "" || value == key || strings.Contains(value, "no value") {
				t.Errorf("%s: %s = %q", l.Tag, key, value)
			}
		}
		if !strings.Contains(words.Texts["place_article"], "{{.Number}}") || !strings.Contains(words.Texts["notice_text"], "Borgoprova") {
			t.Errorf("%q %q", words.Texts["place_article"], words.Texts["notice_text"])
		}
	}
	if r := h.get("/t/nowhere/widget.json"); r.StatusCode != 404 {
		t.Errorf("an unknown tenant gives %d", r.StatusCode)
	}
}

// Every text that the script asks for is one that it gets.
func TestWidgetAsksForWordsThatItGets(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	_, plain := script(t, h)
	var words widget.Words
	if err := json.Unmarshal([]byte(text(t, h.get("/t/borgoprova/widget.json"))), &words); err != nil {
		t.Fatal(err)
	}
	used := 0
	for key := range words.Texts {
		if bytes.Contains(plain, []byte(`"`+key+`"`)) || strings.HasPrefix(key, "refused_") || strings.HasPrefix(key, "emergency_") {
			used++
		} else {
			t.Errorf("the script does not use %s", key)
		}
	}
	for _, m := range wordCall.FindAllSubmatch(plain, -1) {
		if key := string(m[1]); words.Texts[key] == "" && !strings.HasSuffix(key, "_") {
			t.Errorf("the script asks for %s", key)
		}
	}
	if used < 40 {
		t.Errorf("only %d texts are used", used)
	}
	for _, reason := range []assistant.Reason{assistant.NoSource, assistant.OutOfScope, assistant.PersonalDecision, assistant.Unsafe, assistant.OtherComune, assistant.Overloaded, assistant.Closed} {
		if words.Texts["refused_"+string(reason)+"_text"] == "" {
			t.Errorf("no words for %s", reason)
		}
	}
}

func TestOtherSites(t *testing.T) {
	h := embedding(newHarness(t, sitetest.Quoted()), elsewhere)
	ask := func(method, origin string) *http.Response {
		body := ""
		if method == http.MethodPost {
			body = `{"question":"a"}`
		}
		return h.do(request(method, askPath, body, "Content-Type", "application/json", "Origin", origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type"))
	}
	words := func(origin string) *http.Response { return h.get("/t/borgoprova/widget.json", "Origin", origin) }
	for _, tc := range []struct {
		name    string
		r       *http.Response
		allowed bool
	}{
		{"named, beforehand", ask(http.MethodOptions, elsewhere), true}, {"named, a question", ask(http.MethodPost, elsewhere), true}, {"named, words", words(elsewhere), true},
		{"another, beforehand", ask(http.MethodOptions, "https://evil.example"), false}, {"another, a question", ask(http.MethodPost, "https://evil.example"), false},
		{"another, words", words("https://evil.example"), false}, {"a part of the name", words(elsewhere + ".evil.example"), false}, {"without TLS", words(strings.Replace(elsewhere, "https", "http", 1)), false},
		{"another port", words(elsewhere + ":8443"), false}, {"no origin", words("null"), false}, {"itself", words("http://example.com"), false},
		{"another tenant", h.get("/t/altroprova/widget.json", "Origin", elsewhere), false}, {"no tenant", h.get("/t/nowhere/widget.json", "Origin", elsewhere), false},
		{"a page", h.get("/t/borgoprova/", "Origin", elsewhere), false}, {"the documents", h.get("/t/borgoprova/documents/d-tari", "Origin", elsewhere), false},
	} {
		want := ""
		if tc.allowed {
			want = elsewhere
		}
		if got := tc.r.Header.Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("%s: allowed %q, want %q", tc.name, got, want)
		}
		if tc.r.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: with credentials", tc.name)
		}
	}
	if r := ask(http.MethodOptions, elsewhere); r.StatusCode != 204 || r.Header.Get("Access-Control-Allow-Headers") == "" || !strings.Contains(strings.Join(r.Header.Values("Vary"), ","), "Origin") {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	if r := words(elsewhere); !strings.Contains(strings.Join(r.Header.Values("Vary"), ","), "Origin") {
		t.Errorf("%v", r.Header)
	}
	if r := embedding(newHarness(t, sitetest.Quoted())).get("/t/borgoprova/widget.json", "Origin", elsewhere); r.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("without a list everybody is let in")
	}
}

func TestDataPage(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	doc := page(t, h.get("/t/borgoprova/data"), 200)
	if got := words(has(t, doc, 1, "h1")); got != "Che cosa succede ai miei dati" {
		t.Errorf("%q", got)
	}
	has(t, page(t, h.get("/t/borgoprova/"), 200), 2, `a[href="/t/borgoprova/data"]`) // in the notice and at the foot
}
