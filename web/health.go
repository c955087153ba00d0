package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"sportello/web/site"
)

// alive says that the process answers; it leans on nothing.
func (s *server) alive(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

// ready says whether questions can be answered: 200 also when degraded (no models: answers are quotes found by words), 503 when not.
func (s *server) ready(c echo.Context) error {
	h := s.cfg.Health(c.Request().Context())
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	body := struct {
		Status string      `json:"status"` // ready, degraded, not_ready
		Parts  []site.Part `json:"parts"`
	}{"ready", append([]site.Part{}, h.Parts...)}
	for i, p := range h.Parts {
		if !s.fromInside(c) {
			body.Parts[i].Detail = "" // names of models and addresses are for those who run the server
		}
		if p.State != "ok" && p.State != "off" {
			body.Status = "degraded"
		}
	}
	status := http.StatusOK
	if !h.Ready {
		body.Status, status = "not_ready", http.StatusServiceUnavailable
	}
	return c.JSON(status, body)
}
