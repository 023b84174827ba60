package geo

import (
	"fmt"
	"math"
)

// A System is a coordinate system that is computed here.
type System struct {
	Name       string
	Caution    string // what is taken as practically the same; empty if nothing
	Geographic bool   // its coordinates are longitude and latitude, degrees
	ToLonLat   func(x, y float64) LonLat
	FromLonLat func(p LonLat) (x, y float64)
}

// The datums that agree with WGS 84 closely enough to lay pictures over one another.
const (
	etrs89Caution = "ETRS89 is taken as WGS 84: they drift apart by 2.5 cm a year and differ by less than 1 m"
	nad83Caution  = "NAD83 is taken as WGS 84: they differ by up to 2 m"
	wgs72Caution  = "WGS 72 is taken as WGS 84: they differ by up to 17 m"
	gda94Caution  = "GDA94 is taken as WGS 84: they differ by up to 2 m"
)

// SystemOf returns the system of an EPSG number, and whether it is computed here:
// WGS 84, its UTM zones and Web Mercator; ETRS89, NAD83, GDA94 and WGS 72 and their UTM
// zones as practically the same, with a caution.
func SystemOf(epsg int) (System, bool) {
	switch epsg {
	case 4326, 4979:
		return geographic("WGS 84", ""), true
	case 4258, 4937:
		return geographic("ETRS89", etrs89Caution), true
	case 4269:
		return geographic("NAD83", nad83Caution), true
	case 4283:
		return geographic("GDA94", gda94Caution), true
	case 4322:
		return geographic("WGS 72", wgs72Caution), true
	case 3857, 3785, 900913, 102100, 102113:
		return System{Name: "WGS 84 / Pseudo-Mercator", ToLonLat: webMercatorToLonLat, FromLonLat: webMercatorFromLonLat}, true
	}
	for _, f := range utmFamilies {
		if zone := epsg - f.base; zone >= f.first && zone <= f.last {
			return utmSystem(f.name, zone, f.south, f.caution), true
		}
	}
	return System{}, false
}

// utmFamilies lists blocks of EPSG numbers that are base + UTM zone.
var utmFamilies = []struct {
	base, first, last int
	name              string
	south             bool
	caution           string
}{
	{32600, 1, 60, "WGS 84", false, ""},
	{32700, 1, 60, "WGS 84", true, ""},
	{25800, 28, 38, "ETRS89", false, etrs89Caution},
	{26900, 1, 23, "NAD83", false, nad83Caution},
	{32200, 1, 60, "WGS 72", false, wgs72Caution},
	{32300, 1, 60, "WGS 72", true, wgs72Caution},
	{28300, 46, 59, "GDA94", true, gda94Caution},
}

func geographic(name, caution string) System {
	return System{
		Name: name, Caution: caution, Geographic: true,
		ToLonLat: func(x, y float64) LonLat {
			if y < -90.000001 || y > 90.000001 {
				return LonLat{math.NaN(), math.NaN()}
			}
			return LonLat{wrap(x), y}
		},
		FromLonLat: func(p LonLat) (x, y float64) { return p.Lon, p.Lat },
	}
}

func utmSystem(datum string, zone int, south bool, caution string) System {
	tm := UTM(zone, south)
	side := "N"
	if south {
		side = "S"
	}
	return System{
		Name: fmt.Sprintf("%s / UTM zone %d%s", datum, zone, side), Caution: caution,
		ToLonLat: tm.ToLonLat, FromLonLat: tm.FromLonLat,
	}
}

// webMercatorToLonLat and its mirror are EPSG method 1024 (Guidance Note 7-2, 3.2.1.2):
// the sphere's formulas on the ellipsoid's larger radius.
func webMercatorToLonLat(x, y float64) LonLat {
	return LonLat{wrap(deg(x / WGS84.A)), deg(math.Atan(math.Sinh(y / WGS84.A)))}
}

func webMercatorFromLonLat(p LonLat) (x, y float64) {
	if p.Lat <= -90 || p.Lat >= 90 {
		return math.NaN(), math.NaN()
	}
	return WGS84.A * rad(p.Lon), WGS84.A * math.Asinh(math.Tan(rad(p.Lat)))
}
