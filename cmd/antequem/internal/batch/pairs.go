package batch

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
)

// A Pair is one line of a table of pairs, as written. What is wrong with its
// cells is told when it is judged, so that one line can't stop the others.
type Pair struct {
	Line int
	Name string
	// Paths, relative to the table.
	Before, After string
	// EDTF; "" where nothing is known.
	BeforeAcquired, AfterAcquired string
	BeforeBasis, AfterBasis       string
	Region                        string // "x,y x,y x,y", pixels of Before; "" for none
	Notes                         string
}

// columns are the columns of a table of pairs; only the first two must be there.
var columns = []string{"before", "after", "before_acquired", "after_acquired", "before_basis", "after_basis", "region", "name", "notes"}

// ReadPairs reads a table of pairs: a line of column names, then a pair a line.
// Cells are parted by commas, semicolons or tabs, whichever the first line has
// most of, and a byte order mark is passed over.
func ReadPairs(file string, data []byte) ([]Pair, error) {
	fail := func(line int, format string, a ...any) error {
		return fmt.Errorf("%s:%d: %w", file, line, fmt.Errorf(format+": %w", append(a, imagery.ErrInvalid)...))
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		return nil, fail(1, `its letters are not UTF-8: save it as "CSV UTF-8"`)
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = separator(data), -1, true
	head, err := r.Read()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fail(1, "%v", err)
	}
	at, err := place(head)
	if err != nil {
		return nil, fail(1, "%w", err)
	}
	var out []Pair
	for {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			return nil, fail(wrong.Line, "%w; a cell with a quotation mark in it stands in quotation marks", wrong.Err)
		}
		if err != nil {
			return nil, fail(1, "%w", err)
		}
		line, _ := r.FieldPos(0)
		if p, ok := at.pair(rec, line); ok {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return nil, fail(1, "it holds no pair: write one a line below the names of the columns")
	}
	return out, nil
}

// separator returns what parts the cells of the first line.
func separator(data []byte) rune {
	head, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', 0
	for _, c := range []rune{',', ';', '\t'} {
		if n := bytes.Count(head, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// places says in which cell of a line each column stands.
type places map[string]int

func place(head []string) (places, error) {
	at := places{}
	for i, h := range head {
		h = strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(h)))
		switch _, twice := at[h]; {
		case h == "":
		case !slices.Contains(columns, h):
			return nil, fmt.Errorf("column %q is not known; the columns are %s", h, strings.Join(columns, ", "))
		case twice:
			return nil, fmt.Errorf("column %q is there twice; keep one", h)
		default:
			at[h] = i
		}
	}
	for _, must := range columns[:2] {
		if _, ok := at[must]; !ok {
			return nil, fmt.Errorf("there is no column %q; the first line names the columns: %s", must, strings.Join(columns, ", "))
		}
	}
	return at, nil
}

// pair reads a line; false if all of it is empty.
func (at places) pair(rec []string, line int) (Pair, bool) {
	if !slices.ContainsFunc(rec, func(s string) bool { return strings.TrimSpace(s) != "" }) {
		return Pair{}, false
	}
	cell := func(name string) string {
		if i, ok := at[name]; ok && i < len(rec) {
			return strings.TrimSpace(rec[i])
		}
		return ""
	}
	return Pair{
		Line: line, Name: cell("name"), Before: cell("before"), After: cell("after"),
		BeforeAcquired: cell("before_acquired"), AfterAcquired: cell("after_acquired"),
		BeforeBasis: cell("before_basis"), AfterBasis: cell("after_basis"),
		Region: cell("region"), Notes: cell("notes"),
	}, true
}

// Images returns what the line says of its two images, and the region.
func (p Pair) Images() (before, after imagery.Image, region []imagery.Point, err error) {
	if before, err = imageOf("before", p.Before, p.BeforeAcquired, p.BeforeBasis); err != nil {
		return before, after, nil, err
	}
	if after, err = imageOf("after", p.After, p.AfterAcquired, p.AfterBasis); err != nil {
		return before, after, nil, err
	}
	if path.Clean(before.File) == path.Clean(after.File) {
		return before, after, nil, fmt.Errorf("before and after are both %s; name two pictures: %w", before.File, imagery.ErrInvalid)
	}
	before.Notes = p.Notes
	if b, a := before.Taken(), after.Taken(); !a.Latest.IsZero() && !b.Earliest.IsZero() && !b.Earliest.Before(a.Latest) {
		return before, after, nil, fmt.Errorf("before was taken %s, which is not before after, taken %s; change them round or mend the dates: %w",
			b.Human(), a.Human(), imagery.ErrInvalid)
	}
	region, err = parseRegion(p.Region)
	return before, after, region, err
}

func imageOf(which, file, acquired, basis string) (imagery.Image, error) {
	im := imagery.Image{
		File: strings.ReplaceAll(file, `\`, "/"), Basis: imagery.Basis(strings.ToLower(basis)), Platform: imagery.PlatformUnknown,
		OffNadir: math.NaN(), SunAz: math.NaN(), SunEl: math.NaN(),
	}
	if file == "" {
		return im, fmt.Errorf("%s: the cell is empty; write the path of the picture: %w", which, imagery.ErrInvalid)
	}
	if im.Basis == "" {
		im.Basis = imagery.BasisCapture
	}
	if !slices.Contains(imagery.Bases, im.Basis) {
		return im, fmt.Errorf("%s_basis: %q is none of %v: %w", which, basis, imagery.Bases, imagery.ErrInvalid)
	}
	if acquired == "" {
		acquired = "../.."
	}
	d, err := edtf.Parse(acquired)
	if err != nil {
		return im, fmt.Errorf("%s_acquired: %w: %w", which, err, imagery.ErrInvalid)
	}
	im.Acquired = d
	return im, nil
}

// parseRegion reads "x,y x,y x,y"; "" is no region.
func parseRegion(s string) ([]imagery.Point, error) {
	var out []imagery.Point
	for _, f := range strings.Fields(s) {
		xs, ys, _ := strings.Cut(f, ",")
		x, errX := strconv.ParseFloat(xs, 64)
		y, errY := strconv.ParseFloat(ys, 64)
		if errX != nil || errY != nil || x-x != 0 || y-y != 0 {
			return nil, fmt.Errorf("region: corner %q: want x,y in pixels of before: %w", f, imagery.ErrInvalid)
		}
		out = append(out, imagery.Point{X: x, Y: y})
	}
	if len(out) == 1 || len(out) == 2 {
		return nil, fmt.Errorf("region: %d corners, want three or more: %w", len(out), imagery.ErrInvalid)
	}
	return out, nil
}
