// Package strict reads JSON that programs send: package json is kinder than a description of an interface may be.
package strict

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Decode reads the one JSON value of raw. A field that is not known is an error, one that differs in case too: package json takes
// "QUESTION" for "question", and who sends both would be surprised.
func Decode(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("there is more than one JSON value")
	}
	return exact(raw, into)
}

// Loose reads JSON of which not every field is known, and takes those that are only as they are written.
func Loose(raw []byte, into any) error {
	if err := json.Unmarshal(raw, into); err != nil {
		return err
	}
	return exact(raw, into)
}

func exact(raw []byte, into any) error {
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return err
	}
	return written(tree, reflect.TypeOf(into))
}

// written looks that no key of a tree differs from a field's name in case alone.
func written(tree any, t reflect.Type) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return nil
	}
	switch value := tree.(type) {
	case []any:
		if t.Kind() != reflect.Slice {
			return nil
		}
		for _, one := range value {
			if err := written(one, t.Elem()); err != nil {
				return err
			}
		}
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return nil
		}
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" {
				name = f.Name
			}
			for key, one := range value {
				if strings.EqualFold(key, name) && key != name {
					return fmt.Errorf("unknown field %q", key)
				}
				if key == name {
					if err := written(one, f.Type); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// Measure says whether a text has one to most characters, counted as it was sent, before anything is taken out of it, and one of
// them can be seen.
func Measure(text string, most int) bool { return Fits(text, most) && !Blank(text) }

// Fits says whether a text has no more than most characters.
func Fits(text string, most int) bool { return utf8.RuneCountInString(text) <= most }

// Blank says whether nothing of a text can be seen: all that any dialect of patterns takes for a space, and control characters.
func Blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}
