package server

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/antequem/antequem/server/people"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"
)

// tokenKey is where echo keeps the token against forged posts.
const tokenKey = "csrf"

// use puts the middleware around every route, outermost first.
func (s *Server) use(e *echo.Echo) {
	e.Pre(s.identify, trimSlash)
	e.Use(
		s.measure,
		s.record(),
		s.recovered,
		s.secure,
		s.ownHost,
		s.limitRate(),
		s.deadlines,
		middleware.GzipWithConfig(middleware.GzipConfig{Level: 5, MinLength: 1024, Skipper: s.compressedAlready}),
		s.notFromElsewhere(),
		s.admit,
		s.limitBody,
		s.readForm,
		s.guardForms(),
	)
}

// identify gives each request a name of its own, whatever its headers say.
func (s *Server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		var b [8]byte
		_, _ = rand.Read(b[:]) // never fails, by its documentation
		id := hex.EncodeToString(b[:])
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		t := tongueOf(c.Request())
		s.remember(c.Response(), c.Request(), t)
		c.SetRequest(withInfo(c.Request(), requestInfo{id: id, origin: s.origin(c.Request()), tongue: t}))
		return next(c)
	}
}

// trimSlash leads an address with a slash too many to the one without.
func trimSlash(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		u := *c.Request().URL
		if u.RawPath != "" || len(u.Path) < 2 || !strings.HasSuffix(u.Path, "/") || strings.HasPrefix(u.Path, "//") {
			return next(c)
		}
		u.Path = strings.TrimRight(u.Path, "/")
		return c.Redirect(http.StatusPermanentRedirect, u.RequestURI())
	}
}

// levelOf returns how loudly an answer is logged: a service that asks for patience
// is no fault of it.
func levelOf(status int) slog.Level {
	if status >= 500 && status != http.StatusServiceUnavailable {
		return slog.LevelError
	}
	return slog.LevelInfo
}

// recovered turns a panic into an error, with its stack for the log.
func (s *Server) recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		return next(c)
	}
}

// limitRate bounds how often one address may upload or change something.
func (s *Server) limitRate() echo.MiddlewareFunc {
	return middleware.RateLimiterWithConfig(middleware.RateLimiterConfig{
		Skipper: func(c echo.Context) bool {
			return s.config.WriteRate == 0 || safe(c.Request().Method) || s.classOf(c) == classChunk // what began an upload was counted
		},
		// Addresses of one household are one sender.
		IdentifierExtractor: func(c echo.Context) (string, error) {
			from, err := netip.ParseAddr(c.RealIP())
			if err != nil {
				return c.RealIP(), nil // no address of the network
			}
			return people.Source(from), nil
		},
		Store: middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
			Rate: rateOf(s.config.WriteRate), Burst: s.config.WriteBurst, ExpiresIn: 5 * time.Minute,
		}),
	})
}

func rateOf(perSecond float64) rate.Limit { return rate.Limit(perSecond) }

// deadlines bound a request: in the connection, so that a slow reader or writer
// holds nothing for ever, and in its context.
func (s *Server) deadlines(next echo.HandlerFunc) echo.HandlerFunc {
	quick := middleware.ContextTimeout(s.config.RequestTimeout)(next)
	slow := middleware.ContextTimeout(s.config.UploadTimeout)(next)
	return func(c echo.Context) error {
		rc := http.NewResponseController(c.Response())
		now := time.Now()
		set := func(read, write time.Duration) error {
			err := errors.Join(rc.SetReadDeadline(now.Add(read)), rc.SetWriteDeadline(now.Add(write)))
			if err != nil && !errors.Is(err, http.ErrNotSupported) {
				return fmt.Errorf("set deadlines: %w", err)
			}
			return nil
		}
		switch s.classOf(c) {
		case classEvents:
			return next(c)
		case classUpload, classAPIFile:
			if err := set(s.config.UploadTimeout, s.config.UploadTimeout+s.config.RequestTimeout); err != nil {
				return err
			}
			return slow(c)
		case classChunk: // its handler waits for what comes
			if err := set(s.config.RequestTimeout, s.config.UploadTimeout+s.config.RequestTimeout); err != nil {
				return err
			}
			return next(c)
		case classPicture:
			if err := set(s.config.RequestTimeout, s.config.UploadTimeout); err != nil {
				return err
			}
			return quick(c)
		default:
			if err := set(s.config.RequestTimeout, 2*s.config.RequestTimeout); err != nil {
				return err
			}
			return quick(c)
		}
	}
}

func (s *Server) compressedAlready(c echo.Context) bool {
	k := s.classOf(c)
	r := c.Request()
	return k == classPicture || k == classEvents || r.Method == http.MethodHead || r.Header.Get("Range") != ""
}

// notFromElsewhere refuses changes that a page of another site asks for. Programs
// send neither Sec-Fetch-Site nor Origin and pass.
func (s *Server) notFromElsewhere() echo.MiddlewareFunc {
	guard := http.NewCrossOriginProtection()
	if s.config.Origin != "" {
		_ = guard.AddTrustedOrigin(s.config.Origin) // Validate found it well formed
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := guard.Check(c.Request()); err != nil {
				return &refusal{kind: errForbidden, detail: "The request came from a page of another site.", cause: err}
			}
			return next(c)
		}
	}
}

// limitBody bounds what a request may send.
func (s *Server) limitBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		limit := s.config.MaxForm
		if k := s.classOf(c); k == classUpload || k == classAPIFile || k == classChunk {
			limit += s.config.MaxUpload
		}
		r := c.Request()
		if r.ContentLength > limit {
			return &http.MaxBytesError{Limit: limit}
		}
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = http.MaxBytesReader(c.Response(), r.Body, limit)
		}
		return next(c)
	}
}

// guardForms is echo's guard against forged posts, for the pages with forms.
func (s *Server) guardForms() echo.MiddlewareFunc {
	return middleware.CSRFWithConfig(middleware.CSRFConfig{
		Skipper: func(c echo.Context) bool {
			k := s.classOf(c)
			return k != classForm && k != classUpload
		},
		ContextKey:     tokenKey,
		TokenLookup:    "form:" + formToken + ",header:" + echo.HeaderXCSRFToken,
		CookieName:     "antequem_csrf",
		CookiePath:     "/",
		CookieHTTPOnly: true,
		CookieSecure:   strings.HasPrefix(s.config.Origin, "https://"),
		CookieSameSite: http.SameSiteStrictMode,
		ErrorHandler: func(err error, _ echo.Context) error {
			return &refusal{kind: errForbidden, detail: byStatus[http.StatusForbidden].detail, cause: err}
		},
	})
}

// safe says that a method changes nothing.
func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}
