package page

import (
	"io"

	"github.com/antequem/antequem/imagery"
)

// An UploadForm is the form as it was typed.
type UploadForm struct {
	Acquired, Basis, Source, Publisher, Licence, Platform, Sensor, GSD, Notes string
}

// The names of the form's fields, as they are posted and as Errors names them.
const (
	FieldImage     = "image"
	FieldAcquired  = "acquired"
	FieldBasis     = "basis"
	FieldSource    = "source"
	FieldPublisher = "publisher"
	FieldLicence   = "licence"
	FieldPlatform  = "platform"
	FieldSensor    = "sensor"
	FieldGSD       = "gsd"
	FieldNotes     = "notes"
	FieldToken     = "csrf"
)

// formFields lists the fields in the order of the form.
var formFields = []string{
	FieldImage, FieldAcquired, FieldBasis, FieldSource, FieldPublisher,
	FieldLicence, FieldPlatform, FieldSensor, FieldGSD, FieldNotes,
}

// An UploadView is the form for an image.
type UploadView struct {
	Site
	Slug     string
	Title    string            // of the case
	Form     UploadForm        // what was typed, on the way back
	Errors   map[string]string // what is wrong and how to mend it, by field; "" for the form as a whole
	Token    string            // against forged posts; "" for none
	MaxBytes int64             // the largest file taken; 0 if not to be told
}

// Upload writes the form for an image.
func Upload(w io.Writer, v UploadView) error {
	return render(w, "upload.html", shell{Site: v.Site, Title: v.voice().text("upload.title", "title", v.Title)}, v)
}

// An UploadedView says what became of an upload.
type UploadedView struct {
	Site
	Slug          string
	Title         string // of the case
	Image         ImageView
	Digest        imagery.Digest
	Bytes         int64
	Format        string // "PNG"
	Width, Height int
	Known         bool     // the same bytes were there already: nothing was stored again
	Warnings      []string // where the file, or what is held, disagrees with what was declared, in plain sentences
	Jobs          []Job
	Events        string
}

// Uploaded writes what became of an upload.
func Uploaded(w io.Writer, v UploadedView) error {
	return render(w, "uploaded.html", shell{Site: v.Site, Title: v.voice().text("uploaded.title", "title", v.Title), Waiting: len(v.Jobs) > 0}, v)
}
