package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/google/go-cmp/cmp"
)

func TestTiePointsAreReadByTheirColumns(t *testing.T) {
	want := []imagery.UserTiePoint{
		{Reference: imagery.Point{X: 1, Y: 2}, Moving: imagery.Point{X: 3, Y: 4}},
		{Reference: imagery.Point{X: 5.5, Y: 6}, Moving: imagery.Point{X: 7, Y: -0.5}},
		{Reference: imagery.Point{X: 9, Y: 10}, Moving: imagery.Point{X: 11, Y: 12}},
	}
	for _, c := range []struct{ name, file string }{
		{"without a header", "1,2,3,4\n5.5, 6, 7, -0.5\n9,10,11,12\n"},
		{"with one, behind a byte order mark", "\ufeffreference_x,reference_y,moving_x,moving_y\n1,2,3,4\n5.5,6,7,-0.5\n9,10,11,12"},
		{"with the columns in another order, and one more", "name,moving_x,moving_y,Reference_X,reference_y\r\nwell,3,4,1,2\r\nroof,7,-0.5,5.5,6\r\ngate,11,12,9,10\r\n"},
		{"with remarks and empty lines", "# by hand\n1,2,3,4\n\n5.5,6,7,-0.5\n9,10,11,12\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ties, err := parseTies(strings.NewReader(c.file))
			if err != nil {
				t.Fatal(err)
			}
			var got []imagery.UserTiePoint
			for _, tie := range ties {
				got = append(got, tie.UserTiePoint)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestPositionsAreReadAsTiePointsAre(t *testing.T) {
	want := []imagery.Point{{X: 1, Y: 2}, {X: 5.5, Y: -0.5}}
	for _, c := range []struct{ name, file string }{
		{"without a header", "1,2\n5.5, -0.5\n"},
		{"with one, behind a byte order mark", "\ufeffx,y\r\n1,2\r\n\r\n5.5,-0.5\r\n"},
		{"with the columns in another order, and one more", "name,Y,X\nwell,2,1\nroof,-0.5,5.5\n"},
		{"with a remark and one more number", "# corners\n1,2,7\n5.5,-0.5,7\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := parsePoints(strings.NewReader(c.file))
			if d := cmp.Diff(want, got); err != nil || d != "" {
				t.Error(err, d)
			}
		})
	}
	for _, c := range []struct{ file, want string }{
		{"1,2\n3\n", "2: want x,y in pixels of the reference: invalid"},
		{"u,v\n1,2\n", `1: position "u", "v": want two numbers, in pixels: invalid`},
		{"1,2\nx,y\n", `2: position "x", "y": want two numbers, in pixels: invalid`},
	} {
		if _, err := parsePoints(strings.NewReader(c.file)); err == nil || err.Error() != c.want {
			t.Errorf("%q: got %v, want %s", c.file, err, c.want)
		}
	}
}

func TestAMapHasItsArticle(t *testing.T) {
	for model, want := range map[string]string{"identity": "an identity map", "affine": "an affine map", "local": "a local map"} {
		if got := mapBy(model); got != want {
			t.Errorf("%s: %s", model, got)
		}
	}
}

func TestAMistakeInTiePointsIsToldWithItsLine(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"a word for a number", "1,2,3,4\n5,6,seven,8\n9,1,2,3\n", `2: moving position "seven", "8": want two numbers`},
		{"too few fields", "1,2,3,4\n5,6,7\n", "2: 3 fields: want reference_x,reference_y,moving_x,moving_y"},
		{"a header of other columns", "x,y,u,v\n1,2,3,4\n", "1: header x,y,u,v: want the columns reference_x"},
		{"no number", "1,2,3,NaN\n", `1: moving position "3", "NaN": want two numbers`},
		{"two points", "1,2,3,4\n5,6,7,8\n", "2: 2 tie points: want 3 or more"},
		{"nothing", "", "1: 0 tie points: want 3 or more"},
		{"a quote left open", "1,2,3,4\n\"5,6,7,8\n", "2: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := parseTies(strings.NewReader(c.file)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, want %s…", err, c.want)
			}
		})
	}
}

func TestAWrongFileOfTiePointsIsAWrongCall(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ties.csv")
	if err := os.WriteFile(path, []byte("1,2,3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, path + ".none"} {
		if _, err := readTies(p); exitStatus(err) != exitUsage || !strings.Contains(err.Error(), p) {
			t.Errorf("%s: got %v, status %d; want the file named and status 2", p, err, exitStatus(err))
		}
	}
}

func FuzzParseTies(f *testing.F) {
	f.Add("1,2,3,4\n5,6,7,8\n9,10,11,12\n")
	f.Add("moving_y,moving_x,reference_x,reference_y\n1,2,3,4\n")
	f.Fuzz(func(t *testing.T, file string) {
		ties, err := parseTies(strings.NewReader(file))
		if err == nil && len(ties) < fewestTies {
			t.Errorf("%d tie points", len(ties))
		}
		for _, tie := range ties {
			for _, v := range []float64{tie.Reference.X, tie.Reference.Y, tie.Moving.X, tie.Moving.Y} {
				if v-v != 0 {
					t.Errorf("%v is no position", v)
				}
			}
		}
	})
}
