package workbench

import (
	"testing"

	"sportello/assistant/fault"
)

// FuzzRead reads acts as they are kept, and as an import brings them: what is read is written and read again as the same.
func FuzzRead(f *testing.F) {
	for _, s := range []string{`{"draft":{"type":"determina","parts":[]}}`, `{}`, `{"draft":{"type":"x","facts":{"a":[1,{"b":null}]}}}`, `[]`, `{"draft":3}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		w, err := Read(content)
		if err != nil {
			if fault.CodeOf(err) != fault.Broken {
				t.Errorf("%v is no fault.Broken", err)
			}
			return
		}
		once, err := w.JSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Read(once)
		if err != nil {
			t.Fatalf("%s: %v", once, err)
		}
		if twice, err := again.JSON(); err != nil || string(twice) != string(once) {
			t.Errorf("%s becomes %s, %v", once, twice, err)
		}
	})
}
