package web_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/export"
	"sportello/web"
	"sportello/web/sitetest"
)

// An exported file is known again by its sum and its manifest; a changed manifest, another file and another installation's are told apart.
func TestVerify(t *testing.T) {
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	file := []byte("VERBALE")
	m, err := export.Describe(&drafting.Draft{Type: "lettera", Title: "Lettera"}, "verbale.docx", file)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Sign(key); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256(file)
	sum := hex.EncodeToString(hash[:])
	other, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, body string
		key        ed25519.PublicKey
		status     int
		want       string
	}{
		{"in order", `{"manifest":` + string(raw) + `,"sha256":"` + sum + `"}`, public, 200, `"good":true`},
		{"another file", `{"manifest":` + string(raw) + `,"sha256":"` + strings.Repeat("0", 64) + `"}`, public, 200, `"same":false`},
		{"a changed manifest", `{"manifest":` + strings.Replace(string(raw), "verbale.docx", "delibera.docx", 1) + `,"sha256":"` + sum + `"}`, public, 200, `"signed":false`},
		{"another installation", `{"manifest":` + string(raw) + `,"sha256":"` + sum + `"}`, other, 200, `"ours":false`},
		{"no manifest", `{"sha256":"` + sum + `"}`, public, 400, "manifest"},
		{"no sum", `{"manifest":{},"sha256":"x"}`, public, 400, "sha256"},
		{"a manifest of others", `{"manifest":{"schema":"altro"},"sha256":"` + sum + `"}`, public, 415, "altro"},
		{"a misspelt field", `{"manifesto":{},"sha256":"` + sum + `"}`, public, 400, "openapi"},
		{"no key", `{"manifest":` + string(raw) + `,"sha256":"` + sum + `"}`, nil, 503, "signs nothing"},
	} {
		h := newHarness(t, sitetest.Quoted(), func(c *web.Config) {
			if tc.key != nil {
				c.Signer = func() (ed25519.PublicKey, error) { return tc.key, nil }
			}
		})
		_, router := description(t, h)
		r := request("POST", "/api/v1/verify", tc.body, "Content-Type", "application/json")
		res := h.do(r)
		if tc.status == 200 {
			conforms(t, router, r, tc.body, res)
		}
		if got := text(t, res); res.StatusCode != tc.status || !strings.Contains(got, tc.want) {
			t.Errorf("%s: %d %s", tc.name, res.StatusCode, got)
		}
	}
}
