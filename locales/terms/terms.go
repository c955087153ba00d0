// Package terms is the glossary of the words of Italian administrations: residenza, passo carrabile, marca da bollo… It finds them in an
// Italian text and says what they mean, in plain Italian and in the other languages of the interface.
//
// The words are readable files, one a language; it.toml is the reference and also says in which forms a word occurs. A comune can add its
// own, see Extend. The package stores nothing and imports nothing of ours.
package terms

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

//go:embed *.toml
var files embed.FS

// Term is a word of the administration.
type Term struct {
	ID    string
	Word  string // as Italians write it
	forms []string
	said  map[string]saying
}

type saying struct {
	Word    string   `toml:"word"`    // in the language
	Meaning string   `toml:"meaning"` // in the language, in a sentence or two
	Forms   []string `toml:"forms"`   // it.toml only: the forms in a text, without capitals; the word itself always is one
}

// In gives the word in a language and what it means, in that language. A term of a comune's own is known in Italian only: ok is false.
func (t *Term) In(language string) (word, meaning string, ok bool) {
	s, ok := t.said[language]
	return s.Word, s.Meaning, ok
}

// Book is the glossary. It is safe for concurrent use.
type Book struct {
	terms  []*Term
	byForm map[string]*Term
	find   *regexp.Regexp
}

// New reads the glossary. A language that lacks a term, or has one that Italian has not, is an error.
func New() (*Book, error) { return load(files) }

func load(source fs.FS) (*Book, error) {
	names, err := fs.Glob(source, "*.toml")
	if err != nil {
		return nil, fmt.Errorf("terms: %w", err)
	}
	byID := map[string]*Term{}
	reference, err := sayings(source, "it.toml")
	if err != nil {
		return nil, err
	}
	for id, s := range reference {
		byID[id] = &Term{ID: id, Word: s.Word, forms: s.Forms, said: map[string]saying{}}
	}
	for _, name := range names {
		said, err := sayings(source, name)
		if err != nil {
			return nil, err
		}
		language := strings.TrimSuffix(name, ".toml")
		for id, s := range said {
			if byID[id] == nil {
				return nil, fmt.Errorf("terms: %s has %q, which it.toml has not", name, id)
			}
			if s.Word == "" || s.Meaning == "" {
				return nil, fmt.Errorf("terms: %s: %q has no word or no meaning", name, id)
			}
			byID[id].said[language] = s
		}
		if len(said) != len(byID) {
			for id := range byID {
				if _, ok := said[id]; !ok {
					return nil, fmt.Errorf("terms: %s lacks %q", name, id)
				}
			}
		}
	}
	b := &Book{}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		b.terms = append(b.terms, byID[id])
	}
	return b, b.index()
}

func sayings(source fs.FS, name string) (map[string]saying, error) {
	data, err := fs.ReadFile(source, name)
	if err != nil {
		return nil, fmt.Errorf("terms: %w", err)
	}
	var said map[string]saying
	if err := toml.Unmarshal(data, &said); err != nil {
		return nil, fmt.Errorf("terms: %s: %w", name, err)
	}
	return said, nil
}

// index makes the pattern that finds every form, the longest first.
func (b *Book) index() error {
	b.byForm = map[string]*Term{}
	for _, t := range b.terms {
		for _, form := range append([]string{t.Word}, t.forms...) {
			form = plain(form)
			if other := b.byForm[form]; other != nil && other != t {
				return fmt.Errorf("terms: %q is a form of %s and of %s", form, other.ID, t.ID)
			}
			b.byForm[form] = t
		}
	}
	forms := slices.Collect(maps.Keys(b.byForm))
	slices.SortFunc(forms, func(x, y string) int {
		if len(x) != len(y) {
			return len(y) - len(x)
		}
		return strings.Compare(x, y)
	})
	for i, form := range forms {
		words := strings.Fields(regexp.QuoteMeta(form))
		forms[i] = strings.Join(words, `\s+`)
	}
	find, err := regexp.Compile(`(?i)(?:^|[^\p{L}\p{N}])(` + strings.ReplaceAll(strings.Join(forms, "|"), "'", "['’]") + `)(?:$|[^\p{L}\p{N}])`)
	b.find = find
	return err
}

func plain(text string) string {
	return strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(text, "’", "'"))), " ")
}

// Extend gives a glossary with a comune's own terms: a line "word, other form = what it means", in Italian. An own term comes before one
// of ours with the same form. An error says which line is wrong.
func (b *Book) Extend(lines string) (*Book, error) {
	out := &Book{}
	own := map[string]bool{}
	n := 0
	for line := range strings.Lines(lines) {
		n++
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		left, meaning, ok := strings.Cut(line, "=")
		forms := strings.Split(left, ",")
		for i := range forms {
			forms[i] = strings.TrimSpace(forms[i])
		}
		if meaning = strings.TrimSpace(meaning); !ok || meaning == "" || forms[0] == "" {
			return nil, fmt.Errorf("line %d: write: word = what it means", n)
		}
		for _, f := range forms {
			if own[plain(f)] {
				return nil, fmt.Errorf("line %d: %q is there twice", n, f)
			}
			own[plain(f)] = true
		}
		out.terms = append(out.terms, &Term{
			ID: "own:" + forms[0], Word: forms[0], forms: forms[1:], said: map[string]saying{"it": {Word: forms[0], Meaning: meaning}},
		})
	}
	for _, t := range b.terms {
		kept := *t
		kept.forms = slices.DeleteFunc(slices.Clone(t.forms), func(f string) bool { return own[plain(f)] })
		if !own[plain(t.Word)] {
			out.terms = append(out.terms, &kept)
		}
	}
	return out, out.index()
}

// Find gives the terms of an Italian text in the order in which they first occur, each once.
func (b *Book) Find(text string) []*Term {
	var out []*Term
	for at := 0; at < len(text); {
		found := b.find.FindStringSubmatchIndex(text[at:])
		if found == nil {
			break
		}
		if t := b.byForm[plain(text[at+found[2]:at+found[3]])]; t != nil && !slices.Contains(out, t) {
			out = append(out, t)
		}
		at += found[3] // the character after a word may be the one before the next
	}
	return out
}

// Terms gives all terms, by id.
func (b *Book) Terms() []*Term { return slices.Clone(b.terms) }

// Words gives the words of a language with the Italian words that they stand for: "vendbanim" -> "residenza".
func (b *Book) Words(language string) map[string]string {
	out := map[string]string{}
	for _, t := range b.terms {
		if s, ok := t.said[language]; ok {
			out[s.Word] = t.Word
		}
	}
	return out
}
