package raster_test

import (
	"math"
	"testing"

	"github.com/antequem/antequem/imagery/raster"
)

func TestRanksOfEvenlySpreadValuesAreTheirPlaceAmongThem(t *testing.T) {
	sample := make([]float32, 1000)
	for i := range sample {
		sample[i] = float32(999 - i)
	}
	r := raster.NewRanks(sample)
	for _, c := range []struct{ v, want float32 }{{0, 0}, {249.75, 0.25}, {499.5, 0.5}, {999, 1}, {-50, 0}, {5000, 1}} {
		if got := r.Of(c.v); math.Abs(float64(got-c.want)) > 0.002 {
			t.Errorf("rank of %g is %g, want %g", c.v, got, c.want)
		}
	}
}

func TestRanksOfValuesThatAreAllAlikeAreTheMiddle(t *testing.T) {
	for _, sample := range [][]float32{nil, {7}, {7, 7, 7}} {
		if got := raster.NewRanks(sample).Of(7); got != 0.5 {
			t.Errorf("rank of 7 among %v is %g, want 0.5", sample, got)
		}
	}
}
