package locales

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

//go:embed staff/*.toml
var staff embed.FS

// Staff gives the Localizer of the staff console, which speaks Italian: the messages of staff/*.toml together with the citizens'
// Italian ones. A key that is in both, or in two files, stops the program.
func Staff() (*Localizer, error) { return loadStaff(messages, staff) }

func loadStaff(citizens, staff fs.FS) (*Localizer, error) {
	names, err := fs.Glob(staff, "staff/*.toml")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("locales: the messages of the staff console are missing (%w)", errors.Join(err, fs.ErrNotExist))
	}
	bundle := i18n.NewBundle(language.Italian)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	keys, from := map[string][]string{}, map[string]string{}
	add := func(files fs.FS, name string) error {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("locales: %s: %w", name, err)
		}
		// The language of a file is read from its name: it.toml, whatever ours is called.
		file, err := bundle.ParseMessageFileBytes(data, "it.toml")
		if err != nil {
			return fmt.Errorf("locales: %s cannot be read: %w", name, err)
		}
		for key, holders := range placeholdersByKey(file.Messages) {
			if other, twice := from[key]; twice {
				return fmt.Errorf("locales: %s: %s is in %s too", name, key, other)
			}
			keys[key], from[key] = holders, name
		}
		return nil
	}
	if err := add(citizens, path.Join("messages", "it.toml")); err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := add(staff, name); err != nil {
			return nil, err
		}
	}
	return newLocalizer(bundle, languages[0], language.Italian, keys), nil
}

// Keys gives the keys that this localizer knows, sorted.
func (l *Localizer) Keys() []string { return slices.Sorted(maps.Keys(l.keys)) }
