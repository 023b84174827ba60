package server

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/antequem/antequem/server/metrics"
	"github.com/labstack/echo/v4"
)

// measure counts requests and their durations by route.
func (s *Server) measure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		s.counts.Open.Add(1)
		defer s.counts.Open.Add(-1)
		err := next(c) // answered: record hands errors to handleError
		k := metrics.Served{Method: methodLabel(c.Request().Method), Route: c.Path(), Status: c.Response().Status}
		if k.Route == "" || k.Status == http.StatusNotFound && s.classes[c.Request().Method+" "+k.Route] == classPage && strings.HasSuffix(k.Route, "*") {
			k.Route = "(none)"
		}
		s.counts.Request(k, time.Since(start))
		return err
	}
}

// methodLabel keeps invented methods from growing the metrics.
func methodLabel(m string) string {
	if slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}, m) {
		return m
	}
	return "other"
}

// showMetrics answers /metrics.
func (s *Server) showMetrics(w http.ResponseWriter, r *http.Request) error {
	if !s.allowed(s.config.Metrics, r) {
		return refuse(errForbidden, "Metrics are not shown here.")
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	return s.counts.Write(w, s.version)
}
