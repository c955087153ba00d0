// Package energy measures what answers take of the machine, tenant by tenant: processor time, and from it electricity.
//
// The processor time of the process and of its engines is measured. It belongs to those who worked meanwhile, by how long each of their
// answers took; what documents took belongs to nobody's answers. Electricity is read from the processor's own counter (RAPL) where the system
// lets it be read, and the process is given its share of what the whole machine was busy; a GPU's is asked of nvidia-smi. Else it is an estimate:
// processor time by the watts of a busy core, a setting. Which of the two a figure is, is kept beside it.
//
// It keeps nothing itself: a Ledger does.
package energy

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"sportello/assistant"
)

// Ledger keeps what was used.
type Ledger interface {
	AddEnergy(ctx context.Context, tenant string, u assistant.Energy) error
}

// Config is what New needs.
type Config struct {
	Ledger  Ledger
	Watts   float64      // of one busy core above what it takes idle, for the estimate
	Engines func() []int // processes besides this one that work for it; may be nil
	Log     *slog.Logger
	Every   time.Duration // between two looks; 0: 10 s

	gauge gauge // of tests
}

// Meter is told who works and notes what it took. It is safe for concurrent use; nil is one that measures nothing.
type Meter struct {
	Config
	mu      sync.Mutex
	working map[*work]bool
	past    map[string]*share // since the last look
	last    reading
}

type work struct {
	tenant string
	since  time.Time
}

// share is what a tenant did since the last look.
type share struct {
	busy    time.Duration
	answers int
}

// reading is the state of all counters.
type reading struct {
	known    bool
	cpu      time.Duration // of this process and its engines, since they started
	machine  time.Duration // all cores' busy time; 0: not known
	joules   float64       // of the processor's counter
	counter  bool          // there is one
	gpuWatts float64       // now; 0: none
}

// gauge reads the counters.
type gauge func(ctx context.Context, pids []int) reading

// New makes a meter.
func New(c Config) *Meter {
	if c.Every <= 0 {
		c.Every = 10 * time.Second
	}
	if c.gauge == nil {
		c.gauge = readMachine
	}
	return &Meter{Config: c, working: map[*work]bool{}, past: map[string]*share{}}
}

// Work says that something is being done for a tenant until done is called; "" is work for nobody's answer, such as documents.
func (m *Meter) Work(tenant string) (done func()) {
	if m == nil {
		return func() {}
	}
	w := &work{tenant, time.Now()}
	m.mu.Lock()
	m.working[w] = true
	m.mu.Unlock()
	return sync.OnceFunc(func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.working, w)
		s := m.of(tenant)
		s.busy += time.Since(w.since)
		s.answers++
	})
}

func (m *Meter) of(tenant string) *share {
	s := m.past[tenant]
	if s == nil {
		s = &share{}
		m.past[tenant] = s
	}
	return s
}

// Run looks until ctx ends, and once more then.
func (m *Meter) Run(ctx context.Context) {
	if m == nil {
		return
	}
	m.look(ctx)
	for {
		select {
		case <-time.After(m.Every):
			m.look(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			m.look(last)
			return
		}
	}
}

// look reads the counters and gives each tenant its share of what they went on by.
func (m *Meter) look(ctx context.Context) {
	var pids []int
	if m.Engines != nil {
		pids = m.Engines()
	}
	now := m.gauge(ctx, pids)
	shares, before := m.turn(now)
	if !before.known || !now.known {
		return
	}
	cpu := now.cpu - before.cpu
	if cpu <= 0 { // an engine ended and took its time with it: this look tells nothing
		return
	}
	joules, measured := cpu.Seconds()*m.Watts, 0.0
	if now.counter && before.counter && now.joules > before.joules && now.machine > before.machine {
		joules = (now.joules - before.joules) * min(cpu.Seconds()/(now.machine-before.machine).Seconds(), 1)
		measured = joules
	}
	var busy, all time.Duration
	for tenant, s := range shares {
		all += s.busy
		if tenant != "" {
			busy += s.busy
		}
	}
	if all <= 0 {
		return
	}
	if gpu := now.gpuWatts * min(busy.Seconds(), m.Every.Seconds()); gpu > 0 {
		joules, measured = joules+gpu, measured+gpu
	}
	for tenant, s := range shares {
		part := s.busy.Seconds() / all.Seconds()
		if tenant == "" || part == 0 && s.answers == 0 {
			continue
		}
		u := assistant.Energy{Answers: s.answers, CPU: time.Duration(part * float64(cpu)), Joules: part * joules, Measured: part * measured}
		if err := m.Ledger.AddEnergy(ctx, tenant, u); err != nil && m.Log != nil {
			m.Log.Warn("what answers took was not noted", "tenant", tenant, "error", err)
		}
	}
}

// turn begins a new stretch and gives what was done in the last one, with what is still under way up to now.
func (m *Meter) turn(now reading) (shares map[string]*share, before reading) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := time.Now()
	for w := range m.working {
		m.of(w.tenant).busy += at.Sub(w.since)
		w.since = at
	}
	shares, m.past = m.past, map[string]*share{}
	before, m.last = m.last, now
	return shares, before
}
