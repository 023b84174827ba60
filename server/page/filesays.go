package page

import (
	"html/template"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
)

// FileSays is what an image's file says of itself: to be set beside what people wrote,
// and preferred to nothing.
type FileSays struct {
	Format        string // "PNG"
	Width, Height int
	Bytes         int64
	Dates         []FileDate
	NameDate      edtf.Date // in the name that the file had or has; zero for none
	Georeferenced bool
	GSD           float64 // metres per pixel by the georeference; 0 if unknown
	Sensor        string
	Against       []string // where it goes against what is written, in plain English sentences
}

// A FileDate is a time that a file names.
type FileDate struct {
	Value string // EDTF
	Tag   string // where it stands: "EXIF DateTimeOriginal"
	Means string // "capture", "creation" or "change"
}

// A Likeness says how two images are alike.
type Likeness string

const (
	SameFile   Likeness = "same" // the same bytes
	LooksAlike Likeness = "near" // almost the same to the eye
	CopyOfOne  Likeness = "copy" // copies of one exposure, by their finest detail
)

// An Alike is what an image is like.
type Alike struct {
	How         Likeness
	Others      []AlikeImage
	Correlation float64 // of CopyOfOne
	OtherDate   bool    // their dates can't all be right, or lie apart
}

// An AlikeImage is an image that another is like.
type AlikeImage struct {
	Image imagery.Image
	Link  string
	Place string // title of its case, where that is another; "" for the same
}

// stamped says a time that a file names.
func (v *voice) stamped(d FileDate) template.HTML {
	return v.say("file.date", "date", v.fileDate(d.Value), "tag", template.HTML(`<bdi dir="ltr">`+template.HTMLEscapeString(d.Tag)+"</bdi>"), "means", v.say("file.means."+d.Means))
}

// fileDate writes a time as a file has it. Cameras mostly name no zone: that is said, in
// place of the day and a half that such a time may mean.
func (v *voice) fileDate(value string) template.HTML {
	day, clock, timed := strings.Cut(value, "T")
	at, err := edtf.Parse(value)
	if err != nil {
		return isolate(value)
	}
	if on, err := edtf.Parse(day); err == nil && timed && len(clock) == len("08:21:00") {
		return v.say("file.local", "date", v.declared(on), "time", clock)
	}
	return v.declared(at)
}

// against says where an image's file goes against what is written of the image.
func (v *voice) against(r TableRow) (out []template.HTML) {
	if r.Says == nil {
		return nil
	}
	for _, text := range r.Says.Against {
		out = append(out, v.note(text))
	}
	if own := r.Says.NameDate; !own.IsZero() && !r.Image.Acquired.IsZero() {
		taken := r.Image.Taken()
		if iv := own.Interval(); iv.Precedes(taken) || taken.Precedes(iv) {
			out = append(out, v.say("file.against.name", "date", v.declared(r.Image.Acquired), "own", v.fileDate(own.String())))
		}
	}
	return out
}

// alike says what an image is like, with links.
func (v *voice) alike(a Alike) template.HTML {
	var files []template.HTML
	for _, o := range a.Others {
		link := template.HTML(`<a href="` + template.HTMLEscapeString(o.Link) + `">` + string(isolate(o.Image.File)) + "</a>")
		if o.Place != "" && a.How != SameFile {
			link = v.say("file.alike.of", "file", link, "place", isolate(o.Place))
		}
		files = append(files, link)
	}
	key := "file.alike." + string(a.How)
	if a.OtherDate && a.How != SameFile {
		key += ".date"
	}
	if len(files) == 0 {
		return ""
	}
	first := a.Others[0]
	return v.say(key, "file", files[0], "files", v.enumerated(files), "place", isolate(first.Place), "date", v.declared(first.Image.Acquired), "r", v.decimal(a.Correlation, 2))
}
