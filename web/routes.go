package web

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"sportello/web/static"
)

// routes are all the addresses there are. /api and /v1 answer in JSON, the rest in HTML.
func (s *server) routes() {
	e := s.echo
	look := func(path string, h echo.HandlerFunc) { // monitors and link checkers send HEAD
		e.GET(path, h)
		e.HEAD(path, h)
	}
	look("/", s.plain(s.pages.Home))
	look("/t/:slug", func(c echo.Context) error {
		return c.Redirect(http.StatusMovedPermanently, "/t/"+url.PathEscape(c.Param("slug"))+"/")
	})
	look("/t/:slug/", s.tenant(s.pages.AskPage))
	e.POST("/t/:slug/", s.tenant(s.pages.Ask), s.askLimits()...)
	e.POST("/t/:slug/simpler", s.tenant(s.pages.Simpler), s.askLimits()...)
	look("/t/:slug/feedback", s.tenant(s.pages.FeedbackPage))
	e.POST("/t/:slug/feedback", s.tenant(s.pages.Feedback), append([]echo.MiddlewareFunc{s.embedded}, s.askLimits()...)...)
	look("/t/:slug/leave", s.tenant(s.pages.LeavePage))
	e.POST("/t/:slug/leave", s.tenant(s.pages.Leave), s.askLimits()...)
	look("/t/:slug/reply/:token", func(c echo.Context) error {
		return s.pages.Reply(c.Response(), c.Request(), c.Param("slug"), c.Param("token"))
	})
	look("/t/:slug/data", s.tenant(s.pages.Data))
	e.POST("/t/:slug/data", s.tenant(s.pages.OwnData), s.codeLimits)
	e.POST("/t/:slug/reply/:token", func(c echo.Context) error {
		return s.pages.ReplyWrite(c.Response(), c.Request(), c.Param("slug"), c.Param("token"))
	}, s.askLimits()...)
	e.GET("/t/:slug/reply/:token/chat", func(c echo.Context) error {
		return s.pages.ReplyChat(c.Response(), c.Request(), c.Param("slug"), c.Param("token"))
	})
	look("/t/:slug/accessibility", s.tenant(s.pages.Accessibility))
	look("/t/:slug/kiosk", s.tenant(s.pages.AskPage))
	e.POST("/t/:slug/kiosk", s.tenant(s.pages.Ask), s.askLimits()...)
	look("/t/:slug/manifest.webmanifest", s.tenant(s.pages.Manifest))
	look("/t/:slug/icon-192.png", s.tenant(s.pages.Icon(192)))
	look("/t/:slug/icon-512.png", s.tenant(s.pages.Icon(512)))
	look("/t/:slug/sw.js", s.tenant(s.pages.Worker))
	look("/t/:slug/offline", s.tenant(s.pages.Offline))
	look("/t/:slug/theme.css", s.tenant(s.pages.Theme))
	look("/t/:slug/logo.png", s.tenant(s.pages.Logo))
	look("/t/:slug/documents", s.tenant(s.pages.Documents))
	look("/t/:slug/documents/:id", s.document(s.pages.Document))
	look("/t/:slug/documents/:id/original", s.document(s.pages.Original))

	look("/widget.js", s.plain(s.widget.Script))
	look("/t/:slug/widget.json", s.embedded(s.tenant(s.widget.Words)))

	e.POST("/api/v1/t/:slug/ask", s.tenant(s.api.Ask), append([]echo.MiddlewareFunc{s.embedded}, s.askLimits()...)...)
	e.OPTIONS("/api/v1/t/:slug/ask", s.preflight)
	e.POST("/api/v1/t/:slug/simpler", s.tenant(s.api.Simpler), append([]echo.MiddlewareFunc{s.embedded}, s.askLimits()...)...)
	e.OPTIONS("/api/v1/t/:slug/simpler", s.preflight)
	e.POST("/api/v1/t/:slug/conversation/export", s.tenant(s.api.Kept), s.codeLimits)
	e.POST("/api/v1/t/:slug/conversation/erase", s.tenant(s.api.Erase), s.codeLimits)
	e.GET("/api/v1/t/:slug/documents", s.tenant(s.api.Documents))
	e.POST("/api/v1/verify", s.plain(s.api.Verify), s.askLimits()...)
	e.GET("/api/openapi.yaml", s.plain(s.api.OpenAPI))
	e.POST("/v1/chat/completions", s.plain(s.api.Chat), s.askLimits()...)
	e.GET("/v1/models", s.plain(s.api.Models))
	e.GET("/v1/models/:slug", s.tenant(s.api.Model))

	s.console()

	look("/healthz", s.alive)
	look("/readyz", s.ready)
	e.GET("/metrics", s.showMetrics)
	look("/robots.txt", s.robots)
	look(static.Prefix+"*", echo.WrapHandler(s.assets))
}

// handler is a page or API handler: plain net/http that may fail.
type handler = func(http.ResponseWriter, *http.Request) error

func (s *server) plain(h handler) echo.HandlerFunc {
	return func(c echo.Context) error { return h(c.Response(), c.Request()) }
}

func (s *server) tenant(h func(http.ResponseWriter, *http.Request, string) error) echo.HandlerFunc {
	return func(c echo.Context) error { return h(c.Response(), c.Request(), c.Param("slug")) }
}

func (s *server) document(h func(http.ResponseWriter, *http.Request, string, string) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		return h(c.Response(), c.Request(), c.Param("slug"), c.Param("id"))
	}
}

// robots lets search engines read the documents and keeps them from asking.
func (s *server) robots(c echo.Context) error {
	return c.String(http.StatusOK, "User-agent: *\nDisallow: /api/\nDisallow: /v1/\nDisallow: /staff\nDisallow: /t/*/reply/\nDisallow: /*?\n")
}
