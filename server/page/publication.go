package page

import (
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery/archive"
)

// PublicationPath returns the address where editors publish a location.
func PublicationPath(slug string) string { return LocationPath(slug) + "/publication" }

// HistoryPath returns the address of what was changed in public.
func HistoryPath(slug string) string { return LocationPath(slug) + "/history" }

// A Desk says how a location stands.
type Desk struct {
	State       archive.PublicationState
	Corrections int // since it was published
	Corrected   time.Time
	Readings    int  // blind readings that were given
	Offered     bool // the images can be read blind
}

// A PublicationView is how a location stands, and what an editor can do about it.
type PublicationView struct {
	Site
	Token          string
	Slug           string
	Title, Summary string // as they are
	State          archive.PublicationState
	At             time.Time // since when it is so; zero for a draft
	Why            string
	History        []archive.Correction // oldest first
	Errors         map[string]string    // by what was to be done: publish, withdraw, correct, release, close
	Releases       []ReleaseView        // what was released, first of every image, then of each one
	Readings       int                  // blind readings that were given
	Closed         bool                 // the round of readings is closed
}

// A ReleaseView is what everybody may have of an image that is withheld unasked.
type ReleaseView struct {
	Image           ImageView // the zero one stands for every image of the location
	Names, Metadata bool
}

// Newest returns the history with the last change first.
func (v PublicationView) Newest() []CorrectionView {
	var out []CorrectionView
	for i := len(v.History) - 1; i >= 0; i-- {
		out = append(out, correctionView(v.History[i]))
	}
	return out
}

// Publication writes the page where an editor publishes, corrects and withdraws.
func Publication(w io.Writer, v PublicationView) error {
	return render(w, "publication.html", shell{Site: v.Site, Title: v.voice().text("publication.title", "title", v.Title)}, v)
}

// History writes what was changed in public.
func History(w io.Writer, v PublicationView) error {
	return render(w, "history.html", shell{Site: v.Site, Title: v.voice().text("history.title", "title", v.Title), Path: HistoryPath(v.Slug)}, v)
}

// A CorrectionView is a change in words.
type CorrectionView struct {
	archive.Correction
	What   string // key of the message that says what was done
	Fields []archive.FieldChange
}

// correctionView leaves out of a change's fields what is no news: all of them, where
// a record is new.
func correctionView(c archive.Correction) CorrectionView {
	v := CorrectionView{Correction: c, What: whatKey(c)}
	if c.Noun == "publication" || c.Verb == "add" || c.Verb == "delete" {
		return v
	}
	for _, f := range c.Fields {
		v.Fields = append(v.Fields, archive.FieldChange{Field: f.Field, Before: plainJSON(f.Before), After: plainJSON(f.After)})
	}
	return v
}

// whatKey names the message that says what was done, of which a name may follow.
func whatKey(c archive.Correction) string {
	switch c.Noun + "." + c.Verb {
	case "publication.set":
		for _, f := range c.Fields {
			if f.Field == "state" && strings.Contains(f.After, string(archive.Withdrawn)) {
				return "history.withdrawn"
			}
		}
		return "history.published"
	case "image.add", "image.change", "image.delete":
		return "history.image." + c.Verb
	case "claims.set":
		return "history.claims"
	case "regions.set":
		return "history.regions"
	}
	return "history.heading"
}

// plainJSON writes a string of JSON as it reads, and anything else as it stands.
func plainJSON(text string) string {
	var s string
	if json.Unmarshal([]byte(text), &s) == nil {
		return s
	}
	return text
}
