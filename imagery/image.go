package imagery

import "github.com/antequem/antequem/imagery/edtf"

// A Basis says where an acquisition date comes from. It opens the end of the
// interval that such a source can't vouch for.
type Basis string

const (
	BasisCapture   Basis = "capture"   // the sensor's or the scene's metadata; the default
	BasisMosaic    Basis = "mosaic"    // the date a globe viewer shows over a mosaic: the oldest in its range
	BasisRelease   Basis = "release"   // when a mosaic was released
	BasisPublished Basis = "published" // when a picture was posted
	BasisClaimed   Basis = "claimed"   // someone's word, the claimant's included
	BasisInferred  Basis = "inferred"  // the analyst's own reasoning, given in Notes
)

// Bases lists every basis, in the order in which a form offers them.
var Bases = []Basis{BasisCapture, BasisMosaic, BasisRelease, BasisPublished, BasisClaimed, BasisInferred}

// A Platform is what carried the sensor.
type Platform string

const (
	PlatformUnknown   Platform = "unknown"
	PlatformSatellite Platform = "satellite"
	PlatformAerial    Platform = "aerial"
	PlatformDrone     Platform = "drone"
)

// Platforms lists every platform, in the order in which a form offers them.
var Platforms = []Platform{PlatformUnknown, PlatformSatellite, PlatformAerial, PlatformDrone}

// An Image is an original and what is known of it.
type Image struct {
	File      string    // as the case names it: a path relative to the case file; unique in a case
	Digest    Digest    // of the bytes as given; zero until they are read
	Acquired  edtf.Date // when the sensor looked, as declared
	Basis     Basis
	Source    string // link to where it was found
	Publisher string
	Licence   string
	Platform  Platform
	Sensor    string
	GSD       float64 // metres per pixel at scene centre; 0 if unknown
	OffNadir  float64 // degrees, 0 is nadir; NaN if unknown
	SunAz     float64 // sun azimuth, degrees clockwise from north; NaN if unknown
	SunEl     float64 // sun elevation above the horizon, degrees; NaN if unknown
	Notes     string  // free text: the reasoning behind an inferred date, for one
	Synthetic bool    // drawn by a program; every picture made from it is marked so

	TiePoints []UserTiePoint // placed by a person; empty if none
}

// A UserTiePoint is a pair of pixel positions that a person says show the same spot.
type UserTiePoint struct {
	Reference Point // in the reference image
	Moving    Point // in this image
}

// Taken returns the interval in which the sensor looked, with the ends opened
// that the image's basis can't vouch for.
func (im Image) Taken() edtf.Interval {
	iv := im.Acquired.Interval()
	switch im.Basis {
	case BasisMosaic:
		return iv.OpenLatest()
	case BasisRelease, BasisPublished:
		return iv.OpenEarliest()
	}
	return iv
}

// Conditional says that verdicts which need this image's date hold only if that date is right.
func (im Image) Conditional() bool { return im.Basis == BasisClaimed || im.Basis == BasisInferred }
