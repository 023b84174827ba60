package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// tieColumns are the columns of a file of tie points, in the order that a file without
// a header has them.
var tieColumns = []string{"reference_x", "reference_y", "moving_x", "moving_y"}

// fewestTies is the number of tie points that fix a map.
const fewestTies = 3

// A lineOfTies is a person's tie point and the line of the file that it stands on.
type lineOfTies struct {
	imagery.UserTiePoint
	line int
}

// readTies reads a person's tie points; no file, none.
func readTies(path string) ([]lineOfTies, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, usage(err)
	}
	defer f.Close()
	ties, err := parseTies(f)
	if err != nil {
		return nil, usage(fmt.Errorf("%s:%w", path, err))
	}
	return ties, nil
}

// parseTies reads comma-separated values, with or without a header. An error begins with
// the line that it is about.
func parseTies(from io.Reader) ([]lineOfTies, error) {
	order := []int{0, 1, 2, 3}
	var ties []lineOfTies
	last, first := 1, true
	for rec, err := range records(from) {
		if err != nil {
			return nil, err
		}
		last = rec.line
		if first && rec.header() {
			if order = rec.columns(tieColumns); order == nil {
				return nil, fmt.Errorf("%d: header %s: want the columns %s", last, strings.Join(rec.fields, ","), strings.Join(tieColumns, ","))
			}
			first = false
			continue
		}
		first = false
		tie, err := parseTie(rec.fields, order)
		if err != nil {
			return nil, fmt.Errorf("%d: %w", last, err)
		}
		ties = append(ties, lineOfTies{tie, last})
	}
	if len(ties) < fewestTies {
		return nil, fmt.Errorf("%d: %d tie points: want %d or more", last, len(ties), fewestTies)
	}
	return ties, nil
}

func parseTie(rec []string, order []int) (imagery.UserTiePoint, error) {
	if len(rec) <= slices.Max(order) {
		return imagery.UserTiePoint{}, fmt.Errorf("%d fields: want %s", len(rec), strings.Join(tieColumns, ","))
	}
	ref, err := parsePoint(rec[order[0]], rec[order[1]])
	if err != nil {
		return imagery.UserTiePoint{}, fmt.Errorf("reference %w", err)
	}
	mov, err := parsePoint(rec[order[2]], rec[order[3]])
	if err != nil {
		return imagery.UserTiePoint{}, fmt.Errorf("moving %w", err)
	}
	return imagery.UserTiePoint{Reference: ref, Moving: mov}, nil
}

// tie gives mov the tie points read from path, each of which must lie in both pictures.
func tie(ref assess.Picture, mov *assess.Picture, path string, ties []lineOfTies) error {
	for _, t := range ties {
		for _, in := range []struct {
			name string
			of   raster.Raster
			at   imagery.Point
		}{{"reference", ref.Raster, t.Reference}, {"moving", mov.Raster, t.Moving}} {
			w, h := in.of.Size()
			if in.at.X < -0.5 || in.at.Y < -0.5 || in.at.X > float64(w)-0.5 || in.at.Y > float64(h)-0.5 {
				return usage(fmt.Errorf("%s:%d: %g,%g lies outside the %s picture, %d × %d px: %w", path, t.line, in.at.X, in.at.Y, in.name, w, h, imagery.ErrInvalid))
			}
		}
		mov.Image.TiePoints = append(mov.Image.TiePoints, t.UserTiePoint)
	}
	return nil
}
