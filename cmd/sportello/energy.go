package main

import (
	"context"
	"log/slog"

	"sportello/assistant"
	"sportello/assistant/energy"
	"sportello/ingest"
)

// newMeter makes what measures the server: it and the engines that it started. Those of another process are on that one's account.
func (a *app) newMeter() *energy.Meter {
	return energy.New(energy.Config{
		Ledger: a.store, Watts: a.cfg.Energy.Watts, Log: slog.Default(),
		Engines: func() (pids []int) {
			for _, m := range a.models.Status() {
				if e := m.Engine; e != nil && e.Running && !e.Shared {
					pids = append(pids, e.PID)
				}
			}
			return pids
		},
	})
}

// meteredParser and meteredEmbedder note what documents take, which is on no answer's account.
type meteredParser struct {
	ingest.Parser
	meter *energy.Meter
}

func (p meteredParser) Parse(ctx context.Context, in ingest.Input) (*ingest.Parsed, error) {
	defer p.meter.Work("")()
	return p.Parser.Parse(ctx, in)
}

type meteredEmbedder struct {
	assistant.Embedder
	meter *energy.Meter
}

func (e meteredEmbedder) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	defer e.meter.Work("")()
	return e.Embedder.EmbedPassages(ctx, texts)
}
