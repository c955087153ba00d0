package web

import (
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"sportello/web/staff"
)

var parameter = regexp.MustCompile(`\{([a-z]+)\}`)

// console adds the routes of the staff console, each behind the console's own checks.
func (s *server) console() {
	if s.cfg.Console == nil {
		return
	}
	for _, route := range s.cfg.Console.Routes() {
		path := parameter.ReplaceAllString(route.Path, ":$1")
		s.staff[route.Method+" "+path] = route
		s.echo.Add(route.Method, path, func(c echo.Context) error {
			r := c.Request()
			for _, name := range c.ParamNames() {
				r.SetPathValue(name, c.Param(name))
			}
			return s.cfg.Console.Serve(c.Response(), r, route, c.RealIP())
		})
	}
	s.echo.GET("/facilitator", func(c echo.Context) error { return c.Redirect(302, "/staff/facilitator") })
	s.echo.GET("/staff", func(c echo.Context) error { return c.Redirect(301, "/staff/") })
}

// staffed says whether the request is for a route of the console, which has its own limits of size and time.
func (s *server) staffed(c echo.Context) (staff.Route, bool) {
	if !strings.HasPrefix(c.Path(), "/staff/") && !strings.HasPrefix(c.Path(), "/api/v1/t/") {
		return staff.Route{}, false
	}
	r, ok := s.staff[c.Request().Method+" "+c.Path()]
	return r, ok
}
