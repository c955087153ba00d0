// Package locales holds every sentence that a person sees, in the ten languages of the interface, and the Localizer that
// turns a key into words, numbers and dates.
//
// Messages are embedded TOML files, one a language; Italian is the reference. New stops the program when a language lacks a
// key, has one that Italian has not, or uses other placeholders: a page is never half translated. The package stores nothing and
// knows no other package of ours.
package locales

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

//go:embed messages/*.toml
var messages embed.FS

// Language is one of the languages of the interface.
type Language struct {
	Tag  string // BCP 47: "it"
	Name string // in itself: "Italiano"
	Dir  string // "ltr" or "rtl"
}

// languages in the order of the menu; the first is the default and the reference for keys.
var languages = []Language{
	{"it", "Italiano", "ltr"}, {"en", "English", "ltr"}, {"fr", "Français", "ltr"}, {"de", "Deutsch", "ltr"},
	{"es", "Español", "ltr"}, {"ro", "Română", "ltr"}, {"sq", "Shqip", "ltr"}, {"ar", "العربية", "rtl"},
	{"uk", "Українська", "ltr"}, {"zh", "中文", "ltr"},
}

// Catalogue holds the messages of all languages. It is read-only and safe for concurrent use.
type Catalogue struct {
	localizers map[string]*Localizer
	matcher    language.Matcher
	keys       []string
}

// New reads and checks the embedded messages.
func New() (*Catalogue, error) { return load(messages) }

func load(files fs.FS) (*Catalogue, error) {
	bundle := i18n.NewBundle(language.Italian)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	c := &Catalogue{localizers: map[string]*Localizer{}}
	var reference map[string][]string
	var tags []language.Tag
	for _, l := range languages {
		name := path.Join("messages", l.Tag+".toml")
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("locales: the messages of %s are missing: %w", l.Tag, err)
		}
		file, err := bundle.ParseMessageFileBytes(data, name)
		if err != nil {
			return nil, fmt.Errorf("locales: %s cannot be read: %w", name, err)
		}
		holders := placeholdersByKey(file.Messages)
		if reference == nil {
			reference = holders
			c.keys = slices.Sorted(maps.Keys(holders))
		} else if err := sameKeys(name, reference, holders); err != nil {
			return nil, err
		}
		tag := language.Make(l.Tag)
		tags = append(tags, tag)
		c.localizers[l.Tag] = newLocalizer(bundle, l, tag, holders)
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

// Languages gives the languages in the order of the menu.
func (c *Catalogue) Languages() []Language { return Languages() }

// Languages gives the languages that there are messages in, Italian first.
func Languages() []Language { return slices.Clone(languages) }

// Known says whether a tag is that of one of them.
func Known(tag string) bool {
	return slices.ContainsFunc(languages, func(l Language) bool { return l.Tag == tag })
}

// Keys gives every message key, sorted.
func (c *Catalogue) Keys() []string { return slices.Clone(c.keys) }

// Has says whether lang is exactly one of the languages of the interface.
func (c *Catalogue) Has(lang string) bool { return c.localizers[lang] != nil }

// For gives the localizer of the best match among the preferences, each a BCP 47 tag or an Accept-Language header, the
// strongest first. Nothing matches: Italian.
func (c *Catalogue) For(preferences ...string) *Localizer {
	return c.localizers[c.Match(preferences...)]
}

// Match gives the language that For would use.
func (c *Catalogue) Match(preferences ...string) string {
	for _, p := range preferences {
		if c.Has(p) {
			return p
		}
		wanted, _, err := language.ParseAcceptLanguage(p)
		if err != nil || len(wanted) == 0 {
			continue
		}
		if _, i, confidence := c.matcher.Match(wanted...); confidence >= language.High {
			return languages[i].Tag
		}
	}
	return languages[0].Tag
}

var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

// placeholdersByKey gives the sorted set of placeholders that each message uses in any of its plural forms.
func placeholdersByKey(list []*i18n.Message) map[string][]string {
	out := make(map[string][]string, len(list))
	for _, m := range list {
		var found []string
		for _, form := range []string{m.Zero, m.One, m.Two, m.Few, m.Many, m.Other} {
			found = append(found, placeholder.FindAllString(form, -1)...)
		}
		slices.Sort(found)
		out[m.ID] = slices.Compact(found)
	}
	return out
}

func sameKeys(name string, want, got map[string][]string) error {
	var wrong []string
	for key, holders := range want {
		other, ok := got[key]
		switch {
		case !ok:
			wrong = append(wrong, key+" is missing")
		case !slices.Equal(holders, other):
			wrong = append(wrong, fmt.Sprintf("%s has placeholders %v, want %v", key, other, holders))
		}
	}
	for key := range got {
		if _, ok := want[key]; !ok {
			wrong = append(wrong, key+" is not in it.toml")
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("locales: %s: %s", name, strings.Join(wrong, "; "))
}
