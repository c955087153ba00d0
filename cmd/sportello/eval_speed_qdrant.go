package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"sportello/assistant/qdrant"
)

// qdrantSpeed searches the same passages through a Qdrant server: a second program on the same data folder, with a collection of its own.
func (s *session) qdrantSpeed(ctx context.Context, cmd *evalSpeedCmd, questions []string, direct *engineClient) (rows []measured, err error) {
	cfg := *s.cfg
	cfg.Index, cfg.Qdrant.Address, cfg.Qdrant.Collection = "qdrant", cmd.Qdrant, fmt.Sprintf("sportello_speed_%d", os.Getpid())
	other := &session{cfg: &cfg, stdout: s.stdout, stderr: s.stderr}
	a, err := other.open(ctx)
	if err != nil {
		return nil, err
	}
	defer release(a)
	x := a.index.(*qdrant.Index)
	defer func() {
		if drop := x.Drop(context.WithoutCancel(ctx)); err == nil {
			err = drop
		}
	}()
	slog.Info("filling Qdrant", "collection", x.Collection())
	start := time.Now()
	if err := a.follower.CatchUp(ctx); err != nil {
		return nil, err
	}
	filling := time.Since(start).Seconds()
	n := 0
	for _, size := range cmd.Sizes {
		r, err := a.searchSpeed(ctx, fmt.Sprintf("speed-%d", size), size, questions, cmd.Queries, direct)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r...)
		n += size
	}
	return append(rows, measured{What: "passages taken into Qdrant", Ours: float64(n) / filling, Unit: "passages/s"}), nil
}
