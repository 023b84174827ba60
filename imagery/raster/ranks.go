package raster

import "slices"

// Ranks turns values into their rank among a sample, 0 for the smallest to 1 for the
// largest, through a table of even steps. Ranks stay what they are under any
// monotone change of the values: light, exposure, contrast.
type Ranks struct {
	low, perStep float32
	table        []float32
}

// rankSteps is fine enough for 12 bits of grey.
const rankSteps = 4096

// NewRanks takes a sample. Of nothing, every value has rank 0.5.
func NewRanks(sample []float32) Ranks {
	if len(sample) == 0 {
		return Ranks{table: []float32{0.5, 0.5}}
	}
	low, high := slices.Min(sample), slices.Max(sample)
	r := Ranks{low: low, perStep: rankSteps / max(high-low, 1e-6), table: make([]float32, rankSteps+1)}
	var counts [rankSteps + 2]int // of the values that are first reached at each step; the last, beyond the table
	for _, v := range sample {
		counts[r.reached(v)]++
	}
	below := 0
	for k := range r.table {
		from := below
		below += counts[k]
		r.table[k] = float32(from+below) / float32(2*len(sample)) // ties share the middle
	}
	return r
}

// reached returns the first step of the table that is not below v.
func (r Ranks) reached(v float32) int {
	k := min(max(int((v-r.low)*r.perStep), 0), rankSteps+1)
	for k > 0 && v <= r.at(k-1) {
		k--
	}
	for k <= rankSteps && v > r.at(k) {
		k++
	}
	return k
}

// at is the value at a step of the table.
func (r Ranks) at(k int) float32 { return r.low + float32(k)/r.perStep }

// Of returns the rank of v.
func (r Ranks) Of(v float32) float32 {
	last := len(r.table) - 1
	x := min(max((v-r.low)*r.perStep, 0), float32(last))
	i := min(int(x), last-1)
	t := x - float32(i)
	return r.table[i]*(1-t) + r.table[i+1]*t
}
