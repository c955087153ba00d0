package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"
)

// embedded lets the pages of other sites that a tenant names use a route of that tenant: the widget's questions, words and thumbs. Who is
// not named gets no header, and their browser keeps the answer from them. There is no wildcard, and no cookie to protect.
func (s *server) embedded(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		s.allowOrigin(c)
		return next(c)
	}
}

func (s *server) allowOrigin(c echo.Context) bool {
	h, origin := c.Response().Header(), c.Request().Header.Get(echo.HeaderOrigin)
	h.Add("Vary", echo.HeaderOrigin)
	if origin == "" || s.sameOrigin(c.Request(), origin) {
		return false // nothing to allow
	}
	t, err := s.cfg.Library.Tenant(c.Request().Context(), c.Param("slug"))
	if err != nil || !t.MayEmbed(origin) {
		return false
	}
	h.Set(echo.HeaderAccessControlAllowOrigin, origin)
	h.Set(echo.HeaderAccessControlExposeHeaders, "X-Ai-Generated, Retry-After")
	return true
}

// sameOrigin says whether an origin is this server, by the name it was called by or by its public address.
func (s *server) sameOrigin(r *http.Request, origin string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host == r.Host || strings.EqualFold(origin, strings.TrimRight(s.cfg.PublicURL, "/"))
}

// preflight answers the browser that asks beforehand. It may remember the answer for two hours, the most that browsers keep one.
func (s *server) preflight(c echo.Context) error {
	h := c.Response().Header()
	if s.allowOrigin(c) {
		h.Set(echo.HeaderAccessControlAllowMethods, "GET, POST, OPTIONS")
		h.Set(echo.HeaderAccessControlAllowHeaders, "Content-Type, Accept-Language")
		h.Set(echo.HeaderAccessControlMaxAge, "7200")
	}
	h.Set(echo.HeaderAllow, "POST, OPTIONS")
	return c.NoContent(http.StatusNoContent)
}
