package turn

import (
	"maps"
	"time"
)

// Place is how many turns it is to that of the one who waits, 1 the next one; 0 when it no longer waits. It is looked up at most twice a
// second for all together.
func (q *Queue[T]) Place(w *waiter[T]) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if now := time.Now(); q.places == nil || now.Sub(q.placesAt) >= tellAfter/2 {
		q.places, q.placesAt = q.order(), now
	}
	return q.places[w]
}

// order plays forward who would be served when, if nobody else came and no turn ended out of turn.
func (q *Queue[T]) order() map[*waiter[T]]int {
	out, served, turns := maps.Clone(q.out), maps.Clone(q.served), q.turns
	places := map[*waiter[T]]int{}
	for c := range q.lines {
		lines := maps.Clone(q.lines[c])
		for len(lines) > 0 {
			tenant, _ := next(lines, out, served)
			places[lines[tenant][0]] = len(places) + 1
			if lines[tenant] = lines[tenant][1:]; len(lines[tenant]) == 0 {
				delete(lines, tenant)
			}
			turns++
			out[tenant]++
			served[tenant] = turns
		}
	}
	return places
}

// late says that by how long turns take, somebody would still be waiting when their patience ends.
func (q *Queue[T]) late(w *waiter[T], patience time.Duration) bool {
	if q.holds < enoughHolds || q.total == 0 {
		return false
	}
	wait := q.hold * float64(q.order()[w]) / float64(q.total)
	return wait > patience.Seconds()
}

// Load is how busy a queue is.
type Load struct {
	Out     int            `json:"out"`     // turns under way
	Waiting map[string]int `json:"waiting"` // by class
	Seconds float64        `json:"seconds"` // mean length of a turn
}

// Load says how busy the queue is.
func (q *Queue[T]) Load() Load {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := Load{Out: q.total, Waiting: map[string]int{}, Seconds: q.hold}
	for c := range q.waiting {
		l.Waiting[Class(c).String()] = q.waiting[c]
	}
	return l
}
