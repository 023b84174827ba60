package typed

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/antequem/antequem/server/page"
)

// MaxText is the longest text of one field, in bytes.
const MaxText = 8 << 10

// Form reads what was typed into the form for an image.
func Form(get func(field string) string) page.UploadForm {
	return page.UploadForm{
		Acquired: get(page.FieldAcquired), Basis: get(page.FieldBasis), Source: get(page.FieldSource),
		Publisher: get(page.FieldPublisher), Licence: get(page.FieldLicence), Platform: get(page.FieldPlatform),
		Sensor: get(page.FieldSensor), GSD: get(page.FieldGSD), Notes: get(page.FieldNotes),
	}
}

// FormOf is an image as the form for one shows it.
func FormOf(im imagery.Image) page.UploadForm {
	f := page.UploadForm{
		Acquired: im.Acquired.String(), Basis: string(im.Basis), Source: im.Source, Publisher: im.Publisher,
		Licence: im.Licence, Platform: string(im.Platform), Sensor: im.Sensor, Notes: im.Notes,
	}
	if im.GSD > 0 {
		f.GSD = strconv.FormatFloat(im.GSD, 'g', -1, 64)
	}
	return f
}

// Image turns a form into what is said of an image. Wrong fields are told by
// name, with the mend.
func Image(f page.UploadForm) (imagery.Image, map[string]string) {
	wrong := map[string]string{}
	im := imagery.Image{
		Basis: imagery.BasisCapture, Platform: imagery.PlatformUnknown,
		OffNadir: math.NaN(), SunAz: math.NaN(), SunEl: math.NaN(),
	}
	if t := strings.TrimSpace(f.Acquired); t == "" {
		wrong[page.FieldAcquired] = "Say when it was taken, as exactly as is known: 2015-10-15, 2015-10 or 2015."
	} else if d, err := edtf.Parse(t); err != nil {
		wrong[page.FieldAcquired] = "This date can't be read: " + LastCause(err) + "."
	} else {
		im.Acquired = d
	}
	if b := imagery.Basis(f.Basis); f.Basis != "" && !slices.Contains(imagery.Bases, b) {
		wrong[page.FieldBasis] = "Choose where the date comes from: " + listed(imagery.Bases) + "."
	} else if f.Basis != "" {
		im.Basis = b
	}
	if p := imagery.Platform(f.Platform); f.Platform != "" && !slices.Contains(imagery.Platforms, p) {
		wrong[page.FieldPlatform] = "Choose what carried the camera: " + listed(imagery.Platforms) + "."
	} else if f.Platform != "" {
		im.Platform = p
	}
	if t := strings.TrimSpace(f.GSD); t != "" {
		v, err := strconv.ParseFloat(strings.Replace(t, ",", ".", 1), 64)
		if err != nil || !(v > 0 && v < 1e5) {
			wrong[page.FieldGSD] = "Give metres for one pixel, such as 0.5, or leave it empty."
		} else {
			im.GSD = v
		}
	}
	if t := strings.TrimSpace(f.Source); t != "" && !IsLink(t) {
		wrong[page.FieldSource] = "Give the whole address of the page, beginning with https:// or http://, or leave it empty and say in the notes where the image is from."
	}
	for field, to := range map[string]struct {
		text string
		into *string
	}{
		page.FieldSource:    {f.Source, &im.Source},
		page.FieldPublisher: {f.Publisher, &im.Publisher},
		page.FieldLicence:   {f.Licence, &im.Licence},
		page.FieldSensor:    {f.Sensor, &im.Sensor},
		page.FieldNotes:     {f.Notes, &im.Notes},
	} {
		if len(to.text) > MaxText || !utf8.ValidString(to.text) {
			wrong[field] = "This text is too long, or not text."
		}
		*to.into = strings.TrimSpace(to.text)
	}
	if im.Basis == imagery.BasisInferred && im.Notes == "" {
		wrong[page.FieldNotes] = "A date by your own reasoning needs that reasoning, for others to check."
	}
	return im, wrong
}

// LastCause returns the innermost words of an error about something typed.
func LastCause(err error) string {
	for {
		switch e := err.(type) {
		case interface{ Unwrap() []error }:
			all := e.Unwrap()
			if len(all) == 0 {
				return err.Error()
			}
			err = all[len(all)-1]
		default:
			return strings.TrimRight(err.Error(), ".")
		}
	}
}

// IsLink says that a text is the address of a page.
func IsLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func listed[T ~string](words []T) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}
