package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sportello/web/certificate/certificatetest"

	"github.com/PuerkitoBio/goquery"
)

// A whole run, by TLS of its own and with the log at its most talkative: what is set, typed, handed out or asked is in no line of it.
func TestSecretsAreNotLogged(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	log, planted := new(transcript), map[string]string{}
	plant := func(what, secret string) string {
		t.Helper()
		if len(secret) < 6 {
			t.Fatalf("no %s", what)
		}
		planted[what] = secret
		return secret
	}
	// A server of models, and one of mail, that say back what they were told when they refuse it.
	parrot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusUnauthorized)
		_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]string{"message": "bad key " + r.Header.Get("Authorization") + " for " + string(body)}})
	}))
	defer parrot.Close()
	certFile, keyFile := certificatetest.Write(t, dir, 1, time.Now().Add(24*time.Hour))
	addr, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	common := []string{"--data", data, "--log-level", "debug", "--set", "embedding.address=none",
		"--set", "chat.address=" + parrot.URL + "/v1", "--set", "chat.model=pappagallo", "--set", "chat.api_key=" + plant("key of the chat model", "sk-chiave-del-modello"),
		"--set", "transcription.address=" + parrot.URL + "/v1", "--set", "transcription.api_key=" + plant("key of the transcription", "sk-chiave-della-trascrizione"),
		"--set", "mail.host=127.0.0.1", "--set", "mail.port=" + spiteful(t), "--set", "mail.tls=starttls", "--set", "mail.from=sportello@comune.example.it",
		"--set", "mail.username=posta", "--set", "mail.password=" + plant("password of the mail", "parola-della-posta"),
		"--set", "serve.tls_cert=" + certFile, "--set", "serve.tls_key=" + keyFile, "--set", "serve.public_url=https://" + addr,
	}
	sportello := func(args ...string) string {
		t.Helper()
		var stdout bytes.Buffer
		if code := run(t.Context(), append(common[:len(common):len(common)], args...), &stdout, log); code != exitDone {
			t.Fatalf("%v ended with %d: %s", args, code, log.String())
		}
		return stdout.String()
	}
	sportello("tenant", "add", "--slug", "avella", "--name", "Comune di Avella")
	offices := filepath.Join(dir, "uffici.csv")
	rules := filepath.Join(dir, "mercati.md")
	for name, text := range map[string]string{offices: "name,subjects,hours,phone,email\nTributi,tari,lun 9-12,0825 1,tributi@comune.example.it\n", rules: regulation} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sportello("office", "import", "--tenant", "avella", offices)
	sportello("ingest", "--tenant", "avella", rules)
	link := regexp.MustCompile(`/staff/link/\S+`).FindString(sportello("user", "add", "anna.conti@example.it", "--name", "Anna Conti"))
	plant("link of an invitation", strings.TrimPrefix(link, "/staff/link/"))
	token := plant("token of a program", strings.TrimSpace(sportello("token", "add", "prova", "--tenant", "avella", "--person", "anna.conti@example.it", "--action", "all")))

	ctx, stop := context.WithCancel(t.Context())
	served := make(chan int, 1)
	go func() {
		served <- run(ctx, append(common[:len(common):len(common)], "serve", "--addr", addr), new(transcript), log)
	}()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Timeout: time.Minute, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}}} //nolint:gosec // our own certificate
	base := "https://" + addr
	send := func(method, path, kind, body string, status int, headers ...string) *http.Response {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if kind != "" {
			req.Header.Set("Content-Type", kind)
		}
		for i := 0; i+1 < len(headers); i += 2 {
			req.Header.Set(headers[i], headers[i+1])
		}
		var res *http.Response
		for range tries {
			if res, err = client.Do(req); err == nil {
				break
			}
			time.Sleep(100 * time.Millisecond) // it is starting
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		if res.StatusCode != status {
			t.Fatalf("%s gives %d, want %d", path, res.StatusCode, status)
		}
		return res
	}
	const urlencoded, inJSON = "application/x-www-form-urlencoded", "application/json"
	csrf := func(path string) string {
		t.Helper()
		doc, err := goquery.NewDocumentFromReader(send("GET", path, "", "", 200).Body)
		if err != nil {
			t.Fatal(err)
		}
		return plant("token of the forms at "+path, doc.Find(`main input[name=csrf], form input[name=csrf]`).First().AttrOr("value", ""))
	}
	password := plant("password", "quattro gatti sul tetto")
	send("POST", link, urlencoded, url.Values{"csrf": {csrf(link)}, "new": {password}, "again": {password}}.Encode(), 200)
	login := func(password string, status int) {
		t.Helper()
		send("POST", "/staff/login", urlencoded, url.Values{"csrf": {csrf("/staff/login")}, "email": {"anna.conti@example.it"}, "password": {password}}.Encode(), status)
	}
	login(plant("wrong password", "cinque-gatti-sul-tetto"), 422)
	login(password, 200)
	address, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range jar.Cookies(address) {
		plant("cookie "+c.Name, c.Value)
	}
	send("GET", "/api/v1/t/avella/manage/documents", "", "", 200, "Authorization", "Bearer "+token)
	send("GET", "/api/v1/t/avella/manage/documents", "", "", 401, "Authorization", "Bearer "+plant("wrong token", "sportello_un-gettone-sbagliato"))
	var hook struct{ Secret string }
	body := send("POST", "/api/v1/t/avella/manage/webhooks", inJSON, `{"url":"https://ganci.example.it/x","events":["document.changed"]}`, 201, "Authorization", "Bearer "+token).Body
	if err := json.NewDecoder(body).Decode(&hook); err != nil {
		t.Fatal(err)
	}
	plant("secret of a webhook", hook.Secret)

	question := "Sono " + plant("name", "Ermenegilda Brambillaschi") + ", codice fiscale " + plant("codice fiscale", "RSSMRA85T10A562S") + ": quanto costa il posteggio al " + plant("word of a question", "mercatosettimanale") + "?"
	asked, err := json.Marshal(map[string]string{"question": question})
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ Conversation, Code string }
	if err := json.NewDecoder(send("POST", "/api/v1/t/avella/ask", inJSON, string(asked), 200).Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	plant("conversation", answer.Conversation)
	plant("code of a conversation", answer.Code)
	email := plant("e-mail of a citizen", "ermenegilda@posta.example.it")
	left := send("POST", "/t/avella/leave", urlencoded, url.Values{"step": {"send"}, "text": {question}, "office": {"Tributi"}, "email": {email}}.Encode(), 200)
	plant("private link", left.Request.URL.Path[strings.LastIndexByte(left.Request.URL.Path, '/')+1:])
	send("GET", "/t/avella/documents?q="+plant("word of a search", "parolacercata"), "", "", 200)
	send("GET", "/"+plant("address typed", "indirizzobattuto"), "", "", 404)
	deadline := time.Now().Add(time.Minute)
	for !strings.Contains(log.String(), "mail") && time.Now().Before(deadline) {
		time.Sleep(100 * time.Millisecond) // the message to the office is refused
	}
	stop()
	<-served
	if got := sportello("privacy", "export", answer.Code); !strings.Contains(got, planted["word of a question"]) || strings.Contains(got, planted["codice fiscale"]) {
		t.Errorf("exported: %s", got)
	}
	if got := sportello("privacy", "erase", strings.ToLower(answer.Code)); got != "avella: 1 questions, 0 opinions, 0 questions left for offices erased\n" {
		t.Errorf("erased: %s", got)
	}
	if code := run(t.Context(), append(common[:len(common):len(common)], "privacy", "export", answer.Code), new(bytes.Buffer), new(bytes.Buffer)); code != exitFailed {
		t.Errorf("after erasing, exporting ends with %d", code)
	}
	said := log.String()
	if n := strings.Count(said, "msg=request"); n < 10 {
		t.Fatalf("%d requests in the log: it was not looked at\n%s", n, said)
	}
	if !strings.Contains(said, "no answer") && !strings.Contains(said, "pappagallo") && !strings.Contains(said, "401") {
		t.Errorf("nothing of the model that refuses is in the log:\n%s", said)
	}
	for what, secret := range planted {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			if i := strings.Index(said, form); i >= 0 {
				t.Errorf("%s is in the log: %s", what, said[max(0, i-200):min(len(said), i+len(form)+50)])
				break
			}
		}
	}
}

// spiteful is a mail server that refuses whoever comes and repeats what they said; it gives its port.
func spiteful(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				_, _ = io.WriteString(c, "220 posta.example.it ESMTP\r\n")
				buffer := make([]byte, 4096)
				for {
					n, err := c.Read(buffer)
					if err != nil {
						return
					}
					line := strings.TrimSpace(string(buffer[:n]))
					switch {
					case strings.HasPrefix(line, "EHLO"):
						_, _ = io.WriteString(c, "250-posta.example.it\r\n250 AUTH PLAIN LOGIN\r\n")
					case strings.HasPrefix(line, "QUIT"):
						_, _ = io.WriteString(c, "221 ok\r\n")
						return
					default:
						_, _ = io.WriteString(c, "535 5.7.8 you said: "+line+"\r\n")
					}
				}
			}()
		}
	}()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
