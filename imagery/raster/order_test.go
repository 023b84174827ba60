package raster_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/antequem/antequem/imagery/raster"
	"pgregory.net/rapid"
)

func TestNthIsWhatSortingPutsThere(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		v := rapid.SliceOfN(rapid.Float32Range(-4, 4), 1, 200).Draw(rt, "samples")
		if rapid.Bool().Draw(rt, "few values") {
			for i := range v {
				v[i] = float32(int(v[i]))
			}
		}
		k := rapid.IntRange(0, len(v)-1).Draw(rt, "k")
		sorted := slices.Sorted(slices.Values(v))
		if got := raster.Nth(slices.Clone(v), k); got != sorted[k] {
			rt.Fatalf("the sample at %d is %v, want %v", k, got, sorted[k])
		}
	})
}

func BenchmarkNth(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	v := make([]float32, 1<<16)
	for i := range v {
		v[i] = rng.Float32()
	}
	w := make([]float32, len(v))
	b.SetBytes(int64(len(v)))
	for b.Loop() {
		copy(w, v)
		raster.Nth(w, len(w)/2)
	}
}
