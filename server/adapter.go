package server

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// Handlers know net/http alone: echo ends here, and in the middleware.

// newEcho returns a router with the middleware around every route.
func (s *Server) newEcho(routes []route) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = s.addresses() // a header can't spoof the rate limit
	e.HTTPErrorHandler = s.handleError
	s.use(e)
	for _, r := range routes {
		s.add(e, r)
	}
	s.mountAPI(e)
	return e
}

func (s *Server) add(e *echo.Echo, r route) {
	path := echoPath(r.pattern)
	for _, m := range methodsOf(r.method) {
		s.classes[m+" "+path] = r.class
		e.Add(m, path, adapt(r.handle))
	}
}

// methodsOf returns the methods of a route: what answers to GET answers to HEAD (RFC
// 9110, section 9.3.2).
func methodsOf(method string) []string {
	if method == http.MethodGet {
		return []string{http.MethodGet, http.MethodHead}
	}
	return []string{method}
}

// echoPath turns {name} into :name.
func echoPath(pattern string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(pattern)
}

// adapt lets a handler answer an echo route.
func adapt(h handler) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		values := c.ParamValues()
		for i, name := range c.ParamNames() {
			if name == "*" {
				name = "rest"
			}
			r.SetPathValue(name, values[i])
		}
		info := infoOf(r.Context())
		if token, ok := c.Get(tokenKey).(string); ok {
			info.token = token
		}
		return h(c.Response(), withInfo(r, info))
	}
}

func (s *Server) classOf(c echo.Context) class {
	return s.classes[c.Request().Method+" "+c.Path()]
}

// A routerError is an error of echo's that is told by its status.
type routerError struct {
	status int
	cause  error
}

func (e routerError) Error() string   { return e.cause.Error() }
func (e routerError) Unwrap() error   { return e.cause }
func (e routerError) StatusCode() int { return e.status }

// handleError answers a request that failed. What was sent already stays as it is.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	var own *refusal
	var he *echo.HTTPError
	if !errors.As(err, &own) && errors.As(err, &he) {
		if he.Internal != nil && he.Code == http.StatusServiceUnavailable {
			err = he.Internal
		} else {
			err = routerError{status: he.Code, cause: err}
		}
	}
	s.tell(c.Response(), c.Request(), explain(err))
}
