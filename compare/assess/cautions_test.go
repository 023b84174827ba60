package assess_test

import (
	"math"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
)

// taken is an image of Aleppo with nothing known but when it was taken.
func taken(t *testing.T, file, when string) imagery.Image {
	t.Helper()
	d, err := edtf.Parse(when)
	if err != nil {
		t.Fatal(err)
	}
	return imagery.Image{File: file, Acquired: d, OffNadir: math.NaN(), SunAz: math.NaN(), SunEl: math.NaN()}
}

func TestCautionsNameWhatMayFeignAChange(t *testing.T) {
	// At 06:30 UTC on 15 January the sun's hour angle in Aleppo is -47.7° and its
	// declination -21.2°: sin el = sin 36.2° sin -21.2° + cos 36.2° cos 21.2° cos 47.7°, 17°.
	winter, summer, evening := taken(t, "winter.png", "2016-01-15T06:30:00Z"), taken(t, "summer.png", "2016-06-15T08:00:00Z"), taken(t, "evening.png", "2016-06-15T14:00:00Z")
	day, steep, slant := taken(t, "day.png", "2016-01-15"), taken(t, "steep.png", "2016-01-15"), taken(t, "slant.png", "2016-01-16")
	steep.OffNadir, slant.OffNadir = 3, -24
	drone, satellite := day, day
	drone.Platform, satellite.Platform = imagery.PlatformDrone, imagery.PlatformSatellite
	fine, coarse := day, day
	fine.GSD, coarse.GSD = 0.3, 10
	for _, c := range []struct {
		name   string
		images []imagery.Image
		want   string // "" for no word of the sun, of angles, of platforms or of sizes
	}{
		{"a low sun", []imagery.Image{winter, summer}, "The sun stood low in winter.png (17°)"},
		{"a high sun from the east and from the west", []imagery.Image{summer, evening}, "The sun stood in different directions"},
		{"days without an hour", []imagery.Image{day, day}, ""},
		{"angles that differ", []imagery.Image{steep, slant}, "(3° to 24° off the vertical)"},
		{"a drone and a satellite", []imagery.Image{drone, satellite}, "different platforms"},
		{"sizes that differ", []imagery.Image{fine, coarse}, "0.3 to 10 m"},
	} {
		all := strings.Join(assess.Cautions(imagery.Case{Location: imagery.Location{Lat: 36.2, Lon: 37.15}, Images: c.images}), " ")
		if c.want != "" && !strings.Contains(all, c.want) {
			t.Errorf("%s: no %q in %q", c.name, c.want, all)
		}
		if c.want == "" && !strings.HasPrefix(all, "A visible change is not damage") {
			t.Errorf("%s: %q", c.name, all)
		}
	}
}
