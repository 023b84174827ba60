package geo

import (
	"math"
	"strconv"
	"strings"
)

// GeoTags are the TIFF fields by which a GeoTIFF (OGC 19-008r4) says where it lies.
type GeoTags struct {
	Scale    []float64 // ModelPixelScaleTag, 33550
	Tiepoint []float64 // ModelTiepointTag, 33922
	Matrix   []float64 // ModelTransformationTag, 34264
	Keys     []uint16  // GeoKeyDirectoryTag, 34735
	Doubles  []float64 // GeoDoubleParamsTag, 34736
	ASCII    string    // GeoAsciiParamsTag, 34737
}

// The keys that are read, by their numbers in OGC 19-008r4, annex D.
const (
	keyModelType     = 1024
	keyRasterType    = 1025
	keyCitation      = 1026
	keyGeographic    = 2048
	keyGeogCitation  = 2049
	keyProjected     = 3072
	keyProjCitation  = 3073
	keyProjection    = 3074
	modelProjected   = 1
	modelGeographic  = 2
	rasterPixelPoint = 2
	userDefined      = 32767
)

// Empty says that a file has no such field.
func (t GeoTags) Empty() bool {
	return len(t.Scale) == 0 && len(t.Tiepoint) == 0 && len(t.Matrix) == 0 && len(t.Keys) == 0
}

// Georeference reads the tags. Warnings name what is there and can't be used.
func (t GeoTags) Georeference() (g Georeference, warnings []string) {
	keys := t.keys()
	g.EPSG, g.Name = t.system(keys)
	g.Transform, g.HasGrid = t.grid()
	if g.HasGrid && keys[keyRasterType] == rasterPixelPoint {
		// The tie point is the centre of a pixel; the transform counts from its corner.
		g.Transform.C, g.Transform.F = g.Transform.At(-0.5, -0.5)
	}
	if _, ok := g.Transform.Invert(); g.HasGrid && !ok {
		g.Transform, g.HasGrid = Affine{}, false
		warnings = append(warnings, "georeference: the pixels have no area: left out")
	}
	if !g.HasGrid && len(t.Tiepoint) > 6 {
		warnings = append(warnings, "georeference: "+strconv.Itoa(len(t.Tiepoint)/6)+" ground control points and no grid: not used")
	}
	return g, warnings
}

// keys returns the keys that hold a short value of their own.
func (t GeoTags) keys() map[int]int {
	out := map[int]int{}
	for i := 4; i+3 < len(t.Keys); i += 4 {
		if t.Keys[i+1] == 0 {
			out[int(t.Keys[i])] = int(t.Keys[i+3])
		}
	}
	return out
}

// words returns a key's text.
func (t GeoTags) words(key int) string {
	for i := 4; i+3 < len(t.Keys); i += 4 {
		if int(t.Keys[i]) != key || t.Keys[i+1] != 34737 {
			continue
		}
		from, n := int(t.Keys[i+3]), int(t.Keys[i+2])
		if from+n > len(t.ASCII) {
			return ""
		}
		return strings.TrimSpace(strings.TrimRight(t.ASCII[from:from+n], "|\x00"))
	}
	return ""
}

// system returns the EPSG number, 0 if there is none, and the name.
func (t GeoTags) system(keys map[int]int) (epsg int, name string) {
	for _, k := range []int{keyProjCitation, keyCitation, keyGeogCitation} {
		if name = t.words(k); name != "" {
			break
		}
	}
	switch {
	case registered(keys[keyProjected]):
		epsg = keys[keyProjected]
	case keys[keyModelType] == modelProjected || keys[keyProjected] == userDefined:
		epsg = utmByParts(keys[keyGeographic], keys[keyProjection])
	case registered(keys[keyGeographic]):
		epsg = keys[keyGeographic]
	}
	if name == "" && epsg != 0 {
		name = "EPSG:" + strconv.Itoa(epsg)
		if s, ok := SystemOf(epsg); ok {
			name = s.Name
		}
	}
	return epsg, name
}

func registered(code int) bool { return code >= 1024 && code < userDefined }

// utmByParts joins a datum and a UTM conversion (EPSG 16001 to 16060 and 16101 to
// 16160), as older writers give them.
func utmByParts(datum, conversion int) int {
	zone, south := conversion-16000, false
	if zone > 100 {
		zone, south = zone-100, true
	}
	if zone < 1 || zone > 60 {
		return 0
	}
	switch {
	case datum == 4326 && south:
		return 32700 + zone
	case datum == 4326:
		return 32600 + zone
	case datum == 4258 && !south && zone >= 28 && zone <= 38:
		return 25800 + zone
	case datum == 4269 && !south && zone <= 23:
		return 26900 + zone
	}
	return 0
}

// grid returns the transform of the tags as they stand.
func (t GeoTags) grid() (Affine, bool) {
	var a Affine
	switch m, s, p := t.Matrix, t.Scale, t.Tiepoint; {
	case len(m) >= 16:
		a = Affine{m[0], m[1], m[3], m[4], m[5], m[7]}
	case len(s) >= 2 && len(p) >= 6:
		sx, sy := s[0], math.Abs(s[1])
		a = Affine{A: sx, C: p[3] - p[0]*sx, E: -sy, F: p[4] + p[1]*sy}
	default:
		return a, false
	}
	if !finite(a.Coefficients()...) {
		return Affine{}, false
	}
	return a, true
}
