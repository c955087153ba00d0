package load

import (
	"maps"
	"math"
	"slices"
	"sync"
	"time"
)

// Report is what came out.
type Report struct {
	Citizens  int            `json:"citizens"`
	Seconds   float64        `json:"seconds"`
	Answers   int            `json:"answers"`    // whole ones
	PerSecond float64        `json:"per_second"` // whole ones and those left in the middle, in the time
	Left      int            `json:"left"`       // left in the middle, on purpose
	First     Spread         `json:"first_ms"`   // to the first statement
	Whole     Spread         `json:"whole_ms"`   // to the end of the answer
	Statuses  map[string]int `json:"statuses"`
	Errors    map[string]int `json:"errors"`
	Place     int            `json:"place"` // the furthest in a queue that somebody was told
	OwnCPU    float64        `json:"own_cpu_seconds"`
	Server    *Server        `json:"server,omitempty"` // nil: it does not show /metrics
}

// Spread is how times lie, in milliseconds.
type Spread struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// Server is what the server says of its process; an engine beside it is not in it. Memory in MB.
type Server struct {
	MemoryBefore float64 `json:"memory_before_mb"`
	MemoryMost   float64 `json:"memory_most_mb"`
	MemoryAfter  float64 `json:"memory_after_mb"`
	CPU          float64 `json:"cpu_seconds"`
	Cores        float64 `json:"cores"` // busy, on average
}

// Failed says how many questions went wrong.
func (r *Report) Failed() (n int) {
	for v := range maps.Values(r.Errors) {
		n += v
	}
	return n
}

// recorder gathers outcomes of all citizens.
type recorder struct {
	mu           sync.Mutex
	tick         func(int)
	first, whole []time.Duration
	left, place  int
	statuses     map[string]int
	errors       map[string]int
}

func (r *recorder) add(o outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.place = max(r.place, o.place)
	switch {
	case o.err != "":
		r.errors[o.err]++
		return
	case o.left:
		r.left++
		r.first = append(r.first, o.first)
	default:
		r.statuses[o.status]++
		r.first, r.whole = append(r.first, o.first), append(r.whole, o.whole)
	}
	if r.tick != nil {
		r.tick(len(r.whole) + r.left)
	}
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.whole) + r.left
}

func (r *recorder) report(c Config, took time.Duration, inTime int) *Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	return &Report{
		Citizens: c.Citizens, Seconds: took.Seconds(), Answers: len(r.whole), PerSecond: float64(inTime) / took.Seconds(), Left: r.left,
		First: spread(r.first), Whole: spread(r.whole), Statuses: r.statuses, Errors: r.errors, Place: r.place,
	}
}

// spread gives nearest-rank percentiles.
func spread(all []time.Duration) (s Spread) {
	if len(all) == 0 {
		return s
	}
	all = slices.Sorted(slices.Values(all))
	at := func(share float64) float64 {
		i := max(int(math.Ceil(share*float64(len(all))))-1, 0)
		return float64(all[i].Microseconds()) / 1000
	}
	return Spread{at(.5), at(.95), at(.99), at(1)}
}
