package ingest

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/decode"
)

// A Code names a sort of warning; it stays the same from version to version.
type Code string

const (
	DateDiffers   Code = "date-differs"   // the file gives another time of acquisition
	DateTooLate   Code = "date-too-late"  // the file existed before it was taken, by the declared date
	DateMissing   Code = "date-missing"   // none was declared; the file may give one
	GSDDiffers    Code = "gsd-differs"    // the file's georeference gives other pixels on the ground
	PlaceDiffers  Code = "place-differs"  // the file says it lies elsewhere
	SensorDiffers Code = "sensor-differs" // the file names another sensor
	Edited        Code = "edited"         // the file was written by a program that alters pictures
	CameraPlace   Code = "camera-place"   // the file says where the camera stood
	Credentials   Code = "credentials"    // the file holds a C2PA manifest, which was not checked
	LooksLike     Code = "looks-like"     // an image held looks almost the same
	HeldAlready   Code = "held-already"   // these bytes were there
	WasDeleted    Code = "was-deleted"    // these bytes were held once, and deleted
	FileOdd       Code = "file-odd"       // the file contradicts itself in a lesser way
)

// A Warning is a disagreement between what was declared and what is known, or
// something whoever judges the image should know. It stops nothing.
type Warning struct {
	Code Code
	Text string // one plain sentence
}

func warn(code Code, format string, args ...any) Warning {
	return Warning{code, fmt.Sprintf(format, args...)}
}

// warnings sets what the file says, and what is held, beside what was declared.
func (g *Ingester) warnings(ctx context.Context, im imagery.Image, d imagery.Digest, s sight, place imagery.Location) ([]Warning, error) {
	ws := Disagreements(im, s.info, place)
	alike, err := g.archive.LookAlikes(ctx, s.facts.Perceptual, g.opts.Alike, d)
	if err != nil {
		return nil, err
	}
	for _, l := range alike {
		ws = append(ws, looksLike(im, l))
	}
	stones, err := g.archive.Tombstones(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range stones {
		if t.Digest == d {
			ws = append(ws, warn(WasDeleted, "The same file was deleted from %s on %s: %s", t.Location, t.At.Format("2006-01-02"), t.Why))
		}
	}
	return ws, nil
}

// Disagreements compares what was declared of an image with what its file says.
func Disagreements(im imagery.Image, f decode.Info, place imagery.Location) []Warning {
	ws := dates(im, f)
	if declared, own := im.GSD, f.GSD; declared > 0 && own > 0 && math.Abs(math.Log(declared/own)) > math.Log(1.1) {
		ws = append(ws, warn(GSDDiffers, "Declared is %.3g m per pixel; the file's georeference gives %.3g m.", declared, own))
	}
	ws = append(ws, places(f, place)...)
	if im.Sensor != "" && f.Sensor != "" && !sameName(im.Sensor, f.Sensor) {
		ws = append(ws, warn(SensorDiffers, "The declared sensor is %q; the file says %q.", im.Sensor, f.Sensor))
	}
	if p := editor(f.Software); p != "" {
		ws = append(ws, warn(Edited, "The file was written by %q, a program that alters pictures.", f.Software))
	}
	if f.C2PA {
		ws = append(ws, warn(Credentials, "The file holds Content Credentials (C2PA). They are kept and were not checked."))
	}
	for _, w := range f.Warnings {
		ws = append(ws, warn(FileOdd, "%s", w))
	}
	return ws
}

// dates compares the declared date with each that the file names.
func dates(im imagery.Image, f decode.Info) []Warning {
	if im.Acquired.IsZero() {
		for _, d := range f.Dates {
			return []Warning{warn(DateMissing, "No date was declared; the file says %s (%s).", d.Value, d.Tag)}
		}
		return []Warning{warn(DateMissing, "No date was declared, and the file names none.")}
	}
	var ws []Warning
	for _, c := range decode.Contradictions(im, f.Dates) {
		code := DateDiffers
		if c.Late {
			code = DateTooLate
		}
		ws = append(ws, Warning{code, c.Text})
	}
	return ws
}

func sameName(a, b string) bool {
	fold := func(s string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune(" -_/.", r) {
				return -1
			}
			return r
		}, strings.ToLower(s))
	}
	a, b = fold(a), fold(b)
	return strings.Contains(a, b) || strings.Contains(b, a)
}

// editors are programs whose name in a file says that its pixels may have been altered by hand.
var editors = []string{"photoshop", "lightroom", "gimp", "snapseed", "pixelmator", "affinity", "canva", "picsart", "paint", "acdsee", "luminar", "darktable"}

func editor(software string) string {
	s := strings.ToLower(software)
	for _, e := range editors {
		if strings.Contains(s, e) {
			return e
		}
	}
	return ""
}

func looksLike(im imagery.Image, l archive.Likeness) Warning {
	what := fmt.Sprintf("It looks almost the same as %s (%s) of %s", l.File, l.Acquired, l.Location)
	a, b := im.Taken(), l.Taken()
	if a.Precedes(b) || b.Precedes(a) {
		return warn(LooksLike, "%s, which has another date: one of the two may be wrong, or an old picture was posted again.", what)
	}
	return warn(LooksLike, "%s: it may be a copy.", what)
}

// heldBefore names what was declared otherwise for bytes that are held already.
func heldBefore(im imagery.Image, held archive.Record) []Warning {
	ws := []Warning{warn(HeldAlready, "These bytes are held already as %s. What was declared then stays; this receipt was noted.", held.File)}
	for _, f := range []struct{ what, now, then string }{
		{"date", im.Acquired.String(), held.Acquired.String()},
		{"basis", string(im.Basis), string(held.Basis)},
		{"source", im.Source, held.Source},
		{"publisher", im.Publisher, held.Publisher},
		{"licence", im.Licence, held.Licence},
	} {
		if f.now != "" && f.now != f.then {
			ws = append(ws, warn(HeldAlready, "The %s declared now, %q, differs from the one held, %q.", f.what, f.now, f.then))
		}
	}
	return ws
}
