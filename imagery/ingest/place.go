package ingest

import (
	"fmt"
	"math"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
)

const (
	// cameraReach is how far from a location, metres, a camera that shows it may
	// stand: a drone's or an aeroplane's view. Farther is worth a word.
	cameraReach = 20_000

	// metresPerDegree is the length of a degree of latitude, to half a per cent.
	metresPerDegree = 111_200
)

// places compares where the file says it lies with where the location is.
func places(f decode.Info, l imagery.Location) []Warning {
	var ws []Warning
	located := !math.IsNaN(l.Lat) && !math.IsNaN(l.Lon)
	if located && len(f.Footprint) > 0 {
		if d := outside(f.Footprint, l); d > 0 {
			ws = append(ws, warn(PlaceDiffers, "By its georeference the picture doesn't cover the location; it ends about %s from it.", distance(d)))
		}
	}
	if !f.GPS || f.Lat == nil || f.Lon == nil {
		return ws
	}
	if d := metres(*f.Lon-l.Lon, *f.Lat-l.Lat, l.Lat); located && d > cameraReach {
		ws = append(ws, warn(PlaceDiffers, "The file says that the camera stood about %s from the location.", distance(d)))
	}
	return append(ws, warn(CameraPlace, "The file says where the camera stood. That stays in the original and is never published."))
}

// outside returns how far, metres, a location lies outside the box around a
// footprint; 0 inside it. The box may cross the date line.
func outside(footprint [][2]float64, l imagery.Location) float64 {
	west, east, south, north := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, p := range footprint {
		lon := l.Lon + turn(p[0]-l.Lon)
		west, east = min(west, lon), max(east, lon)
		south, north = min(south, p[1]), max(north, p[1])
	}
	dLon := max(west-l.Lon, 0, l.Lon-east)
	dLat := max(south-l.Lat, 0, l.Lat-north)
	return metres(dLon, dLat, l.Lat)
}

// turn brings a difference of longitudes to -180 … 180 degrees.
func turn(d float64) float64 { return d - 360*math.Round(d/360) }

// metres returns the length of a small step, degrees, at a latitude.
func metres(dLon, dLat, lat float64) float64 {
	return metresPerDegree * math.Hypot(turn(dLon)*math.Cos(lat*math.Pi/180), dLat)
}

// distance writes a length for people.
func distance(m float64) string {
	if m < 1000 {
		return fmt.Sprintf("%.0f m", m)
	}
	return fmt.Sprintf("%.0f km", m/1000)
}
