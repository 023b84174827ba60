package page

import (
	"html/template"
	"io"
	"strconv"
	"time"
)

// A ProblemView says what went wrong, in public words.
type ProblemView struct {
	Site
	Status    int        // HTTP status
	Title     string     // "Not found", in English
	Detail    string     // what to do about it, in English; may be ""
	RequestID string     // to name it by; may be ""
	Tombstone *Tombstone // in place of Detail; nil where nothing was withdrawn
}

// A Tombstone says of a case that was published that it was withdrawn.
type Tombstone struct {
	At  time.Time
	Why string // as the editor wrote it
}

// Problem writes what went wrong.
func Problem(w io.Writer, v ProblemView) error {
	return render(w, "problem.html", shell{Site: v.Site, Title: plain(v.Headline())}, v)
}

// Headline says what went wrong in the language of the page.
func (v ProblemView) Headline() template.HTML {
	say := v.voice()
	key := "problem." + strconv.Itoa(v.Status)
	if say.lang != English && say.said(key) && voiceOf(English).text(key) == v.Title {
		return say.say(key)
	}
	return say.note(v.Title) // one status may have more titles than one
}

// Told is what the reader is told beside the headline; "" for nothing.
func (v ProblemView) Told() template.HTML {
	say := v.voice()
	if t := v.Tombstone; t != nil {
		return say.say("problem.withdrawn", "date", say.moment(t.At, toDay), "why", isolate(t.Why))
	}
	return say.note(v.Detail)
}
