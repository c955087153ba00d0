package assistant_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
)

func TestAnswerJSON(t *testing.T) {
	a := assistant.Answer{
		Status: assistant.Answered, Language: "it",
		Statements: []assistant.Statement{{Text: "La tassa è 10 euro.", Origin: assistant.FromModel, Citations: []assistant.Citation{{
			DocumentID: "d1", Document: "regole/tari.pdf", Title: "TARI", Article: "12", Page: 3, Start: 5, End: 9, Quote: "10 euro"}}}},
		Contacts: []assistant.Contact{{Office: "Tributi"}},
		Passages: []assistant.Passage{{DocumentID: "d1", Document: "regole/tari.pdf", Title: "TARI", Article: "12", Page: 3, Pages: []int{3, 4}, Score: 0.123456, Text: "…"}},
		Drafts:   []assistant.Rejection{{Text: "Costa 20 euro.", Why: assistant.UnknownNumber}},
		Timings:  assistant.Timings{Retrieve: 9120 * time.Microsecond, Verify: time.Millisecond},
	}
	got, err := json.Marshal(a.JSON())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"status":"answered","reason":"","language":"it",` +
		`"statements":[{"text":"La tassa è 10 euro.","origin":"model","citations":[{"document":"regole/tari.pdf","document_id":"d1","title":"TARI","article":"12","page":3,"quote":"10 euro","start":5,"end":9}]}],` +
		`"contacts":[{"office":"Tributi"}],` +
		`"passages":[{"document":"regole/tari.pdf","document_id":"d1","title":"TARI","article":"12","page":3,"pages":[3,4],"score":0.1235,"text":"…"}],"near":[],` +
		`"rejected":[{"text":"Costa 20 euro.","why":"unknown_number"}],` +
		`"timings":{"retrieve_ms":9.12,"embed_ms":0,"generate_ms":0,"verify_ms":1}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	if !a.ByModel() {
		t.Error("ByModel = false for a phrased statement")
	}
}

func TestAnswerJSONHasNoNullLists(t *testing.T) {
	got, err := json.Marshal(assistant.Answer{Status: assistant.Refused, Reason: assistant.NoSource, Language: "it"}.JSON())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"status":"refused","reason":"no_source","language":"it","statements":[],"contacts":[],"passages":[],"near":[],"rejected":[],` +
		`"timings":{"retrieve_ms":0,"embed_ms":0,"generate_ms":0,"verify_ms":0}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}
