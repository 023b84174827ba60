package timeline

import (
	"slices"
	"testing"

	"github.com/antequem/antequem/compare"
)

// Each tile is given by the looks of its frames, -1 where one is not clear.
func TestSequence(t *testing.T) {
	for _, c := range []struct {
		name  string
		tiles [][]int
		want  []int // nil where no order fits
	}{
		{"one tile", [][]int{{0, 0, 1, 1}}, []int{0, 0, 1, 1}},
		{"at one time", [][]int{{0, 0, 1, 1}, {0, 0, 1, 1}}, []int{0, 0, 1, 1}},
		{"one after the other", [][]int{{0, 1, 1, 1}, {0, 0, 0, 1}}, []int{0, 1, 1, 2}},
		{"one not clear between", [][]int{{0, 1, 1}, {0, -1, 1}}, []int{0, -1, 1}},
		{"the first change lies before what is clear in all", [][]int{{0, 1, 1, 1}, {-1, 0, 1, 1}}, nil},
		{"the last change lies after it", [][]int{{0, 0, 0, 1}, {0, 1, 1, -1}}, nil},
		{"each leads once", [][]int{{0, 1, 0, 1}, {0, 0, 1, 1}}, nil},
		{"nothing changed", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			still := &analysis{out: compare.Timeline{State: compare.Unchanged, Frames: make([]compare.Frame, 4)}}
			if len(c.tiles) > 0 {
				still.out.Frames = make([]compare.Frame, len(c.tiles[0]))
			}
			tiles := []*analysis{still}
			for _, groups := range c.tiles {
				b := &analysis{out: compare.Timeline{State: compare.Changed}}
				for _, g := range groups {
					b.out.Frames = append(b.out.Frames, compare.Frame{Group: g})
				}
				tiles = append(tiles, b)
			}
			got, ok := sequence(tiles)
			if ok != (c.want != nil) || ok && !slices.Equal(got, c.want) {
				t.Errorf("%v: %v, in order %v; want %v", c.tiles, got, ok, c.want)
			}
		})
	}
}
