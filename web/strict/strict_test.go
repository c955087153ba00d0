package strict_test

import (
	"strings"
	"testing"

	"sportello/web/strict"
)

func TestDecode(t *testing.T) {
	type inner struct {
		Number *string `json:"number"`
	}
	type body struct {
		inner
		Question string  `json:"question"`
		Acts     []inner `json:"acts"`
		Any      map[string]any
	}
	for raw, want := range map[string]string{
		`{"question":"a","acts":[{"number":"1"}],"number":"2","Any":{"X":1}}`: "",
		`{"Question":"a"}`: "Question", `{"question":"a","acts":[{"NUMBER":"1"}]}`: "NUMBER", `{"Number":"1"}`: "Number", `{"zz":1}`: "zz",
		`{} {}`: "more than one", `{`: "EOF", `{"question":1}`: "question", ``: "EOF",
	} {
		err := strict.Decode([]byte(raw), &body{})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", raw, err, want)
		}
	}
}

func TestMeasure(t *testing.T) {
	for text, want := range map[string]bool{"": false, " \u001c\ufeff\u0085\u3000": false, "é": true, "éèà": true, "éèàù": false, "a\x01\x01": true, "a   ": false} {
		if got := strict.Measure(text, 3); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
