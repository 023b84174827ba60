package server

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"strings"

	"github.com/antequem/antequem/server/page"
	"github.com/labstack/echo/v4"
)

// formToken is the field that carries the token against forged posts.
const formToken = page.FieldToken

// formMemory is how much of a form is held in memory; the rest goes to temporary
// files, which are removed when the request ends.
const formMemory = 1 << 20

// readForm reads a sent form before anything looks into it, so that one that is
// too large or cut off is told as what it is.
func (s *Server) readForm(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		k := s.classOf(c)
		if safe(r.Method) || r.Method == http.MethodPut || k != classForm && k != classUpload && k != classAPIFile && k != classAPIForm {
			return next(c)
		}
		typ, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		switch {
		case err == nil && typ == "multipart/form-data":
			err = r.ParseMultipartForm(formMemory)
		case err == nil && typ == "application/x-www-form-urlencoded":
			err = r.ParseForm()
		default:
			return &refusal{kind: errForm, detail: "Send the fields and the file as multipart/form-data.", cause: err}
		}
		if err != nil {
			return formError(err)
		}
		if r.MultipartForm != nil {
			// net/http does so only for the request that it made itself, and this is a copy.
			defer func() { _ = r.MultipartForm.RemoveAll() }()
		}
		return next(c)
	}
}

// formError says why a form could not be read.
func formError(err error) error {
	var tooLong *http.MaxBytesError
	var timeout net.Error
	switch {
	case errors.As(err, &tooLong), errors.Is(err, multipart.ErrMessageTooLarge):
		return &http.MaxBytesError{Limit: limitOf(tooLong)}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), strings.Contains(err.Error(), "unexpected EOF"):
		return &refusal{kind: errCutOff, cause: err}
	case errors.As(err, &timeout) && timeout.Timeout():
		return &refusal{kind: errCutOff, detail: "The upload took too long. Nothing was stored.", cause: err}
	}
	return &refusal{kind: errForm, cause: err}
}

func limitOf(e *http.MaxBytesError) int64 {
	if e == nil {
		return 0
	}
	return e.Limit
}
