package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"sportello/web/static"
)

// routes are all the addresses there are. /api and /v1 answer in JSON, the rest in HTML.
func (s *server) routes() {
	e := s.echo
	e.GET("/", s.plain(s.pages.Home))
	e.GET("/t/:slug", func(c echo.Context) error {
		return c.Redirect(http.StatusMovedPermanently, "/t/"+c.Param("slug")+"/")
	})
	e.GET("/t/:slug/", s.tenant(s.pages.AskPage))
	e.POST("/t/:slug/", s.tenant(s.pages.Ask), s.askLimits()...)
	e.GET("/t/:slug/documents", s.tenant(s.pages.Documents))
	e.GET("/t/:slug/documents/:id", s.document(s.pages.Document))
	e.GET("/t/:slug/documents/:id/original", s.document(s.pages.Original))

	e.POST("/api/v1/t/:slug/ask", s.tenant(s.api.Ask), s.askLimits()...)
	e.GET("/api/v1/t/:slug/documents", s.tenant(s.api.Documents))
	e.GET("/api/openapi.yaml", s.plain(s.api.OpenAPI))
	e.POST("/v1/chat/completions", s.plain(s.api.Chat), s.askLimits()...)
	e.GET("/v1/models", s.plain(s.api.Models))

	e.GET("/healthz", s.alive)
	e.GET("/readyz", s.ready)
	e.GET("/metrics", s.showMetrics)
	e.GET("/robots.txt", s.robots)
	e.GET(static.Prefix+"*", echo.WrapHandler(s.assets))
	e.HEAD(static.Prefix+"*", echo.WrapHandler(s.assets))
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
	return c.String(http.StatusOK, "User-agent: *\nDisallow: /api/\nDisallow: /v1/\nDisallow: /*?\n")
}
