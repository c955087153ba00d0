package model

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"sportello/assistant/fault"
)

// backoff says how long to wait before a call is repeated.
type backoff struct {
	first time.Duration // before the second attempt; doubled each time
	most  time.Duration // longest wait; a server that asks for more is given up
}

// waitError marks an error after which the call may be repeated, with the time the server asked for.
type waitError struct {
	cause *fault.Error
	after time.Duration
}

func (e *waitError) Error() string { return e.cause.Error() }
func (e *waitError) Unwrap() error { return e.cause }

func retryable(resp *http.Response, err *fault.Error) error {
	return &waitError{cause: err, after: retryAfter(resp.Header.Get("Retry-After"), time.Now())}
}

// retryAfter reads the header of RFC 9110, 10.2.3: seconds or a date.
func retryAfter(h string, now time.Time) time.Duration {
	if s, err := strconv.Atoi(h); err == nil {
		return max(0, time.Duration(s)*time.Second)
	}
	if t, err := http.ParseTime(h); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}

// next gives the wait after a failed attempt, counted from 1: half of it fixed, half by chance, so that many clients do not
// come back together; never less than the server asked for.
func (b backoff) next(attempt int, err error) (wait time.Duration, again bool) {
	wait = min(b.first<<min(attempt-1, 10), b.most)
	wait = wait/2 + rand.N(wait/2+1)
	var w *waitError
	if errors.As(err, &w) {
		if w.after > b.most {
			return 0, false
		}
		return max(wait, w.after), true
	}
	// Not a status: nothing was answered. Only a server that could not be reached is asked again.
	var s *StatusError
	return wait, fault.CodeOf(err) == fault.Unavailable && !errors.As(err, &s)
}
