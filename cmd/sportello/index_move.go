package main

import (
	"context"
	"slices"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
)

type indexCmd struct {
	Move indexMoveCmd `cmd:"" help:"Fill the other index, compare what both find, and let it answer: servers that run change over by themselves."`
}

// indexMoveCmd moves a live installation from one index to the other.
type indexMoveCmd struct {
	To        string  `required:"" enum:"qdrant,embedded" help:"qdrant or embedded."`
	Questions int     `default:"200" help:"Questions, made of the documents' rubrics, that are put to both."`
	Least     float64 `default:"0.98" help:"Share of them that must find the same five passages, or nothing is moved; 0 moves whatever is found."`
	JSON      bool    `help:"Print JSON."`
}

func (cmd *indexMoveCmd) Help() string {
	return "Example:\n  sportello --set qdrant.address=qdrant.provincia.lan:6334 index move --to qdrant\n\n" +
		"Write the settings of Qdrant in the configuration first, so that the servers know them too. The index that answered keeps what it has: moving back is as quick."
}

// indexMove is what came of it.
type indexMove struct {
	To        string  `json:"to"`
	Passages  int     `json:"passages"`
	Questions int     `json:"questions"`
	Same      float64 `json:"same"`   // share that found the same five
	Shared    float64 `json:"shared"` // of five passages, how many both found, on the mean
	Seconds   float64 `json:"seconds"`
	Moved     bool    `json:"moved"`
}

func (cmd *indexMoveCmd) Run(ctx context.Context, s *session) error {
	own := *s.cfg
	own.Qdrant.Exact = true // compared as they are, not as the graph comes near
	a, err := (&session{cfg: &own, stdout: s.stdout, stderr: s.stderr}).openCurrent(ctx)
	if err != nil {
		return err
	}
	defer release(a)
	if a.kind == cmd.To {
		sayf(s.stdout, "%s answers already.\n", cmd.To)
		return nil
	}
	begun := time.Now()
	g, err := a.newGenerationOn(ctx, cmd.To, a.embedder)
	if err != nil {
		return err
	}
	defer release(g.index)
	show := newSteps(s.stderr)
	defer show.end()
	if err := a.fill(ctx, g, show); err != nil {
		return err
	}
	m := indexMove{To: cmd.To}
	if m.Passages, err = a.sameNumber(ctx, g); err != nil {
		return err
	}
	if err := a.sameFive(ctx, g, cmd.Questions, &m, show); err != nil {
		return err
	}
	show.end()
	if m.Moved = m.Same >= cmd.Least; m.Moved {
		if err := a.rememberIndex(ctx, cmd.To); err != nil {
			return err
		}
	}
	m.Seconds = time.Since(begun).Seconds()
	if cmd.JSON {
		if err := printJSON(s.stdout, m); err != nil {
			return err
		}
	} else {
		sayf(s.stdout, "%d passages; the same five for %.3f of %d questions, %.2f of five on the mean; %.1f s\n", m.Passages, m.Same, m.Questions, m.Shared, m.Seconds)
	}
	if !m.Moved {
		return fault.New(fault.Conflict, "nothing was moved: the two indexes find other passages for more questions than --least %.2f allows; the one that answered goes on. Qdrant counts how rare a word is over all tenants together, so with several of them some fifth passage may differ: if %.2f of five is good enough, repeat with --least %.2f", cmd.Least, m.Shared, m.Same-0.01)
	}
	if !cmd.JSON {
		sayf(s.stdout, "%s answers; servers that run change over within seconds. sportello index move --to %s goes back.\n", cmd.To, a.kind)
	}
	return nil
}

// fill brings an index in line with the store and shows how far it is.
func (a *app) fill(ctx context.Context, g *generation, show *steps) error {
	all, err := g.follower.Lag(ctx)
	if err != nil {
		return err
	}
	filled := make(chan error, 1)
	go func() { filled <- a.readyOf(ctx, g) }()
	look := time.NewTicker(200 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-filled:
			return err
		case <-look.C:
			if lag, err := g.follower.Lag(ctx); err == nil && all > 0 {
				show.show("filling the index", int(all-lag), int(all))
			}
		}
	}
}

// sameNumber counts what the new index holds, and refuses one that holds less than the old.
func (a *app) sameNumber(ctx context.Context, g *generation) (all int, err error) {
	tenants, err := a.store.Tenants(ctx)
	if err != nil {
		return 0, err
	}
	for _, t := range tenants {
		points, vectors, err := g.index.Count(ctx, t.Slug)
		if err != nil {
			return all, err
		}
		wantPoints, wantVectors, err := a.index.Count(ctx, t.Slug)
		if err != nil {
			return all, err
		}
		if points != wantPoints || vectors != wantVectors {
			return all, fault.New(fault.Conflict, "of %s the new index has %d passages and %d vectors, the old one %d and %d: try again when nothing is being ingested", t.Slug, points, vectors, wantPoints, wantVectors)
		}
		all += points
	}
	return all, nil
}

// sameFive puts questions to both and measures what of the first five passages they share.
func (a *app) sameFive(ctx context.Context, g *generation, most int, m *indexMove, show *steps) error {
	questions, err := a.rubrics(ctx, most)
	if err != nil {
		return err
	}
	same, shared := 0, 0
	for i, q := range questions {
		show.show("comparing", i, len(questions))
		before, err := five(ctx, a.retriever, q)
		if err != nil {
			return err
		}
		after, err := five(ctx, g.retriever, q)
		if err != nil {
			return err
		}
		if slices.Equal(before, after) {
			same++
			shared += 5
			continue
		}
		for _, id := range before {
			if slices.Contains(after, id) {
				shared++
			}
		}
	}
	m.Questions = len(questions)
	all := float64(max(len(questions), 1))
	m.Same, m.Shared = float64(same)/all, float64(shared)/all
	return nil
}

// five gives the ids of the first five passages, in no order: where two score the same, either may come first.
func five(ctx context.Context, r assistant.Retriever, q assistant.Question) ([]string, error) {
	passages, _, err := r.Retrieve(ctx, q)
	var ids []string
	for _, p := range passages[:min(5, len(passages))] {
		ids = append(ids, p.ID)
	}
	slices.Sort(ids)
	return ids, err
}

// rubrics makes questions of what documents call themselves, in turn of each tenant's.
func (a *app) rubrics(ctx context.Context, most int) (out []assistant.Question, err error) {
	tenants, err := a.store.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tenants {
		records, err := a.store.Documents(ctx, t.Slug, store.Filter{State: store.Live})
		if err != nil {
			return nil, err
		}
		for _, r := range records[:min(len(records), max(most/len(tenants), 1))] {
			out = append(out, assistant.Question{Tenant: t.Slug, Text: "Che cosa prevede " + r.Title + "?", Language: "it", Audience: ingest.Staff, K: 10})
		}
	}
	return out, nil
}
