package model

import (
	"context"
	"slices"
	"sync"

	"sportello/assistant/model/engine"
	"sportello/assistant/turn"
)

// ServerStatus is one server of a task, as doctor and metrics show it.
type ServerStatus struct {
	Task    string  `json:"task"`
	Name    string  `json:"name"` // host and port, or "engine"
	Model   string  `json:"model,omitempty"`
	Well    bool    `json:"well"`
	Why     string  `json:"why,omitempty"` // it is not asked
	Weight  float64 `json:"weight"`
	AtOnce  int     `json:"at_once"`
	Under   int     `json:"under"`   // requests under way
	Asked   int     `json:"asked"`   // requests since the start
	Failed  int     `json:"failed"`  // of them, by its fault
	Seconds float64 `json:"seconds"` // that they took in all
}

// QueueStatus is the queue before the servers of a task.
type QueueStatus struct {
	Task string `json:"task"`
	turn.Load
}

// Servers says how each server of each task is, by what is known at the moment.
func (s *Set) Servers() (servers []ServerStatus, queues []QueueStatus) {
	for _, task := range []engine.Task{engine.Embedding, engine.Chat, engine.Rerank} {
		w, ok := s.wires[task]
		if !ok {
			continue
		}
		f := w.fleet
		f.queue.Do(func() {
			for _, m := range f.members {
				why := m.why()
				servers = append(servers, ServerStatus{
					Task: f.task, Name: m.name, Model: m.model, Well: why == "", Why: why, Weight: m.weight, AtOnce: m.atOnce,
					Under: len(m.claims), Asked: m.asked, Failed: m.failed, Seconds: m.seconds,
				})
			}
		})
		queues = append(queues, QueueStatus{f.task, f.queue.Load()})
	}
	return servers, queues
}

// Check asks every server at an address whether it is well, and waits for what they say: for doctor. One word is enough there.
func (s *Set) Check(ctx context.Context) {
	var all sync.WaitGroup
	for _, w := range s.wires {
		f := w.fleet
		for i, m := range f.members {
			if _, ok := m.server.(remote); !ok {
				continue
			}
			all.Go(func() {
				f.queue.Do(func() { m.missed = max(m.missed, f.watch.missed-1) })
				f.look(ctx, i, m)
			})
		}
	}
	all.Wait()
}

// remoteFleets are those with a server at an address.
func (s *Set) remoteFleets() []*fleet {
	var out []*fleet
	for _, w := range s.wires {
		if slices.ContainsFunc(w.fleet.members, func(m *member) bool { _, ok := m.server.(remote); return ok }) {
			out = append(out, w.fleet)
		}
	}
	return out
}
