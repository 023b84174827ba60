package server_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image/gif"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestAPageIsWrittenInTheLanguageThatItsReaderReads(t *testing.T) {
	h, slug, _, _ := judged(t, settle())
	path := "/locations/" + slug
	language := regexp.MustCompile(`<html lang="([a-z]+)" dir="([a-z]+)"`)
	for _, c := range []struct {
		name, path, want string
		mend             []func(*http.Request)
	}{
		{"nobody asks for one", path, "en ltr", nil},
		{"the browser asks for one", path, "uk ltr", []func(*http.Request){with("Accept-Language", "uk-UA,uk;q=0.9")}},
		{"the browser asks for one that pages are not written in", path, "en ltr", []func(*http.Request){with("Accept-Language", "fi")}},
		{"the address names one", path + "?lang=ar", "ar rtl", []func(*http.Request){with("Accept-Language", "uk")}},
		{"the address names none that there is", path + "?lang=../../etc", "uk ltr", []func(*http.Request){with("Accept-Language", "uk")}},
		{"one was chosen before", path, "fr ltr", []func(*http.Request){with("Cookie", "antequem_lang=fr"), with("Accept-Language", "uk")}},
		{"a frame remembers nothing", "/embed" + path + "/claims/struck", "uk ltr", []func(*http.Request){with("Cookie", "antequem_lang=fr"), with("Accept-Language", "uk")}},
	} {
		got := language.FindStringSubmatch(body(t, ask(h.Handler(), "GET", c.path, c.mend...)))
		if got == nil || got[1]+" "+got[2] != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
	r := ask(h.Handler(), "GET", path+"?lang=es")
	if c := r.Header.Get("Set-Cookie"); !strings.HasPrefix(c, "antequem_lang=es;") || !strings.Contains(c, "SameSite=Lax") || !strings.Contains(c, "HttpOnly") {
		t.Errorf("the choice is remembered as %q", c)
	}
	if v := r.Header.Get("Vary"); !strings.Contains(strings.Join(r.Header.Values("Vary"), ", "), "Accept-Language") {
		t.Errorf("caches are not told that pages differ by language: Vary %q", v)
	}
	if c := ask(h.Handler(), "GET", "/embed"+path+"/claims/struck?lang=es").Header.Get("Set-Cookie"); strings.Contains(c, "antequem_lang") {
		t.Errorf("a frame sets %q", c)
	}
}

func TestAPageTellsOfItsTranslations(t *testing.T) {
	h, slug, before, after := judged(t, settle())
	got := body(t, ask(h.Handler(), "GET", fmt.Sprintf("/locations/%s/compare?after=%s&before=%s&mode=fade&lang=fr", slug, after.Short(), before.Short())))
	for _, l := range []string{"en", "ar", "uk", "ru", "fr", "es"} {
		want := fmt.Sprintf(`hreflang="%s" href="http://localhost/locations/%s/compare?before=%s&amp;after=%s&amp;mode=fade&amp;lang=%s"`, l, slug, before.Short(), after.Short(), l)
		if !strings.Contains(got, want) {
			t.Errorf("no link to %s", l)
		}
	}
	if strings.Contains(got, "lang=fr&amp;lang=") {
		t.Error("an address names two languages")
	}
}

func TestAComparisonCanBeTakenAway(t *testing.T) {
	h, slug, before, after := judged(t, settle())
	path := fmt.Sprintf("/locations/%s/compare?before=%s&after=%s", slug, before.Short(), after.Short())
	got := body(t, ask(h.Handler(), "GET", path))
	card := regexp.MustCompile(`property="og:image" content="http://localhost(/results/[0-9a-f]{64}/)card.png"`).FindStringSubmatch(got)
	if card == nil {
		t.Fatal("the page has no picture for other sites")
	}
	if !strings.Contains(got, `name="twitter:card" content="summary_large_image"`) {
		t.Error("the page asks for no large card")
	}
	im, err := png.Decode(bytes.NewReader([]byte(body(t, ask(h.Handler(), "GET", card[1]+"card.png")))))
	if err != nil || im.Bounds().Dx() != 1200 || im.Bounds().Dy() != 630 {
		t.Errorf("card: %v, %v", im.Bounds(), err)
	}
	r := ask(h.Handler(), "GET", card[1]+"turns.gif")
	turns, err := gif.DecodeAll(bytes.NewReader([]byte(body(t, r))))
	if err != nil || len(turns.Image) != 2 || r.Header.Get("Content-Type") != "image/gif" {
		t.Fatalf("the turning picture: %v, %v", r.Header.Get("Content-Type"), err)
	}
	if turns.Delay[0] < 34 {
		t.Errorf("the pictures turn every %d hundredths of a second: three flashes a second and more", turns.Delay[0])
	}
	lines, err := csv.NewReader(strings.NewReader(body(t, ask(h.Handler(), "GET", strings.Replace(path, "/compare?", "/compare.csv?", 1))))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	numbers := map[string]string{}
	for _, l := range lines {
		numbers[l[0]] = l[1]
	}
	if numbers["alignment_status"] != "aligned" || numbers["before_acquired"] != "2015-10-15" || numbers["after_basis"] != "claimed" || numbers["expected_error"] == "" {
		t.Errorf("the numbers say %v", numbers)
	}
	if r := ask(h.Handler(), "GET", fmt.Sprintf("/locations/%s/compare.csv?before=%s&after=zzz", slug, before.Short())); r.StatusCode != 404 {
		t.Errorf("numbers of an image that is not held: %d", r.StatusCode)
	}
	if claim := body(t, ask(h.Handler(), "GET", "/locations/"+slug+"/claims/struck")); !strings.Contains(claim, `card.png"`) {
		t.Error("the claim has no picture for other sites, though its pair has one")
	}
}

// Programs get English, whatever their language; a page that names its own gets that.
func TestAnAnswerToAScriptIsInTheLanguageThatItNames(t *testing.T) {
	h, slug, _, _ := judged(t, settle())
	mine := func(r *http.Request) { r.RemoteAddr = "127.0.0.1:40000"; sameOrigin(r) }
	picture := string(dated(t, scene(t, 7, true), "2014-01-02T10:00:00Z"))
	path, _ := begun(t, h.Handler(), slug, len(picture), mine)
	if r := tus(h.Handler(), "PATCH", path, strings.NewReader(picture), mine, "Upload-Offset", "0", "Content-Type", octets); r.StatusCode != 204 {
		t.Fatalf("%d", r.StatusCode)
	}
	for query, want := range map[string]string{
		"?lang=uk": "Цю дату не вдається прочитати: місяці — від 01 до 12, пори року — від 21 до 24.",
		"":         "This date can't be read: months run from 01 to 12, seasons from 21 to 24.",
	} {
		r := postForm(h.Handler(), path+query, url.Values{"acquired": {"2016-13"}}, with("Accept", "application/json"), with("Accept-Language", "uk"))
		if text := body(t, r); r.StatusCode != 422 || !strings.Contains(text, want) {
			t.Errorf("%q: %d\n%s", query, r.StatusCode, text)
		}
	}
	r := postForm(h.Handler(), path+"?lang=fr", url.Values{"acquired": {"2016"}}, with("Accept", "application/json"))
	if text := body(t, r); r.StatusCode != 200 || !strings.Contains(text, "D’après la date déclarée, 2016, l’image a été prise après la création") || !strings.Contains(text, "By the declared date, 2016,") {
		t.Errorf("%d\n%s", r.StatusCode, text)
	}
}
