package page

import (
	"slices"

	"golang.org/x/text/language"
)

// A Language is one that pages are written in, as BCP 47 has it: "en", "ar". The
// zero Language is English.
type Language string

// Languages lists every language of the pages, in the order in which they are offered.
var Languages = []Language{"en", "ar", "uk", "ru", "fr", "es"}

// English is the language of the pages where no other is asked for.
const English Language = "en"

// Name is the language in its own words: "العربية".
func (l Language) Name() string { return voiceOf(l).text("language") }

// Direction is "rtl" where the language is written from right to left, else "ltr".
func (l Language) Direction() string {
	if l == "ar" {
		return "rtl"
	}
	return "ltr"
}

// or returns l, and English for none and for any that pages are not written in.
func (l Language) or() Language {
	if slices.Contains(Languages, l) {
		return l
	}
	return English
}

// ParseLanguage returns the language of that name, and whether there is one.
func ParseLanguage(name string) (Language, bool) {
	l := Language(name)
	return l, slices.Contains(Languages, l)
}

// matcher knows which of the languages serves who asked for another, such as a
// reader of Moroccan Arabic or of Swiss French.
var matcher = language.NewMatcher(func() (tags []language.Tag) {
	for _, l := range Languages {
		tags = append(tags, language.Make(string(l)))
	}
	return tags
}())

// MatchLanguage returns the language that serves a browser's Accept-Language best:
// English where none does, or where the header can't be read.
func MatchLanguage(header string) Language {
	if len(header) > 512 {
		return English
	}
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(wanted) == 0 {
		return English
	}
	_, i, sure := matcher.Match(wanted...)
	if sure == language.No {
		return English
	}
	return Languages[i]
}

// Say returns a message of the catalogue as text, with its values as name, value.
func Say(l Language, key string, pairs ...any) string { return voiceOf(l).text(key, pairs...) }
