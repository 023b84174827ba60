package page

import (
	"html/template"
	"io"
	"strconv"
)

// A ProblemView says what went wrong, in public words.
type ProblemView struct {
	Site
	Status    int    // HTTP status
	Title     string // "Not found", in English
	Detail    string // what to do about it, in English; may be ""
	RequestID string // to name it by; may be ""
}

// Problem writes what went wrong.
func Problem(w io.Writer, v ProblemView) error {
	return render(w, "problem.html", shell{Site: v.Site, Title: plain(v.Headline())}, v)
}

// Headline says what went wrong in the language of the page.
func (v ProblemView) Headline() template.HTML {
	say := v.voice()
	if key := "problem." + strconv.Itoa(v.Status); say.lang != English && say.said(key) {
		return say.say(key)
	}
	return say.english(v.Title)
}
