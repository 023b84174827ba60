package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/geo"
)

// Pictures that can't say where they lie are said so by files beside them: a world file
// (photo.pgw, .jgw, .wld, .tfw or the whole extension and w), the coordinate system in
// photo.prj, or both in GDAL's photo.png.aux.xml.

// maxSidecar bounds what is read of such a file, bytes.
const maxSidecar = 1 << 20

// placeBeside returns what the files beside the picture at path say of its place; ok is
// false where they give no grid or don't say of which coordinate system it is, and a
// warning then says what they lack.
func placeBeside(path string) (g geo.Georeference, warning string, ok bool) {
	stem, ext := strings.TrimSuffix(path, filepath.Ext(path)), filepath.Ext(path)
	aux := readAux(path + ".aux.xml")
	name, grid, err := worldFile(stem, ext)
	switch {
	case err != nil:
		return g, fmt.Sprintf("georeference: %s: %v", name, err), false
	case name != "":
		g.Transform, g.HasGrid = grid, true
	case aux.hasGrid:
		name = filepath.Base(path) + ".aux.xml"
		g.Transform, g.HasGrid = aux.grid, true
	default:
		return g, "", false
	}
	system := aux.system
	if text, err := readUpToLimit(stem + ".prj"); err == nil {
		system = string(text)
	}
	if g.EPSG, g.Name = geo.ParseWKT(system); g.EPSG == 0 && g.Name == "" {
		return g, "georeference: " + name + " gives a grid and no coordinate system: a .prj file beside it would", false
	}
	return g, "", true
}

// sayLeftBeside tells of places that lie beside the pictures of a case: a pack holds the
// pictures alone.
func sayLeftBeside(dir string, c imagery.Case) {
	for _, im := range c.Images {
		path := beside(dir, im.File)
		if g, _, ok := placeBeside(path); ok && g.EPSG != 0 {
			say("note: %s: the files beside it that say where it lies stay behind; antequem crop %s --out NAME.tif makes a picture that holds it", im.File, im.File)
		}
	}
}

// worldFile reads the world file of a picture; name is "" where there is none.
func worldFile(stem, ext string) (name string, grid geo.Affine, err error) {
	letters := strings.TrimPrefix(ext, ".")
	ends := []string{".wld", ext + "w"}
	if n := len(letters); n > 2 {
		ends = append(ends, "."+letters[:1]+letters[n-1:]+"w") // .png: .pgw
	}
	for _, end := range ends {
		for _, e := range []string{end, strings.ToLower(end), strings.ToUpper(end)} {
			text, err := readUpToLimit(stem + e)
			if err != nil {
				continue
			}
			grid, err = geo.ParseWorldFile(string(text))
			return filepath.Base(stem) + e, grid, err
		}
	}
	return "", grid, nil
}

// auxFile is what GDAL's .aux.xml says of a place.
type auxFile struct {
	system  string
	grid    geo.Affine
	hasGrid bool
}

func readAux(path string) (a auxFile) {
	text, err := readUpToLimit(path)
	if err != nil {
		return a
	}
	var doc struct {
		SRS          string `xml:"SRS"`
		GeoTransform string `xml:"GeoTransform"`
	}
	if xml.Unmarshal(text, &doc) != nil {
		return a
	}
	a.system = doc.SRS
	var v [6]float64
	parts := strings.Split(doc.GeoTransform, ",")
	if len(parts) != len(v) {
		return a
	}
	for i, p := range parts {
		if v[i], err = strconv.ParseFloat(strings.TrimSpace(p), 64); err != nil {
			return a
		}
	}
	a.grid = geo.Affine{C: v[0], A: v[1], B: v[2], F: v[3], D: v[4], E: v[5]}
	_, a.hasGrid = a.grid.Invert()
	return a
}

func readUpToLimit(path string) ([]byte, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() || st.Size() > maxSidecar {
		return nil, fmt.Errorf("%s: no ordinary file of up to %d bytes", path, maxSidecar)
	}
	return os.ReadFile(path)
}
