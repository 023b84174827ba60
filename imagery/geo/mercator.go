package geo

import "math"

// An Ellipsoid is a figure of the Earth.
type Ellipsoid struct {
	A float64 // semi-major axis, metres
	F float64 // flattening
}

// WGS84 is the ellipsoid of WGS 84 (EPSG 7030).
var WGS84 = Ellipsoid{A: 6378137, F: 1 / 298.257223563}

// A TransverseMercator is EPSG method 9807.
type TransverseMercator struct {
	Ellipsoid                    Ellipsoid
	Lat0, Lon0                   float64 // natural origin, degrees
	Scale                        float64 // at the central meridian
	FalseEasting, FalseNorthing  float64 // metres
	radius                       float64 // of the rectifying sphere, B in the guidance note
	forward, backward            [4]float64
	eccentricity, meridianOrigin float64
}

// UTM returns the projection of a zone, 1 to 60, on WGS 84.
func UTM(zone int, south bool) TransverseMercator {
	tm := TransverseMercator{Ellipsoid: WGS84, Lon0: float64(6*zone - 183), Scale: 0.9996, FalseEasting: 500000}
	if south {
		tm.FalseNorthing = 10000000
	}
	return tm.prepared()
}

// NewTransverseMercator returns a projection with parameters of its own.
func NewTransverseMercator(e Ellipsoid, lat0, lon0, scale, falseEasting, falseNorthing float64) TransverseMercator {
	return TransverseMercator{Ellipsoid: e, Lat0: lat0, Lon0: lon0, Scale: scale,
		FalseEasting: falseEasting, FalseNorthing: falseNorthing}.prepared()
}

// prepared computes Krüger's series to the fourth power of the third flattening, as
// IOGP Publication 373-7-2 (Guidance Note 7-2), 3.2.5.1, gives them: below a tenth of
// a millimetre within 1000 km of the central meridian.
func (t TransverseMercator) prepared() TransverseMercator {
	n := t.Ellipsoid.F / (2 - t.Ellipsoid.F)
	n2, n3, n4 := n*n, n*n*n, n*n*n*n
	t.radius = t.Ellipsoid.A / (1 + n) * (1 + n2/4 + n4/64)
	t.eccentricity = math.Sqrt(t.Ellipsoid.F * (2 - t.Ellipsoid.F))
	t.forward = [4]float64{
		n/2 - n2*2/3 + n3*5/16 + n4*41/180,
		n2*13/48 - n3*3/5 + n4*557/1440,
		n3*61/240 - n4*103/140,
		n4 * 49561 / 161280,
	}
	t.backward = [4]float64{
		n/2 - n2*2/3 + n3*37/96 - n4/360,
		n2/48 + n3/15 - n4*437/1440,
		n3*17/480 - n4*37/840,
		n4 * 4397 / 161280,
	}
	t.meridianOrigin = 0
	if t.Lat0 != 0 {
		xi, _ := t.series(math.Atan(math.Sinh(t.isometric(rad(t.Lat0)))), 0, t.forward, 1)
		t.meridianOrigin = t.radius * xi
	}
	return t
}

// isometric returns the isometric latitude of a geodetic one, radians.
func (t TransverseMercator) isometric(lat float64) float64 {
	e := t.eccentricity
	return math.Asinh(math.Tan(lat)) - e*math.Atanh(e*math.Sin(lat))
}

// series adds or takes away the terms that turn the sphere's ξ and η into the ellipsoid's.
func (t TransverseMercator) series(xi, eta float64, h [4]float64, sign float64) (float64, float64) {
	x, y := xi, eta
	for i, k := range h {
		m := float64(2 * (i + 1))
		sin, cos := math.Sincos(m * xi)
		x += sign * k * sin * math.Cosh(m*eta)
		y += sign * k * cos * math.Sinh(m*eta)
	}
	return x, y
}

// FromLonLat returns easting and northing in metres; NaN farther than 80° of longitude
// from the central meridian.
func (t TransverseMercator) FromLonLat(p LonLat) (east, north float64) {
	dlon := wrap(p.Lon - t.Lon0)
	if math.Abs(dlon) > 80 || math.Abs(p.Lat) > 90 {
		return math.NaN(), math.NaN()
	}
	beta := math.Atan(math.Sinh(t.isometric(rad(p.Lat))))
	sin, cos := math.Sincos(rad(dlon))
	eta0 := math.Atanh(math.Cos(beta) * sin)
	xi0 := math.Atan2(math.Sin(beta), math.Cos(beta)*cos)
	xi, eta := t.series(xi0, eta0, t.forward, 1)
	return t.FalseEasting + t.Scale*t.radius*eta, t.FalseNorthing + t.Scale*(t.radius*xi-t.meridianOrigin)
}

// ToLonLat returns the place of an easting and northing; NaN where the series no longer holds.
func (t TransverseMercator) ToLonLat(east, north float64) LonLat {
	eta := (east - t.FalseEasting) / (t.radius * t.Scale)
	xi := ((north - t.FalseNorthing) + t.Scale*t.meridianOrigin) / (t.radius * t.Scale)
	if !(math.Abs(eta) < 1.5) || !(math.Abs(xi) <= math.Pi/2+1e-9) {
		return LonLat{math.NaN(), math.NaN()}
	}
	xi0, eta0 := t.series(xi, eta, t.backward, -1)
	beta := math.Asin(math.Sin(xi0) / math.Cosh(eta0))
	q := math.Asinh(math.Tan(beta))
	iso := q
	for range 6 { // converges by a factor of e² a step
		iso = q + t.eccentricity*math.Atanh(t.eccentricity*math.Tanh(iso))
	}
	lon := t.Lon0 + deg(math.Atan2(math.Sinh(eta0), math.Cos(xi0)))
	return LonLat{wrap(lon), deg(math.Atan(math.Sinh(iso)))}
}
