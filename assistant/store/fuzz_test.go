package store

import (
	"slices"
	"testing"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// FuzzTerms reads the terms of a text as a damaged page of the database may give them.
func FuzzTerms(f *testing.F) {
	f.Add(packTerms([]assistant.Term{{Text: "tari", Count: 3}, {Text: "città", Count: 1}}))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, b []byte) {
		terms, err := unpackTerms(b)
		if err != nil {
			if fault.CodeOf(err) != fault.Broken {
				t.Errorf("%v is no fault.Broken", err)
			}
			return
		}
		if again, err := unpackTerms(packTerms(terms)); err != nil || !slices.Equal(again, terms) {
			t.Errorf("%v becomes %v, %v", terms, again, err)
		}
	})
}
