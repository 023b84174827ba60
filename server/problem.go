package server

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/people"
	"github.com/danielgtaylor/huma/v2"
)

// tell writes what went wrong, as a page or as a problem document (RFC 9457).
func (s *Server) tell(w http.ResponseWriter, r *http.Request, t trouble) {
	h := w.Header()
	for _, name := range []string{"Etag", "Last-Modified", "Content-Length", "Content-Disposition"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	if t.Status == http.StatusTooManyRequests || t.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", strconv.Itoa(retryAfter))
	}
	var b bytes.Buffer
	if wantsJSON(r) {
		h.Set("Content-Type", "application/problem+json")
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(problemOf(toldIn(infoOf(r.Context()).tongue, t))) // strings and numbers alone: can't fail
	} else {
		h.Set("Content-Type", "text/html; charset=utf-8")
		site := s.site(r)
		site.Here = "" // an address that leads nowhere is not repeated
		v := page.ProblemView{Site: site, Status: t.Status, Title: t.Title, Detail: t.Detail, RequestID: infoOf(r.Context()).id, Tombstone: t.Tomb}
		if err := page.Problem(&b, v); err != nil {
			s.log.ErrorContext(r.Context(), "page", "err", err)
			h.Set("Content-Type", "text/plain; charset=utf-8")
			b.Reset()
			b.WriteString(t.Title + ". " + t.Detail + "\n")
		}
	}
	w.WriteHeader(t.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // whoever asked has gone: nobody is left to tell
	}
}

// retryAfter is the number of seconds that a busy service asks for.
const retryAfter = 2

// toldIn says t in the language that the address names, if it names one: programs get
// English, whatever their language.
func toldIn(in tongue, t trouble) trouble {
	if !in.chosen {
		return t
	}
	t.Title, t.Detail, t.Fields = page.Tell(in.lang, t.Title), page.Tell(in.lang, t.Detail), maps.Clone(t.Fields)
	for f, text := range t.Fields {
		t.Fields[f] = page.Tell(in.lang, text)
	}
	return t
}

// problemOf puts t into RFC 9457's words.
func problemOf(t trouble) *huma.ErrorModel {
	m := &huma.ErrorModel{Type: "about:blank", Title: t.Title, Status: t.Status, Detail: t.Detail}
	for _, f := range slices.Sorted(maps.Keys(t.Fields)) {
		m.Errors = append(m.Errors, &huma.ErrorDetail{Location: "body." + f, Message: t.Fields[f]})
	}
	return m
}

// site returns what all pages share.
func (s *Server) site(r *http.Request) page.Site {
	info := infoOf(r.Context())
	who := info.who
	return page.Site{
		Lang: info.lang, Chosen: info.chosen, Here: here(r),
		Origin: s.origin(r), Version: s.version, ReadOnly: s.config.ReadOnly || who.Role < people.Contributor,
		Visitor: page.Visitor{Person: who.Name, Role: roleWord(who.Role), SignIn: s.people != nil && !who.alone},
	}
}

// unchanged is the Cache-Control of a page that stays as it is until records change.
const unchanged = "no-cache"

// render sends a page: the whole of it, or an error. One that waits for jobs is
// another the next time.
func render[V any](w http.ResponseWriter, write func(io.Writer, V) error, v V, jobs ...page.Job) error {
	w.Header().Set("Cache-Control", unchanged)
	w.Header().Add("Vary", "Accept-Language, Cookie")
	if len(jobs) > 0 {
		w.Header().Set("Cache-Control", "no-store")
	}
	return write(asHTML(w), v)
}
