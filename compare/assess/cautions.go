package assess

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/hablullah/go-sampa"
)

// cautions says what limits the reading of the case as a whole.
func (r *run) cautions() []string {
	if len(r.c.Images) == 0 {
		return []string{"No imagery is held, so nothing is judged."}
	}
	out := []string{}
	for _, words := range []func() string{r.platformWords, r.sizeWords, r.leanWords, r.shadowWords, r.relayWords, r.misfitWords} {
		if w := words(); w != "" {
			out = append(out, w)
		}
	}
	for _, a := range r.images {
		for _, d := range a.doubts {
			out = append(out, a.image.File+": "+d)
		}
	}
	for _, c := range r.copies {
		out = append(out, c.words(r))
	}
	if slices.ContainsFunc(r.images, func(a aligned) bool { return a.image.Synthetic }) {
		out = append(out, "Some of the images are SYNTHETIC: drawn by a program, for training. They show no real place.")
	}
	return append(out, "A visible change is not damage, and no visible change is not no damage: what happens inside, at an entrance or to a façade can't be seen from above.")
}

func (r *run) platformWords() string {
	names := []string{}
	for _, p := range imagery.Platforms {
		if p != imagery.PlatformUnknown && slices.ContainsFunc(r.images, func(a aligned) bool { return a.image.Platform == p }) {
			names = append(names, string(p))
		}
	}
	if len(names) < 2 {
		return ""
	}
	return "The images come from different platforms (" + sentenceList(names) + "): they look at buildings from other angles, and façades that one shows another hides."
}

func (r *run) sizeWords() string {
	finest, coarsest := math.Inf(1), 0.0
	for _, a := range r.images {
		if g := a.image.GSD; g > 0 {
			finest, coarsest = min(finest, g), max(coarsest, g)
		}
	}
	if coarsest <= 2*finest {
		return ""
	}
	return fmt.Sprintf("Ground sample distances differ much (%.2g to %.2g m): the coarsest image sets what can be seen.", finest, coarsest)
}

// mostLean is the difference of off-nadir angles, degrees, from which buildings lean
// visibly apart: tan 15° shifts a roof 10 m up by 2.7 m.
const mostLean = 15

func (r *run) leanWords() string {
	least, most := math.Inf(1), math.Inf(-1)
	for _, a := range r.images {
		if o := math.Abs(a.image.OffNadir); !math.IsNaN(o) {
			least, most = min(least, o), max(most, o)
		}
	}
	if most-least < mostLean {
		return ""
	}
	return fmt.Sprintf("The images look down at different angles (%.0f° to %.0f° off the vertical): what stands up leans differently in them, roofs more than the ground.", least, most)
}

// lowSun is the elevation, degrees, below which shadows are more than twice as long
// as what throws them is high.
const lowSun = 26.5

// mostTurn is the difference of sun azimuths, degrees, from which shadows fall on
// other ground.
const mostTurn = 45

func (r *run) shadowWords() string {
	var low []string
	var azimuths []float64
	for _, a := range r.images {
		az, el := r.sun(a.image)
		if !math.IsNaN(az) {
			azimuths = append(azimuths, az)
		}
		if el > 0 && el < lowSun {
			low = append(low, fmt.Sprintf("%s (%.0f°)", a.image.File, el))
		}
	}
	turned := false
	for i, a := range azimuths {
		for _, b := range azimuths[:i] {
			turned = turned || math.Abs(math.Remainder(a-b, 360)) > mostTurn
		}
	}
	switch {
	case len(low) > 0:
		return "The sun stood low in " + sentenceList(low) + ": shadows are more than twice as long as things are high, and hide or feign change beside them."
	case turned:
		return "The sun stood in different directions: shadows fall on other ground, which is no change."
	}
	return ""
}

// sun returns the sun's azimuth and elevation, degrees, as given for the image, or as
// reckoned where the hour of an image and the place are known; NaN otherwise.
func (r *run) sun(im imagery.Image) (az, el float64) {
	az, el = im.SunAz, im.SunEl
	iv, at := im.Taken(), r.c.Location
	if !math.IsNaN(el) || !iv.Bounded() || iv.Latest.Sub(iv.Earliest) > time.Hour || math.IsNaN(at.Lat+at.Lon) {
		return az, el
	}
	p, err := sampa.GetSunPosition(iv.Middle(), sampa.Location{Latitude: at.Lat, Longitude: at.Lon}, nil)
	if err != nil {
		return az, el
	}
	return p.TopocentricAzimuthAngle, p.TopocentricElevationAngle
}

// relayWords names the images that other images carry to the reference.
func (r *run) relayWords() string {
	var carried []string
	for _, a := range r.images {
		if a.through != "" {
			carried = append(carried, a.image.File+" (by way of "+a.through+")")
		}
	}
	if len(carried) == 0 {
		return ""
	}
	return "Laid over the reference by way of another image, whose error adds to their own: " + sentenceList(carried) + "."
}

func sentenceList(s []string) string {
	switch len(s) {
	case 0:
		return ""
	case 1:
		return s[0]
	}
	out := s[0]
	for _, x := range s[1 : len(s)-1] {
		out += ", " + x
	}
	return out + " and " + s[len(s)-1]
}
