package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
)

// embeddable are the addresses that have a form without surroundings.
var embeddable = regexp.MustCompile(`^/locations/([a-z0-9][a-z0-9-]*)/(?:compare|claims/([A-Za-z0-9][A-Za-z0-9._-]*))$`)

// Size of an embed where the page that frames it gives none, px.
const (
	embedWidth  = 800
	embedHeight = 640
)

// An embedding is an answer of oEmbed 1.0, type rich (https://oembed.com).
type embedding struct {
	Version      string `json:"version"`
	Type         string `json:"type"`
	Title        string `json:"title"`
	ProviderName string `json:"provider_name"`
	ProviderURL  string `json:"provider_url"`
	CacheAge     int    `json:"cache_age"` // seconds
	HTML         string `json:"html"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
}

// oembed answers /oembed: how a page of this service is embedded in another.
func (s *Server) oembed(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if f := q.Get("format"); f != "" && f != "json" {
		return routerError{status: http.StatusNotImplemented, cause: refuse(imagery.ErrUnsupported, "Only format=json is offered.")}
	}
	at, err := s.embedTarget(r, q.Get("url"))
	if err != nil {
		return err
	}
	m := embeddable.FindStringSubmatch(at.Path)
	c, err := s.caseOf(r.Context(), m[1])
	if err != nil {
		return err
	}
	title := titleOf(c)
	if m[2] != "" {
		i, err := claimIndex(c, m[2])
		if err != nil {
			return err
		}
		title = c.Claims[i].Text
	}
	width, err := within(q.Get("maxwidth"), embedWidth)
	if err != nil {
		return err
	}
	height, err := within(q.Get("maxheight"), embedHeight)
	if err != nil {
		return err
	}
	src := s.origin(r) + page.EmbedPath(at.RequestURI())
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	if err := enc.Encode(embedding{
		Version: "1.0", Type: "rich", Title: title, ProviderName: "Antequem", ProviderURL: s.origin(r) + "/", CacheAge: 3600,
		HTML: fmt.Sprintf(`<iframe src="%s" title="%s" width="%d" height="%d" loading="lazy" allowfullscreen></iframe>`,
			html.EscapeString(src), html.EscapeString(title), width, height),
		Width: width, Height: height,
	}); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Access-Control-Allow-Origin", "*") // it holds nothing that isn't public, and pages of others may ask
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	_, err = b.WriteTo(w)
	return err
}

// embedTarget reads the address of a page of this service, with or without /embed.
func (s *Server) embedTarget(r *http.Request, text string) (*url.URL, error) {
	if text == "" {
		return nil, refuse(imagery.ErrInvalid, "Say which page with url=….")
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme+"://"+u.Host != s.origin(r) {
		return nil, &refusal{kind: imagery.ErrNotFound, detail: "That is no page of this service.", cause: err}
	}
	at := &url.URL{Path: strings.TrimPrefix(u.Path, "/embed"), RawQuery: u.Query().Encode()}
	if !embeddable.MatchString(at.Path) {
		return nil, refuse(imagery.ErrNotFound, "Comparisons and claims can be embedded, other pages can't.")
	}
	return at, nil
}

// within returns the smaller of a limit as typed and of n.
func within(limit string, n int) (int, error) {
	if limit == "" {
		return n, nil
	}
	v, err := strconv.Atoi(limit)
	if err != nil || v < 1 {
		return 0, refuse(imagery.ErrInvalid, "maxwidth and maxheight are whole numbers of pixels.")
	}
	return min(v, n), nil
}

// offerEmbed lets programs that read a page's headers discover its embed.
func (s *Server) offerEmbed(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/embed/") {
		return
	}
	at := s.origin(r) + r.URL.RequestURI()
	w.Header().Add("Link", fmt.Sprintf(`<%s%s?url=%s>; rel="alternate"; type="application/json+oembed"`, s.origin(r), page.OEmbedPath, url.QueryEscape(at)))
}
