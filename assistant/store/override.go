package store

import (
	"context"
	"slices"
	"strings"
	"sync"

	"sportello/assistant/lexicon"
	"sportello/ingest"
)

// A tenant's own document takes the place of one that a tenant above it shares, when both are of the same kind and about the same: the
// comune's own rules on the tax on waste, not those that the unione offers to who has none. Below the comune the other is in no answer
// and no list; elsewhere it stays. A staff document takes no place: citizens would be left with neither.

// overriding kinds are those of which there is one on a subject. An act of the same name is another act.
var overriding = []ingest.Kind{ingest.Regolamento, ingest.Modulo, ingest.Scheda, ingest.Pagina}

// saidOfAll are the words of titles that do not tell what a document is about, as lexicon.Analyze gives them.
var saidOfAll = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range lexicon.Analyze(`regolamento regolamenti comunale comunali comune comuni unione provincia provinciale intercomunale unionale territoriale disciplina disciplinare
		applicazione istituzione gestione norme modalità modulo moduli modello domanda richiesta istanza scheda pagina servizio servizi ufficio testo vigente approvato`) {
		out[w] = true
	}
	return out
}()

// subjects gives what a title says a document is about, in each way that it says so: in full, and a name in brackets by itself, so that
// "Tassa sui rifiuti (TARI)" and "TARI" are the same. places are the words of the names of tenants, which tell nothing either.
func subjects(title string, places map[string]bool) (out []string) {
	add := func(text string) {
		var words []string
		for _, w := range lexicon.Analyze(text) {
			if !saidOfAll[w] && !places[w] && !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
		slices.Sort(words)
		if key := strings.Join(words, " "); key != "" && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	add(title)
	before, rest, _ := strings.Cut(title, "(")
	name, after, closed := strings.Cut(rest, ")")
	if closed {
		add(name)
		add(before + " " + after)
	}
	return out
}

// span is when a document that takes another's place is in force.
type span struct{ from, to string }

func (s span) holds(day string) bool {
	return day == "" || (s.from == "" || s.from <= day) && (s.to == "" || day <= s.to)
}

// overrides gives, of the documents that the tenants above share, those whose place others take, with when these are in force.
type overrides map[string][]span

// in says whether the place of a document is taken on a day, empty: on any.
func (o overrides) in(document, day string) bool {
	return slices.ContainsFunc(o[document], func(s span) bool { return s.holds(day) })
}

// overridden remembers the overrides of each line of tenants, until something changes.
type overridden struct {
	mu    sync.Mutex
	lines map[string]remembered
}

type remembered struct {
	seq int64
	overrides
}

// Overridden gives the documents of the tenants above one whose place a nearer one's own document takes on a day.
func (s *Store) Overridden(ctx context.Context, tenant, day string) (map[string]bool, error) {
	line, err := s.Lineage(ctx, tenant)
	if err != nil {
		return nil, err
	}
	all, err := s.overrides(ctx, line)
	out := map[string]bool{}
	for id := range all {
		out[id] = all.in(id, day)
	}
	return out, s.fail(err)
}

// overrides gives those of a line: the tenant itself, then its ancestors.
func (s *Store) overrides(ctx context.Context, line []string) (overrides, error) {
	if len(line) < 2 {
		return nil, nil
	}
	var seq int64
	if err := s.reader.QueryRowContext(ctx, s.sql["change_seq"]).Scan(&seq); err != nil {
		return nil, err
	}
	key := strings.Join(line, "/")
	s.over.mu.Lock()
	known, ok := s.over.lines[key]
	s.over.mu.Unlock()
	if ok && known.seq == seq {
		return known.overrides, nil
	}
	found, err := s.findOverrides(ctx, line)
	if err != nil {
		return nil, err
	}
	s.over.mu.Lock()
	defer s.over.mu.Unlock()
	if s.over.lines == nil {
		s.over.lines = map[string]remembered{}
	}
	s.over.lines[key] = remembered{seq, found}
	return found, nil
}

func (s *Store) findOverrides(ctx context.Context, line []string) (overrides, error) {
	places := map[string]bool{}
	for _, slug := range line {
		t, err := s.Tenant(ctx, slug)
		if err != nil {
			return nil, err
		}
		for _, w := range lexicon.Analyze(t.Name) {
			places[w] = true
		}
	}
	taken, out := map[string][]span{}, overrides{} // by kind and subject
	for i, slug := range line {
		records, err := s.Documents(ctx, slug, Filter{State: Live, Visibility: ingest.Public})
		if err != nil {
			return nil, err
		}
		mine := map[string][]span{}
		for _, r := range records {
			if !slices.Contains(overriding, r.Kind) || i > 0 && !r.Shared {
				continue
			}
			for _, subject := range subjects(r.Title, places) {
				key := string(r.Kind) + " " + subject
				out[r.ID] = append(out[r.ID], taken[key]...)
				mine[key] = append(mine[key], span{r.ValidFrom, r.ValidTo})
			}
			if len(out[r.ID]) == 0 {
				delete(out, r.ID)
			}
		}
		for key, spans := range mine {
			taken[key] = append(taken[key], spans...)
		}
	}
	return out, nil
}
