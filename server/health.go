package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/antequem/antequem/imagery"
)

// readyTimeout is how long the records may take to answer before the service
// counts as not ready.
const readyTimeout = 2 * time.Second

// alive answers /healthz: the process runs and answers.
func (s *Server) alive(w http.ResponseWriter, _ *http.Request) error {
	return writeText(w, "ok\n")
}

// ready answers /readyz: the records can be read and the service is not stopping.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) error {
	if s.stopping() {
		return refuse(errBusy, "The service is stopping.")
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	// A slug is never empty, so the records answer that there is none.
	if _, err := s.archive.Location(ctx, ""); err != nil && !errors.Is(err, imagery.ErrNotFound) {
		return &refusal{kind: errBusy, detail: "The records can't be read.", cause: fmt.Errorf("ready: %w", err)}
	}
	return writeText(w, "ready\n")
}

func writeText(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write([]byte(text))
	return err
}
