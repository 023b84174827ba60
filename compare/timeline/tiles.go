package timeline

import (
	"cmp"
	"context"
	"image"
	"math"
	"slices"

	"github.com/antequem/antequem/compare"
)

// A region with little around it, as in a picture cut close to a building, leaves no
// room for windows of its size. It is cut into tiles that do, and each is read as a
// region by itself, by thresholds that all of them together pass as often by chance as
// one region would (Šidák 1967, J. Am. Stat. Assoc. 62 626).

const (
	mostTiles = 4  // along each side
	leastTile = 16 // side of a tile, px
	leastPart = 4  // of a tile: less of the region than a quarter of one is not read by itself
)

// readInTiles says of the region what its tiles do, if they are of a size that fits
// around it; else what was said stands.
func (a *analysis) readInTiles(ctx context.Context) error {
	grids := a.grid.tiled(a.fields, a.opts.Controls)
	if grids == nil {
		return nil
	}
	n := float64(len(grids))
	lacking := a.lacking(grids)
	tiles := make([]*analysis, len(grids))
	for i, g := range grids {
		b := &analysis{opts: a.opts, grid: g, frames: a.frames, out: Blank(a.frames), laid: a.laid, odd: a.odd, tile: true, lack: lacking}
		b.opts.Alpha, b.opts.Doubt, b.opts.ToneDoubt = each(a.opts.Alpha, n), each(a.opts.Doubt, n), each(a.opts.ToneDoubt, n)
		b.opts.Seed += uint64(i)
		if err := b.run(ctx); err != nil {
			return err
		}
		tiles[i] = b
	}
	a.join(tiles)
	return nil
}

// lacking says of each frame between the first and the last why it doesn't show some
// tile; "" if it shows all. What hides one tile hides others in part, and would pass for
// something that was there for a while. The first and the last frame, which a change of
// the region may hide, are read as far as they go.
func (a *analysis) lacking(tiles []grid) []string {
	out := make([]string, len(a.frames))
	for i := 1; i < len(a.frames)-1; i++ {
		for _, g := range tiles {
			if out[i] == "" && a.laid[i] != nil {
				out[i] = hidden(a.laid[i], &g, a.frames[i])
			}
		}
	}
	return out
}

// join says of the region what its tiles say together, if all of them could be tested.
func (a *analysis) join(tiles []*analysis) {
	lead := leading(tiles)
	if lead == nil {
		return
	}
	whole := a.out
	a.out = lead.out
	a.out.Dissimilar, a.out.Placebos, a.out.Cautions = whole.Dissimilar, nil, nil
	a.caution("too little is shown around the region for windows of its size, so it was read in %d parts, each by itself", len(tiles))
	a.out.Tiles = len(tiles)
	rarest := slices.MinFunc(tiles, func(a, b *analysis) int { return cmp.Compare(a.out.PValue, b.out.PValue) })
	a.out.PValue = 1 - math.Pow(1-rarest.out.PValue, float64(len(tiles)))
	a.out.Pairings = pairingsOf(tiles)
	a.powerOf(tiles)
	groups, ordered := sequence(tiles)
	a.out.State, a.out.RuledOutPx, a.out.EndUnread = stateOfTiles(tiles, ordered), math.NaN(), false
	switch {
	case a.out.State == compare.Changed:
		a.out.Cautions = append(a.out.Cautions, lead.out.Cautions...)
		if slices.ContainsFunc(tiles, func(b *analysis) bool { return b.out.State == compare.Changed && !agree(groups, b.out.Frames) }) {
			a.caution(differentTimes)
		}
		a.inSequence(groups, tiles)
		if slices.Max(groups) > 1 {
			a.out.Part = nil
		} else if a.out.Part == nil {
			a.out.Part = lead.grid.outline(image.Rect(0, 0, lead.grid.shape.w, lead.grid.shape.h))
		}
	case a.out.State == compare.Unchanged:
		a.out.RuledOutPx = 0
		for _, b := range tiles {
			a.leaveUnclear(b.out.Frames)
			a.out.EndUnread = a.out.EndUnread || b.out.EndUnread
			a.out.RuledOutPx = max(a.out.RuledOutPx, astride*b.out.RuledOutPx)
			for _, c := range b.out.Cautions {
				if !slices.Contains(a.out.Cautions, c) {
					a.out.Cautions = append(a.out.Cautions, c)
				}
			}
		}
	case lead.out.State == compare.Changed:
		a.unclear()
		a.caution(differentTimes)
	default:
		a.unclear()
		a.out.Cautions = append(a.out.Cautions, lead.out.Cautions...)
	}
}

const differentTimes = "parts of the region changed at different times: ask of each by itself"

// sequence returns the look that each frame shows of the tiles together, 0 the first of
// all, -1 where that is not clear in some tile that changed; ok is false where one look
// has some tile earlier and some later than another look does, or where no frame shows
// all tiles as they were at first, or none as they were at last.
func sequence(tiles []*analysis) (groups []int, ok bool) {
	changed := slices.DeleteFunc(slices.Clone(tiles), func(b *analysis) bool { return b.out.State != compare.Changed })
	var looks [][]int // each the looks of the tiles
	shown := make([][]int, len(tiles[0].out.Frames))
	last := make([]int, len(changed))
	for i := range shown {
		for t, b := range changed {
			g := b.out.Frames[i].Group
			shown[i], last[t] = append(shown[i], g), max(last[t], g)
		}
		if clear := !slices.Contains(shown[i], -1); clear && !slices.ContainsFunc(looks, func(l []int) bool { return slices.Equal(l, shown[i]) }) {
			looks = append(looks, shown[i])
		}
	}
	slices.SortFunc(looks, slices.Compare)
	for k := 1; k < len(looks); k++ {
		for t, g := range looks[k] {
			if g < looks[k-1][t] {
				return nil, false
			}
		}
	}
	for _, s := range shown {
		groups = append(groups, slices.IndexFunc(looks, func(l []int) bool { return slices.Equal(l, s) }))
	}
	return groups, len(looks) > 1 && slices.Max(looks[0]) == 0 && slices.Equal(looks[len(looks)-1], last)
}

// inSequence writes the looks that the tiles show together into the frames.
func (a *analysis) inSequence(groups []int, tiles []*analysis) {
	for i, g := range groups {
		f := &a.out.Frames[i]
		f.Group, f.State = g, compare.StateNew
		if g == 0 {
			f.State = compare.StateOld
		}
	}
	for _, b := range tiles {
		if b.out.State == compare.Changed {
			a.leaveUnclear(b.out.Frames)
		}
	}
}

// astride is how much larger a change must be than one that is seen in a tile: of one
// that lies astride two tiles, or four, half its side lies in one of them at least.
const astride = 2

// powerOf takes the power of the tile in which least is seen.
func (a *analysis) powerOf(tiles []*analysis) {
	least := tiles[0].out
	for _, b := range tiles {
		if math.IsNaN(b.out.DetectablePx) || b.out.DetectablePx > least.DetectablePx {
			least = b.out
		}
	}
	most := float64(min(a.grid.shape.w, a.grid.shape.h))
	a.out.Power, a.out.DetectablePx = nil, astride*least.DetectablePx
	if a.out.DetectablePx > most {
		a.out.DetectablePx = math.NaN()
	}
	for _, p := range least.Power {
		if p.SidePx *= astride; p.SidePx <= most {
			a.out.Power = append(a.out.Power, p)
		}
	}
}

// each is the threshold of each of n tests of which all together pass as often by
// chance as one would at the threshold given.
func each(threshold, n float64) float64 { return 1 - math.Pow(1-threshold, 1/n) }

// leaveUnclear takes over which frames don't show a tile clearly.
func (a *analysis) leaveUnclear(tile []compare.Frame) {
	for i, f := range tile {
		if f.State == compare.StateUnclear {
			a.out.Frames[i] = f
		}
	}
}

// unclear takes back the frames' states.
func (a *analysis) unclear() {
	a.out.Part = nil
	for i := range a.out.Frames {
		a.out.Frames[i].State, a.out.Frames[i].Group = compare.StateUnclear, -1
	}
}

// leading returns the tile that speaks for the region: one that changed and changed back,
// or else the one that changed most surely, or where none did, the least clear one; nil
// where some tile could not be tested.
func leading(tiles []*analysis) *analysis {
	if slices.ContainsFunc(tiles, func(b *analysis) bool { return math.IsNaN(b.out.PValue) }) {
		return nil
	}
	says := func(b *analysis) int {
		switch {
		case b.astray:
			return 0
		case b.out.State == compare.Changed:
			return 1
		case b.out.State == compare.Undetermined:
			return 2
		}
		return 3
	}
	return slices.MinFunc(tiles, func(a, b *analysis) int {
		return cmp.Or(cmp.Compare(says(a), says(b)), cmp.Compare(a.out.PValue, b.out.PValue))
	})
}

// stateOfTiles says that a region changed where some tile did and none for a while, if
// the changes come in an order, and that it didn't where no tile did.
func stateOfTiles(tiles []*analysis, ordered bool) compare.RegionState {
	changed, still := false, true
	for _, b := range tiles {
		if b.astray {
			return compare.Undetermined
		}
		changed, still = changed || b.out.State == compare.Changed, still && b.out.State == compare.Unchanged
	}
	switch {
	case changed && ordered:
		return compare.Changed
	case still:
		return compare.Unchanged
	}
	return compare.Undetermined
}

// agree says that no frame shows one look in a tile and another in the tiles together.
func agree(together []int, tile []compare.Frame) bool {
	for i, f := range tile {
		if f.Group >= 0 && together[i] >= 0 && f.Group != together[i] {
			return false
		}
	}
	return true
}

// pairingsOf joins what the tiles say of every two frames: they differ where they do in
// some tile, and are the same where they are in all.
func pairingsOf(tiles []*analysis) []compare.Pairing {
	var out []compare.Pairing
	places := map[[2]string]int{}
	count := map[[2]string]int{} // tiles that compare the two
	for _, b := range tiles {
		for _, p := range b.out.Pairings {
			key := [2]string{p.A, p.B}
			count[key]++
			i, ok := places[key]
			if !ok {
				places[key] = len(out)
				out = append(out, p)
				continue
			}
			if !p.Same && out[i].Caution == "" {
				out[i].Caution = p.Caution
			}
			out[i].Same, out[i].Differ = out[i].Same && p.Same, out[i].Differ || p.Differ
		}
	}
	for i, p := range out {
		if count[[2]string{p.A, p.B}] < len(tiles) {
			out[i].Same = false
		}
		if out[i].Same || out[i].Differ {
			out[i].Caution = ""
		} else if out[i].Caution == "" {
			out[i].Caution = "a part of the region is hidden in one of them"
		}
	}
	return out
}

// tiled returns the grids of the fewest tiles of which enough windows fit around the
// region without overlapping, or else of the most of which enough fit at all; nil for none.
func (g *grid) tiled(fs []*field, most int) []grid {
	var last []grid
	for n := 2; n <= mostTiles && min(g.shape.w, g.shape.h)/n >= leastTile; n++ {
		tiles := g.tiles(n)
		large := slices.MaxFunc(tiles, func(a, b grid) int { return cmp.Compare(a.shape.area, b.shape.area) })
		around := controls(fs, &large, most)
		if len(around) < fewestControls {
			continue
		}
		last = tiles
		if disjoint(around, &large.shape) >= fewestControls {
			break
		}
	}
	return last
}

// tiles cuts the region into n × n, without those of which it fills little.
func (g *grid) tiles(n int) []grid {
	var out []grid
	s := g.shape
	for k := range n * n {
		x, y := k%n, k/n
		part := s.within(x*s.w/n, y*s.h/n, (x+1)*s.w/n, (y+1)*s.h/n)
		if part.area*leastPart < s.w/n*(s.h/n) {
			continue
		}
		part, left, top := part.trimmed()
		t := *g
		t.rx, t.ry = g.rx+left, g.ry+top
		t.lay(part)
		out = append(out, t)
	}
	return out
}

// trimmed returns the shape with its bounding box drawn close, and how far to the right
// and down that lies.
func (s shape) trimmed() (out shape, left, top int) {
	left, top = s.w, s.h
	for _, r := range s.runs {
		left, top = min(left, r.x), min(top, r.y)
		out.w, out.h = max(out.w, r.x+r.n), max(out.h, r.y+1)
	}
	out.w, out.h, out.area = out.w-left, out.h-top, s.area
	for _, r := range s.runs {
		out.runs = append(out.runs, run{r.x - left, r.y - top, r.n})
	}
	return out, left, top
}
