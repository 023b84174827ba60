package server

import "net/http"

// routes lists every address but those of the API. Addresses are stable: a link
// in an article must work in ten years.
func (s *Server) routes() []route {
	return []route{
		{http.MethodGet, "/assets/*", classPage, s.asset},
		{http.MethodGet, "/healthz", classPage, s.alive},
		{http.MethodGet, "/readyz", classPage, s.ready},
		{http.MethodGet, "/metrics", classPage, s.showMetrics},
	}
}
