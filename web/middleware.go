package web

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"sportello/assistant/fault"
	"sportello/web/static"
)

// policy lets a page load from this server only, and run no inline script or style. data: is for the little drawings in
// bootstrap-italia's style sheet.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (s *server) middleware() {
	s.echo.Pre(s.securityHeaders)
	s.echo.Use(
		middleware.RequestIDWithConfig(middleware.RequestIDConfig{RequestIDHandler: func(c echo.Context, id string) {
			c.Request().Header.Set(echo.HeaderXRequestID, id) // for the reference on error pages
		}}),
		s.logged,
		s.recovered,
		s.pageLimits,
		middleware.GzipWithConfig(middleware.GzipConfig{MinLength: 1024, Skipper: s.notGzipped}),
		middleware.BodyLimitWithConfig(middleware.BodyLimitConfig{Limit: maxBody, Skipper: func(c echo.Context) bool { _, ok := s.staffed(c); return ok }}),
		s.deadline,
	)
}

func (s *server) securityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	secure := strings.HasPrefix(s.cfg.PublicURL, "https://")
	return func(c echo.Context) error {
		// A request id given from outside would end up in the log and on the page: ours only.
		c.Request().Header.Del(echo.HeaderXRequestID)
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// logged writes one line a request: the route, never the address typed, which may hold a question or a name.
func (s *server) logged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err) // writes the response, so that its status is known here
		}
		status, took := c.Response().Status, time.Since(start)
		route := c.Path()
		if route == "" {
			route = "unknown"
		}
		s.metrics.request(c.Request().Method, route, status, took)
		tenant := c.Param("slug")
		if status == http.StatusNotFound {
			tenant = "" // what was typed there is not one of ours
		}
		level := slog.LevelInfo
		attrs := []slog.Attr{
			slog.String("id", c.Request().Header.Get(echo.HeaderXRequestID)), slog.String("method", c.Request().Method),
			slog.String("route", route), slog.String("tenant", tenant), slog.Int("status", status), slog.Duration("took", took),
		}
		if err != nil {
			attrs = append(attrs, slog.String("code", string(fault.CodeOf(coded(err)))), slog.Any("error", err))
			if status >= http.StatusInternalServerError {
				level = slog.LevelError
			}
		}
		s.cfg.Log.LogAttrs(c.Request().Context(), level, "request", attrs...)
		return nil
	}
}

func (s *server) recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				s.cfg.Log.ErrorContext(c.Request().Context(), "panic", "route", c.Path(), "panic", p, "stack", string(debug.Stack()))
				err = fault.New(fault.Internal, "panic")
			}
		}()
		return next(c)
	}
}

// deadline bounds every request: questions by their own timeout and the time they may wait for their turn, the rest by PageTimeout.
func (s *server) deadline(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, ok := s.staffed(c); ok {
			return next(c)
		}
		limit := s.cfg.PageTimeout
		if c.Request().Method == http.MethodPost {
			limit += s.cfg.AskTimeout
		}
		ctx, cancel := context.WithTimeout(c.Request().Context(), limit)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		return next(c)
	}
}

// notGzipped are streams, which gzip would hold back, and files that are compressed already.
func (s *server) notGzipped(c echo.Context) bool {
	if route, ok := s.staffed(c); ok && route.Stream {
		return true
	}
	path := c.Request().URL.Path
	return c.Request().Method == http.MethodPost || strings.HasSuffix(path, "/original") || strings.HasSuffix(path, "/logo.png") || path == "/metrics" ||
		strings.HasPrefix(path, static.Prefix) && (strings.HasSuffix(path, ".woff2") || strings.HasSuffix(path, ".png"))
}

// ipExtractor believes X-Forwarded-For only when the connection comes from a trusted proxy. echo's own default believes anybody.
func ipExtractor(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		p = p.Masked()
		options = append(options, echo.TrustIPRange(&net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}
