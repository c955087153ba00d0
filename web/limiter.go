package web

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"sportello/web/static"
)

// limiter counts what comes from an address in a bucket that refills steadily. It holds no address: only a keyed hash, whose key is
// random, lives in memory and is thrown away with all buckets each day.
//
// Who goes on in spite of several refusals pays for each further one, up to ten minutes, and is answered late: a person who waits comes in,
// a program that does not listen gets slower and slower. No riddle is set, which keeps out people before it keeps out programs.
type limiter struct {
	perMinute float64
	now       func() time.Time

	mu      sync.Mutex
	day     string
	key     [32]byte
	buckets map[[8]byte]bucket
}

type bucket struct {
	tokens  float64
	at      time.Time
	refused int // one after the other
}

const (
	maxBuckets = 100_000 // bounds memory under a flood from many addresses: about 6 MB
	forgiven   = 5       // refusals that cost nothing
	mostDebt   = 10      // minutes that it takes at most until somebody is served again
	mostHeld   = 64      // refusals that are held back at once
)

func newLimiter(perMinute int, now func() time.Time) *limiter {
	return &limiter{perMinute: float64(perMinute), now: now}
}

// verdict says whether something may go on, if not when, and whether it comes from somebody who does not listen.
type verdict struct {
	ok     bool
	wait   time.Duration
	abuses bool
}

// take counts one more of ip.
func (l *limiter) take(ip string) verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if day := now.Format(time.DateOnly); day != l.day || len(l.buckets) >= maxBuckets {
		l.day, l.buckets = day, map[[8]byte]bucket{}
		_, _ = rand.Read(l.key[:]) // never fails, by its documentation
	}
	id := l.hash(ip)
	b, ok := l.buckets[id]
	if !ok {
		b = bucket{tokens: l.perMinute, at: now}
	}
	b.tokens = min(l.perMinute, b.tokens+max(0, now.Sub(b.at).Minutes())*l.perMinute)
	b.at = now
	v := verdict{ok: b.tokens >= 1}
	if v.ok {
		b.tokens--
		b.refused = 0
	} else {
		if b.refused++; b.refused > forgiven {
			v.abuses = true
			b.tokens = max(b.tokens-1, 1-mostDebt*l.perMinute)
		}
		v.wait = time.Duration((1 - b.tokens) / l.perMinute * float64(time.Minute))
	}
	l.buckets[id] = b
	return v
}

// hash folds an address; of IPv6 the /64 counts, since one subscriber has it all.
func (l *limiter) hash(ip string) (id [8]byte) {
	if a, err := netip.ParseAddr(ip); err == nil {
		ip = subscriber(a.Unmap().WithZone("")).String()
	}
	mac := hmac.New(sha256.New, l.key[:])
	mac.Write([]byte(ip))
	copy(id[:], mac.Sum(nil))
	return id
}

// askLimits are the middleware of every route that asks.
func (s *server) askLimits() []echo.MiddlewareFunc {
	return []echo.MiddlewareFunc{func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if v := s.limit.take(c.RealIP()); !v.ok {
				return s.refuse(c, v)
			}
			return next(c)
		}
	}}
}

// codesPerMinute is how many codes of conversations somebody may try. They have 80 bits: whoever could try a million a second would need
// longer than the questions are kept, by far; this keeps them from costing anything.
const codesPerMinute = 10

// codes is codesPerMinute, or more where more questions a minute are allowed than people ask.
func codes(askPerMinute int) int { return max(codesPerMinute, askPerMinute/2) }

// codeLimits are the middleware of what a code opens.
func (s *server) codeLimits(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if v := s.codeLimit.take(c.RealIP()); !v.ok {
			return s.refuse(c, v)
		}
		return next(c)
	}
}

// pageLimits bound everything else that an address asks for, files of the pages left out. This machine is not counted: it is
// a proxy that serve.trusted_proxies does not name, and then all people would be one.
func (s *server) pageLimits(next echo.HandlerFunc) echo.HandlerFunc {
	if s.cfg.PagesPerMinute <= 0 {
		return next
	}
	return func(c echo.Context) error {
		ip := c.RealIP()
		if a, err := netip.ParseAddr(ip); err == nil && a.IsLoopback() || strings.HasPrefix(c.Request().URL.Path, static.Prefix) {
			return next(c)
		}
		if v := s.pageLimit.take(ip); !v.ok {
			return s.refuse(c, v)
		}
		return next(c)
	}
}

// refuse says when to come again; to who does not listen it says so late.
func (s *server) refuse(c echo.Context, v verdict) error {
	if v.abuses && s.cfg.HoldBack > 0 {
		select {
		case s.held <- struct{}{}:
			pause(c.Request().Context(), s.cfg.HoldBack)
			<-s.held
		default: // as many as may wait do already
		}
	}
	c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(v.wait.Seconds())+1))
	return errTooMany
}

func pause(ctx context.Context, t time.Duration) {
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
