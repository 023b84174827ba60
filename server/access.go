package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/people"
	"github.com/labstack/echo/v4"
)

// least says which role each address needs at the least: the one place where that is
// decided. An address that isn't here is nobody's. Of what a reader may ask for,
// drafts are left out; see visible in publication.go.
var least = map[string]people.Role{
	"GET /":                                     people.Reader,
	"GET /method":                               people.Reader,
	"GET /new":                                  people.Contributor,
	"POST /new":                                 people.Contributor,
	"GET /locations/:slug":                      people.Reader,
	"GET /locations/:slug/compare":              people.Reader,
	"GET /locations/:slug/claims/:id":           people.Reader,
	"GET /locations/:slug/images.csv":           people.Reader,
	"GET /locations/:slug/compare.csv":          people.Reader,
	"GET /locations/:slug/claims.csv":           people.Reader,
	"GET /locations/:slug/upload":               people.Contributor,
	"POST /locations/:slug/upload":              people.Contributor,
	"GET /locations/:slug/uploads/:image":       people.Contributor,
	"GET /locations/:slug/read":                 people.Analyst,
	"POST /locations/:slug/read":                people.Analyst,
	"GET /locations/:slug/read/:turn":           people.Analyst,
	"GET /locations/:slug/readings":             people.Reader,
	"GET /locations/:slug/add":                  people.Contributor,
	"GET /locations/:slug/table":                people.Contributor,
	"POST /locations/:slug/table":               people.Contributor,
	"GET /locations/:slug/publication":          people.Editor,
	"POST /locations/:slug/publication":         people.Editor,
	"GET /locations/:slug/history":              people.Reader,
	"GET /locations/:slug/events":               people.Reader,
	"GET /locations/:slug/images/:file":         people.Reader,
	"GET /embed/locations/:slug/compare":        people.Reader,
	"GET /embed/locations/:slug/claims/:id":     people.Reader,
	"GET /oembed":                               people.Reader,
	"GET /sign-in":                              people.Reader,
	"POST /sign-in":                             people.Reader,
	"POST /sign-out":                            people.Reader,
	"GET /join":                                 people.Reader,
	"POST /join":                                people.Reader,
	"GET /account":                              people.Contributor,
	"POST /account/password":                    people.Contributor,
	"POST /account/tokens":                      people.Contributor,
	"POST /account/tokens/revoke":               people.Contributor,
	"GET /people":                               people.Editor,
	"POST /people/invite":                       people.Editor,
	"POST /people/withdraw":                     people.Editor,
	"POST /people/change":                       people.Editor,
	"GET /results/:recipe/*":                    people.Reader,
	"GET /originals/:digest":                    people.Reader, // as far as Config.Originals allows
	"GET /assets/*":                             people.Reader,
	"GET /healthz":                              people.Reader,
	"GET /readyz":                               people.Reader,
	"GET /metrics":                              people.Reader, // as far as Config.Metrics allows
	"OPTIONS /api/v1/uploads":                   people.Reader,
	"POST /api/v1/uploads":                      people.Contributor,
	"GET /api/v1/uploads/:id":                   people.Contributor,
	"PATCH /api/v1/uploads/:id":                 people.Contributor,
	"DELETE /api/v1/uploads/:id":                people.Contributor,
	"POST /api/v1/uploads/:id":                  people.Contributor,
	"GET /api/v1/openapi.json":                  people.Reader,
	"GET /api/v1/openapi.yaml":                  people.Reader,
	"GET /api/v1/openapi-3.0.json":              people.Reader,
	"GET /api/v1/openapi-3.0.yaml":              people.Reader,
	"GET /api/v1/schemas/:schema":               people.Reader,
	"GET /api/v1/locations":                     people.Reader,
	"POST /api/v1/locations":                    people.Contributor,
	"GET /api/v1/locations/:slug":               people.Reader,
	"GET /api/v1/locations/:slug/case":          people.Reader,
	"GET /api/v1/locations/:slug/report":        people.Reader,
	"GET /api/v1/locations/:slug/images":        people.Reader,
	"POST /api/v1/locations/:slug/images":       people.Contributor,
	"GET /api/v1/locations/:slug/images/:image": people.Reader,
	"GET /api/v1/locations/:slug/claims":        people.Reader,
	"POST /api/v1/locations/:slug/claims":       people.Contributor,
	"GET /api/v1/locations/:slug/claims/:id":    people.Reader,
	"POST /api/v1/locations/:slug/regions":      people.Contributor,
	"GET /api/v1/locations/:slug/result":        people.Reader,
	"GET /api/v1/locations/:slug/publication":   people.Reader,
	"POST /api/v1/locations/:slug/publication":  people.Editor,
	"GET /api/v1/locations/:slug/releases":      people.Editor,
	"POST /api/v1/locations/:slug/releases":     people.Editor,
	"GET /api/v1/locations/:slug/readings":      people.Reader,
	"GET /api/v1/locations/:slug/reading":       people.Analyst,
	"GET /api/v1/locations/:slug/reading/:turn": people.Analyst,
	"POST /api/v1/locations/:slug/readings":     people.Analyst,
	"GET /api/v1/results/:recipe/*":             people.Reader,
	"POST /api/v1/cases":                        people.Contributor,
	"PUT /api/v1/originals/:digest":             people.Contributor,
}

// A caller is who sent a request: nobody known, somebody signed in, or the one person
// at this machine, who needs no account while there is none.
type caller struct {
	people.Person
	alone bool
}

// changeBy is a change by whoever sent the request of ctx.
func changeBy(ctx context.Context) archive.Change {
	return archive.Change{By: infoOf(ctx).who.Name}
}

// roleWord is a role as pages are told it.
func roleWord(r people.Role) string {
	if r == people.Reader {
		return ""
	}
	return r.String()
}

// key tells callers apart for whom a page looks different.
func (c caller) key() string { return c.Role.String() + "/" + c.Name }

// admit finds out who sent a request and refuses what that one may not ask for.
func (s *Server) admit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		info := infoOf(c.Request().Context())
		info.from, _ = netip.ParseAddr(c.RealIP())
		var err error
		if info.who, err = s.whoAsks(c.Request(), info.from); err != nil {
			return err
		}
		c.SetRequest(withInfo(c.Request(), info))
		if info.who.Name != "" {
			c.Response().Header().Add("Vary", "Cookie, Authorization")
		}
		method := c.Request().Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		need, ok := least[method+" "+c.Path()]
		_, routed := s.classes[method+" "+c.Path()]
		wrongMethod := c.Get(echo.ContextKeyHeaderAllow) != nil
		if !ok && !routed && (wrongMethod || !strings.HasPrefix(c.Path(), apiPrefix+"/")) {
			return next(c) // there is no such address, or none for this method, which the router says
		}
		if ok && info.who.Role >= need {
			return next(c)
		}
		return s.turnAway(c, need)
	}
}

// turnAway leads whoever may see more after signing in to the form, and tells
// everybody else.
func (s *Server) turnAway(c echo.Context, need people.Role) error {
	r := c.Request()
	if who := infoOf(r.Context()).who; who.Role > people.Reader {
		return refuse(errForbidden, fmt.Sprintf("This is for the role %s; yours is %s.", need, who.Role))
	}
	switch {
	case s.people == nil:
		return refuse(errForbidden, "This can be done at the machine itself alone.")
	case safe(r.Method) && !wantsJSON(r):
		return c.Redirect(http.StatusSeeOther, page.SignInPath+"?next="+url.QueryEscape(r.URL.RequestURI()))
	}
	c.Response().Header().Set("WWW-Authenticate", "Bearer")
	return errNobody
}

// whoAsks returns who sent a request. A token that is not right is an error, so that
// a program never works as nobody unawares; a session that has ended is nobody.
func (s *Server) whoAsks(r *http.Request, from netip.Addr) (caller, error) {
	if s.people == nil {
		return caller{Person: people.Person{Role: roleAlone(s.local(r))}, alone: s.local(r)}, nil
	}
	if text, ok := bearer(r); ok {
		p, err := s.people.Of(r.Context(), people.Token, text)
		if errors.Is(err, people.ErrWrong) {
			return caller{}, &refusal{kind: errNobody, detail: "The token is not known, has expired or was revoked.", cause: errors.Join(err, s.people.Guess(from))}
		}
		return caller{Person: p}, err
	}
	if k, err := r.Cookie(s.sessionCookie()); err == nil {
		p, err := s.people.Of(r.Context(), people.Session, k.Value)
		if !errors.Is(err, people.ErrWrong) {
			return caller{Person: p}, err
		}
	}
	if !s.local(r) {
		return caller{}, nil
	}
	any, err := s.people.Any(r.Context())
	return caller{Person: people.Person{Role: roleAlone(!any)}, alone: !any}, err
}

// roleAlone is the role of somebody without an account.
func roleAlone(alone bool) people.Role {
	if alone {
		return people.Editor
	}
	return people.Reader
}

// bearer returns the token that a program sends with a call of the API.
func bearer(r *http.Request) (string, bool) {
	text := r.Header.Get("Authorization")
	if !strings.HasPrefix(r.URL.Path, apiPrefix+"/") || text == "" {
		return "", false
	}
	scheme, token, _ := strings.Cut(text, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		token = ""
	}
	return strings.TrimSpace(token), true
}

// addresses says how a reader's address is found: it is that of the connection, or,
// where that is a proxy's of Config.Proxies, the one that the proxy names.
func (s *Server) addresses() echo.IPExtractor {
	if len(s.config.Proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range s.config.Proxies {
		if _, network, err := net.ParseCIDR(p); err == nil { // Validate found it well formed
			trust = append(trust, echo.TrustIPRange(network))
		}
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}

// MayListen refuses an address that others can reach while there is no account of an
// editor: whoever came first would be everybody.
func (s *Server) MayListen(ctx context.Context, addr net.Addr) error {
	if onLoopback(addr) {
		return nil
	}
	if s.people != nil {
		if has, err := s.people.HasEditor(ctx); err != nil || has {
			return err
		}
	}
	return fmt.Errorf("serve %s: others can reach this address, and there is no editor's account yet: make one with 'antequem user add NAME --role editor'", addr)
}

// onLoopback says that an address can be reached from this machine alone.
func onLoopback(addr net.Addr) bool {
	a, ok := addr.(*net.TCPAddr)
	return ok && a.IP.IsLoopback()
}
