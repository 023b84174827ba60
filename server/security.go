package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/antequem/antequem/server/page"
	"github.com/labstack/echo/v4"
)

// picturePolicy is for answers that are no pages: whatever is inside them, nothing runs.
const picturePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

// secure sets the headers that bound what a browser does with an answer.
func (s *Server) secure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()")
		if strings.HasPrefix(s.config.Origin, "https://") {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		path := c.Request().URL.Path
		switch k := s.classOf(c); {
		case strings.HasPrefix(path, "/embed/"):
			h.Set("Content-Security-Policy", page.EmbedPolicy)
		case k == classPicture:
			h.Set("Content-Security-Policy", picturePolicy)
			h.Set("X-Frame-Options", "DENY")
		case strings.HasPrefix(path, "/assets/"): // an embed in a sandboxed frame is of no origin
			h.Set("Content-Security-Policy", page.Policy)
			h.Set("X-Frame-Options", "DENY")
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		default:
			h.Set("Content-Security-Policy", page.Policy)
			h.Set("X-Frame-Options", "DENY")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
		}
		return next(c)
	}
}

// ownHost refuses requests for a name that is not the service's, so that a page
// whose name was made to point at this machine reads and writes nothing here.
func (s *Server) ownHost(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !s.answersTo(hostOf(c.Request())) {
			return routerError{status: http.StatusMisdirectedRequest, cause: refuse(errForbidden, "host "+c.Request().Host)}
		}
		return next(c)
	}
}

func (s *Server) answersTo(host string) bool {
	names := s.config.Hosts
	if u, err := url.Parse(s.config.Origin); err == nil && u.Host != "" {
		names = append(slices.Clone(names), u.Hostname())
	}
	if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, host) }) {
		return true
	}
	if s.onLoopback.Load() {
		return loopbackName(host)
	}
	return len(names) == 0
}
