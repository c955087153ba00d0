package strict_test

import (
	"encoding/json"
	"testing"

	"sportello/web/strict"
)

// FuzzDecode reads bodies that programs send: what is taken says the same when it is written and read again.
func FuzzDecode(f *testing.F) {
	type source struct {
		Document string `json:"document"`
		Quote    string `json:"quote"`
	}
	type body struct {
		Question string          `json:"question"`
		Language *string         `json:"language,omitempty"`
		Sources  []source        `json:"sources"`
		Days     map[string]int  `json:"days"`
		Raw      json.RawMessage `json:"raw,omitempty"`
		N        float64         `json:"n"`
	}
	for _, s := range []string{`{"question":"a","sources":[{"document":"x","quote":"y"}],"n":1e3}`, `{"Question":"a"}`, `{"question":"\ud800"}`, `{"n":1e999}`, `[[[[[[[[`, `{"question":"a","question":"b"}`, `{"days":{"a":1,"A":2}}`, "{} {}", "null"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var once, again body
		_ = strict.Loose(raw, new(body))
		if strict.Decode(raw, &once) != nil {
			return
		}
		written, err := json.Marshal(once)
		if err != nil {
			t.Fatal(err)
		}
		if err := strict.Decode(written, &again); err != nil {
			t.Fatalf("%s is taken, %s is not: %v", raw, written, err)
		}
		if twice, err := json.Marshal(again); err != nil || string(twice) != string(written) {
			t.Errorf("%s becomes %s, %v", written, twice, err)
		}
	})
}
