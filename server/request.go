package server

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// A handler answers one request, or says why it can't; errors.go turns that into
// an answer. It knows net/http alone: path values come by r.PathValue.
type handler func(w http.ResponseWriter, r *http.Request) error

// A class says what a route needs from the middleware around it.
type class int

const (
	classPage    class = iota // small and quick, compressed
	classForm                 // a page with a form, or the form sent: guarded against forgery
	classUpload               // a form with a file
	classPicture              // bytes that are compressed already, and may be many
	classEvents               // stays open
	classAPI                  // JSON
	classAPIFile              // JSON out, a file in
	classAPIForm              // JSON out, a form without a file in
	classChunk                // part of a file in
)

// A route leads from an address to its handler. Its pattern holds {names}.
type route struct {
	method, pattern string
	class           class
	handle          handler
}

type requestKey struct{}

// A requestInfo is what the middleware found out about a request.
type requestInfo struct {
	id     string // names the request in log and answers
	origin string // scheme and host that readers use, without a slash at the end
	from   netip.Addr
	who    caller
	token  string // against forged posts; "" where the route has no form
	tongue
}

func withInfo(r *http.Request, i requestInfo) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), requestKey{}, i))
}

func infoOf(ctx context.Context) requestInfo {
	i, _ := ctx.Value(requestKey{}).(requestInfo)
	return i
}

// wantsJSON says that whoever asks reads problem documents rather than pages.
func wantsJSON(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, "/api/") || r.URL.Path == "/oembed" {
		return true
	}
	accept := r.Header.Get("Accept")
	return strings.Contains(accept, "json") && !strings.Contains(accept, "text/html")
}

// local says that the reader sits at this machine: the connection and the name
// asked for are its own, and no proxy stands between.
func (s *Server) local(r *http.Request) bool {
	if s.config.Origin != "" || !r.ProtoAtLeast(1, 1) { // some proxies speak HTTP/1.0 and say nothing else of themselves
		return false
	}
	for h := range r.Header { // whoever writes them may be a proxy; nobody gains by them
		if slices.Contains([]string{"Forwarded", "X-Real-Ip", "Via"}, h) || strings.HasPrefix(h, "X-Forwarded-") {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() && loopbackName(hostOf(r))
}

func (s *Server) allowed(a Access, r *http.Request) bool {
	return a == AccessAll || a == AccessLoopback && s.local(r)
}

// hostOf returns the host that r asks for, in lower case and without a port.
func hostOf(r *http.Request) string {
	h := r.Host
	if host, _, err := net.SplitHostPort(h); err == nil {
		h = host
	}
	return strings.ToLower(strings.Trim(h, "[]"))
}

// loopbackName says that a host name can only mean the reader's own machine.
func loopbackName(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// origin returns scheme and host that readers use, without a slash at the end.
func (s *Server) origin(r *http.Request) string {
	if s.config.Origin != "" {
		return s.config.Origin
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
