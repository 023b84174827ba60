package server

import (
	"bytes"
	"context"
	"log"
	"log/slog"
	"net/http"
	"regexp"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// record writes one line for each request: its method, path, status, size and time, and
// how it failed. Left out are the address, software, account and language of whoever
// asked, cookies and tokens, the query, in which an invitation may stand, and what was
// sent: words, names of files, who is in them.
func (s *Server) record() echo.MiddlewareFunc {
	return middleware.RequestLoggerWithConfig(middleware.RequestLoggerConfig{
		HandleError: true, LogStatus: true, LogMethod: true, LogURIPath: true, LogLatency: true, LogError: true, LogResponseSize: true,
		LogValuesFunc: func(c echo.Context, v middleware.RequestLoggerValues) error {
			ctx := c.Request().Context()
			attrs := []slog.Attr{
				slog.String("id", infoOf(ctx).id),
				slog.String("method", firstBytes(v.Method, 20)),
				slog.String("path", loggedPath(v.URIPath)),
				slog.Int("status", v.Status),
				slog.Int64("bytes", v.ResponseSize),
				slog.Duration("took", v.Latency),
			}
			if v.Error != nil {
				attrs = append(attrs, slog.String("err", loggedError(v.Error, v.Status)))
			}
			s.log.LogAttrs(ctx, levelOf(v.Status), "request", attrs...)
			return nil
		},
	})
}

// loggedError is what the log holds of a failure. One of the service is told with its
// cause. One of whoever asked is told by its kind alone, for its cause repeats what was
// typed, and its sender was told all of it.
func loggedError(err error, status int) string {
	if levelOf(status) == slog.LevelError || status == http.StatusServiceUnavailable {
		return address.ReplaceAllString(err.Error(), "(address)")
	}
	return explain(err).Title
}

var (
	// address is an address of a connection, as package net writes it.
	address = regexp.MustCompile(`(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:.]*(?:%[^\]\s]+)?\]):\d+`)

	// secret is the text of a session, a token or an invitation.
	secret = regexp.MustCompile(`(?i)[A-Z2-7]{12}(?:-|%2D)[A-Z2-7]{10,}`)
)

// loggedPath is a path without the secrets that somebody pasted into it, and no longer
// than any of ours.
func loggedPath(path string) string {
	return firstBytes(secret.ReplaceAllString(path, "(secret)"), 500)
}

// serverLog takes what net/http says of broken connections, without their addresses.
func (s *Server) serverLog() *log.Logger {
	return log.New(quietly{s.log}, "", 0)
}

type quietly struct{ log *slog.Logger }

func (q quietly) Write(line []byte) (int, error) {
	q.log.Log(context.Background(), slog.LevelWarn, string(address.ReplaceAll(bytes.TrimSpace(line), []byte("(address)"))))
	return len(line), nil
}
