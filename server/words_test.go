package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server"
)

func TestAKindOfFailureHasOneStatusAndPublicWords(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		status int
	}{
		{"not found", imagery.ErrNotFound, 404},
		{"invalid", imagery.ErrInvalid, 400},
		{"unsupported", imagery.ErrUnsupported, 422},
		{"corrupt", imagery.ErrCorrupt, 422},
		{"not aligned", imagery.ErrNotAligned, 422},
		{"too large", imagery.ErrTooLarge, 413},
		{"more bytes than are taken", &http.MaxBytesError{Limit: 1}, 413},
		{"taken, which is invalid too", archive.ErrExists, 409},
		{"too slow", context.DeadlineExceeded, 503},
		{"anything else", errors.New("disk on fire"), 500},
	} {
		err := fmt.Errorf("open /secret/path: %w", c.err)
		status, title, detail := server.Explain(err)
		if status != c.status || title == "" || detail == "" {
			t.Errorf("%s: %d %q %q, want %d", c.name, status, title, detail, c.status)
		}
		if strings.Contains(detail, "secret") || strings.Contains(detail, "disk on fire") {
			t.Errorf("%s: the reader is told of the inside: %q", c.name, detail)
		}
	}
}

func TestWhyAJobFailedNamesNoPath(t *testing.T) {
	if got := server.PublicFailure("open /home/x/data: input/output error"); strings.Contains(got, "home") {
		t.Error(got)
	}
	if got := server.PublicFailure("b.tif: decode: corrupt"); got != "b.tif: decode: corrupt" {
		t.Error(got)
	}
}

func FuzzAddresses(f *testing.F) {
	h, _, _, _ := judged(f, settle())
	for _, s := range []string{"/", "/locations/block/compare?before=..&mode=%00", "/embed/%2e%2e", "/results/../x", "/oembed?url=%zz", "/api/v1/locations/%ff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := http.NewRequest("GET", "http://localhost/"+strings.TrimPrefix(s, "/"), nil)
		if err != nil {
			return
		}
		r.RemoteAddr, r.RequestURI = "127.0.0.1:1", r.URL.RequestURI()
		if a := serveOne(h.Handler(), r); a.StatusCode >= 500 && a.StatusCode != http.StatusServiceUnavailable && a.StatusCode != http.StatusNotImplemented {
			b, _ := io.ReadAll(a.Body)
			t.Errorf("%q: %d\n%s\n%s", s, a.StatusCode, b, h.log.String())
		}
	})
}
