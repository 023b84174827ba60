package page_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/antequem/antequem/server/page"
)

// messages reads the catalogue of a language and refuses a key that stands twice.
func messages(t *testing.T, l page.Language) map[string]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("messages", string(l)+".json"))
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	d := json.NewDecoder(bytes.NewReader(b))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			t.Fatal(l, err)
		}
		text, err := d.Token()
		if err != nil {
			t.Fatal(l, key, err)
		}
		if _, twice := m[key.(string)]; twice {
			t.Errorf("%s: %s stands twice", l, key)
		}
		m[key.(string)] = text.(string)
	}
	return m
}

var (
	placeholder = regexp.MustCompile(`\{[^}]*\}`)
	// categories are the plural forms of CLDR that counts can take.
	categories = map[page.Language][]string{
		"en": {"one", "other"}, "fr": {"one", "other"}, "es": {"one", "other"},
		"ru": {"one", "few", "many", "other"}, "uk": {"one", "few", "many", "other"},
		"ar": {"zero", "one", "two", "few", "many", "other"},
	}
)

// exact are the forms that stand for one number alone.
var exact = map[page.Language][]string{"en": {"one"}, "es": {"one"}, "ar": {"zero", "one", "two"}}

// optional are messages that only some languages need.
var optional = []string{"date.first"}

// of returns the forms of one message: one for "", or one for each category.
func of(m map[string]string, key string) map[string]string {
	out := map[string]string{}
	for k, text := range m {
		if base, category, _ := strings.Cut(k, "|"); base == key {
			out[category] = text
		}
	}
	return out
}

func bases(m map[string]string) (keys []string) {
	for k := range m {
		base, _, _ := strings.Cut(k, "|")
		if !slices.Contains(optional, base) && !slices.Contains(keys, base) {
			keys = append(keys, base)
		}
	}
	slices.Sort(keys)
	return keys
}

func values(text string) []string {
	v := placeholder.FindAllString(text, -1)
	slices.Sort(v)
	return slices.Compact(v)
}

func TestEveryLanguageHasEveryMessageWithTheSameValues(t *testing.T) {
	english := messages(t, page.English)
	for _, l := range page.Languages {
		own := messages(t, l)
		for _, key := range bases(own) {
			if len(of(english, key)) == 0 {
				t.Errorf("%s: %s is no message in English", l, key)
			}
		}
		for _, key := range bases(english) {
			forms, wants := of(own, key), of(english, key)
			_, single := wants[""]
			switch {
			case len(forms) == 0:
				t.Errorf("%s lacks %s", l, key)
			case single && len(forms) != 1:
				t.Errorf("%s: %s has %d forms, want one", l, key, len(forms))
			case !single:
				for _, c := range categories[l] {
					if _, ok := forms[c]; !ok {
						t.Errorf("%s: %s lacks the form for %s", l, key, c)
					}
				}
			}
			for c, text := range forms {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s: %s says nothing", l, key)
				}
				want := wants["other"]
				if single {
					want = wants[""]
				}
				got := values(text)
				if slices.Contains(exact[l], c) && !slices.Contains(got, "{n}") {
					got = values(text + "{n}") // the form is of one number alone, and may have it in words
				}
				if !slices.Equal(got, values(want)) {
					t.Errorf("%s: %s|%s has the values %v, want %v", l, key, c, got, values(want))
				}
			}
		}
		for _, key := range []string{"date.months", "date.months.alone"} {
			if n := len(strings.Split(own[key], "|")); n != 12 {
				t.Errorf("%s: %s has %d months", l, key, n)
			}
		}
	}
}

func TestEveryMessageThatAPageAsksForIsThere(t *testing.T) {
	english := messages(t, page.English)
	asked := regexp.MustCompile(`(?:\bt |\.say\(|\.text\(|Say\([A-Za-z.()]+, )"([a-z0-9.-]+)"`)
	files, err := filepath.Glob("templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"*.go", "../*.go"} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range asked.FindAllSubmatch(b, -1) {
			key := string(m[1])
			if strings.HasSuffix(key, ".") || slices.Contains(optional, key) {
				continue // the beginning of a family
			}
			if len(of(english, key)) == 0 {
				t.Errorf("%s asks for %s", name, key)
			}
		}
	}
}

// spoken is a message that a script asks for.
var spoken = regexp.MustCompile("\\bsay\\((?:\"([a-z0-9.-]+)\"|`([^`]+)`)")

type script struct{ name, text string }

// scripts reads the sources of what runs on the pages.
func scripts(t *testing.T) (out []script) {
	t.Helper()
	for _, pattern := range []string{"../web/src/*.ts", "../web/static/*.js"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, script{f, string(b)})
		}
	}
	return out
}

func TestEveryMessageThatAScriptAsksForIsThere(t *testing.T) {
	english := messages(t, page.English)
	found := 0
	for _, s := range scripts(t) {
		for _, m := range spoken.FindAllStringSubmatch(s.text, -1) {
			found++
			family, _, many := strings.Cut(m[1]+m[2], "${")
			if many && !slices.ContainsFunc(bases(english), func(key string) bool { return strings.HasPrefix(key, family) }) ||
				!many && len(of(english, family)) == 0 {
				t.Errorf("%s asks for %s", s.name, m[0])
			}
		}
	}
	if found < 40 {
		t.Errorf("%d messages found: the pattern is out of date", found)
	}
}

func TestAReaderIsServedInTheLanguageTheirBrowserAsksFor(t *testing.T) {
	for header, want := range map[string]page.Language{
		"":                                   "en",
		"de-DE,de;q=0.9":                     "en",
		"ar-SY,ar;q=0.9,en;q=0.5":            "ar",
		"fr-CH, fr;q=0.9, en;q=0.8, de;q=.7": "fr",
		"es-419":                             "es",
		"uk,ru;q=0.8":                        "uk",
		"de;q=0.9, ru;q=0.5":                 "ru",
		"nonsense;;;q=x":                     "en",
		strings.Repeat("fr,", 4000):          "en", // longer than any browser's
	} {
		if got := page.MatchLanguage(header); got != want {
			t.Errorf("%.40q: %s, want %s", header, got, want)
		}
	}
}

// heldForScripts is what scripts put values into.
var heldForScripts = regexp.MustCompile(`data-words="[^"]*"`)

func TestEachPageIsWholeInEveryLanguage(t *testing.T) {
	for _, l := range page.Languages {
		s := plainSample(t)
		s.lang = l
		for name, b := range s.pages() {
			root := tree(t, b)
			h := elements(root, "html")[0]
			if lang, _ := attr(h, "lang"); lang != string(l) && name != "locations, none" {
				t.Errorf("%s in %s says it is in %s", name, l, lang)
			}
			if dir, _ := attr(h, "dir"); dir != l.Direction() && name != "locations, none" {
				t.Errorf("%s in %s is written %s", name, l, dir)
			}
			b = heldForScripts.ReplaceAll(b, nil)
			for _, broken := range []string{"{date}", "{when}", "{span}", "{n}", "%!", "&lt;time", "&lt;bdi"} {
				if bytes.Contains(b, []byte(broken)) && !strings.Contains(broken, "{n}") {
					t.Errorf("%s in %s holds %q", name, l, broken)
				}
			}
		}
	}
}

func TestTheVerdictIsSaidInTheReadersLanguage(t *testing.T) {
	for l, want := range map[page.Language][]string{
		"ar": {"متوافق", "تضع الصور التغيّر بين 15 تشرين الأول/أكتوبر 2015 و29 نيسان/أبريل 2016", "إن صحّ هذا التاريخ"},
		"uk": {"Сумісно", "За знімками, зміна сталася між 15 жовтня 2015 і 29 квітня 2016", "якщо ця дата правильна"},
		"ru": {"Совместимо", "По снимкам, изменение произошло между 15 октября 2015 и 29 апреля 2016", "если эта дата верна"},
		"fr": {"Compatible", "Les images situent le changement entre le 15 octobre 2015 et le 29 avril 2016", "si cette date est juste"},
		"es": {"Compatible", "Las imágenes sitúan el cambio entre el 15 de octubre de 2015 y el 29 de abril de 2016", "si esa fecha es correcta"},
	} {
		s := plainSample(t)
		s.lang = l
		text := textOf(elements(tree(t, s.pages()["claim"]), "main")[0])
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: lacks %q in\n%s", l, w, text)
			}
		}
		if strings.Contains(text, "One plain sentence.") {
			t.Errorf("%s: the English sentence is shown", l)
		}
		if !strings.Contains(text, "The roof fell.") {
			t.Errorf("%s: what the claimant said is not quoted as it was said", l)
		}
	}
}
