package locales

import (
	"fmt"
	"path"
	"strings"
	"testing/fstest"

	"github.com/pelletier/go-toml/v2"
)

// Pseudo gives a catalogue to try pages with: every message of every language is the Italian one with accents on its letters and two fifths
// longer, as German and Albanian may be. Text that a page cuts, or that is in no message, shows at once. Arabic stays right to left.
func Pseudo() (*Catalogue, error) {
	text, err := messages.ReadFile("messages/it.toml")
	if err != nil {
		return nil, fmt.Errorf("locales: %w", err)
	}
	var all map[string]any
	if err := toml.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("locales: %w", err)
	}
	for key, message := range all {
		switch m := message.(type) {
		case string:
			all[key] = stretch(m)
		case map[string]any:
			other, _ := m["other"].(string)
			forms := map[string]any{}
			for _, form := range []string{"zero", "one", "two", "few", "many", "other"} {
				forms[form] = stretch(other)
			}
			all[key] = forms
		}
	}
	stretched, err := toml.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("locales: %w", err)
	}
	files := fstest.MapFS{}
	for _, l := range languages {
		files[path.Join("messages", l.Tag+".toml")] = &fstest.MapFile{Data: stretched}
	}
	return load(files)
}

var accents = strings.NewReplacer("a", "ą", "e", "ę", "i", "ĩ", "o", "ő", "u", "ų", "c", "ç", "n", "ñ", "s", "š", "A", "Ä", "E", "Ë", "I", "Ï", "O", "Ö", "U", "Ü")

// stretch puts accents on the words of a message and adds letters in words of the length of its own. Placeholders stay.
func stretch(text string) string {
	var b strings.Builder
	long := 0
	for rest := text; rest != ""; {
		before, after, holder := strings.Cut(rest, "{{")
		b.WriteString(accents.Replace(before))
		long += len(before)
		rest = ""
		if holder {
			inside, next, _ := strings.Cut(after, "}}")
			b.WriteString("{{" + inside + "}}")
			rest = next
		}
	}
	if long < 3 {
		return b.String() // a separator
	}
	for n := (long*2 + 4) / 5; n > 0; n -= 7 {
		b.WriteString(" " + strings.Repeat("ẽ", min(n, 6)))
	}
	return b.String()
}
