package server

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/antequem/antequem/server/page"
)

// languageCookie remembers the language that a reader chose by a link.
const languageCookie = "antequem_lang"

// A tongue is the language of an answer.
type tongue struct {
	lang   page.Language
	chosen bool // the address names it
}

// tongueOf finds the language of an answer: the one that the address names, else
// the one chosen before, else what the browser asks for. A language that pages are
// not written in is passed over, so that a link lives longer than the list.
func tongueOf(r *http.Request) tongue {
	if l, ok := page.ParseLanguage(r.URL.Query().Get(page.LanguageKey)); ok {
		return tongue{l, true}
	}
	if c, err := r.Cookie(languageCookie); err == nil && !embedded(r) {
		if l, ok := page.ParseLanguage(c.Value); ok {
			return tongue{lang: l}
		}
	}
	return tongue{lang: page.MatchLanguage(r.Header.Get("Accept-Language"))}
}

// embedded says that the page stands in a frame, perhaps on another's site, where
// nothing is remembered.
func embedded(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/embed/") }

// remember keeps a choice for the pages that follow. It holds a language and
// nothing about the reader.
func (s *Server) remember(w http.ResponseWriter, r *http.Request, t tongue) {
	if !t.chosen || embedded(r) || r.Method != http.MethodGet || wantsJSON(r) {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: languageCookie, Value: string(t.lang), Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(s.config.Origin, "https://"),
	})
}

// here is the address of a request without its language.
func here(r *http.Request) string {
	q := r.URL.Query()
	q.Del(page.LanguageKey)
	u := url.URL{Path: r.URL.Path, RawQuery: q.Encode()}
	return u.RequestURI()
}
