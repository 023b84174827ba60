package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
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
		return nil, usage(fmt.Errorf("%s:%w: %w", path, err, imagery.ErrInvalid))
	}
	return ties, nil
}

// parseTies reads comma-separated values, with or without a header. An error begins with
// the line that it is about.
func parseTies(from io.Reader) ([]lineOfTies, error) {
	r := csv.NewReader(from)
	r.FieldsPerRecord, r.TrimLeadingSpace, r.Comment = -1, true, '#'
	order := []int{0, 1, 2, 3}
	var ties []lineOfTies
	last, first := 1, true
	for ; ; first = false {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if wrong := new(csv.ParseError); errors.As(err, &wrong) {
			return nil, fmt.Errorf("%d: %w", wrong.Line, wrong.Err)
		} else if err != nil {
			return nil, fmt.Errorf("%d: %w", last, err)
		}
		last, _ = r.FieldPos(0)
		rec[0] = strings.TrimPrefix(rec[0], "\ufeff")
		if first && header(rec) {
			if order = columns(rec); order == nil {
				return nil, fmt.Errorf("%d: header %s: want the columns %s", last, strings.Join(rec, ","), strings.Join(tieColumns, ","))
			}
			continue
		}
		tie, err := parseTie(rec, order)
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

// header says whether no field of a record is a number.
func header(rec []string) bool {
	return !slices.ContainsFunc(rec, func(s string) bool {
		_, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		return err == nil
	})
}

// columns returns where the fields of tieColumns stand under a header; nil if one is missing.
func columns(header []string) []int {
	var out []int
	for _, name := range tieColumns {
		i := slices.IndexFunc(header, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), name) })
		if i < 0 {
			return nil
		}
		out = append(out, i)
	}
	return out
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
