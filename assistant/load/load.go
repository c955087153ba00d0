package load

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"sportello/assistant/fault"
)

// Config says who comes, and for how long.
type Config struct {
	Client    *http.Client
	Base      string // "http://127.0.0.1:8080"
	Tenants   []string
	Questions []Question // asked at random
	Citizens  int        // who ask at the same time
	For       time.Duration
	Slow      float64       // share of those on a slow line
	Leave     float64       // share of answers that are left in the middle
	Pause     time.Duration // of a citizen, between an answer and the next question
	Patience  time.Duration // after which a citizen gives up, which is an error
	Seed      uint64        // of the choice of questions
	Fresh     bool          // each question has a number of its own, so that nothing kept of an earlier one helps
	Tick      func(answers int)
}

// Question is what somebody asks.
type Question struct {
	Tenant   string `json:"tenant"` // empty: any of Config's
	Text     string `json:"question"`
	Language string `json:"lang"`
}

// slowRead is how somebody on a slow line reads: so much at once, so often.
const (
	slowPiece = 512
	slowPause = 50 * time.Millisecond
	lastWords = 15 * time.Second // for answers under way at the end
)

// Run asks until the time is over, and waits a little for the last answers. Errors are those of a server that cannot be reached at all;
// what goes wrong with a question is counted.
func Run(ctx context.Context, c Config) (*Report, error) {
	if len(c.Questions) == 0 || len(c.Tenants) == 0 || c.Citizens < 1 || c.For <= 0 {
		return nil, fault.New(fault.Invalid, "a load needs a tenant, questions, citizens and a time")
	}
	if c.Patience <= 0 {
		c.Patience = 2 * time.Minute
	}
	before, err := c.gauges(ctx)
	if err != nil {
		return nil, err
	}
	own := cpuSeconds()
	begun := time.Now()
	asking, stop := context.WithCancel(ctx)
	defer stop()
	answering, end := context.WithCancel(ctx)
	defer end()
	r := &recorder{tick: c.Tick, statuses: map[string]int{}, errors: map[string]int{}}
	var citizens sync.WaitGroup
	for i := range c.Citizens {
		citizens.Go(func() { c.citizen(asking, answering, i, r) })
	}
	peak := make(chan gauges, 1)
	go func() { peak <- c.watch(asking) }()
	select {
	case <-time.After(c.For):
	case <-ctx.Done():
	}
	stop()
	took := time.Since(begun)
	inTime := r.count()
	late := time.AfterFunc(lastWords, end)
	citizens.Wait()
	late.Stop()
	report := r.report(c, took, inTime)
	report.OwnCPU = cpuSeconds() - own
	most := <-peak
	if after, err := c.gauges(context.WithoutCancel(ctx)); err == nil && before.known && after.known {
		report.Server = &Server{
			MemoryBefore: before.resident / mb, MemoryMost: max(most.resident, after.resident) / mb, MemoryAfter: after.resident / mb,
			CPU: after.cpu - before.cpu, Cores: (after.cpu - before.cpu) / time.Since(begun).Seconds(),
		}
	}
	return report, ctx.Err()
}

const mb = 1 << 20

// citizen asks one question after the other until asking ends; answers end with answering.
func (c *Config) citizen(asking, answering context.Context, i int, r *recorder) {
	random := rand.New(rand.NewPCG(c.Seed, uint64(i)))
	slow := float64(i) < c.Slow*float64(c.Citizens)
	for n := 0; asking.Err() == nil; n++ {
		q := c.Questions[random.IntN(len(c.Questions))]
		if q.Tenant == "" || !slices.Contains(c.Tenants, q.Tenant) {
			q.Tenant = c.Tenants[random.IntN(len(c.Tenants))]
		}
		if c.Fresh {
			q.Text = fmt.Sprintf("%s (%d-%d)", q.Text, i, n)
		}
		one := c.ask(answering, q, slow, random.Float64() < c.Leave)
		if answering.Err() != nil {
			one = outcome{err: "not ended when the time was over"}
		}
		r.add(one)
		pause := c.Pause
		if one.err != "" {
			pause = max(pause, 200*time.Millisecond) // a server that refuses is not asked in a tight loop
		}
		if pause > 0 {
			select {
			case <-time.After(pause):
			case <-asking.Done():
			}
		}
	}
}
