package reference

import (
	"context"
	"strings"

	"sportello/assistant/lexicon"
	"sportello/ingest"
)

// Volume is a document on a shelf.
type Volume struct {
	Document *ingest.Document // with its sections; Text is not read
	ID       string
	InForce  bool
	Reason   string // why it is not
	By       string // title of what took its place
}

// Shelf is a Library of documents in memory: the comune's own and the norms that were loaded. It is safe for concurrent use.
type Shelf struct {
	acts  map[string][]*Holding // by key of the norm or act
	rules []rule
}

// rule is a regulation with the words that tell it from others.
type rule struct {
	holding *Holding
	words   map[string]bool
}

// NewShelf arranges documents. One that is neither a norm, a regulation nor a numbered act is left out.
func NewShelf(volumes []Volume) *Shelf {
	s := &Shelf{acts: map[string][]*Holding{}}
	for _, v := range volumes {
		d := v.Document
		h := &Holding{ID: v.ID, Title: d.Title, Source: d.Source, InForce: v.InForce, Reason: v.Reason, By: v.By, Articles: articles(d)}
		if d.Kind == ingest.Norma {
			if found := lexicon.Citations(d.Title); len(found) > 0 && found[0].Number != "" && found[0].Start == 0 {
				s.put(key(found[0].Act, found[0].Number, found[0].Year), h)
			}
			continue
		}
		if a := d.Approval; a.Number != "" && len(a.Date) >= 4 {
			kind := strings.ToLower(a.Type)
			if kind == "" {
				kind = "delibera"
			}
			own := h
			if d.Kind == ingest.Regolamento { // the act has articles of its own: those of the regulation are not its
				copied := *h
				copied.Articles = nil
				own = &copied
			}
			s.put(key(kind, a.Number, a.Date[:4])+bodyKey(a.Body), own)
		}
		if d.Kind == ingest.Regolamento {
			if words := telling(d.Title); len(words) > 0 {
				s.rules = append(s.rules, rule{h, words})
			}
		}
	}
	return s
}

func (s *Shelf) put(k string, h *Holding) { s.acts[k] = append(s.acts[k], h) }

// articles gives the commi of each article of a document; nil for one that has no articles.
func articles(d *ingest.Document) map[string][]string {
	var out map[string][]string
	for i := range d.Sections {
		s := &d.Sections[i]
		switch {
		case s.Kind == ingest.SecArticle:
			if out == nil {
				out = map[string][]string{}
			}
			if _, ok := out[s.Number]; !ok {
				out[s.Number] = nil
			}
		case s.Kind == ingest.SecComma && s.Parent >= 0 && d.Sections[s.Parent].Kind == ingest.SecArticle:
			n := d.Sections[s.Parent].Number
			out[n] = append(out[n], s.Number)
		}
	}
	return out
}

// Find implements Library: norms by number and year, acts also by body, regulations by the words of their name.
func (s *Shelf) Find(_ context.Context, c lexicon.Citation) (*Holding, error) {
	if c.Name != "" && c.Number == "" {
		return s.named(c.Name), nil
	}
	if c.Number == "" || c.Year == "" {
		return nil, nil
	}
	k := key(c.Act, c.Number, c.Year)
	bodies := []string{""}
	if c.Act == "delibera" || c.Act == "determina" || c.Act == "ordinanza" || c.Act == "decreto" {
		bodies = []string{bodyKey(c.Body), ""}
		if c.Body == "" {
			bodies = []string{"", "@cc", "@gc"}
		}
	}
	var found []*Holding
	for _, b := range bodies {
		found = append(found, s.acts[k+b]...)
	}
	return best(found), nil
}

func bodyKey(body string) string {
	b := strings.ToLower(strings.NewReplacer(".", "", " ", "").Replace(body))
	switch {
	case strings.HasPrefix(b, "c") && b != "commissario":
		return "@cc"
	case strings.HasPrefix(b, "g"):
		return "@gc"
	}
	return ""
}

// named finds the regulation that a name means: all telling words of the shorter of name and title are in the other, and no other
// regulation in force fits as well.
func (s *Shelf) named(name string) *Holding {
	want := telling(name)
	if len(want) == 0 {
		return nil
	}
	var found []*Holding
	top := 0
	for _, r := range s.rules {
		shared := 0
		for w := range want {
			if r.words[w] {
				shared++
			}
		}
		if shared < min(len(want), len(r.words)) || shared < top || shared == 0 {
			continue
		}
		if shared > top {
			found, top = nil, shared
		}
		found = append(found, r.holding)
	}
	in := 0
	for _, h := range found {
		if h.InForce {
			in++
		}
	}
	if in > 1 {
		return nil // two fit: nobody knows which is meant
	}
	return best(found)
}

// best prefers what is in force.
func best(found []*Holding) *Holding {
	for _, h := range found {
		if h.InForce {
			return h
		}
	}
	if len(found) > 0 {
		return found[0]
	}
	return nil
}

// common are words that many names of regulations have.
const common = "regolamento comunale comune disciplina istituzione applicazione approvazione recante norme materia servizio servizi gestione vigente nuovo testo modifica attività"

// telling gives the stems of a name that tell one regulation from another.
func telling(name string) map[string]bool {
	shared := map[string]bool{}
	for _, w := range strings.Fields(common) {
		shared[lexicon.Stem(lexicon.Fold(w))] = true
	}
	out := map[string]bool{}
	for _, t := range lexicon.Terms(name) {
		if !shared[t.Text] && strings.IndexFunc(t.Text, func(r rune) bool { return r >= '0' && r <= '9' }) < 0 {
			out[t.Text] = true
		}
	}
	return out
}
