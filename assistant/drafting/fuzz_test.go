package drafting

import (
	"testing"

	"sportello/assistant/fault"
)

// FuzzPack reads templates that another comune sent as one file: what is taken is written and read again as the same.
func FuzzPack(f *testing.F) {
	for _, s := range []string{"-- avviso/modello.toml --\nname = \"Avviso\"\n-- avviso/testo.txt --\n== a: A ==\nx\n", "-- ../x/modello.toml --\n-- ../x/testo.txt --\n", "-- a --\n", "-- comune/modello.toml --\n", ""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		name, model, text, err := ReadPack(data)
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Errorf("%v is no fault.Invalid", err)
			}
			return
		}
		l, err := Shipped()
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Add(name, model, text); err != nil && fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%v is no fault.Invalid", err)
		}
		again, model2, text2, err := ReadPack(Pack(name, model, text))
		if err != nil || again != name || model2 != model || text2 != text {
			t.Errorf("%q becomes %q, %v", data, Pack(name, model, text), err)
		}
	})
}
