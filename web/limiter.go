package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// limiter counts questions by address in a bucket that refills steadily. It holds no address: only a keyed hash, whose key is
// random, lives in memory and is thrown away with all buckets each day.
type limiter struct {
	perMinute float64
	now       func() time.Time

	mu      sync.Mutex
	day     string
	key     [32]byte
	buckets map[[8]byte]bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

// maxBuckets bounds memory under a flood from many addresses: about 5 MB.
const maxBuckets = 100_000

func newLimiter(perMinute int, now func() time.Time) *limiter {
	return &limiter{perMinute: float64(perMinute), now: now}
}

// take says whether one more question may come from ip, and if not, when.
func (l *limiter) take(ip string) (bool, time.Duration) {
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
		b = bucket{l.perMinute, now}
	}
	b.tokens = min(l.perMinute, b.tokens+max(0, now.Sub(b.at).Minutes())*l.perMinute)
	b.at = now
	allowed := b.tokens >= 1
	if allowed {
		b.tokens--
	}
	l.buckets[id] = b
	if allowed {
		return true, 0
	}
	return false, time.Duration((1 - b.tokens) / l.perMinute * float64(time.Minute))
}

// hash folds an address; of IPv6 the /64 counts, since one subscriber has it all.
func (l *limiter) hash(ip string) (id [8]byte) {
	if a, err := netip.ParseAddr(ip); err == nil && a.Unmap().Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			ip = p.String()
		}
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
			ok, wait := s.limit.take(c.RealIP())
			if !ok {
				c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(wait.Seconds())+1))
				return errTooMany
			}
			return next(c)
		}
	}}
}
