// Package national is the list of the services of the State that a step at the comune may need: SPID, CIE, ANPR, pagoPA, IO, SEND, ISEE.
// It is a readable file, services.toml: name, what it is for in each language, official address, and the day on which it was read again.
//
// It calls no address and stores nothing.
package national

import (
	_ "embed"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

//go:embed services.toml
var file string

// Service is one of them.
type Service struct {
	ID      string            `toml:"id"`
	Name    string            `toml:"name"`
	Words   []string          `toml:"words"`
	Checked string            `toml:"checked"` // ISO 8601
	Address map[string]string `toml:"address"` // by language, Italian always
	For     map[string]string `toml:"for"`     // what it is for, by language
	find    *regexp.Regexp
}

// URL gives the address in a language, the Italian one when the site has no page in it.
func (s *Service) URL(language string) string {
	if a := s.Address[language]; a != "" {
		return a
	}
	return s.Address["it"]
}

// List is the whole list. It is safe for concurrent use.
type List []*Service

// New reads the list. What is not whole is an error.
func New() (List, error) { return read(file) }

func read(text string) (List, error) {
	var all struct {
		Service []*Service `toml:"service"`
	}
	if err := toml.Unmarshal([]byte(text), &all); err != nil {
		return nil, fmt.Errorf("national: services.toml: %w", err)
	}
	for _, s := range all.Service {
		if s.ID == "" || s.Name == "" || len(s.Words) == 0 || s.For["it"] == "" || s.Address["it"] == "" {
			return nil, fmt.Errorf("national: services.toml: %q lacks name, words, purpose or address", s.ID)
		}
		if _, err := time.Parse(time.DateOnly, s.Checked); err != nil {
			return nil, fmt.Errorf("national: services.toml: %s: checked is no day: %w", s.ID, err)
		}
		for language, address := range s.Address {
			if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Host == "" {
				return nil, fmt.Errorf("national: services.toml: %s: address.%s is no https address", s.ID, language)
			}
		}
		words := make([]string, len(s.Words))
		for i, w := range s.Words {
			words[i] = strings.ReplaceAll(strings.Join(strings.Fields(regexp.QuoteMeta(w)), `\s+`), "'", "['’]")
		}
		s.find = regexp.MustCompile(`(?i)(?:^|[^\p{L}\p{N}])(?:` + strings.Join(words, "|") + `)(?:$|[^\p{L}\p{N}])`)
	}
	return all.Service, nil
}

// Find gives the services that a text names, in the order of the list.
func (l List) Find(text string) []*Service {
	var out []*Service
	for _, s := range l {
		if s.find.MatchString(text) {
			out = append(out, s)
		}
	}
	return out
}
