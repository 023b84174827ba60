package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"
)

// keepFor is how long a page may be shown again as it was. What this process
// changes shows at once; a change by another process, such as the command line,
// after this time.
const keepFor = time.Second

// A kept page is one that was sent and may be sent again.
type kept struct {
	head     http.Header
	body     []byte
	at       time.Time
	revision uint64 // of the records, as far as this process changed them
}

// changed says that records are not what they were.
func (s *Server) changed() { s.revision.Add(1) }

// keeping lets many readers of one page share the work of making it. Only pages
// that wait for nothing are kept.
func (s *Server) keeping(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		key := infoOf(r.Context()).who.key() + " " + s.origin(r) + " " + strconv.FormatBool(s.allowed(s.config.Originals, r)) + " " + string(infoOf(r.Context()).lang) + " " + r.URL.RequestURI()
		revision := s.revision.Load()
		if p, ok := s.pages.get(key); ok && p.revision == revision && time.Since(p.at) < keepFor {
			return p.send(w, r)
		}
		rec := &recording{head: http.Header{}, status: http.StatusOK}
		if err := h(rec, r); err != nil {
			return err
		}
		if rec.status != http.StatusOK {
			rec.replay(w)
			return nil
		}
		sum := sha256.Sum256(rec.body.Bytes())
		rec.head.Set("Etag", `W/"`+hex.EncodeToString(sum[:12])+`"`)
		p := kept{head: rec.head, body: rec.body.Bytes(), at: time.Now(), revision: revision}
		if rec.head.Get("Cache-Control") == unchanged {
			s.pages.put(key, p)
		}
		return p.send(w, r)
	}
}

func (p kept) send(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	for name, values := range p.head {
		h[name] = values
	}
	if r.Header.Get("If-None-Match") == p.head.Get("Etag") {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, err := w.Write(p.body)
	return err
}

// A recording holds an answer back.
type recording struct {
	head   http.Header
	status int
	body   bytes.Buffer
}

func (r *recording) Header() http.Header         { return r.head }
func (r *recording) WriteHeader(status int)      { r.status = status }
func (r *recording) Write(b []byte) (int, error) { return r.body.Write(b) }

func (r *recording) replay(w http.ResponseWriter) {
	h := w.Header()
	for name, values := range r.head {
		h[name] = values
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body.Bytes()) // whoever asked has gone: nobody is left to tell
}
